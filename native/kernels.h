// What is a kernel, and what does its C need: bits, bfloat16 and small integers in registers of 32 bits.
#ifndef ADAM_JAX_KERNELS_H_
#define ADAM_JAX_KERNELS_H_

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 128 };  // elements at a time: what a step needs of them lies in the first cache

// Steps `blocks` times BLOCK elements of the arrays `a` in place.  `s` are the bits of the numbers that the step needs,
// `first` is the index of the first element in its leaf.
typedef void Step(void* const* a, const uint32_t* s, int64_t blocks, uint32_t first);

enum { MOST_ARRAYS = 6 };

typedef struct {
  const char* name;
  Step* step;
  uint8_t sizes[MOST_ARRAYS];  // bytes of an element of each array: parameter, moments, remainder, gradient; then 0
} Kernel;

// Those of each rule; the last of a table has no name.
extern const Kernel adam_kernels[], nadam_kernels[], amsgrad_kernels[], amsgrad_of_v_kernels[], adamax_kernels[];

#ifdef __x86_64__
#define INSTRUCTIONS __attribute__((target("avx2,fma")))
#else
#define INSTRUCTIONS
#endif
// The loop that follows reads and writes different arrays.
#ifdef __clang__
#define UNALIASED _Pragma("clang loop vectorize(assume_safety)")
#else
#define UNALIASED _Pragma("GCC ivdep")
#endif
#define INLINE static inline __attribute__((always_inline))
#define KERNEL(name) INSTRUCTIONS static void name(void* const* a, const uint32_t* s, int64_t blocks, uint32_t first)

INLINE float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// x / by, and not by a division, which takes ten times as long: where `reciprocal` is 1 / by, rounded, the second sum
// makes the quotient the right one (Markstein 1990, theorem 8).  Below 1e-30 what it adds may be subnormal, which is 0
// here, and then the last bit may be off.
INLINE float divided(float x, float by, float reciprocal) {
  const float near = x * reciprocal;
  return fmaf(fmaf(-by, near, x), reciprocal, near);
}

// The bfloat16 nearest to x, even if two are, as a float.
INLINE float to_bfloat16(float x) {
  const uint32_t bits = bits_of(x), rounded = (bits + 0x7FFFu + (bits >> 16 & 1u)) & 0xFFFF0000u;
  return x != x ? x : float_of(rounded);
}

INLINE int32_t wrapped_int8(int32_t x) { return (int32_t)((uint32_t)x << 24) >> 24; }
INLINE int32_t wrapped_uint8(int32_t x) { return x & 0xFF; }
INLINE int32_t wrapped_int16(int32_t x) { return (int32_t)((uint32_t)x << 16) >> 16; }

// From memory to a register, and back.
INLINE float from_bfloat16(uint16_t x) { return float_of((uint32_t)x << 16); }
INLINE uint16_t back_to_bfloat16(float x) { return (uint16_t)(bits_of(x) >> 16); }
#endif
