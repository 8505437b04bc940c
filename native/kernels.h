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

// x between -most and most, of which NaN is one.  Of integers, since compilers need three times as many instructions for
// a smaller float: min(x, y) of C and of a processor differ in NaN.
INLINE float clipped(float x, float most) {
  const int32_t sign = (int32_t)(bits_of(x) & 0x80000000u), size = (int32_t)(bits_of(x) & 0x7FFFFFFFu);
  const int32_t limit = (int32_t)bits_of(most);
  return float_of((uint32_t)((size < limit ? size : limit) | sign));
}

// A block of numbers of 8 or 16 bits from memory to numbers of 32 bits, and back; what goes back fits.
#ifdef __x86_64__
#include <immintrin.h>

// By hand: compilers need two to five times as many instructions, which is a tenth of an 8-bit step.
#define FAST INSTRUCTIONS INLINE
FAST __m256i eight_of(const void* x) { return _mm256_loadu_si256((const __m256i*)x); }

// Two vectors are packed in halves, so that numbers must be put in order afterwards.
#define BYTES(name, type, widened, packed)                                                                          \
  FAST void widen_##name(int32_t* restrict to, const type* restrict from) {                                        \
    for (int k = 0; k < BLOCK; k += 8)                                                                             \
      _mm256_storeu_si256((__m256i*)(to + k), widened(_mm_loadl_epi64((const __m128i*)(from + k))));               \
  }                                                                                                                \
  FAST void narrow_##name(type* restrict to, const int32_t* restrict from) {                                       \
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);                                               \
    for (int k = 0; k < BLOCK; k += 32) {                                                                          \
      const __m256i low = _mm256_packs_epi32(eight_of(from + k), eight_of(from + k + 8));                          \
      const __m256i high = _mm256_packs_epi32(eight_of(from + k + 16), eight_of(from + k + 24));                   \
      _mm256_storeu_si256((__m256i*)(to + k), _mm256_permutevar8x32_epi32(packed(low, high), order));              \
    }                                                                                                              \
  }
BYTES(int8, int8_t, _mm256_cvtepi8_epi32, _mm256_packs_epi16)
BYTES(uint8, uint8_t, _mm256_cvtepu8_epi32, _mm256_packus_epi16)

FAST void widen_int16(int32_t* restrict to, const int16_t* restrict from) {
  for (int k = 0; k < BLOCK; k += 8)
    _mm256_storeu_si256((__m256i*)(to + k), _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i*)(from + k))));
}

FAST void widen_bfloat16(float* restrict to, const uint16_t* restrict from) {
  for (int k = 0; k < BLOCK; k += 8) {
    const __m256i x = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i*)(from + k)));
    _mm256_storeu_si256((__m256i*)(to + k), _mm256_slli_epi32(x, 16));
  }
}

FAST void narrow_int16(int16_t* restrict to, const int32_t* restrict from) {
  for (int k = 0; k < BLOCK; k += 16) {
    const __m256i x = _mm256_packs_epi32(eight_of(from + k), eight_of(from + k + 8));
    _mm256_storeu_si256((__m256i*)(to + k), _mm256_permute4x64_epi64(x, 0xD8));
  }
}

FAST void narrow_bfloat16(uint16_t* restrict to, const float* restrict from) {
  for (int k = 0; k < BLOCK; k += 16) {
    const __m256i low = _mm256_srli_epi32(eight_of(from + k), 16), high = _mm256_srli_epi32(eight_of(from + k + 8), 16);
    _mm256_storeu_si256((__m256i*)(to + k), _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xD8));
  }
}
#else
#define WIDENED(x) (x)
#define MOVED(name, narrow, wide, widened, narrowed)                                             \
  INLINE void widen_##name(wide* restrict to, const narrow* restrict from) {                     \
    for (int k = 0; k < BLOCK; k++) to[k] = widened(from[k]);                                    \
  }                                                                                              \
  INLINE void narrow_##name(narrow* restrict to, const wide* restrict from) {                    \
    for (int k = 0; k < BLOCK; k++) to[k] = narrowed(from[k]);                                   \
  }
INLINE float from_bfloat16(uint16_t x) { return float_of((uint32_t)x << 16); }
INLINE uint16_t back_to_bfloat16(float x) { return (uint16_t)(bits_of(x) >> 16); }
MOVED(int8, int8_t, int32_t, WIDENED, (int8_t))
MOVED(uint8, uint8_t, int32_t, WIDENED, (uint8_t))
MOVED(int16, int16_t, int32_t, WIDENED, (int16_t))
MOVED(bfloat16, uint16_t, float, from_bfloat16, back_to_bfloat16)
#endif
#endif
