// Prints a checksum of what each native kernel makes of the same numbers, special ones among them.
#include <stdio.h>

#include "kernels.h"

// As in XLA's threads, where subnormal numbers are zero.
static void flush_to_zero(void) {
#ifdef __x86_64__
  _mm_setcsr(_mm_getcsr() | 0x8040);
#else
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  control |= 1u << 24;
  __asm__ volatile("msr fpcr, %0" ::"r"(control));
#endif
}

static uint32_t seed;
static uint32_t drawn(void) { return seed = seed * 1664525u + 1013904223u; }

enum { N = 8 * BLOCK };
static uint8_t memory[MOST_ARRAYS][4 * N];

static void fill(const Kernel* kernel, int array, int is_gradient) {
  for (int i = 0; i < N; i++) {
    float x = ((float)(drawn() >> 8) / 16777216.0f - 0.5f) * (i % 7 == 0 ? 1e-3f : 1.0f);
    if (i % 50 == 3) x = 0.0f;
    if (i % 97 == 5) x = 1e-39f;
    if (is_gradient && i == 11) x = float_of(0x7FC00000u);  // and no infinity: what becomes of it has either sign
    if (!is_gradient && array) x = fabsf(x);
    const uint32_t bits = bits_of(x);
    const int code = (int)(drawn() >> 24) % 127;
    if (kernel->sizes[array] == 4) memcpy(memory[array] + 4 * i, &bits, 4);
    if (kernel->sizes[array] == 2) memcpy(memory[array] + 2 * i, &(uint16_t){(uint16_t)(bits >> 16)}, 2);
    if (kernel->sizes[array] == 1) memory[array][i] = (uint8_t)code;
  }
}

int main(void) {
  flush_to_zero();
  const Kernel* const tables[] = {adam_kernels, nadam_kernels, amsgrad_kernels, amsgrad_of_v_kernels, adamax_kernels};
  for (int t = 0; t < 5; t++) {
    for (const Kernel* kernel = tables[t]; kernel->name; kernel++) {
      void* arrays[MOST_ARRAYS];
      int n = 0;
      seed = 7;
      for (; n < MOST_ARRAYS && kernel->sizes[n]; n++) arrays[n] = memory[n];
      for (int i = 0; i < n; i++) fill(kernel, i, i == n - 1);
      uint32_t numbers[64];
      for (int i = 0; i < 64; i++) numbers[i] = bits_of(0.1f + 0.02f * (float)(i % 40));
      kernel->step(arrays, numbers, N / BLOCK, 12345u);
      uint64_t sum = 1469598103934665603u;  // FNV-1a
      for (int array = 0; array < n; array++)
        for (int i = 0; i < N * kernel->sizes[array]; i++) sum = (sum ^ memory[array][i]) * 1099511628211u;
      printf("%s %016llx\n", kernel->name, (unsigned long long)sum);
    }
  }
}
