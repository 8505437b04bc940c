// What does one step do to a run of elements of one leaf?  Written by native/generate.py from the traces of
// adam_jax/core/leaf_step.py; never by hand.
#include "../kernels.h"


KERNEL(adam_float32_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t15 = 1.0f / s7;
  const float t22 = (float)(0);
  const float t31 = -s11;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = t5 - x1;
      const float t8 = fmaf(s2, t6, x1);
      const float t10 = fmaf(t5, t5, -(x2));
      const float t12 = fmaf(s6, t10, x2);
      const float t16 = divided(t12, s7, t15);
      const float t17 = t16 + s10;
      const float t18 = sqrtf(t17);
      const float t19 = t18 + s9;
      const float t14 = s3 * t19;
      const float t21 = t8 / t14;
      const float t23 = t19 == 0x0.0p+0f ? t22 : t21;
      const float t25 = -t23;
      const float t26 = x0 < 0x0.0p+0f ? t25 : t23;
      const float t28 = cautious & (t26 < 0x0.0p+0f) ? t22 : s12;
      const float t30 = decays ? fmaf(t28, x0, t23) : t23;
      const float t33 = fmaf(t31, t30, x0);
      a0[k] = t33;
      a1[k] = t8;
      a2[k] = t12;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const int32_t t6 = s1 < 0x1.0000000000000p-1f;
  const int32_t t21 = s6 < 0x1.0000000000000p-1f;
  const float t37 = 1.0f / s8;
  const float t44 = (float)(0);
  const float t53 = -s13;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float t19_[BLOCK];
    float t24_[BLOCK];
    float t25_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t7 = x1 - t5;
      const float t9 = fmaf(s1, t7, t5);
      const float t10 = t5 - x1;
      const float t11 = s2 * t10;
      const uint32_t t12 = (uint32_t)bits_of(x1);
      const uint32_t t13 = t12 & 2139095040u;
      const float t14 = float_of((uint32_t)t13);
      const float t15 = t14 * 0x1.0000000000000p-23f;
      const float t17 = fmaf(s5, t15, t11);
      const float t18 = x1 + t17;
      const float t19 = t6 ? t9 : t18;
      const float t20 = t5 * t5;
      const float t22 = x2 - t20;
      const float t24 = fmaf(s6, t22, t20);
      const float t25 = t20 - x2;
      a1[k] = t19;
      t19_[k] = t19;
      t24_[k] = t24;
      t25_[k] = t25;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float x2 = a2[k];
      const float t19 = t19_[k];
      const float t24 = t24_[k];
      const float t25 = t25_[k];
      const float t26 = s7 * t25;
      const uint32_t t27 = (uint32_t)bits_of(x2);
      const uint32_t t28 = t27 & 2139095040u;
      const float t29 = float_of((uint32_t)t28);
      const float t30 = t29 * 0x1.0000000000000p-23f;
      const float t32 = fmaf(s10, t30, t26);
      const float t33 = x2 + t32;
      const float t34 = t21 ? t24 : t33;
      const float t38 = divided(t34, s8, t37);
      const float t39 = t38 + s12;
      const float t40 = sqrtf(t39);
      const float t41 = t40 + s11;
      const float t36 = s3 * t41;
      const float t43 = t19 / t36;
      const float t45 = t41 == 0x0.0p+0f ? t44 : t43;
      const float t47 = -t45;
      const float t48 = x0 < 0x0.0p+0f ? t47 : t45;
      const float t50 = cautious & (t48 < 0x0.0p+0f) ? t44 : s14;
      const float t52 = decays ? fmaf(t50, x0, t45) : t45;
      const float t55 = fmaf(t53, t52, x0);
      a0[k] = t55;
      a2[k] = t34;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t16 = 1.0f / s7;
  const float t23 = (float)(0);
  const float t38 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t24_[BLOCK];
    int32_t t26_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const int32_t x3 = w3[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t17 = divided(t13, s7, t16);
      const float t18 = t17 + s10;
      const float t19 = sqrtf(t18);
      const float t20 = t19 + s9;
      const float t15 = s3 * t20;
      const float t22 = t9 / t15;
      const float t24 = t20 == 0x0.0p+0f ? t23 : t22;
      const int32_t t25 = x3;
      const int32_t t26 = (int32_t)((uint32_t)t25 << (0));
      a1[k] = t9;
      a2[k] = t13;
      t24_[k] = t24;
      t26_[k] = t26;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t24 = t24_[k];
      const int32_t t26 = t26_[k];
      const float t27 = x0;
      const int32_t t28 = (int32_t)bits_of(t27);
      const int32_t t29 = (int32_t)((uint32_t)t28 + (uint32_t)t26);
      const float t30 = float_of((uint32_t)t29);
      const float t32 = -t24;
      const float t33 = t30 < 0x0.0p+0f ? t32 : t24;
      const float t35 = cautious & (t33 < 0x0.0p+0f) ? t23 : s12;
      const float t37 = decays ? fmaf(t35, t30, t24) : t24;
      const float t42 = fmaf(t38, t37, t30);
      const int32_t t43 = (int32_t)bits_of(t42);
      const int32_t t44 = t43 & (2147483647);
      const int32_t t46 = t44 <= (2139062271) ? (32768) : (0);
      const int32_t t47 = t46;
      const int32_t t48 = (int32_t)((uint32_t)t43 + (uint32_t)t47);
      const int32_t t49 = t48 & (-65536);
      const float t50 = float_of((uint32_t)t49);
      const float t51 = t50;
      const int32_t t52 = (int32_t)((uint32_t)t43 - (uint32_t)t49);
      const int32_t t53 = t52 < (32767) ? t52 : (32767);
      const int32_t t54 = wrapped_int16((int32_t)t53);
      w0[k] = t51;
      w3[k] = t54;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s8;
  const float t45 = (float)(0);
  const float t60 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t20_[BLOCK];
    float t21_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t8 = x1 - t6;
      const float t10 = fmaf(s1, t8, t6);
      const float t11 = t6 - x1;
      const float t12 = s2 * t11;
      const uint32_t t13 = (uint32_t)bits_of(x1);
      const uint32_t t14 = t13 & 2139095040u;
      const float t15 = float_of((uint32_t)t14);
      const float t16 = t15 * 0x1.0000000000000p-23f;
      const float t18 = fmaf(s5, t16, t12);
      const float t19 = x1 + t18;
      const float t20 = t7 ? t10 : t19;
      const float t21 = t6 * t6;
      a1[k] = t20;
      t20_[k] = t20;
      t21_[k] = t21;
    }
    float t46_[BLOCK];
    int32_t t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const int32_t x3 = w3[k];
      const float t20 = t20_[k];
      const float t21 = t21_[k];
      const float t23 = x2 - t21;
      const float t25 = fmaf(s6, t23, t21);
      const float t26 = t21 - x2;
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(x2);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = x2 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t39 = divided(t35, s8, t38);
      const float t40 = t39 + s12;
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s11;
      const float t37 = s3 * t42;
      const float t44 = t20 / t37;
      const float t46 = t42 == 0x0.0p+0f ? t45 : t44;
      const int32_t t47 = x3;
      const int32_t t48 = (int32_t)((uint32_t)t47 << (0));
      a2[k] = t35;
      t46_[k] = t46;
      t48_[k] = t48;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t46 = t46_[k];
      const int32_t t48 = t48_[k];
      const float t49 = x0;
      const int32_t t50 = (int32_t)bits_of(t49);
      const int32_t t51 = (int32_t)((uint32_t)t50 + (uint32_t)t48);
      const float t52 = float_of((uint32_t)t51);
      const float t54 = -t46;
      const float t55 = t52 < 0x0.0p+0f ? t54 : t46;
      const float t57 = cautious & (t55 < 0x0.0p+0f) ? t45 : s14;
      const float t59 = decays ? fmaf(t57, t52, t46) : t46;
      const float t64 = fmaf(t60, t59, t52);
      const int32_t t65 = (int32_t)bits_of(t64);
      const int32_t t66 = t65 & (2147483647);
      const int32_t t68 = t66 <= (2139062271) ? (32768) : (0);
      const int32_t t69 = t68;
      const int32_t t70 = (int32_t)((uint32_t)t65 + (uint32_t)t69);
      const int32_t t71 = t70 & (-65536);
      const float t72 = float_of((uint32_t)t71);
      const float t73 = t72;
      const int32_t t74 = (int32_t)((uint32_t)t65 - (uint32_t)t71);
      const int32_t t75 = t74 < (32767) ? t74 : (32767);
      const int32_t t76 = wrapped_int16((int32_t)t75);
      w0[k] = t73;
      w3[k] = t76;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float t16 = 1.0f / s7;
  const float t23 = (float)(0);
  const float t38 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t17 = divided(t13, s7, t16);
      const float t18 = t17 + s10;
      const float t19 = sqrtf(t18);
      const float t20 = t19 + s9;
      const float t15 = s3 * t20;
      const float t22 = t9 / t15;
      const float t24 = t20 == 0x0.0p+0f ? t23 : t22;
      a1[k] = t9;
      a2[k] = t13;
      t24_[k] = t24;
    }
    uint32_t t41_[BLOCK];
    float t42_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t24 = t24_[k];
      const int32_t t25 = x3;
      const int32_t t26 = (int32_t)((uint32_t)t25 << (8));
      const float t27 = x0;
      const int32_t t28 = (int32_t)bits_of(t27);
      const int32_t t29 = (int32_t)((uint32_t)t28 + (uint32_t)t26);
      const float t30 = float_of((uint32_t)t29);
      const float t32 = -t24;
      const float t33 = t30 < 0x0.0p+0f ? t32 : t24;
      const float t35 = cautious & (t33 < 0x0.0p+0f) ? t23 : s12;
      const float t37 = decays ? fmaf(t35, t30, t24) : t24;
      const uint32_t t40 = index * 2826234067u;
      const uint32_t t41 = t40 + s13;
      const float t42 = fmaf(t38, t37, t30);
      t41_[k] = t41;
      t42_[k] = t42;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t41 = t41_[k];
      const float t42 = t42_[k];
      const int32_t t43 = (int32_t)bits_of(t42);
      const int32_t t44 = t43 & (2147483647);
      const int32_t t45 = t44 <= (2139062016);
      const uint32_t t46 = (uint32_t)((uint32_t)t41 >> 24u);
      const int32_t t47 = (int32_t)t46;
      const int32_t t48 = (int32_t)((uint32_t)t43 + (uint32_t)t47);
      const int32_t t49 = t45 ? t48 : t43;
      const int32_t t50 = t49 & (-256);
      const int32_t t51 = t45 ? (32768) : (0);
      const int32_t t52 = t51;
      const int32_t t53 = (int32_t)((uint32_t)t50 + (uint32_t)t52);
      const int32_t t54 = t53 & (-65536);
      const float t55 = float_of((uint32_t)t54);
      const float t56 = t55;
      const int32_t t57 = (int32_t)((uint32_t)t50 - (uint32_t)t54);
      const int32_t t58 = t57 < (32767) ? t57 : (32767);
      const int32_t t59 = t58 >> (8);
      const int32_t t60 = wrapped_int8((int32_t)t59);
      w0[k] = t56;
      w3[k] = t60;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s8;
  const float t45 = (float)(0);
  const float t60 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t20_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t8 = x1 - t6;
      const float t10 = fmaf(s1, t8, t6);
      const float t11 = t6 - x1;
      const float t12 = s2 * t11;
      const uint32_t t13 = (uint32_t)bits_of(x1);
      const uint32_t t14 = t13 & 2139095040u;
      const float t15 = float_of((uint32_t)t14);
      const float t16 = t15 * 0x1.0000000000000p-23f;
      const float t18 = fmaf(s5, t16, t12);
      const float t19 = x1 + t18;
      const float t20 = t7 ? t10 : t19;
      a1[k] = t20;
      t6_[k] = t6;
      t20_[k] = t20;
    }
    float t46_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t21 = t6 * t6;
      const float t23 = x2 - t21;
      const float t25 = fmaf(s6, t23, t21);
      const float t26 = t21 - x2;
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(x2);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = x2 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t39 = divided(t35, s8, t38);
      const float t40 = t39 + s12;
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s11;
      const float t37 = s3 * t42;
      const float t44 = t20 / t37;
      const float t46 = t42 == 0x0.0p+0f ? t45 : t44;
      a2[k] = t35;
      t46_[k] = t46;
    }
    uint32_t t63_[BLOCK];
    float t64_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t46 = t46_[k];
      const int32_t t47 = x3;
      const int32_t t48 = (int32_t)((uint32_t)t47 << (8));
      const float t49 = x0;
      const int32_t t50 = (int32_t)bits_of(t49);
      const int32_t t51 = (int32_t)((uint32_t)t50 + (uint32_t)t48);
      const float t52 = float_of((uint32_t)t51);
      const float t54 = -t46;
      const float t55 = t52 < 0x0.0p+0f ? t54 : t46;
      const float t57 = cautious & (t55 < 0x0.0p+0f) ? t45 : s14;
      const float t59 = decays ? fmaf(t57, t52, t46) : t46;
      const uint32_t t62 = index * 2826234067u;
      const uint32_t t63 = t62 + s15;
      const float t64 = fmaf(t60, t59, t52);
      t63_[k] = t63;
      t64_[k] = t64;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t63 = t63_[k];
      const float t64 = t64_[k];
      const int32_t t65 = (int32_t)bits_of(t64);
      const int32_t t66 = t65 & (2147483647);
      const int32_t t67 = t66 <= (2139062016);
      const uint32_t t68 = (uint32_t)((uint32_t)t63 >> 24u);
      const int32_t t69 = (int32_t)t68;
      const int32_t t70 = (int32_t)((uint32_t)t65 + (uint32_t)t69);
      const int32_t t71 = t67 ? t70 : t65;
      const int32_t t72 = t71 & (-256);
      const int32_t t73 = t67 ? (32768) : (0);
      const int32_t t74 = t73;
      const int32_t t75 = (int32_t)((uint32_t)t72 + (uint32_t)t74);
      const int32_t t76 = t75 & (-65536);
      const float t77 = float_of((uint32_t)t76);
      const float t78 = t77;
      const int32_t t79 = (int32_t)((uint32_t)t72 - (uint32_t)t76);
      const int32_t t80 = t79 < (32767) ? t79 : (32767);
      const int32_t t81 = t80 >> (8);
      const int32_t t82 = wrapped_int8((int32_t)t81);
      w0[k] = t78;
      w3[k] = t82;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float t16 = 1.0f / s7;
  const float t23 = (float)(0);
  const float t33 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w3, a3);
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t17 = divided(t13, s7, t16);
      const float t18 = t17 + s10;
      const float t19 = sqrtf(t18);
      const float t20 = t19 + s9;
      const float t15 = s3 * t20;
      const float t22 = t9 / t15;
      const float t24 = t20 == 0x0.0p+0f ? t23 : t22;
      a1[k] = t9;
      a2[k] = t13;
      t24_[k] = t24;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t24 = t24_[k];
      const float t25 = x0;
      const float t27 = -t24;
      const float t28 = t25 < 0x0.0p+0f ? t27 : t24;
      const float t30 = cautious & (t28 < 0x0.0p+0f) ? t23 : s12;
      const float t32 = decays ? fmaf(t30, t25, t24) : t24;
      const uint32_t t35 = index * 2826234067u;
      const uint32_t t36 = t35 + s13;
      const float t37 = fmaf(t33, t32, t25);
      const int32_t t38 = (int32_t)bits_of(t37);
      const int32_t t39 = t38 & (2147483647);
      const uint32_t t41 = (uint32_t)((uint32_t)t36 >> 16u);
      const int32_t t42 = (int32_t)t41;
      const int32_t t43 = (int32_t)((uint32_t)t38 + (uint32_t)t42);
      const int32_t t44 = t39 <= (2139029504) ? t43 : t38;
      const int32_t t45 = t44 & (-65536);
      const float t46 = float_of((uint32_t)t45);
      const float t47 = t46;
      w0[k] = t47;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s8;
  const float t45 = (float)(0);
  const float t55 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t20_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t8 = x1 - t6;
      const float t10 = fmaf(s1, t8, t6);
      const float t11 = t6 - x1;
      const float t12 = s2 * t11;
      const uint32_t t13 = (uint32_t)bits_of(x1);
      const uint32_t t14 = t13 & 2139095040u;
      const float t15 = float_of((uint32_t)t14);
      const float t16 = t15 * 0x1.0000000000000p-23f;
      const float t18 = fmaf(s5, t16, t12);
      const float t19 = x1 + t18;
      const float t20 = t7 ? t10 : t19;
      a1[k] = t20;
      t6_[k] = t6;
      t20_[k] = t20;
    }
    float t46_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t21 = t6 * t6;
      const float t23 = x2 - t21;
      const float t25 = fmaf(s6, t23, t21);
      const float t26 = t21 - x2;
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(x2);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = x2 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t39 = divided(t35, s8, t38);
      const float t40 = t39 + s12;
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s11;
      const float t37 = s3 * t42;
      const float t44 = t20 / t37;
      const float t46 = t42 == 0x0.0p+0f ? t45 : t44;
      a2[k] = t35;
      t46_[k] = t46;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t46 = t46_[k];
      const float t47 = x0;
      const float t49 = -t46;
      const float t50 = t47 < 0x0.0p+0f ? t49 : t46;
      const float t52 = cautious & (t50 < 0x0.0p+0f) ? t45 : s14;
      const float t54 = decays ? fmaf(t52, t47, t46) : t46;
      const uint32_t t57 = index * 2826234067u;
      const uint32_t t58 = t57 + s15;
      const float t59 = fmaf(t55, t54, t47);
      const int32_t t60 = (int32_t)bits_of(t59);
      const int32_t t61 = t60 & (2147483647);
      const uint32_t t63 = (uint32_t)((uint32_t)t58 >> 16u);
      const int32_t t64 = (int32_t)t63;
      const int32_t t65 = (int32_t)((uint32_t)t60 + (uint32_t)t64);
      const int32_t t66 = t61 <= (2139029504) ? t65 : t60;
      const int32_t t67 = t66 & (-65536);
      const float t68 = float_of((uint32_t)t67);
      const float t69 = t68;
      w0[k] = t69;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t16 = 1.0f / s7;
  const float t23 = (float)(0);
  const float t33 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      t6_[k] = t6;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t17 = divided(t13, s7, t16);
      const float t18 = t17 + s10;
      const float t19 = sqrtf(t18);
      const float t20 = t19 + s9;
      const float t15 = s3 * t20;
      const float t22 = t9 / t15;
      const float t24 = t20 == 0x0.0p+0f ? t23 : t22;
      const float t25 = x0;
      const float t27 = -t24;
      const float t28 = t25 < 0x0.0p+0f ? t27 : t24;
      const float t30 = cautious & (t28 < 0x0.0p+0f) ? t23 : s12;
      const float t32 = decays ? fmaf(t30, t25, t24) : t24;
      const float t34 = t33 * t32;
      const float t35 = to_bfloat16(t34);
      const float t36 = to_bfloat16(x0 + t35);
      w0[k] = t36;
      a1[k] = t9;
      a2[k] = t13;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_float32_bfloat16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s8;
  const float t45 = (float)(0);
  const float t55 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t20_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t8 = x1 - t6;
      const float t10 = fmaf(s1, t8, t6);
      const float t11 = t6 - x1;
      const float t12 = s2 * t11;
      const uint32_t t13 = (uint32_t)bits_of(x1);
      const uint32_t t14 = t13 & 2139095040u;
      const float t15 = float_of((uint32_t)t14);
      const float t16 = t15 * 0x1.0000000000000p-23f;
      const float t18 = fmaf(s5, t16, t12);
      const float t19 = x1 + t18;
      const float t20 = t7 ? t10 : t19;
      a1[k] = t20;
      t6_[k] = t6;
      t20_[k] = t20;
    }
    float t46_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t21 = t6 * t6;
      const float t23 = x2 - t21;
      const float t25 = fmaf(s6, t23, t21);
      const float t26 = t21 - x2;
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(x2);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = x2 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t39 = divided(t35, s8, t38);
      const float t40 = t39 + s12;
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s11;
      const float t37 = s3 * t42;
      const float t44 = t20 / t37;
      const float t46 = t42 == 0x0.0p+0f ? t45 : t44;
      a2[k] = t35;
      t46_[k] = t46;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t46 = t46_[k];
      const float t47 = x0;
      const float t49 = -t46;
      const float t50 = t47 < 0x0.0p+0f ? t49 : t46;
      const float t52 = cautious & (t50 < 0x0.0p+0f) ? t45 : s14;
      const float t54 = decays ? fmaf(t52, t47, t46) : t46;
      const float t56 = t55 * t54;
      const float t57 = to_bfloat16(t56);
      const float t58 = to_bfloat16(x0 + t57);
      w0[k] = t58;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t17 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t28 = -0x1.fe00000000000p+127f;
  const float t30 = 0x1.fe00000000000p+127f;
  const float t58 = -s13;
  float* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w1[BLOCK];
    float w2[BLOCK];
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    float t10_[BLOCK];
    float t14_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = x1;
      const float t7 = x2;
      const float t8 = t5 - t6;
      const float t10 = fmaf(s2, t8, t6);
      const float t12 = fmaf(t5, t5, -(t7));
      const float t14 = fmaf(s6, t12, t7);
      t10_[k] = t10;
      t14_[k] = t14;
    }
    float t25_[BLOCK];
    uint32_t t26_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t10 = t10_[k];
      const float t14 = t14_[k];
      const float t18 = divided(t14, s7, t17);
      const float t19 = t18 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t16 = s3 * t21;
      const float t23 = t10 / t16;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      const uint32_t t26 = index * 2826234067u;
      const uint32_t t27 = t26 + s11;
      const float t29 = t28 > t10 || t28 != t28 ? t28 : t10;
      const float t31 = t30 < t29 || t30 != t30 ? t30 : t29;
      const uint32_t t32 = (uint32_t)bits_of(t31);
      const uint32_t t33 = (uint32_t)((uint32_t)t27 >> 16u);
      const uint32_t t34 = t32 + t33;
      const uint32_t t35 = t34 & 4294901760u;
      const int32_t t36 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t37 = float_of((uint32_t)t35);
      const float t38 = t36 ? t37 : t10;
      const float t39 = to_bfloat16(t38);
      w1[k] = t39;
      t25_[k] = t25;
      t26_[k] = t26;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t14 = t14_[k];
      const float t25 = t25_[k];
      const uint32_t t26 = t26_[k];
      const uint32_t t40 = t26 + s12;
      const float t41 = t28 > t14 || t28 != t28 ? t28 : t14;
      const float t42 = t30 < t41 || t30 != t30 ? t30 : t41;
      const uint32_t t43 = (uint32_t)bits_of(t42);
      const uint32_t t44 = (uint32_t)((uint32_t)t40 >> 16u);
      const uint32_t t45 = t43 + t44;
      const uint32_t t46 = t45 & 4294901760u;
      const int32_t t47 = (bits_of(t14) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t48 = float_of((uint32_t)t46);
      const float t49 = t47 ? t48 : t14;
      const float t50 = to_bfloat16(t49);
      const float t52 = -t25;
      const float t53 = x0 < 0x0.0p+0f ? t52 : t25;
      const float t55 = cautious & (t53 < 0x0.0p+0f) ? t24 : s14;
      const float t57 = decays ? fmaf(t55, x0, t25) : t25;
      const float t60 = fmaf(t58, t57, x0);
      a0[k] = t60;
      w2[k] = t50;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t50 = -0x1.fe00000000000p+127f;
  const float t52 = 0x1.fe00000000000p+127f;
  const float t80 = -s15;
  float* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w1[BLOCK];
    float w2[BLOCK];
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    float t5_[BLOCK];
    float t7_[BLOCK];
    float t21_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = x1;
      const float t7 = x2;
      const float t9 = t6 - t5;
      const float t11 = fmaf(s1, t9, t5);
      const float t12 = t5 - t6;
      const float t13 = s2 * t12;
      const uint32_t t14 = (uint32_t)bits_of(t6);
      const uint32_t t15 = t14 & 2139095040u;
      const float t16 = float_of((uint32_t)t15);
      const float t17 = t16 * 0x1.0000000000000p-23f;
      const float t19 = fmaf(s5, t17, t13);
      const float t20 = t6 + t19;
      const float t21 = t8 ? t11 : t20;
      t5_[k] = t5;
      t7_[k] = t7;
      t21_[k] = t21;
    }
    float t36_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t7 = t7_[k];
      const float t22 = t5 * t5;
      const float t24 = t7 - t22;
      const float t26 = fmaf(s6, t24, t22);
      const float t27 = t22 - t7;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(t7);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = t7 + t34;
      const float t36 = t23 ? t26 : t35;
      t36_[k] = t36;
    }
    float t47_[BLOCK];
    uint32_t t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t36 = t36_[k];
      const float t40 = divided(t36, s8, t39);
      const float t41 = t40 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t38 = s3 * t43;
      const float t45 = t21 / t38;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s13;
      const float t51 = t50 > t21 || t50 != t50 ? t50 : t21;
      const float t53 = t52 < t51 || t52 != t52 ? t52 : t51;
      const uint32_t t54 = (uint32_t)bits_of(t53);
      const uint32_t t55 = (uint32_t)((uint32_t)t49 >> 16u);
      const uint32_t t56 = t54 + t55;
      const uint32_t t57 = t56 & 4294901760u;
      const int32_t t58 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t59 = float_of((uint32_t)t57);
      const float t60 = t58 ? t59 : t21;
      const float t61 = to_bfloat16(t60);
      w1[k] = t61;
      t47_[k] = t47;
      t48_[k] = t48;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t36 = t36_[k];
      const float t47 = t47_[k];
      const uint32_t t48 = t48_[k];
      const uint32_t t62 = t48 + s14;
      const float t63 = t50 > t36 || t50 != t50 ? t50 : t36;
      const float t64 = t52 < t63 || t52 != t52 ? t52 : t63;
      const uint32_t t65 = (uint32_t)bits_of(t64);
      const uint32_t t66 = (uint32_t)((uint32_t)t62 >> 16u);
      const uint32_t t67 = t65 + t66;
      const uint32_t t68 = t67 & 4294901760u;
      const int32_t t69 = (bits_of(t36) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t70 = float_of((uint32_t)t68);
      const float t71 = t69 ? t70 : t36;
      const float t72 = to_bfloat16(t71);
      const float t74 = -t47;
      const float t75 = x0 < 0x0.0p+0f ? t74 : t47;
      const float t77 = cautious & (t75 < 0x0.0p+0f) ? t46 : s16;
      const float t79 = decays ? fmaf(t77, x0, t47) : t47;
      const float t82 = fmaf(t80, t79, x0);
      a0[k] = t82;
      w2[k] = t72;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t18 = 1.0f / s7;
  const float t25 = (float)(0);
  const float t29 = -0x1.fe00000000000p+127f;
  const float t31 = 0x1.fe00000000000p+127f;
  const float t65 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t11_[BLOCK];
    float t15_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = t6 - t7;
      const float t11 = fmaf(s2, t9, t7);
      const float t13 = fmaf(t6, t6, -(t8));
      const float t15 = fmaf(s6, t13, t8);
      t11_[k] = t11;
      t15_[k] = t15;
    }
    float t26_[BLOCK];
    uint32_t t27_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const float t19 = divided(t15, s7, t18);
      const float t20 = t19 + s10;
      const float t21 = sqrtf(t20);
      const float t22 = t21 + s9;
      const float t17 = s3 * t22;
      const float t24 = t11 / t17;
      const float t26 = t22 == 0x0.0p+0f ? t25 : t24;
      const uint32_t t27 = index * 2826234067u;
      const uint32_t t28 = t27 + s11;
      const float t30 = t29 > t11 || t29 != t29 ? t29 : t11;
      const float t32 = t31 < t30 || t31 != t31 ? t31 : t30;
      const uint32_t t33 = (uint32_t)bits_of(t32);
      const uint32_t t34 = (uint32_t)((uint32_t)t28 >> 16u);
      const uint32_t t35 = t33 + t34;
      const uint32_t t36 = t35 & 4294901760u;
      const int32_t t37 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t38 = float_of((uint32_t)t36);
      const float t39 = t37 ? t38 : t11;
      const float t40 = to_bfloat16(t39);
      w1[k] = t40;
      t26_[k] = t26;
      t27_[k] = t27;
    }
    int32_t t53_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const float t15 = t15_[k];
      const uint32_t t27 = t27_[k];
      const uint32_t t41 = t27 + s12;
      const float t42 = t29 > t15 || t29 != t29 ? t29 : t15;
      const float t43 = t31 < t42 || t31 != t31 ? t31 : t42;
      const uint32_t t44 = (uint32_t)bits_of(t43);
      const uint32_t t45 = (uint32_t)((uint32_t)t41 >> 16u);
      const uint32_t t46 = t44 + t45;
      const uint32_t t47 = t46 & 4294901760u;
      const int32_t t48 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t49 = float_of((uint32_t)t47);
      const float t50 = t48 ? t49 : t15;
      const float t51 = to_bfloat16(t50);
      const int32_t t52 = x3;
      const int32_t t53 = (int32_t)((uint32_t)t52 << (0));
      w2[k] = t51;
      t53_[k] = t53;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t26 = t26_[k];
      const int32_t t53 = t53_[k];
      const float t54 = x0;
      const int32_t t55 = (int32_t)bits_of(t54);
      const int32_t t56 = (int32_t)((uint32_t)t55 + (uint32_t)t53);
      const float t57 = float_of((uint32_t)t56);
      const float t59 = -t26;
      const float t60 = t57 < 0x0.0p+0f ? t59 : t26;
      const float t62 = cautious & (t60 < 0x0.0p+0f) ? t25 : s14;
      const float t64 = decays ? fmaf(t62, t57, t26) : t26;
      const float t68 = fmaf(t65, t64, t57);
      const int32_t t69 = (int32_t)bits_of(t68);
      const int32_t t70 = t69 & (2147483647);
      const int32_t t72 = t70 <= (2139062271) ? (32768) : (0);
      const int32_t t73 = t72;
      const int32_t t74 = (int32_t)((uint32_t)t69 + (uint32_t)t73);
      const int32_t t75 = t74 & (-65536);
      const float t76 = float_of((uint32_t)t75);
      const float t77 = t76;
      const int32_t t78 = (int32_t)((uint32_t)t69 - (uint32_t)t75);
      const int32_t t79 = t78 < (32767) ? t78 : (32767);
      const int32_t t80 = wrapped_int16((int32_t)t79);
      w0[k] = t77;
      w3[k] = t80;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t40 = 1.0f / s8;
  const float t47 = (float)(0);
  const float t51 = -0x1.fe00000000000p+127f;
  const float t53 = 0x1.fe00000000000p+127f;
  const float t87 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t22_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t10 = t7 - t6;
      const float t12 = fmaf(s1, t10, t6);
      const float t13 = t6 - t7;
      const float t14 = s2 * t13;
      const uint32_t t15 = (uint32_t)bits_of(t7);
      const uint32_t t16 = t15 & 2139095040u;
      const float t17 = float_of((uint32_t)t16);
      const float t18 = t17 * 0x1.0000000000000p-23f;
      const float t20 = fmaf(s5, t18, t14);
      const float t21 = t7 + t20;
      const float t22 = t9 ? t12 : t21;
      t6_[k] = t6;
      t8_[k] = t8;
      t22_[k] = t22;
    }
    float t37_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t23 = t6 * t6;
      const float t25 = t8 - t23;
      const float t27 = fmaf(s6, t25, t23);
      const float t28 = t23 - t8;
      const float t29 = s7 * t28;
      const uint32_t t30 = (uint32_t)bits_of(t8);
      const uint32_t t31 = t30 & 2139095040u;
      const float t32 = float_of((uint32_t)t31);
      const float t33 = t32 * 0x1.0000000000000p-23f;
      const float t35 = fmaf(s10, t33, t29);
      const float t36 = t8 + t35;
      const float t37 = t24 ? t27 : t36;
      t37_[k] = t37;
    }
    float t48_[BLOCK];
    uint32_t t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const float t41 = divided(t37, s8, t40);
      const float t42 = t41 + s12;
      const float t43 = sqrtf(t42);
      const float t44 = t43 + s11;
      const float t39 = s3 * t44;
      const float t46 = t22 / t39;
      const float t48 = t44 == 0x0.0p+0f ? t47 : t46;
      const uint32_t t49 = index * 2826234067u;
      const uint32_t t50 = t49 + s13;
      const float t52 = t51 > t22 || t51 != t51 ? t51 : t22;
      const float t54 = t53 < t52 || t53 != t53 ? t53 : t52;
      const uint32_t t55 = (uint32_t)bits_of(t54);
      const uint32_t t56 = (uint32_t)((uint32_t)t50 >> 16u);
      const uint32_t t57 = t55 + t56;
      const uint32_t t58 = t57 & 4294901760u;
      const int32_t t59 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t60 = float_of((uint32_t)t58);
      const float t61 = t59 ? t60 : t22;
      const float t62 = to_bfloat16(t61);
      w1[k] = t62;
      t48_[k] = t48;
      t49_[k] = t49;
    }
    int32_t t75_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const float t37 = t37_[k];
      const uint32_t t49 = t49_[k];
      const uint32_t t63 = t49 + s14;
      const float t64 = t51 > t37 || t51 != t51 ? t51 : t37;
      const float t65 = t53 < t64 || t53 != t53 ? t53 : t64;
      const uint32_t t66 = (uint32_t)bits_of(t65);
      const uint32_t t67 = (uint32_t)((uint32_t)t63 >> 16u);
      const uint32_t t68 = t66 + t67;
      const uint32_t t69 = t68 & 4294901760u;
      const int32_t t70 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t71 = float_of((uint32_t)t69);
      const float t72 = t70 ? t71 : t37;
      const float t73 = to_bfloat16(t72);
      const int32_t t74 = x3;
      const int32_t t75 = (int32_t)((uint32_t)t74 << (0));
      w2[k] = t73;
      t75_[k] = t75;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t48 = t48_[k];
      const int32_t t75 = t75_[k];
      const float t76 = x0;
      const int32_t t77 = (int32_t)bits_of(t76);
      const int32_t t78 = (int32_t)((uint32_t)t77 + (uint32_t)t75);
      const float t79 = float_of((uint32_t)t78);
      const float t81 = -t48;
      const float t82 = t79 < 0x0.0p+0f ? t81 : t48;
      const float t84 = cautious & (t82 < 0x0.0p+0f) ? t47 : s16;
      const float t86 = decays ? fmaf(t84, t79, t48) : t48;
      const float t90 = fmaf(t87, t86, t79);
      const int32_t t91 = (int32_t)bits_of(t90);
      const int32_t t92 = t91 & (2147483647);
      const int32_t t94 = t92 <= (2139062271) ? (32768) : (0);
      const int32_t t95 = t94;
      const int32_t t96 = (int32_t)((uint32_t)t91 + (uint32_t)t95);
      const int32_t t97 = t96 & (-65536);
      const float t98 = float_of((uint32_t)t97);
      const float t99 = t98;
      const int32_t t100 = (int32_t)((uint32_t)t91 - (uint32_t)t97);
      const int32_t t101 = t100 < (32767) ? t100 : (32767);
      const int32_t t102 = wrapped_int16((int32_t)t101);
      w0[k] = t99;
      w3[k] = t102;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const float t18 = 1.0f / s7;
  const float t25 = (float)(0);
  const float t29 = -0x1.fe00000000000p+127f;
  const float t31 = 0x1.fe00000000000p+127f;
  const float t65 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t11_[BLOCK];
    float t15_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = t6 - t7;
      const float t11 = fmaf(s2, t9, t7);
      const float t13 = fmaf(t6, t6, -(t8));
      const float t15 = fmaf(s6, t13, t8);
      t11_[k] = t11;
      t15_[k] = t15;
    }
    float t26_[BLOCK];
    uint32_t t27_[BLOCK];
    uint32_t t41_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const float t19 = divided(t15, s7, t18);
      const float t20 = t19 + s10;
      const float t21 = sqrtf(t20);
      const float t22 = t21 + s9;
      const float t17 = s3 * t22;
      const float t24 = t11 / t17;
      const float t26 = t22 == 0x0.0p+0f ? t25 : t24;
      const uint32_t t27 = index * 2826234067u;
      const uint32_t t28 = t27 + s11;
      const float t30 = t29 > t11 || t29 != t29 ? t29 : t11;
      const float t32 = t31 < t30 || t31 != t31 ? t31 : t30;
      const uint32_t t33 = (uint32_t)bits_of(t32);
      const uint32_t t34 = (uint32_t)((uint32_t)t28 >> 16u);
      const uint32_t t35 = t33 + t34;
      const uint32_t t36 = t35 & 4294901760u;
      const int32_t t37 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t38 = float_of((uint32_t)t36);
      const float t39 = t37 ? t38 : t11;
      const float t40 = to_bfloat16(t39);
      const uint32_t t41 = t27 + s12;
      w1[k] = t40;
      t26_[k] = t26;
      t27_[k] = t27;
      t41_[k] = t41;
    }
    float t57_[BLOCK];
    float t64_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t15 = t15_[k];
      const float t26 = t26_[k];
      const uint32_t t41 = t41_[k];
      const float t42 = t29 > t15 || t29 != t29 ? t29 : t15;
      const float t43 = t31 < t42 || t31 != t31 ? t31 : t42;
      const uint32_t t44 = (uint32_t)bits_of(t43);
      const uint32_t t45 = (uint32_t)((uint32_t)t41 >> 16u);
      const uint32_t t46 = t44 + t45;
      const uint32_t t47 = t46 & 4294901760u;
      const int32_t t48 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t49 = float_of((uint32_t)t47);
      const float t50 = t48 ? t49 : t15;
      const float t51 = to_bfloat16(t50);
      const int32_t t52 = x3;
      const int32_t t53 = (int32_t)((uint32_t)t52 << (8));
      const float t54 = x0;
      const int32_t t55 = (int32_t)bits_of(t54);
      const int32_t t56 = (int32_t)((uint32_t)t55 + (uint32_t)t53);
      const float t57 = float_of((uint32_t)t56);
      const float t59 = -t26;
      const float t60 = t57 < 0x0.0p+0f ? t59 : t26;
      const float t62 = cautious & (t60 < 0x0.0p+0f) ? t25 : s14;
      const float t64 = decays ? fmaf(t62, t57, t26) : t26;
      w2[k] = t51;
      t57_[k] = t57;
      t64_[k] = t64;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t27 = t27_[k];
      const float t57 = t57_[k];
      const float t64 = t64_[k];
      const uint32_t t67 = t27 + s15;
      const float t68 = fmaf(t65, t64, t57);
      const int32_t t69 = (int32_t)bits_of(t68);
      const int32_t t70 = t69 & (2147483647);
      const int32_t t71 = t70 <= (2139062016);
      const uint32_t t72 = (uint32_t)((uint32_t)t67 >> 24u);
      const int32_t t73 = (int32_t)t72;
      const int32_t t74 = (int32_t)((uint32_t)t69 + (uint32_t)t73);
      const int32_t t75 = t71 ? t74 : t69;
      const int32_t t76 = t75 & (-256);
      const int32_t t77 = t71 ? (32768) : (0);
      const int32_t t78 = t77;
      const int32_t t79 = (int32_t)((uint32_t)t76 + (uint32_t)t78);
      const int32_t t80 = t79 & (-65536);
      const float t81 = float_of((uint32_t)t80);
      const float t82 = t81;
      const int32_t t83 = (int32_t)((uint32_t)t76 - (uint32_t)t80);
      const int32_t t84 = t83 < (32767) ? t83 : (32767);
      const int32_t t85 = t84 >> (8);
      const int32_t t86 = wrapped_int8((int32_t)t85);
      w0[k] = t82;
      w3[k] = t86;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const uint32_t s17 = s[17];
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t40 = 1.0f / s8;
  const float t47 = (float)(0);
  const float t51 = -0x1.fe00000000000p+127f;
  const float t53 = 0x1.fe00000000000p+127f;
  const float t87 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t22_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t10 = t7 - t6;
      const float t12 = fmaf(s1, t10, t6);
      const float t13 = t6 - t7;
      const float t14 = s2 * t13;
      const uint32_t t15 = (uint32_t)bits_of(t7);
      const uint32_t t16 = t15 & 2139095040u;
      const float t17 = float_of((uint32_t)t16);
      const float t18 = t17 * 0x1.0000000000000p-23f;
      const float t20 = fmaf(s5, t18, t14);
      const float t21 = t7 + t20;
      const float t22 = t9 ? t12 : t21;
      t6_[k] = t6;
      t8_[k] = t8;
      t22_[k] = t22;
    }
    float t37_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t23 = t6 * t6;
      const float t25 = t8 - t23;
      const float t27 = fmaf(s6, t25, t23);
      const float t28 = t23 - t8;
      const float t29 = s7 * t28;
      const uint32_t t30 = (uint32_t)bits_of(t8);
      const uint32_t t31 = t30 & 2139095040u;
      const float t32 = float_of((uint32_t)t31);
      const float t33 = t32 * 0x1.0000000000000p-23f;
      const float t35 = fmaf(s10, t33, t29);
      const float t36 = t8 + t35;
      const float t37 = t24 ? t27 : t36;
      t37_[k] = t37;
    }
    float t48_[BLOCK];
    uint32_t t49_[BLOCK];
    uint32_t t63_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const float t41 = divided(t37, s8, t40);
      const float t42 = t41 + s12;
      const float t43 = sqrtf(t42);
      const float t44 = t43 + s11;
      const float t39 = s3 * t44;
      const float t46 = t22 / t39;
      const float t48 = t44 == 0x0.0p+0f ? t47 : t46;
      const uint32_t t49 = index * 2826234067u;
      const uint32_t t50 = t49 + s13;
      const float t52 = t51 > t22 || t51 != t51 ? t51 : t22;
      const float t54 = t53 < t52 || t53 != t53 ? t53 : t52;
      const uint32_t t55 = (uint32_t)bits_of(t54);
      const uint32_t t56 = (uint32_t)((uint32_t)t50 >> 16u);
      const uint32_t t57 = t55 + t56;
      const uint32_t t58 = t57 & 4294901760u;
      const int32_t t59 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t60 = float_of((uint32_t)t58);
      const float t61 = t59 ? t60 : t22;
      const float t62 = to_bfloat16(t61);
      const uint32_t t63 = t49 + s14;
      w1[k] = t62;
      t48_[k] = t48;
      t49_[k] = t49;
      t63_[k] = t63;
    }
    float t79_[BLOCK];
    float t86_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t37 = t37_[k];
      const float t48 = t48_[k];
      const uint32_t t63 = t63_[k];
      const float t64 = t51 > t37 || t51 != t51 ? t51 : t37;
      const float t65 = t53 < t64 || t53 != t53 ? t53 : t64;
      const uint32_t t66 = (uint32_t)bits_of(t65);
      const uint32_t t67 = (uint32_t)((uint32_t)t63 >> 16u);
      const uint32_t t68 = t66 + t67;
      const uint32_t t69 = t68 & 4294901760u;
      const int32_t t70 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t71 = float_of((uint32_t)t69);
      const float t72 = t70 ? t71 : t37;
      const float t73 = to_bfloat16(t72);
      const int32_t t74 = x3;
      const int32_t t75 = (int32_t)((uint32_t)t74 << (8));
      const float t76 = x0;
      const int32_t t77 = (int32_t)bits_of(t76);
      const int32_t t78 = (int32_t)((uint32_t)t77 + (uint32_t)t75);
      const float t79 = float_of((uint32_t)t78);
      const float t81 = -t48;
      const float t82 = t79 < 0x0.0p+0f ? t81 : t48;
      const float t84 = cautious & (t82 < 0x0.0p+0f) ? t47 : s16;
      const float t86 = decays ? fmaf(t84, t79, t48) : t48;
      w2[k] = t73;
      t79_[k] = t79;
      t86_[k] = t86;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t49 = t49_[k];
      const float t79 = t79_[k];
      const float t86 = t86_[k];
      const uint32_t t89 = t49 + s17;
      const float t90 = fmaf(t87, t86, t79);
      const int32_t t91 = (int32_t)bits_of(t90);
      const int32_t t92 = t91 & (2147483647);
      const int32_t t93 = t92 <= (2139062016);
      const uint32_t t94 = (uint32_t)((uint32_t)t89 >> 24u);
      const int32_t t95 = (int32_t)t94;
      const int32_t t96 = (int32_t)((uint32_t)t91 + (uint32_t)t95);
      const int32_t t97 = t93 ? t96 : t91;
      const int32_t t98 = t97 & (-256);
      const int32_t t99 = t93 ? (32768) : (0);
      const int32_t t100 = t99;
      const int32_t t101 = (int32_t)((uint32_t)t98 + (uint32_t)t100);
      const int32_t t102 = t101 & (-65536);
      const float t103 = float_of((uint32_t)t102);
      const float t104 = t103;
      const int32_t t105 = (int32_t)((uint32_t)t98 - (uint32_t)t102);
      const int32_t t106 = t105 < (32767) ? t105 : (32767);
      const int32_t t107 = t106 >> (8);
      const int32_t t108 = wrapped_int8((int32_t)t107);
      w0[k] = t104;
      w3[k] = t108;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const float t18 = 1.0f / s7;
  const float t25 = (float)(0);
  const float t29 = -0x1.fe00000000000p+127f;
  const float t31 = 0x1.fe00000000000p+127f;
  const float t60 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    float t11_[BLOCK];
    float t15_[BLOCK];
    float t26_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = t6 - t7;
      const float t11 = fmaf(s2, t9, t7);
      const float t13 = fmaf(t6, t6, -(t8));
      const float t15 = fmaf(s6, t13, t8);
      const float t19 = divided(t15, s7, t18);
      const float t20 = t19 + s10;
      const float t21 = sqrtf(t20);
      const float t22 = t21 + s9;
      const float t17 = s3 * t22;
      const float t24 = t11 / t17;
      const float t26 = t22 == 0x0.0p+0f ? t25 : t24;
      t11_[k] = t11;
      t15_[k] = t15;
      t26_[k] = t26;
    }
    uint32_t t27_[BLOCK];
    uint32_t t47_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const uint32_t t27 = index * 2826234067u;
      const uint32_t t28 = t27 + s11;
      const float t30 = t29 > t11 || t29 != t29 ? t29 : t11;
      const float t32 = t31 < t30 || t31 != t31 ? t31 : t30;
      const uint32_t t33 = (uint32_t)bits_of(t32);
      const uint32_t t34 = (uint32_t)((uint32_t)t28 >> 16u);
      const uint32_t t35 = t33 + t34;
      const uint32_t t36 = t35 & 4294901760u;
      const int32_t t37 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t38 = float_of((uint32_t)t36);
      const float t39 = t37 ? t38 : t11;
      const float t40 = to_bfloat16(t39);
      const uint32_t t41 = t27 + s12;
      const float t42 = t29 > t15 || t29 != t29 ? t29 : t15;
      const float t43 = t31 < t42 || t31 != t31 ? t31 : t42;
      const uint32_t t44 = (uint32_t)bits_of(t43);
      const uint32_t t45 = (uint32_t)((uint32_t)t41 >> 16u);
      const uint32_t t46 = t44 + t45;
      const uint32_t t47 = t46 & 4294901760u;
      w1[k] = t40;
      t27_[k] = t27;
      t47_[k] = t47;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t15 = t15_[k];
      const float t26 = t26_[k];
      const uint32_t t27 = t27_[k];
      const uint32_t t47 = t47_[k];
      const int32_t t48 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t49 = float_of((uint32_t)t47);
      const float t50 = t48 ? t49 : t15;
      const float t51 = to_bfloat16(t50);
      const float t52 = x0;
      const float t54 = -t26;
      const float t55 = t52 < 0x0.0p+0f ? t54 : t26;
      const float t57 = cautious & (t55 < 0x0.0p+0f) ? t25 : s14;
      const float t59 = decays ? fmaf(t57, t52, t26) : t26;
      const uint32_t t62 = t27 + s15;
      const float t63 = fmaf(t60, t59, t52);
      const int32_t t64 = (int32_t)bits_of(t63);
      const int32_t t65 = t64 & (2147483647);
      const uint32_t t67 = (uint32_t)((uint32_t)t62 >> 16u);
      const int32_t t68 = (int32_t)t67;
      const int32_t t69 = (int32_t)((uint32_t)t64 + (uint32_t)t68);
      const int32_t t70 = t65 <= (2139029504) ? t69 : t64;
      const int32_t t71 = t70 & (-65536);
      const float t72 = float_of((uint32_t)t71);
      const float t73 = t72;
      w0[k] = t73;
      w2[k] = t51;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const uint32_t s17 = s[17];
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t40 = 1.0f / s8;
  const float t47 = (float)(0);
  const float t51 = -0x1.fe00000000000p+127f;
  const float t53 = 0x1.fe00000000000p+127f;
  const float t82 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t22_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t10 = t7 - t6;
      const float t12 = fmaf(s1, t10, t6);
      const float t13 = t6 - t7;
      const float t14 = s2 * t13;
      const uint32_t t15 = (uint32_t)bits_of(t7);
      const uint32_t t16 = t15 & 2139095040u;
      const float t17 = float_of((uint32_t)t16);
      const float t18 = t17 * 0x1.0000000000000p-23f;
      const float t20 = fmaf(s5, t18, t14);
      const float t21 = t7 + t20;
      const float t22 = t9 ? t12 : t21;
      t6_[k] = t6;
      t8_[k] = t8;
      t22_[k] = t22;
    }
    float t37_[BLOCK];
    float t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t22 = t22_[k];
      const float t23 = t6 * t6;
      const float t25 = t8 - t23;
      const float t27 = fmaf(s6, t25, t23);
      const float t28 = t23 - t8;
      const float t29 = s7 * t28;
      const uint32_t t30 = (uint32_t)bits_of(t8);
      const uint32_t t31 = t30 & 2139095040u;
      const float t32 = float_of((uint32_t)t31);
      const float t33 = t32 * 0x1.0000000000000p-23f;
      const float t35 = fmaf(s10, t33, t29);
      const float t36 = t8 + t35;
      const float t37 = t24 ? t27 : t36;
      const float t41 = divided(t37, s8, t40);
      const float t42 = t41 + s12;
      const float t43 = sqrtf(t42);
      const float t44 = t43 + s11;
      const float t39 = s3 * t44;
      const float t46 = t22 / t39;
      const float t48 = t44 == 0x0.0p+0f ? t47 : t46;
      t37_[k] = t37;
      t48_[k] = t48;
    }
    uint32_t t49_[BLOCK];
    uint32_t t69_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const uint32_t t49 = index * 2826234067u;
      const uint32_t t50 = t49 + s13;
      const float t52 = t51 > t22 || t51 != t51 ? t51 : t22;
      const float t54 = t53 < t52 || t53 != t53 ? t53 : t52;
      const uint32_t t55 = (uint32_t)bits_of(t54);
      const uint32_t t56 = (uint32_t)((uint32_t)t50 >> 16u);
      const uint32_t t57 = t55 + t56;
      const uint32_t t58 = t57 & 4294901760u;
      const int32_t t59 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t60 = float_of((uint32_t)t58);
      const float t61 = t59 ? t60 : t22;
      const float t62 = to_bfloat16(t61);
      const uint32_t t63 = t49 + s14;
      const float t64 = t51 > t37 || t51 != t51 ? t51 : t37;
      const float t65 = t53 < t64 || t53 != t53 ? t53 : t64;
      const uint32_t t66 = (uint32_t)bits_of(t65);
      const uint32_t t67 = (uint32_t)((uint32_t)t63 >> 16u);
      const uint32_t t68 = t66 + t67;
      const uint32_t t69 = t68 & 4294901760u;
      w1[k] = t62;
      t49_[k] = t49;
      t69_[k] = t69;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t37 = t37_[k];
      const float t48 = t48_[k];
      const uint32_t t49 = t49_[k];
      const uint32_t t69 = t69_[k];
      const int32_t t70 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t71 = float_of((uint32_t)t69);
      const float t72 = t70 ? t71 : t37;
      const float t73 = to_bfloat16(t72);
      const float t74 = x0;
      const float t76 = -t48;
      const float t77 = t74 < 0x0.0p+0f ? t76 : t48;
      const float t79 = cautious & (t77 < 0x0.0p+0f) ? t47 : s16;
      const float t81 = decays ? fmaf(t79, t74, t48) : t48;
      const uint32_t t84 = t49 + s17;
      const float t85 = fmaf(t82, t81, t74);
      const int32_t t86 = (int32_t)bits_of(t85);
      const int32_t t87 = t86 & (2147483647);
      const uint32_t t89 = (uint32_t)((uint32_t)t84 >> 16u);
      const int32_t t90 = (int32_t)t89;
      const int32_t t91 = (int32_t)((uint32_t)t86 + (uint32_t)t90);
      const int32_t t92 = t87 <= (2139029504) ? t91 : t86;
      const int32_t t93 = t92 & (-65536);
      const float t94 = float_of((uint32_t)t93);
      const float t95 = t94;
      w0[k] = t95;
      w2[k] = t73;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t18 = 1.0f / s7;
  const float t25 = (float)(0);
  const float t29 = -0x1.fe00000000000p+127f;
  const float t31 = 0x1.fe00000000000p+127f;
  const float t60 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    float t11_[BLOCK];
    float t15_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = t6 - t7;
      const float t11 = fmaf(s2, t9, t7);
      const float t13 = fmaf(t6, t6, -(t8));
      const float t15 = fmaf(s6, t13, t8);
      t11_[k] = t11;
      t15_[k] = t15;
    }
    float t26_[BLOCK];
    uint32_t t27_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const float t19 = divided(t15, s7, t18);
      const float t20 = t19 + s10;
      const float t21 = sqrtf(t20);
      const float t22 = t21 + s9;
      const float t17 = s3 * t22;
      const float t24 = t11 / t17;
      const float t26 = t22 == 0x0.0p+0f ? t25 : t24;
      const uint32_t t27 = index * 2826234067u;
      const uint32_t t28 = t27 + s11;
      const float t30 = t29 > t11 || t29 != t29 ? t29 : t11;
      const float t32 = t31 < t30 || t31 != t31 ? t31 : t30;
      const uint32_t t33 = (uint32_t)bits_of(t32);
      const uint32_t t34 = (uint32_t)((uint32_t)t28 >> 16u);
      const uint32_t t35 = t33 + t34;
      const uint32_t t36 = t35 & 4294901760u;
      const int32_t t37 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t38 = float_of((uint32_t)t36);
      const float t39 = t37 ? t38 : t11;
      const float t40 = to_bfloat16(t39);
      w1[k] = t40;
      t26_[k] = t26;
      t27_[k] = t27;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t15 = t15_[k];
      const float t26 = t26_[k];
      const uint32_t t27 = t27_[k];
      const uint32_t t41 = t27 + s12;
      const float t42 = t29 > t15 || t29 != t29 ? t29 : t15;
      const float t43 = t31 < t42 || t31 != t31 ? t31 : t42;
      const uint32_t t44 = (uint32_t)bits_of(t43);
      const uint32_t t45 = (uint32_t)((uint32_t)t41 >> 16u);
      const uint32_t t46 = t44 + t45;
      const uint32_t t47 = t46 & 4294901760u;
      const int32_t t48 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t49 = float_of((uint32_t)t47);
      const float t50 = t48 ? t49 : t15;
      const float t51 = to_bfloat16(t50);
      const float t52 = x0;
      const float t54 = -t26;
      const float t55 = t52 < 0x0.0p+0f ? t54 : t26;
      const float t57 = cautious & (t55 < 0x0.0p+0f) ? t25 : s14;
      const float t59 = decays ? fmaf(t57, t52, t26) : t26;
      const float t61 = t60 * t59;
      const float t62 = to_bfloat16(t61);
      const float t63 = to_bfloat16(x0 + t62);
      w0[k] = t63;
      w2[k] = t51;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_bfloat16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t40 = 1.0f / s8;
  const float t47 = (float)(0);
  const float t51 = -0x1.fe00000000000p+127f;
  const float t53 = 0x1.fe00000000000p+127f;
  const float t82 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t22_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t10 = t7 - t6;
      const float t12 = fmaf(s1, t10, t6);
      const float t13 = t6 - t7;
      const float t14 = s2 * t13;
      const uint32_t t15 = (uint32_t)bits_of(t7);
      const uint32_t t16 = t15 & 2139095040u;
      const float t17 = float_of((uint32_t)t16);
      const float t18 = t17 * 0x1.0000000000000p-23f;
      const float t20 = fmaf(s5, t18, t14);
      const float t21 = t7 + t20;
      const float t22 = t9 ? t12 : t21;
      t6_[k] = t6;
      t8_[k] = t8;
      t22_[k] = t22;
    }
    float t37_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t23 = t6 * t6;
      const float t25 = t8 - t23;
      const float t27 = fmaf(s6, t25, t23);
      const float t28 = t23 - t8;
      const float t29 = s7 * t28;
      const uint32_t t30 = (uint32_t)bits_of(t8);
      const uint32_t t31 = t30 & 2139095040u;
      const float t32 = float_of((uint32_t)t31);
      const float t33 = t32 * 0x1.0000000000000p-23f;
      const float t35 = fmaf(s10, t33, t29);
      const float t36 = t8 + t35;
      const float t37 = t24 ? t27 : t36;
      t37_[k] = t37;
    }
    float t48_[BLOCK];
    uint32_t t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const float t41 = divided(t37, s8, t40);
      const float t42 = t41 + s12;
      const float t43 = sqrtf(t42);
      const float t44 = t43 + s11;
      const float t39 = s3 * t44;
      const float t46 = t22 / t39;
      const float t48 = t44 == 0x0.0p+0f ? t47 : t46;
      const uint32_t t49 = index * 2826234067u;
      const uint32_t t50 = t49 + s13;
      const float t52 = t51 > t22 || t51 != t51 ? t51 : t22;
      const float t54 = t53 < t52 || t53 != t53 ? t53 : t52;
      const uint32_t t55 = (uint32_t)bits_of(t54);
      const uint32_t t56 = (uint32_t)((uint32_t)t50 >> 16u);
      const uint32_t t57 = t55 + t56;
      const uint32_t t58 = t57 & 4294901760u;
      const int32_t t59 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t60 = float_of((uint32_t)t58);
      const float t61 = t59 ? t60 : t22;
      const float t62 = to_bfloat16(t61);
      w1[k] = t62;
      t48_[k] = t48;
      t49_[k] = t49;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t37 = t37_[k];
      const float t48 = t48_[k];
      const uint32_t t49 = t49_[k];
      const uint32_t t63 = t49 + s14;
      const float t64 = t51 > t37 || t51 != t51 ? t51 : t37;
      const float t65 = t53 < t64 || t53 != t53 ? t53 : t64;
      const uint32_t t66 = (uint32_t)bits_of(t65);
      const uint32_t t67 = (uint32_t)((uint32_t)t63 >> 16u);
      const uint32_t t68 = t66 + t67;
      const uint32_t t69 = t68 & 4294901760u;
      const int32_t t70 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t71 = float_of((uint32_t)t69);
      const float t72 = t70 ? t71 : t37;
      const float t73 = to_bfloat16(t72);
      const float t74 = x0;
      const float t76 = -t48;
      const float t77 = t74 < 0x0.0p+0f ? t76 : t48;
      const float t79 = cautious & (t77 < 0x0.0p+0f) ? t47 : s16;
      const float t81 = decays ? fmaf(t79, t74, t48) : t48;
      const float t83 = t82 * t81;
      const float t84 = to_bfloat16(t83);
      const float t85 = to_bfloat16(x0 + t84);
      w0[k] = t85;
      w2[k] = t73;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float t40 = float_of(0x7F800000u);
  const int32_t t87 = (1145061376);
  const int32_t t89 = (1149239295);
  const int32_t t93 = (0);
  const int32_t t113 = (1142964224);
  const int32_t t115 = (1147142143);
  const float t124 = (float)(0);
  const float t128 = -s18;
  float* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    float t5_[BLOCK];
    float t10_[BLOCK];
    float t23_[BLOCK];
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = (float)x2;
      const float t7 = t6 * t6;
      const float t8 = t7 * t7;
      const float t9 = t8 * s12;
      const float t10 = t9 * t9;
      const float t11 = (float)x1;
      const float t12 = fabsf(t11);
      const float t13 = s14 - t12;
      const int32_t t14 = (int32_t)bits_of(t13);
      const int32_t t15 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t14);
      const float t16 = float_of((uint32_t)t15);
      const float t18 = fmaf(-(t13), t16, 0x1.0020c40000000p+1f);
      const float t19 = t16 * t18;
      const float t21 = fmaf(-(t13), t19, 0x1.0000000000000p+1f);
      const float t22 = t19 * t21;
      const float t23 = t11 * t22;
      const float t24 = t10 * s13;
      t5_[k] = t5;
      t10_[k] = t10;
      t23_[k] = t23;
      t24_[k] = t24;
    }
    float t29_[BLOCK];
    float t33_[BLOCK];
    float t42_[BLOCK];
    uint32_t t44_[BLOCK];
    float t49_[BLOCK];
    float t51_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t5 = t5_[k];
      const float t10 = t10_[k];
      const float t23 = t23_[k];
      const float t24 = t24_[k];
      const float t25 = t23 * t24;
      const float t26 = t10 * t10;
      const float t27 = t5 - t25;
      const float t29 = fmaf(s2, t27, t25);
      const float t31 = fmaf(t5, t5, -(t26));
      const float t33 = fmaf(s6, t31, t26);
      const float t34 = t29 * s4;
      const float t36 = fmaf(t33, s8, s10);
      const float t37 = sqrtf(t36);
      const float t38 = t37 + s9;
      const float t41 = t38 == 0x0.0p+0f ? t40 : t38;
      const float t42 = t34 / t41;
      const uint32_t t43 = index * 2826234067u;
      const uint32_t t44 = t43 + s11;
      const int32_t t46 = (int32_t)bits_of(t33);
      const int32_t t47 = t46 >> (1);
      const int32_t t48 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t47);
      const float t49 = float_of((uint32_t)t48);
      const float t50 = 0x1.686c6e0000000p-1f * t33;
      const float t51 = t50 * t49;
      t29_[k] = t29;
      t33_[k] = t33;
      t42_[k] = t42;
      t44_[k] = t44;
      t49_[k] = t49;
      t51_[k] = t51;
    }
    float t79_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t33 = t33_[k];
      const float t49 = t49_[k];
      const float t51 = t51_[k];
      const float t53 = fmaf(-(t51), t49, 0x1.ae91e80000000p+0f);
      const float t54 = t49 * t53;
      const int32_t t55 = (int32_t)bits_of(t54);
      const int32_t t56 = t55 >> (3);
      const int32_t t57 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t56);
      const float t58 = float_of((uint32_t)t57);
      const float t59 = t58 * t58;
      const float t60 = t59 * t59;
      const float t61 = t60 * t60;
      const float t63 = fmaf(-(t54), t61, 0x1.0000000000000p+0f);
      const float t65 = fmaf(0x1.1e204e0000000p-5f, t63, 0x1.5072220000000p-5f);
      const float t67 = fmaf(t65, t63, 0x1.9746cc0000000p-5f);
      const float t69 = fmaf(t67, t63, 0x1.1fd9940000000p-4f);
      const float t71 = fmaf(t69, t63, 0x1.0000540000000p-3f);
      const float t72 = t58 * t63;
      const float t74 = fmaf(t72, t71, t58);
      const float t75 = t33 * t54;
      const float t76 = t75 * t54;
      const float t78 = fmaf(0x1.0000000000000p-4f, t76, 0x1.e000000000000p-1f);
      const float t79 = t74 * t78;
      t79_[k] = t79;
    }
    float t104_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t29 = t29_[k];
      const float t33 = t33_[k];
      const uint32_t t44 = t44_[k];
      const float t79 = t79_[k];
      const uint32_t t81 = (uint32_t)((uint32_t)t44 >> 18u);
      const int32_t t82 = (int32_t)t81;
      const int32_t t83 = t82 | (1145044992);
      const float t84 = float_of((uint32_t)t83);
      const float t85 = fmaf(t79, s15, t84);
      const int32_t t86 = (int32_t)bits_of(t85);
      const int32_t t88 = t87 > t86 ? t87 : t86;
      const int32_t t90 = t89 < t88 ? t89 : t88;
      const int32_t t91 = t90 >> (14);
      const int32_t t92 = (int32_t)((uint32_t)t91 - (uint32_t)(69888));
      const int32_t t94 = t33 > 0x0.0p+0f ? t92 : t93;
      const int32_t t95 = wrapped_uint8((int32_t)t94);
      const float t96 = (float)t95;
      const float t97 = t96 * t96;
      const float t98 = t97 * t97;
      const float t99 = t98 * s16;
      const float t101 = fabsf(t29);
      const float t102 = t101 + 0x1.0000000000000p-126f;
      const float t103 = fmaf(t99, t99, t102);
      const float t104 = t29 / t103;
      w2[k] = t95;
      t104_[k] = t104;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t42 = t42_[k];
      const uint32_t t44 = t44_[k];
      const float t104 = t104_[k];
      const uint32_t t106 = (uint32_t)((uint32_t)t44 << 7u);
      const uint32_t t107 = (uint32_t)((uint32_t)t106 >> 18u);
      const int32_t t108 = (int32_t)t107;
      const int32_t t109 = t108 | (1145044992);
      const float t110 = float_of((uint32_t)t109);
      const float t111 = fmaf(t104, s17, t110);
      const int32_t t112 = (int32_t)bits_of(t111);
      const int32_t t114 = t113 > t112 ? t113 : t112;
      const int32_t t116 = t115 < t114 ? t115 : t114;
      const int32_t t117 = t116 >> (14);
      const int32_t t118 = (int32_t)((uint32_t)t117 - (uint32_t)(69888));
      const int32_t t119 = wrapped_int8((int32_t)t118);
      const float t121 = -t42;
      const float t122 = x0 < 0x0.0p+0f ? t121 : t42;
      const float t125 = cautious & (t122 < 0x0.0p+0f) ? t124 : s19;
      const float t127 = decays ? fmaf(t125, x0, t42) : t42;
      const float t130 = fmaf(t128, t127, x0);
      a0[k] = t130;
      w1[k] = t119;
    }
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const int32_t t27 = s1 < 0x1.0000000000000p-1f;
  const int32_t t42 = s6 < 0x1.0000000000000p-1f;
  const float t62 = float_of(0x7F800000u);
  const int32_t t109 = (1145061376);
  const int32_t t111 = (1149239295);
  const int32_t t115 = (0);
  const int32_t t135 = (1142964224);
  const int32_t t137 = (1147142143);
  const float t146 = (float)(0);
  const float t150 = -s20;
  float* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    float t5_[BLOCK];
    float t10_[BLOCK];
    float t23_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = (float)x2;
      const float t7 = t6 * t6;
      const float t8 = t7 * t7;
      const float t9 = t8 * s14;
      const float t10 = t9 * t9;
      const float t11 = (float)x1;
      const float t12 = fabsf(t11);
      const float t13 = s16 - t12;
      const int32_t t14 = (int32_t)bits_of(t13);
      const int32_t t15 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t14);
      const float t16 = float_of((uint32_t)t15);
      const float t18 = fmaf(-(t13), t16, 0x1.0020c40000000p+1f);
      const float t19 = t16 * t18;
      const float t21 = fmaf(-(t13), t19, 0x1.0000000000000p+1f);
      const float t22 = t19 * t21;
      const float t23 = t11 * t22;
      t5_[k] = t5;
      t10_[k] = t10;
      t23_[k] = t23;
    }
    float t26_[BLOCK];
    float t40_[BLOCK];
    float t45_[BLOCK];
    float t47_[BLOCK];
    uint32_t t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t10 = t10_[k];
      const float t23 = t23_[k];
      const float t24 = t10 * s15;
      const float t25 = t23 * t24;
      const float t26 = t10 * t10;
      const float t28 = t25 - t5;
      const float t30 = fmaf(s1, t28, t5);
      const float t31 = t5 - t25;
      const float t32 = s2 * t31;
      const uint32_t t33 = (uint32_t)bits_of(t25);
      const uint32_t t34 = t33 & 2139095040u;
      const float t35 = float_of((uint32_t)t34);
      const float t36 = t35 * 0x1.0000000000000p-23f;
      const float t38 = fmaf(s5, t36, t32);
      const float t39 = t25 + t38;
      const float t40 = t27 ? t30 : t39;
      const float t41 = t5 * t5;
      const float t43 = t26 - t41;
      const float t45 = fmaf(s6, t43, t41);
      const float t46 = t41 - t26;
      const float t47 = s7 * t46;
      const uint32_t t48 = (uint32_t)bits_of(t26);
      t26_[k] = t26;
      t40_[k] = t40;
      t45_[k] = t45;
      t47_[k] = t47;
      t48_[k] = t48;
    }
    float t55_[BLOCK];
    float t64_[BLOCK];
    uint32_t t66_[BLOCK];
    float t71_[BLOCK];
    float t73_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t26 = t26_[k];
      const float t40 = t40_[k];
      const float t45 = t45_[k];
      const float t47 = t47_[k];
      const uint32_t t48 = t48_[k];
      const uint32_t t49 = t48 & 2139095040u;
      const float t50 = float_of((uint32_t)t49);
      const float t51 = t50 * 0x1.0000000000000p-23f;
      const float t53 = fmaf(s10, t51, t47);
      const float t54 = t26 + t53;
      const float t55 = t42 ? t45 : t54;
      const float t56 = t40 * s4;
      const float t58 = fmaf(t55, s9, s12);
      const float t59 = sqrtf(t58);
      const float t60 = t59 + s11;
      const float t63 = t60 == 0x0.0p+0f ? t62 : t60;
      const float t64 = t56 / t63;
      const uint32_t t65 = index * 2826234067u;
      const uint32_t t66 = t65 + s13;
      const int32_t t68 = (int32_t)bits_of(t55);
      const int32_t t69 = t68 >> (1);
      const int32_t t70 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t69);
      const float t71 = float_of((uint32_t)t70);
      const float t72 = 0x1.686c6e0000000p-1f * t55;
      const float t73 = t72 * t71;
      t55_[k] = t55;
      t64_[k] = t64;
      t66_[k] = t66;
      t71_[k] = t71;
      t73_[k] = t73;
    }
    float t101_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t55 = t55_[k];
      const float t71 = t71_[k];
      const float t73 = t73_[k];
      const float t75 = fmaf(-(t73), t71, 0x1.ae91e80000000p+0f);
      const float t76 = t71 * t75;
      const int32_t t77 = (int32_t)bits_of(t76);
      const int32_t t78 = t77 >> (3);
      const int32_t t79 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t78);
      const float t80 = float_of((uint32_t)t79);
      const float t81 = t80 * t80;
      const float t82 = t81 * t81;
      const float t83 = t82 * t82;
      const float t85 = fmaf(-(t76), t83, 0x1.0000000000000p+0f);
      const float t87 = fmaf(0x1.1e204e0000000p-5f, t85, 0x1.5072220000000p-5f);
      const float t89 = fmaf(t87, t85, 0x1.9746cc0000000p-5f);
      const float t91 = fmaf(t89, t85, 0x1.1fd9940000000p-4f);
      const float t93 = fmaf(t91, t85, 0x1.0000540000000p-3f);
      const float t94 = t80 * t85;
      const float t96 = fmaf(t94, t93, t80);
      const float t97 = t55 * t76;
      const float t98 = t97 * t76;
      const float t100 = fmaf(0x1.0000000000000p-4f, t98, 0x1.e000000000000p-1f);
      const float t101 = t96 * t100;
      t101_[k] = t101;
    }
    float t126_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t40 = t40_[k];
      const float t55 = t55_[k];
      const uint32_t t66 = t66_[k];
      const float t101 = t101_[k];
      const uint32_t t103 = (uint32_t)((uint32_t)t66 >> 18u);
      const int32_t t104 = (int32_t)t103;
      const int32_t t105 = t104 | (1145044992);
      const float t106 = float_of((uint32_t)t105);
      const float t107 = fmaf(t101, s17, t106);
      const int32_t t108 = (int32_t)bits_of(t107);
      const int32_t t110 = t109 > t108 ? t109 : t108;
      const int32_t t112 = t111 < t110 ? t111 : t110;
      const int32_t t113 = t112 >> (14);
      const int32_t t114 = (int32_t)((uint32_t)t113 - (uint32_t)(69888));
      const int32_t t116 = t55 > 0x0.0p+0f ? t114 : t115;
      const int32_t t117 = wrapped_uint8((int32_t)t116);
      const float t118 = (float)t117;
      const float t119 = t118 * t118;
      const float t120 = t119 * t119;
      const float t121 = t120 * s18;
      const float t123 = fabsf(t40);
      const float t124 = t123 + 0x1.0000000000000p-126f;
      const float t125 = fmaf(t121, t121, t124);
      const float t126 = t40 / t125;
      w2[k] = t117;
      t126_[k] = t126;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t64 = t64_[k];
      const uint32_t t66 = t66_[k];
      const float t126 = t126_[k];
      const uint32_t t128 = (uint32_t)((uint32_t)t66 << 7u);
      const uint32_t t129 = (uint32_t)((uint32_t)t128 >> 18u);
      const int32_t t130 = (int32_t)t129;
      const int32_t t131 = t130 | (1145044992);
      const float t132 = float_of((uint32_t)t131);
      const float t133 = fmaf(t126, s19, t132);
      const int32_t t134 = (int32_t)bits_of(t133);
      const int32_t t136 = t135 > t134 ? t135 : t134;
      const int32_t t138 = t137 < t136 ? t137 : t136;
      const int32_t t139 = t138 >> (14);
      const int32_t t140 = (int32_t)((uint32_t)t139 - (uint32_t)(69888));
      const int32_t t141 = wrapped_int8((int32_t)t140);
      const float t143 = -t64;
      const float t144 = x0 < 0x0.0p+0f ? t143 : t64;
      const float t147 = cautious & (t144 < 0x0.0p+0f) ? t146 : s21;
      const float t149 = decays ? fmaf(t147, x0, t64) : t64;
      const float t152 = fmaf(t150, t149, x0);
      a0[k] = t152;
      w1[k] = t141;
    }
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float t41 = float_of(0x7F800000u);
  const int32_t t88 = (1145061376);
  const int32_t t90 = (1149239295);
  const int32_t t94 = (0);
  const int32_t t114 = (1142964224);
  const int32_t t116 = (1147142143);
  const float t131 = (float)(0);
  const float t135 = -s18;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t9_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      t6_[k] = t6;
      t9_[k] = t9;
    }
    float t30_[BLOCK];
    float t34_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const float t6 = t6_[k];
      const float t9 = t9_[k];
      const float t10 = t9 * s12;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s14 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      const float t25 = t11 * s13;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      t30_[k] = t30;
      t34_[k] = t34;
    }
    float t43_[BLOCK];
    uint32_t t45_[BLOCK];
    float t55_[BLOCK];
    float t59_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t30 = t30_[k];
      const float t34 = t34_[k];
      const float t35 = t30 * s4;
      const float t37 = fmaf(t34, s8, s10);
      const float t38 = sqrtf(t37);
      const float t39 = t38 + s9;
      const float t42 = t39 == 0x0.0p+0f ? t41 : t39;
      const float t43 = t35 / t42;
      const uint32_t t44 = index * 2826234067u;
      const uint32_t t45 = t44 + s11;
      const int32_t t47 = (int32_t)bits_of(t34);
      const int32_t t48 = t47 >> (1);
      const int32_t t49 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t48);
      const float t50 = float_of((uint32_t)t49);
      const float t51 = 0x1.686c6e0000000p-1f * t34;
      const float t52 = t51 * t50;
      const float t54 = fmaf(-(t52), t50, 0x1.ae91e80000000p+0f);
      const float t55 = t50 * t54;
      const int32_t t56 = (int32_t)bits_of(t55);
      const int32_t t57 = t56 >> (3);
      const int32_t t58 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t57);
      const float t59 = float_of((uint32_t)t58);
      t43_[k] = t43;
      t45_[k] = t45;
      t55_[k] = t55;
      t59_[k] = t59;
    }
    int32_t t87_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const uint32_t t45 = t45_[k];
      const float t55 = t55_[k];
      const float t59 = t59_[k];
      const float t60 = t59 * t59;
      const float t61 = t60 * t60;
      const float t62 = t61 * t61;
      const float t64 = fmaf(-(t55), t62, 0x1.0000000000000p+0f);
      const float t66 = fmaf(0x1.1e204e0000000p-5f, t64, 0x1.5072220000000p-5f);
      const float t68 = fmaf(t66, t64, 0x1.9746cc0000000p-5f);
      const float t70 = fmaf(t68, t64, 0x1.1fd9940000000p-4f);
      const float t72 = fmaf(t70, t64, 0x1.0000540000000p-3f);
      const float t73 = t59 * t64;
      const float t75 = fmaf(t73, t72, t59);
      const float t76 = t34 * t55;
      const float t77 = t76 * t55;
      const float t79 = fmaf(0x1.0000000000000p-4f, t77, 0x1.e000000000000p-1f);
      const float t80 = t75 * t79;
      const uint32_t t82 = (uint32_t)((uint32_t)t45 >> 18u);
      const int32_t t83 = (int32_t)t82;
      const int32_t t84 = t83 | (1145044992);
      const float t85 = float_of((uint32_t)t84);
      const float t86 = fmaf(t80, s15, t85);
      const int32_t t87 = (int32_t)bits_of(t86);
      t87_[k] = t87;
    }
    float t112_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t30 = t30_[k];
      const float t34 = t34_[k];
      const uint32_t t45 = t45_[k];
      const int32_t t87 = t87_[k];
      const int32_t t89 = t88 > t87 ? t88 : t87;
      const int32_t t91 = t90 < t89 ? t90 : t89;
      const int32_t t92 = t91 >> (14);
      const int32_t t93 = (int32_t)((uint32_t)t92 - (uint32_t)(69888));
      const int32_t t95 = t34 > 0x0.0p+0f ? t93 : t94;
      const int32_t t96 = wrapped_uint8((int32_t)t95);
      const float t97 = (float)t96;
      const float t98 = t97 * t97;
      const float t99 = t98 * t98;
      const float t100 = t99 * s16;
      const float t102 = fabsf(t30);
      const float t103 = t102 + 0x1.0000000000000p-126f;
      const float t104 = fmaf(t100, t100, t103);
      const float t105 = t30 / t104;
      const uint32_t t107 = (uint32_t)((uint32_t)t45 << 7u);
      const uint32_t t108 = (uint32_t)((uint32_t)t107 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t105, s17, t111);
      w2[k] = t96;
      t112_[k] = t112;
    }
    float t138_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t43 = t43_[k];
      const float t112 = t112_[k];
      const int32_t t113 = (int32_t)bits_of(t112);
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t120 = wrapped_int8((int32_t)t119);
      const int32_t t121 = x3;
      const int32_t t122 = (int32_t)((uint32_t)t121 << (0));
      const float t123 = x0;
      const int32_t t124 = (int32_t)bits_of(t123);
      const int32_t t125 = (int32_t)((uint32_t)t124 + (uint32_t)t122);
      const float t126 = float_of((uint32_t)t125);
      const float t128 = -t43;
      const float t129 = t126 < 0x0.0p+0f ? t128 : t43;
      const float t132 = cautious & (t129 < 0x0.0p+0f) ? t131 : s19;
      const float t134 = decays ? fmaf(t132, t126, t43) : t43;
      const float t138 = fmaf(t135, t134, t126);
      w1[k] = t120;
      t138_[k] = t138;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t138 = t138_[k];
      const int32_t t139 = (int32_t)bits_of(t138);
      const int32_t t140 = t139 & (2147483647);
      const int32_t t142 = t140 <= (2139062271) ? (32768) : (0);
      const int32_t t143 = t142;
      const int32_t t144 = (int32_t)((uint32_t)t139 + (uint32_t)t143);
      const int32_t t145 = t144 & (-65536);
      const float t146 = float_of((uint32_t)t145);
      const float t147 = t146;
      const int32_t t148 = (int32_t)((uint32_t)t139 - (uint32_t)t145);
      const int32_t t149 = t148 < (32767) ? t148 : (32767);
      const int32_t t150 = wrapped_int16((int32_t)t149);
      w0[k] = t147;
      w3[k] = t150;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t63 = float_of(0x7F800000u);
  const int32_t t110 = (1145061376);
  const int32_t t112 = (1149239295);
  const int32_t t116 = (0);
  const int32_t t136 = (1142964224);
  const int32_t t138 = (1147142143);
  const float t153 = (float)(0);
  const float t157 = -s20;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t11_[BLOCK];
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      const float t10 = t9 * s14;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s16 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      t6_[k] = t6;
      t11_[k] = t11;
      t24_[k] = t24;
    }
    float t27_[BLOCK];
    float t41_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t29 = t26 - t6;
      const float t31 = fmaf(s1, t29, t6);
      const float t32 = t6 - t26;
      const float t33 = s2 * t32;
      const uint32_t t34 = (uint32_t)bits_of(t26);
      const uint32_t t35 = t34 & 2139095040u;
      const float t36 = float_of((uint32_t)t35);
      const float t37 = t36 * 0x1.0000000000000p-23f;
      const float t39 = fmaf(s5, t37, t33);
      const float t40 = t26 + t39;
      const float t41 = t28 ? t31 : t40;
      t27_[k] = t27;
      t41_[k] = t41;
    }
    float t56_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t27 = t27_[k];
      const float t42 = t6 * t6;
      const float t44 = t27 - t42;
      const float t46 = fmaf(s6, t44, t42);
      const float t47 = t42 - t27;
      const float t48 = s7 * t47;
      const uint32_t t49 = (uint32_t)bits_of(t27);
      const uint32_t t50 = t49 & 2139095040u;
      const float t51 = float_of((uint32_t)t50);
      const float t52 = t51 * 0x1.0000000000000p-23f;
      const float t54 = fmaf(s10, t52, t48);
      const float t55 = t27 + t54;
      const float t56 = t43 ? t46 : t55;
      t56_[k] = t56;
    }
    float t65_[BLOCK];
    uint32_t t67_[BLOCK];
    float t77_[BLOCK];
    float t81_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const float t57 = t41 * s4;
      const float t59 = fmaf(t56, s9, s12);
      const float t60 = sqrtf(t59);
      const float t61 = t60 + s11;
      const float t64 = t61 == 0x0.0p+0f ? t63 : t61;
      const float t65 = t57 / t64;
      const uint32_t t66 = index * 2826234067u;
      const uint32_t t67 = t66 + s13;
      const int32_t t69 = (int32_t)bits_of(t56);
      const int32_t t70 = t69 >> (1);
      const int32_t t71 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t70);
      const float t72 = float_of((uint32_t)t71);
      const float t73 = 0x1.686c6e0000000p-1f * t56;
      const float t74 = t73 * t72;
      const float t76 = fmaf(-(t74), t72, 0x1.ae91e80000000p+0f);
      const float t77 = t72 * t76;
      const int32_t t78 = (int32_t)bits_of(t77);
      const int32_t t79 = t78 >> (3);
      const int32_t t80 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t79);
      const float t81 = float_of((uint32_t)t80);
      t65_[k] = t65;
      t67_[k] = t67;
      t77_[k] = t77;
      t81_[k] = t81;
    }
    int32_t t109_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const uint32_t t67 = t67_[k];
      const float t77 = t77_[k];
      const float t81 = t81_[k];
      const float t82 = t81 * t81;
      const float t83 = t82 * t82;
      const float t84 = t83 * t83;
      const float t86 = fmaf(-(t77), t84, 0x1.0000000000000p+0f);
      const float t88 = fmaf(0x1.1e204e0000000p-5f, t86, 0x1.5072220000000p-5f);
      const float t90 = fmaf(t88, t86, 0x1.9746cc0000000p-5f);
      const float t92 = fmaf(t90, t86, 0x1.1fd9940000000p-4f);
      const float t94 = fmaf(t92, t86, 0x1.0000540000000p-3f);
      const float t95 = t81 * t86;
      const float t97 = fmaf(t95, t94, t81);
      const float t98 = t56 * t77;
      const float t99 = t98 * t77;
      const float t101 = fmaf(0x1.0000000000000p-4f, t99, 0x1.e000000000000p-1f);
      const float t102 = t97 * t101;
      const uint32_t t104 = (uint32_t)((uint32_t)t67 >> 18u);
      const int32_t t105 = (int32_t)t104;
      const int32_t t106 = t105 | (1145044992);
      const float t107 = float_of((uint32_t)t106);
      const float t108 = fmaf(t102, s17, t107);
      const int32_t t109 = (int32_t)bits_of(t108);
      t109_[k] = t109;
    }
    float t134_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const uint32_t t67 = t67_[k];
      const int32_t t109 = t109_[k];
      const int32_t t111 = t110 > t109 ? t110 : t109;
      const int32_t t113 = t112 < t111 ? t112 : t111;
      const int32_t t114 = t113 >> (14);
      const int32_t t115 = (int32_t)((uint32_t)t114 - (uint32_t)(69888));
      const int32_t t117 = t56 > 0x0.0p+0f ? t115 : t116;
      const int32_t t118 = wrapped_uint8((int32_t)t117);
      const float t119 = (float)t118;
      const float t120 = t119 * t119;
      const float t121 = t120 * t120;
      const float t122 = t121 * s18;
      const float t124 = fabsf(t41);
      const float t125 = t124 + 0x1.0000000000000p-126f;
      const float t126 = fmaf(t122, t122, t125);
      const float t127 = t41 / t126;
      const uint32_t t129 = (uint32_t)((uint32_t)t67 << 7u);
      const uint32_t t130 = (uint32_t)((uint32_t)t129 >> 18u);
      const int32_t t131 = (int32_t)t130;
      const int32_t t132 = t131 | (1145044992);
      const float t133 = float_of((uint32_t)t132);
      const float t134 = fmaf(t127, s19, t133);
      w2[k] = t118;
      t134_[k] = t134;
    }
    float t160_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t65 = t65_[k];
      const float t134 = t134_[k];
      const int32_t t135 = (int32_t)bits_of(t134);
      const int32_t t137 = t136 > t135 ? t136 : t135;
      const int32_t t139 = t138 < t137 ? t138 : t137;
      const int32_t t140 = t139 >> (14);
      const int32_t t141 = (int32_t)((uint32_t)t140 - (uint32_t)(69888));
      const int32_t t142 = wrapped_int8((int32_t)t141);
      const int32_t t143 = x3;
      const int32_t t144 = (int32_t)((uint32_t)t143 << (0));
      const float t145 = x0;
      const int32_t t146 = (int32_t)bits_of(t145);
      const int32_t t147 = (int32_t)((uint32_t)t146 + (uint32_t)t144);
      const float t148 = float_of((uint32_t)t147);
      const float t150 = -t65;
      const float t151 = t148 < 0x0.0p+0f ? t150 : t65;
      const float t154 = cautious & (t151 < 0x0.0p+0f) ? t153 : s21;
      const float t156 = decays ? fmaf(t154, t148, t65) : t65;
      const float t160 = fmaf(t157, t156, t148);
      w1[k] = t142;
      t160_[k] = t160;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t160 = t160_[k];
      const int32_t t161 = (int32_t)bits_of(t160);
      const int32_t t162 = t161 & (2147483647);
      const int32_t t164 = t162 <= (2139062271) ? (32768) : (0);
      const int32_t t165 = t164;
      const int32_t t166 = (int32_t)((uint32_t)t161 + (uint32_t)t165);
      const int32_t t167 = t166 & (-65536);
      const float t168 = float_of((uint32_t)t167);
      const float t169 = t168;
      const int32_t t170 = (int32_t)((uint32_t)t161 - (uint32_t)t167);
      const int32_t t171 = t170 < (32767) ? t170 : (32767);
      const int32_t t172 = wrapped_int16((int32_t)t171);
      w0[k] = t169;
      w3[k] = t172;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const uint32_t s20 = s[20];
  const float t41 = float_of(0x7F800000u);
  const int32_t t88 = (1145061376);
  const int32_t t90 = (1149239295);
  const int32_t t94 = (0);
  const int32_t t114 = (1142964224);
  const int32_t t116 = (1147142143);
  const float t131 = (float)(0);
  const float t135 = -s18;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t9_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      t6_[k] = t6;
      t9_[k] = t9;
    }
    float t30_[BLOCK];
    float t34_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const float t6 = t6_[k];
      const float t9 = t9_[k];
      const float t10 = t9 * s12;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s14 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      const float t25 = t11 * s13;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      t30_[k] = t30;
      t34_[k] = t34;
    }
    float t43_[BLOCK];
    uint32_t t44_[BLOCK];
    uint32_t t45_[BLOCK];
    float t55_[BLOCK];
    float t59_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t30 = t30_[k];
      const float t34 = t34_[k];
      const float t35 = t30 * s4;
      const float t37 = fmaf(t34, s8, s10);
      const float t38 = sqrtf(t37);
      const float t39 = t38 + s9;
      const float t42 = t39 == 0x0.0p+0f ? t41 : t39;
      const float t43 = t35 / t42;
      const uint32_t t44 = index * 2826234067u;
      const uint32_t t45 = t44 + s11;
      const int32_t t47 = (int32_t)bits_of(t34);
      const int32_t t48 = t47 >> (1);
      const int32_t t49 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t48);
      const float t50 = float_of((uint32_t)t49);
      const float t51 = 0x1.686c6e0000000p-1f * t34;
      const float t52 = t51 * t50;
      const float t54 = fmaf(-(t52), t50, 0x1.ae91e80000000p+0f);
      const float t55 = t50 * t54;
      const int32_t t56 = (int32_t)bits_of(t55);
      const int32_t t57 = t56 >> (3);
      const int32_t t58 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t57);
      const float t59 = float_of((uint32_t)t58);
      t43_[k] = t43;
      t44_[k] = t44;
      t45_[k] = t45;
      t55_[k] = t55;
      t59_[k] = t59;
    }
    int32_t t87_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const uint32_t t45 = t45_[k];
      const float t55 = t55_[k];
      const float t59 = t59_[k];
      const float t60 = t59 * t59;
      const float t61 = t60 * t60;
      const float t62 = t61 * t61;
      const float t64 = fmaf(-(t55), t62, 0x1.0000000000000p+0f);
      const float t66 = fmaf(0x1.1e204e0000000p-5f, t64, 0x1.5072220000000p-5f);
      const float t68 = fmaf(t66, t64, 0x1.9746cc0000000p-5f);
      const float t70 = fmaf(t68, t64, 0x1.1fd9940000000p-4f);
      const float t72 = fmaf(t70, t64, 0x1.0000540000000p-3f);
      const float t73 = t59 * t64;
      const float t75 = fmaf(t73, t72, t59);
      const float t76 = t34 * t55;
      const float t77 = t76 * t55;
      const float t79 = fmaf(0x1.0000000000000p-4f, t77, 0x1.e000000000000p-1f);
      const float t80 = t75 * t79;
      const uint32_t t82 = (uint32_t)((uint32_t)t45 >> 18u);
      const int32_t t83 = (int32_t)t82;
      const int32_t t84 = t83 | (1145044992);
      const float t85 = float_of((uint32_t)t84);
      const float t86 = fmaf(t80, s15, t85);
      const int32_t t87 = (int32_t)bits_of(t86);
      t87_[k] = t87;
    }
    float t112_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t30 = t30_[k];
      const float t34 = t34_[k];
      const uint32_t t45 = t45_[k];
      const int32_t t87 = t87_[k];
      const int32_t t89 = t88 > t87 ? t88 : t87;
      const int32_t t91 = t90 < t89 ? t90 : t89;
      const int32_t t92 = t91 >> (14);
      const int32_t t93 = (int32_t)((uint32_t)t92 - (uint32_t)(69888));
      const int32_t t95 = t34 > 0x0.0p+0f ? t93 : t94;
      const int32_t t96 = wrapped_uint8((int32_t)t95);
      const float t97 = (float)t96;
      const float t98 = t97 * t97;
      const float t99 = t98 * t98;
      const float t100 = t99 * s16;
      const float t102 = fabsf(t30);
      const float t103 = t102 + 0x1.0000000000000p-126f;
      const float t104 = fmaf(t100, t100, t103);
      const float t105 = t30 / t104;
      const uint32_t t107 = (uint32_t)((uint32_t)t45 << 7u);
      const uint32_t t108 = (uint32_t)((uint32_t)t107 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t105, s17, t111);
      w2[k] = t96;
      t112_[k] = t112;
    }
    uint32_t t137_[BLOCK];
    float t138_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t43 = t43_[k];
      const uint32_t t44 = t44_[k];
      const float t112 = t112_[k];
      const int32_t t113 = (int32_t)bits_of(t112);
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t120 = wrapped_int8((int32_t)t119);
      const int32_t t121 = x3;
      const int32_t t122 = (int32_t)((uint32_t)t121 << (8));
      const float t123 = x0;
      const int32_t t124 = (int32_t)bits_of(t123);
      const int32_t t125 = (int32_t)((uint32_t)t124 + (uint32_t)t122);
      const float t126 = float_of((uint32_t)t125);
      const float t128 = -t43;
      const float t129 = t126 < 0x0.0p+0f ? t128 : t43;
      const float t132 = cautious & (t129 < 0x0.0p+0f) ? t131 : s19;
      const float t134 = decays ? fmaf(t132, t126, t43) : t43;
      const uint32_t t137 = t44 + s20;
      const float t138 = fmaf(t135, t134, t126);
      w1[k] = t120;
      t137_[k] = t137;
      t138_[k] = t138;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t137 = t137_[k];
      const float t138 = t138_[k];
      const int32_t t139 = (int32_t)bits_of(t138);
      const int32_t t140 = t139 & (2147483647);
      const int32_t t141 = t140 <= (2139062016);
      const uint32_t t142 = (uint32_t)((uint32_t)t137 >> 24u);
      const int32_t t143 = (int32_t)t142;
      const int32_t t144 = (int32_t)((uint32_t)t139 + (uint32_t)t143);
      const int32_t t145 = t141 ? t144 : t139;
      const int32_t t146 = t145 & (-256);
      const int32_t t147 = t141 ? (32768) : (0);
      const int32_t t148 = t147;
      const int32_t t149 = (int32_t)((uint32_t)t146 + (uint32_t)t148);
      const int32_t t150 = t149 & (-65536);
      const float t151 = float_of((uint32_t)t150);
      const float t152 = t151;
      const int32_t t153 = (int32_t)((uint32_t)t146 - (uint32_t)t150);
      const int32_t t154 = t153 < (32767) ? t153 : (32767);
      const int32_t t155 = t154 >> (8);
      const int32_t t156 = wrapped_int8((int32_t)t155);
      w0[k] = t152;
      w3[k] = t156;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const uint32_t s22 = s[22];
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t63 = float_of(0x7F800000u);
  const int32_t t110 = (1145061376);
  const int32_t t112 = (1149239295);
  const int32_t t116 = (0);
  const int32_t t136 = (1142964224);
  const int32_t t138 = (1147142143);
  const float t153 = (float)(0);
  const float t157 = -s20;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t11_[BLOCK];
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      const float t10 = t9 * s14;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s16 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      t6_[k] = t6;
      t11_[k] = t11;
      t24_[k] = t24;
    }
    float t27_[BLOCK];
    float t41_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t29 = t26 - t6;
      const float t31 = fmaf(s1, t29, t6);
      const float t32 = t6 - t26;
      const float t33 = s2 * t32;
      const uint32_t t34 = (uint32_t)bits_of(t26);
      const uint32_t t35 = t34 & 2139095040u;
      const float t36 = float_of((uint32_t)t35);
      const float t37 = t36 * 0x1.0000000000000p-23f;
      const float t39 = fmaf(s5, t37, t33);
      const float t40 = t26 + t39;
      const float t41 = t28 ? t31 : t40;
      t27_[k] = t27;
      t41_[k] = t41;
    }
    float t56_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t27 = t27_[k];
      const float t42 = t6 * t6;
      const float t44 = t27 - t42;
      const float t46 = fmaf(s6, t44, t42);
      const float t47 = t42 - t27;
      const float t48 = s7 * t47;
      const uint32_t t49 = (uint32_t)bits_of(t27);
      const uint32_t t50 = t49 & 2139095040u;
      const float t51 = float_of((uint32_t)t50);
      const float t52 = t51 * 0x1.0000000000000p-23f;
      const float t54 = fmaf(s10, t52, t48);
      const float t55 = t27 + t54;
      const float t56 = t43 ? t46 : t55;
      t56_[k] = t56;
    }
    float t65_[BLOCK];
    uint32_t t66_[BLOCK];
    uint32_t t67_[BLOCK];
    float t77_[BLOCK];
    float t81_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const float t57 = t41 * s4;
      const float t59 = fmaf(t56, s9, s12);
      const float t60 = sqrtf(t59);
      const float t61 = t60 + s11;
      const float t64 = t61 == 0x0.0p+0f ? t63 : t61;
      const float t65 = t57 / t64;
      const uint32_t t66 = index * 2826234067u;
      const uint32_t t67 = t66 + s13;
      const int32_t t69 = (int32_t)bits_of(t56);
      const int32_t t70 = t69 >> (1);
      const int32_t t71 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t70);
      const float t72 = float_of((uint32_t)t71);
      const float t73 = 0x1.686c6e0000000p-1f * t56;
      const float t74 = t73 * t72;
      const float t76 = fmaf(-(t74), t72, 0x1.ae91e80000000p+0f);
      const float t77 = t72 * t76;
      const int32_t t78 = (int32_t)bits_of(t77);
      const int32_t t79 = t78 >> (3);
      const int32_t t80 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t79);
      const float t81 = float_of((uint32_t)t80);
      t65_[k] = t65;
      t66_[k] = t66;
      t67_[k] = t67;
      t77_[k] = t77;
      t81_[k] = t81;
    }
    int32_t t109_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const uint32_t t67 = t67_[k];
      const float t77 = t77_[k];
      const float t81 = t81_[k];
      const float t82 = t81 * t81;
      const float t83 = t82 * t82;
      const float t84 = t83 * t83;
      const float t86 = fmaf(-(t77), t84, 0x1.0000000000000p+0f);
      const float t88 = fmaf(0x1.1e204e0000000p-5f, t86, 0x1.5072220000000p-5f);
      const float t90 = fmaf(t88, t86, 0x1.9746cc0000000p-5f);
      const float t92 = fmaf(t90, t86, 0x1.1fd9940000000p-4f);
      const float t94 = fmaf(t92, t86, 0x1.0000540000000p-3f);
      const float t95 = t81 * t86;
      const float t97 = fmaf(t95, t94, t81);
      const float t98 = t56 * t77;
      const float t99 = t98 * t77;
      const float t101 = fmaf(0x1.0000000000000p-4f, t99, 0x1.e000000000000p-1f);
      const float t102 = t97 * t101;
      const uint32_t t104 = (uint32_t)((uint32_t)t67 >> 18u);
      const int32_t t105 = (int32_t)t104;
      const int32_t t106 = t105 | (1145044992);
      const float t107 = float_of((uint32_t)t106);
      const float t108 = fmaf(t102, s17, t107);
      const int32_t t109 = (int32_t)bits_of(t108);
      t109_[k] = t109;
    }
    float t134_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const uint32_t t67 = t67_[k];
      const int32_t t109 = t109_[k];
      const int32_t t111 = t110 > t109 ? t110 : t109;
      const int32_t t113 = t112 < t111 ? t112 : t111;
      const int32_t t114 = t113 >> (14);
      const int32_t t115 = (int32_t)((uint32_t)t114 - (uint32_t)(69888));
      const int32_t t117 = t56 > 0x0.0p+0f ? t115 : t116;
      const int32_t t118 = wrapped_uint8((int32_t)t117);
      const float t119 = (float)t118;
      const float t120 = t119 * t119;
      const float t121 = t120 * t120;
      const float t122 = t121 * s18;
      const float t124 = fabsf(t41);
      const float t125 = t124 + 0x1.0000000000000p-126f;
      const float t126 = fmaf(t122, t122, t125);
      const float t127 = t41 / t126;
      const uint32_t t129 = (uint32_t)((uint32_t)t67 << 7u);
      const uint32_t t130 = (uint32_t)((uint32_t)t129 >> 18u);
      const int32_t t131 = (int32_t)t130;
      const int32_t t132 = t131 | (1145044992);
      const float t133 = float_of((uint32_t)t132);
      const float t134 = fmaf(t127, s19, t133);
      w2[k] = t118;
      t134_[k] = t134;
    }
    uint32_t t159_[BLOCK];
    float t160_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t65 = t65_[k];
      const uint32_t t66 = t66_[k];
      const float t134 = t134_[k];
      const int32_t t135 = (int32_t)bits_of(t134);
      const int32_t t137 = t136 > t135 ? t136 : t135;
      const int32_t t139 = t138 < t137 ? t138 : t137;
      const int32_t t140 = t139 >> (14);
      const int32_t t141 = (int32_t)((uint32_t)t140 - (uint32_t)(69888));
      const int32_t t142 = wrapped_int8((int32_t)t141);
      const int32_t t143 = x3;
      const int32_t t144 = (int32_t)((uint32_t)t143 << (8));
      const float t145 = x0;
      const int32_t t146 = (int32_t)bits_of(t145);
      const int32_t t147 = (int32_t)((uint32_t)t146 + (uint32_t)t144);
      const float t148 = float_of((uint32_t)t147);
      const float t150 = -t65;
      const float t151 = t148 < 0x0.0p+0f ? t150 : t65;
      const float t154 = cautious & (t151 < 0x0.0p+0f) ? t153 : s21;
      const float t156 = decays ? fmaf(t154, t148, t65) : t65;
      const uint32_t t159 = t66 + s22;
      const float t160 = fmaf(t157, t156, t148);
      w1[k] = t142;
      t159_[k] = t159;
      t160_[k] = t160;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t159 = t159_[k];
      const float t160 = t160_[k];
      const int32_t t161 = (int32_t)bits_of(t160);
      const int32_t t162 = t161 & (2147483647);
      const int32_t t163 = t162 <= (2139062016);
      const uint32_t t164 = (uint32_t)((uint32_t)t159 >> 24u);
      const int32_t t165 = (int32_t)t164;
      const int32_t t166 = (int32_t)((uint32_t)t161 + (uint32_t)t165);
      const int32_t t167 = t163 ? t166 : t161;
      const int32_t t168 = t167 & (-256);
      const int32_t t169 = t163 ? (32768) : (0);
      const int32_t t170 = t169;
      const int32_t t171 = (int32_t)((uint32_t)t168 + (uint32_t)t170);
      const int32_t t172 = t171 & (-65536);
      const float t173 = float_of((uint32_t)t172);
      const float t174 = t173;
      const int32_t t175 = (int32_t)((uint32_t)t168 - (uint32_t)t172);
      const int32_t t176 = t175 < (32767) ? t175 : (32767);
      const int32_t t177 = t176 >> (8);
      const int32_t t178 = wrapped_int8((int32_t)t177);
      w0[k] = t174;
      w3[k] = t178;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const uint32_t s20 = s[20];
  const float t41 = float_of(0x7F800000u);
  const int32_t t88 = (1145061376);
  const int32_t t90 = (1149239295);
  const int32_t t94 = (0);
  const int32_t t114 = (1142964224);
  const int32_t t116 = (1147142143);
  const float t126 = (float)(0);
  const float t130 = -s18;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t11_[BLOCK];
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      const float t10 = t9 * s12;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s14 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      t6_[k] = t6;
      t11_[k] = t11;
      t24_[k] = t24;
    }
    float t30_[BLOCK];
    float t34_[BLOCK];
    float t43_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s13;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      const float t35 = t30 * s4;
      const float t37 = fmaf(t34, s8, s10);
      const float t38 = sqrtf(t37);
      const float t39 = t38 + s9;
      const float t42 = t39 == 0x0.0p+0f ? t41 : t39;
      const float t43 = t35 / t42;
      t30_[k] = t30;
      t34_[k] = t34;
      t43_[k] = t43;
    }
    uint32_t t44_[BLOCK];
    uint32_t t45_[BLOCK];
    float t55_[BLOCK];
    float t59_[BLOCK];
    float t64_[BLOCK];
    float t68_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t34 = t34_[k];
      const uint32_t t44 = index * 2826234067u;
      const uint32_t t45 = t44 + s11;
      const int32_t t47 = (int32_t)bits_of(t34);
      const int32_t t48 = t47 >> (1);
      const int32_t t49 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t48);
      const float t50 = float_of((uint32_t)t49);
      const float t51 = 0x1.686c6e0000000p-1f * t34;
      const float t52 = t51 * t50;
      const float t54 = fmaf(-(t52), t50, 0x1.ae91e80000000p+0f);
      const float t55 = t50 * t54;
      const int32_t t56 = (int32_t)bits_of(t55);
      const int32_t t57 = t56 >> (3);
      const int32_t t58 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t57);
      const float t59 = float_of((uint32_t)t58);
      const float t60 = t59 * t59;
      const float t61 = t60 * t60;
      const float t62 = t61 * t61;
      const float t64 = fmaf(-(t55), t62, 0x1.0000000000000p+0f);
      const float t66 = fmaf(0x1.1e204e0000000p-5f, t64, 0x1.5072220000000p-5f);
      const float t68 = fmaf(t66, t64, 0x1.9746cc0000000p-5f);
      t44_[k] = t44;
      t45_[k] = t45;
      t55_[k] = t55;
      t59_[k] = t59;
      t64_[k] = t64;
      t68_[k] = t68;
    }
    int32_t t96_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const uint32_t t45 = t45_[k];
      const float t55 = t55_[k];
      const float t59 = t59_[k];
      const float t64 = t64_[k];
      const float t68 = t68_[k];
      const float t70 = fmaf(t68, t64, 0x1.1fd9940000000p-4f);
      const float t72 = fmaf(t70, t64, 0x1.0000540000000p-3f);
      const float t73 = t59 * t64;
      const float t75 = fmaf(t73, t72, t59);
      const float t76 = t34 * t55;
      const float t77 = t76 * t55;
      const float t79 = fmaf(0x1.0000000000000p-4f, t77, 0x1.e000000000000p-1f);
      const float t80 = t75 * t79;
      const uint32_t t82 = (uint32_t)((uint32_t)t45 >> 18u);
      const int32_t t83 = (int32_t)t82;
      const int32_t t84 = t83 | (1145044992);
      const float t85 = float_of((uint32_t)t84);
      const float t86 = fmaf(t80, s15, t85);
      const int32_t t87 = (int32_t)bits_of(t86);
      const int32_t t89 = t88 > t87 ? t88 : t87;
      const int32_t t91 = t90 < t89 ? t90 : t89;
      const int32_t t92 = t91 >> (14);
      const int32_t t93 = (int32_t)((uint32_t)t92 - (uint32_t)(69888));
      const int32_t t95 = t34 > 0x0.0p+0f ? t93 : t94;
      const int32_t t96 = wrapped_uint8((int32_t)t95);
      w2[k] = t96;
      t96_[k] = t96;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t30 = t30_[k];
      const uint32_t t45 = t45_[k];
      const int32_t t96 = t96_[k];
      const float t97 = (float)t96;
      const float t98 = t97 * t97;
      const float t99 = t98 * t98;
      const float t100 = t99 * s16;
      const float t102 = fabsf(t30);
      const float t103 = t102 + 0x1.0000000000000p-126f;
      const float t104 = fmaf(t100, t100, t103);
      const float t105 = t30 / t104;
      const uint32_t t107 = (uint32_t)((uint32_t)t45 << 7u);
      const uint32_t t108 = (uint32_t)((uint32_t)t107 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t105, s17, t111);
      const int32_t t113 = (int32_t)bits_of(t112);
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t120 = wrapped_int8((int32_t)t119);
      w1[k] = t120;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t43 = t43_[k];
      const uint32_t t44 = t44_[k];
      const float t121 = x0;
      const float t123 = -t43;
      const float t124 = t121 < 0x0.0p+0f ? t123 : t43;
      const float t127 = cautious & (t124 < 0x0.0p+0f) ? t126 : s19;
      const float t129 = decays ? fmaf(t127, t121, t43) : t43;
      const uint32_t t132 = t44 + s20;
      const float t133 = fmaf(t130, t129, t121);
      const int32_t t134 = (int32_t)bits_of(t133);
      const int32_t t135 = t134 & (2147483647);
      const uint32_t t137 = (uint32_t)((uint32_t)t132 >> 16u);
      const int32_t t138 = (int32_t)t137;
      const int32_t t139 = (int32_t)((uint32_t)t134 + (uint32_t)t138);
      const int32_t t140 = t135 <= (2139029504) ? t139 : t134;
      const int32_t t141 = t140 & (-65536);
      const float t142 = float_of((uint32_t)t141);
      const float t143 = t142;
      w0[k] = t143;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const uint32_t s22 = s[22];
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t63 = float_of(0x7F800000u);
  const int32_t t110 = (1145061376);
  const int32_t t112 = (1149239295);
  const int32_t t116 = (0);
  const int32_t t136 = (1142964224);
  const int32_t t138 = (1147142143);
  const float t148 = (float)(0);
  const float t152 = -s20;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t11_[BLOCK];
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      const float t10 = t9 * s14;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s16 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      t6_[k] = t6;
      t11_[k] = t11;
      t24_[k] = t24;
    }
    float t27_[BLOCK];
    float t41_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t29 = t26 - t6;
      const float t31 = fmaf(s1, t29, t6);
      const float t32 = t6 - t26;
      const float t33 = s2 * t32;
      const uint32_t t34 = (uint32_t)bits_of(t26);
      const uint32_t t35 = t34 & 2139095040u;
      const float t36 = float_of((uint32_t)t35);
      const float t37 = t36 * 0x1.0000000000000p-23f;
      const float t39 = fmaf(s5, t37, t33);
      const float t40 = t26 + t39;
      const float t41 = t28 ? t31 : t40;
      t27_[k] = t27;
      t41_[k] = t41;
    }
    float t56_[BLOCK];
    float t65_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t27 = t27_[k];
      const float t41 = t41_[k];
      const float t42 = t6 * t6;
      const float t44 = t27 - t42;
      const float t46 = fmaf(s6, t44, t42);
      const float t47 = t42 - t27;
      const float t48 = s7 * t47;
      const uint32_t t49 = (uint32_t)bits_of(t27);
      const uint32_t t50 = t49 & 2139095040u;
      const float t51 = float_of((uint32_t)t50);
      const float t52 = t51 * 0x1.0000000000000p-23f;
      const float t54 = fmaf(s10, t52, t48);
      const float t55 = t27 + t54;
      const float t56 = t43 ? t46 : t55;
      const float t57 = t41 * s4;
      const float t59 = fmaf(t56, s9, s12);
      const float t60 = sqrtf(t59);
      const float t61 = t60 + s11;
      const float t64 = t61 == 0x0.0p+0f ? t63 : t61;
      const float t65 = t57 / t64;
      t56_[k] = t56;
      t65_[k] = t65;
    }
    uint32_t t66_[BLOCK];
    uint32_t t67_[BLOCK];
    float t77_[BLOCK];
    float t81_[BLOCK];
    float t86_[BLOCK];
    float t90_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t56 = t56_[k];
      const uint32_t t66 = index * 2826234067u;
      const uint32_t t67 = t66 + s13;
      const int32_t t69 = (int32_t)bits_of(t56);
      const int32_t t70 = t69 >> (1);
      const int32_t t71 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t70);
      const float t72 = float_of((uint32_t)t71);
      const float t73 = 0x1.686c6e0000000p-1f * t56;
      const float t74 = t73 * t72;
      const float t76 = fmaf(-(t74), t72, 0x1.ae91e80000000p+0f);
      const float t77 = t72 * t76;
      const int32_t t78 = (int32_t)bits_of(t77);
      const int32_t t79 = t78 >> (3);
      const int32_t t80 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t79);
      const float t81 = float_of((uint32_t)t80);
      const float t82 = t81 * t81;
      const float t83 = t82 * t82;
      const float t84 = t83 * t83;
      const float t86 = fmaf(-(t77), t84, 0x1.0000000000000p+0f);
      const float t88 = fmaf(0x1.1e204e0000000p-5f, t86, 0x1.5072220000000p-5f);
      const float t90 = fmaf(t88, t86, 0x1.9746cc0000000p-5f);
      t66_[k] = t66;
      t67_[k] = t67;
      t77_[k] = t77;
      t81_[k] = t81;
      t86_[k] = t86;
      t90_[k] = t90;
    }
    int32_t t118_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const uint32_t t67 = t67_[k];
      const float t77 = t77_[k];
      const float t81 = t81_[k];
      const float t86 = t86_[k];
      const float t90 = t90_[k];
      const float t92 = fmaf(t90, t86, 0x1.1fd9940000000p-4f);
      const float t94 = fmaf(t92, t86, 0x1.0000540000000p-3f);
      const float t95 = t81 * t86;
      const float t97 = fmaf(t95, t94, t81);
      const float t98 = t56 * t77;
      const float t99 = t98 * t77;
      const float t101 = fmaf(0x1.0000000000000p-4f, t99, 0x1.e000000000000p-1f);
      const float t102 = t97 * t101;
      const uint32_t t104 = (uint32_t)((uint32_t)t67 >> 18u);
      const int32_t t105 = (int32_t)t104;
      const int32_t t106 = t105 | (1145044992);
      const float t107 = float_of((uint32_t)t106);
      const float t108 = fmaf(t102, s17, t107);
      const int32_t t109 = (int32_t)bits_of(t108);
      const int32_t t111 = t110 > t109 ? t110 : t109;
      const int32_t t113 = t112 < t111 ? t112 : t111;
      const int32_t t114 = t113 >> (14);
      const int32_t t115 = (int32_t)((uint32_t)t114 - (uint32_t)(69888));
      const int32_t t117 = t56 > 0x0.0p+0f ? t115 : t116;
      const int32_t t118 = wrapped_uint8((int32_t)t117);
      w2[k] = t118;
      t118_[k] = t118;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const uint32_t t67 = t67_[k];
      const int32_t t118 = t118_[k];
      const float t119 = (float)t118;
      const float t120 = t119 * t119;
      const float t121 = t120 * t120;
      const float t122 = t121 * s18;
      const float t124 = fabsf(t41);
      const float t125 = t124 + 0x1.0000000000000p-126f;
      const float t126 = fmaf(t122, t122, t125);
      const float t127 = t41 / t126;
      const uint32_t t129 = (uint32_t)((uint32_t)t67 << 7u);
      const uint32_t t130 = (uint32_t)((uint32_t)t129 >> 18u);
      const int32_t t131 = (int32_t)t130;
      const int32_t t132 = t131 | (1145044992);
      const float t133 = float_of((uint32_t)t132);
      const float t134 = fmaf(t127, s19, t133);
      const int32_t t135 = (int32_t)bits_of(t134);
      const int32_t t137 = t136 > t135 ? t136 : t135;
      const int32_t t139 = t138 < t137 ? t138 : t137;
      const int32_t t140 = t139 >> (14);
      const int32_t t141 = (int32_t)((uint32_t)t140 - (uint32_t)(69888));
      const int32_t t142 = wrapped_int8((int32_t)t141);
      w1[k] = t142;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t65 = t65_[k];
      const uint32_t t66 = t66_[k];
      const float t143 = x0;
      const float t145 = -t65;
      const float t146 = t143 < 0x0.0p+0f ? t145 : t65;
      const float t149 = cautious & (t146 < 0x0.0p+0f) ? t148 : s21;
      const float t151 = decays ? fmaf(t149, t143, t65) : t65;
      const uint32_t t154 = t66 + s22;
      const float t155 = fmaf(t152, t151, t143);
      const int32_t t156 = (int32_t)bits_of(t155);
      const int32_t t157 = t156 & (2147483647);
      const uint32_t t159 = (uint32_t)((uint32_t)t154 >> 16u);
      const int32_t t160 = (int32_t)t159;
      const int32_t t161 = (int32_t)((uint32_t)t156 + (uint32_t)t160);
      const int32_t t162 = t157 <= (2139029504) ? t161 : t156;
      const int32_t t163 = t162 & (-65536);
      const float t164 = float_of((uint32_t)t163);
      const float t165 = t164;
      w0[k] = t165;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float t41 = float_of(0x7F800000u);
  const int32_t t88 = (1145061376);
  const int32_t t90 = (1149239295);
  const int32_t t94 = (0);
  const int32_t t114 = (1142964224);
  const int32_t t116 = (1147142143);
  const float t126 = (float)(0);
  const float t130 = -s18;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      t6_[k] = t6;
    }
    float t26_[BLOCK];
    float t27_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      const float t10 = t9 * s12;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s14 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      const float t25 = t11 * s13;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      t26_[k] = t26;
      t27_[k] = t27;
    }
    float t30_[BLOCK];
    float t34_[BLOCK];
    float t43_[BLOCK];
    uint32_t t45_[BLOCK];
    float t55_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t6 = t6_[k];
      const float t26 = t26_[k];
      const float t27 = t27_[k];
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      const float t35 = t30 * s4;
      const float t37 = fmaf(t34, s8, s10);
      const float t38 = sqrtf(t37);
      const float t39 = t38 + s9;
      const float t42 = t39 == 0x0.0p+0f ? t41 : t39;
      const float t43 = t35 / t42;
      const uint32_t t44 = index * 2826234067u;
      const uint32_t t45 = t44 + s11;
      const int32_t t47 = (int32_t)bits_of(t34);
      const int32_t t48 = t47 >> (1);
      const int32_t t49 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t48);
      const float t50 = float_of((uint32_t)t49);
      const float t51 = 0x1.686c6e0000000p-1f * t34;
      const float t52 = t51 * t50;
      const float t54 = fmaf(-(t52), t50, 0x1.ae91e80000000p+0f);
      const float t55 = t50 * t54;
      t30_[k] = t30;
      t34_[k] = t34;
      t43_[k] = t43;
      t45_[k] = t45;
      t55_[k] = t55;
    }
    float t80_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const float t55 = t55_[k];
      const int32_t t56 = (int32_t)bits_of(t55);
      const int32_t t57 = t56 >> (3);
      const int32_t t58 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t57);
      const float t59 = float_of((uint32_t)t58);
      const float t60 = t59 * t59;
      const float t61 = t60 * t60;
      const float t62 = t61 * t61;
      const float t64 = fmaf(-(t55), t62, 0x1.0000000000000p+0f);
      const float t66 = fmaf(0x1.1e204e0000000p-5f, t64, 0x1.5072220000000p-5f);
      const float t68 = fmaf(t66, t64, 0x1.9746cc0000000p-5f);
      const float t70 = fmaf(t68, t64, 0x1.1fd9940000000p-4f);
      const float t72 = fmaf(t70, t64, 0x1.0000540000000p-3f);
      const float t73 = t59 * t64;
      const float t75 = fmaf(t73, t72, t59);
      const float t76 = t34 * t55;
      const float t77 = t76 * t55;
      const float t79 = fmaf(0x1.0000000000000p-4f, t77, 0x1.e000000000000p-1f);
      const float t80 = t75 * t79;
      t80_[k] = t80;
    }
    float t105_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t30 = t30_[k];
      const float t34 = t34_[k];
      const uint32_t t45 = t45_[k];
      const float t80 = t80_[k];
      const uint32_t t82 = (uint32_t)((uint32_t)t45 >> 18u);
      const int32_t t83 = (int32_t)t82;
      const int32_t t84 = t83 | (1145044992);
      const float t85 = float_of((uint32_t)t84);
      const float t86 = fmaf(t80, s15, t85);
      const int32_t t87 = (int32_t)bits_of(t86);
      const int32_t t89 = t88 > t87 ? t88 : t87;
      const int32_t t91 = t90 < t89 ? t90 : t89;
      const int32_t t92 = t91 >> (14);
      const int32_t t93 = (int32_t)((uint32_t)t92 - (uint32_t)(69888));
      const int32_t t95 = t34 > 0x0.0p+0f ? t93 : t94;
      const int32_t t96 = wrapped_uint8((int32_t)t95);
      const float t97 = (float)t96;
      const float t98 = t97 * t97;
      const float t99 = t98 * t98;
      const float t100 = t99 * s16;
      const float t102 = fabsf(t30);
      const float t103 = t102 + 0x1.0000000000000p-126f;
      const float t104 = fmaf(t100, t100, t103);
      const float t105 = t30 / t104;
      w2[k] = t96;
      t105_[k] = t105;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t43 = t43_[k];
      const uint32_t t45 = t45_[k];
      const float t105 = t105_[k];
      const uint32_t t107 = (uint32_t)((uint32_t)t45 << 7u);
      const uint32_t t108 = (uint32_t)((uint32_t)t107 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t105, s17, t111);
      const int32_t t113 = (int32_t)bits_of(t112);
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t120 = wrapped_int8((int32_t)t119);
      const float t121 = x0;
      const float t123 = -t43;
      const float t124 = t121 < 0x0.0p+0f ? t123 : t43;
      const float t127 = cautious & (t124 < 0x0.0p+0f) ? t126 : s19;
      const float t129 = decays ? fmaf(t127, t121, t43) : t43;
      const float t131 = t130 * t129;
      const float t132 = to_bfloat16(t131);
      const float t133 = to_bfloat16(x0 + t132);
      w0[k] = t133;
      w1[k] = t120;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_8bit_bfloat16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t63 = float_of(0x7F800000u);
  const int32_t t110 = (1145061376);
  const int32_t t112 = (1149239295);
  const int32_t t116 = (0);
  const int32_t t136 = (1142964224);
  const int32_t t138 = (1147142143);
  const float t148 = (float)(0);
  const float t152 = -s20;
  uint16_t* restrict a0 = a[0];
  int8_t* restrict a1 = a[1];
  uint8_t* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w1[BLOCK];
    int32_t w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w1, a1);
    widen_uint8(w2, a2);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t11_[BLOCK];
    float t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = (float)x2;
      const float t8 = t7 * t7;
      const float t9 = t8 * t8;
      const float t10 = t9 * s14;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s16 - t13;
      const int32_t t15 = (int32_t)bits_of(t14);
      const int32_t t16 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t15);
      const float t17 = float_of((uint32_t)t16);
      const float t19 = fmaf(-(t14), t17, 0x1.0020c40000000p+1f);
      const float t20 = t17 * t19;
      const float t22 = fmaf(-(t14), t20, 0x1.0000000000000p+1f);
      const float t23 = t20 * t22;
      const float t24 = t12 * t23;
      t6_[k] = t6;
      t11_[k] = t11;
      t24_[k] = t24;
    }
    float t27_[BLOCK];
    float t41_[BLOCK];
    float t46_[BLOCK];
    float t48_[BLOCK];
    uint32_t t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t29 = t26 - t6;
      const float t31 = fmaf(s1, t29, t6);
      const float t32 = t6 - t26;
      const float t33 = s2 * t32;
      const uint32_t t34 = (uint32_t)bits_of(t26);
      const uint32_t t35 = t34 & 2139095040u;
      const float t36 = float_of((uint32_t)t35);
      const float t37 = t36 * 0x1.0000000000000p-23f;
      const float t39 = fmaf(s5, t37, t33);
      const float t40 = t26 + t39;
      const float t41 = t28 ? t31 : t40;
      const float t42 = t6 * t6;
      const float t44 = t27 - t42;
      const float t46 = fmaf(s6, t44, t42);
      const float t47 = t42 - t27;
      const float t48 = s7 * t47;
      const uint32_t t49 = (uint32_t)bits_of(t27);
      t27_[k] = t27;
      t41_[k] = t41;
      t46_[k] = t46;
      t48_[k] = t48;
      t49_[k] = t49;
    }
    float t56_[BLOCK];
    float t65_[BLOCK];
    uint32_t t67_[BLOCK];
    float t72_[BLOCK];
    float t74_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t27 = t27_[k];
      const float t41 = t41_[k];
      const float t46 = t46_[k];
      const float t48 = t48_[k];
      const uint32_t t49 = t49_[k];
      const uint32_t t50 = t49 & 2139095040u;
      const float t51 = float_of((uint32_t)t50);
      const float t52 = t51 * 0x1.0000000000000p-23f;
      const float t54 = fmaf(s10, t52, t48);
      const float t55 = t27 + t54;
      const float t56 = t43 ? t46 : t55;
      const float t57 = t41 * s4;
      const float t59 = fmaf(t56, s9, s12);
      const float t60 = sqrtf(t59);
      const float t61 = t60 + s11;
      const float t64 = t61 == 0x0.0p+0f ? t63 : t61;
      const float t65 = t57 / t64;
      const uint32_t t66 = index * 2826234067u;
      const uint32_t t67 = t66 + s13;
      const int32_t t69 = (int32_t)bits_of(t56);
      const int32_t t70 = t69 >> (1);
      const int32_t t71 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t70);
      const float t72 = float_of((uint32_t)t71);
      const float t73 = 0x1.686c6e0000000p-1f * t56;
      const float t74 = t73 * t72;
      t56_[k] = t56;
      t65_[k] = t65;
      t67_[k] = t67;
      t72_[k] = t72;
      t74_[k] = t74;
    }
    float t102_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const float t72 = t72_[k];
      const float t74 = t74_[k];
      const float t76 = fmaf(-(t74), t72, 0x1.ae91e80000000p+0f);
      const float t77 = t72 * t76;
      const int32_t t78 = (int32_t)bits_of(t77);
      const int32_t t79 = t78 >> (3);
      const int32_t t80 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t79);
      const float t81 = float_of((uint32_t)t80);
      const float t82 = t81 * t81;
      const float t83 = t82 * t82;
      const float t84 = t83 * t83;
      const float t86 = fmaf(-(t77), t84, 0x1.0000000000000p+0f);
      const float t88 = fmaf(0x1.1e204e0000000p-5f, t86, 0x1.5072220000000p-5f);
      const float t90 = fmaf(t88, t86, 0x1.9746cc0000000p-5f);
      const float t92 = fmaf(t90, t86, 0x1.1fd9940000000p-4f);
      const float t94 = fmaf(t92, t86, 0x1.0000540000000p-3f);
      const float t95 = t81 * t86;
      const float t97 = fmaf(t95, t94, t81);
      const float t98 = t56 * t77;
      const float t99 = t98 * t77;
      const float t101 = fmaf(0x1.0000000000000p-4f, t99, 0x1.e000000000000p-1f);
      const float t102 = t97 * t101;
      t102_[k] = t102;
    }
    float t127_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const uint32_t t67 = t67_[k];
      const float t102 = t102_[k];
      const uint32_t t104 = (uint32_t)((uint32_t)t67 >> 18u);
      const int32_t t105 = (int32_t)t104;
      const int32_t t106 = t105 | (1145044992);
      const float t107 = float_of((uint32_t)t106);
      const float t108 = fmaf(t102, s17, t107);
      const int32_t t109 = (int32_t)bits_of(t108);
      const int32_t t111 = t110 > t109 ? t110 : t109;
      const int32_t t113 = t112 < t111 ? t112 : t111;
      const int32_t t114 = t113 >> (14);
      const int32_t t115 = (int32_t)((uint32_t)t114 - (uint32_t)(69888));
      const int32_t t117 = t56 > 0x0.0p+0f ? t115 : t116;
      const int32_t t118 = wrapped_uint8((int32_t)t117);
      const float t119 = (float)t118;
      const float t120 = t119 * t119;
      const float t121 = t120 * t120;
      const float t122 = t121 * s18;
      const float t124 = fabsf(t41);
      const float t125 = t124 + 0x1.0000000000000p-126f;
      const float t126 = fmaf(t122, t122, t125);
      const float t127 = t41 / t126;
      w2[k] = t118;
      t127_[k] = t127;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t65 = t65_[k];
      const uint32_t t67 = t67_[k];
      const float t127 = t127_[k];
      const uint32_t t129 = (uint32_t)((uint32_t)t67 << 7u);
      const uint32_t t130 = (uint32_t)((uint32_t)t129 >> 18u);
      const int32_t t131 = (int32_t)t130;
      const int32_t t132 = t131 | (1145044992);
      const float t133 = float_of((uint32_t)t132);
      const float t134 = fmaf(t127, s19, t133);
      const int32_t t135 = (int32_t)bits_of(t134);
      const int32_t t137 = t136 > t135 ? t136 : t135;
      const int32_t t139 = t138 < t137 ? t138 : t137;
      const int32_t t140 = t139 >> (14);
      const int32_t t141 = (int32_t)((uint32_t)t140 - (uint32_t)(69888));
      const int32_t t142 = wrapped_int8((int32_t)t141);
      const float t143 = x0;
      const float t145 = -t65;
      const float t146 = t143 < 0x0.0p+0f ? t145 : t65;
      const float t149 = cautious & (t146 < 0x0.0p+0f) ? t148 : s21;
      const float t151 = decays ? fmaf(t149, t143, t65) : t65;
      const float t153 = t152 * t151;
      const float t154 = to_bfloat16(t153);
      const float t155 = to_bfloat16(x0 + t154);
      w0[k] = t155;
      w1[k] = t142;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t16 = 1.0f / s7;
  const float t23 = (float)(0);
  const float t27 = -0x1.fe00000000000p+127f;
  const float t29 = 0x1.fe00000000000p+127f;
  const float t46 = -s13;
  float* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w1[BLOCK];
    widen_bfloat16(w1, a1);
    float t9_[BLOCK];
    float t20_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = x1;
      const float t7 = t5 - t6;
      const float t9 = fmaf(s2, t7, t6);
      const float t11 = fmaf(t5, t5, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t17 = divided(t13, s7, t16);
      const float t18 = t17 + s10;
      const float t19 = sqrtf(t18);
      const float t20 = t19 + s9;
      a2[k] = t13;
      t9_[k] = t9;
      t20_[k] = t20;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t9 = t9_[k];
      const float t20 = t20_[k];
      const float t15 = s3 * t20;
      const float t22 = t9 / t15;
      const float t24 = t20 == 0x0.0p+0f ? t23 : t22;
      const uint32_t t25 = index * 2826234067u;
      const uint32_t t26 = t25 + s11;
      const float t28 = t27 > t9 || t27 != t27 ? t27 : t9;
      const float t30 = t29 < t28 || t29 != t29 ? t29 : t28;
      const uint32_t t31 = (uint32_t)bits_of(t30);
      const uint32_t t32 = (uint32_t)((uint32_t)t26 >> 16u);
      const uint32_t t33 = t31 + t32;
      const uint32_t t34 = t33 & 4294901760u;
      const int32_t t35 = (bits_of(t9) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t36 = float_of((uint32_t)t34);
      const float t37 = t35 ? t36 : t9;
      const float t38 = to_bfloat16(t37);
      const float t40 = -t24;
      const float t41 = x0 < 0x0.0p+0f ? t40 : t24;
      const float t43 = cautious & (t41 < 0x0.0p+0f) ? t23 : s14;
      const float t45 = decays ? fmaf(t43, x0, t24) : t24;
      const float t48 = fmaf(t46, t45, x0);
      a0[k] = t48;
      w1[k] = t38;
    }
    narrow_bfloat16(a1, w1);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s8;
  const float t45 = (float)(0);
  const float t49 = -0x1.fe00000000000p+127f;
  const float t51 = 0x1.fe00000000000p+127f;
  const float t68 = -s15;
  float* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w1[BLOCK];
    widen_bfloat16(w1, a1);
    float t5_[BLOCK];
    float t20_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = x1;
      const float t8 = t6 - t5;
      const float t10 = fmaf(s1, t8, t5);
      const float t11 = t5 - t6;
      const float t12 = s2 * t11;
      const uint32_t t13 = (uint32_t)bits_of(t6);
      const uint32_t t14 = t13 & 2139095040u;
      const float t15 = float_of((uint32_t)t14);
      const float t16 = t15 * 0x1.0000000000000p-23f;
      const float t18 = fmaf(s5, t16, t12);
      const float t19 = t6 + t18;
      const float t20 = t7 ? t10 : t19;
      t5_[k] = t5;
      t20_[k] = t20;
    }
    float t42_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t5 = t5_[k];
      const float t21 = t5 * t5;
      const float t23 = x2 - t21;
      const float t25 = fmaf(s6, t23, t21);
      const float t26 = t21 - x2;
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(x2);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = x2 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t39 = divided(t35, s8, t38);
      const float t40 = t39 + s12;
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s11;
      a2[k] = t35;
      t42_[k] = t42;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t20 = t20_[k];
      const float t42 = t42_[k];
      const float t37 = s3 * t42;
      const float t44 = t20 / t37;
      const float t46 = t42 == 0x0.0p+0f ? t45 : t44;
      const uint32_t t47 = index * 2826234067u;
      const uint32_t t48 = t47 + s13;
      const float t50 = t49 > t20 || t49 != t49 ? t49 : t20;
      const float t52 = t51 < t50 || t51 != t51 ? t51 : t50;
      const uint32_t t53 = (uint32_t)bits_of(t52);
      const uint32_t t54 = (uint32_t)((uint32_t)t48 >> 16u);
      const uint32_t t55 = t53 + t54;
      const uint32_t t56 = t55 & 4294901760u;
      const int32_t t57 = (bits_of(t20) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t58 = float_of((uint32_t)t56);
      const float t59 = t57 ? t58 : t20;
      const float t60 = to_bfloat16(t59);
      const float t62 = -t46;
      const float t63 = x0 < 0x0.0p+0f ? t62 : t46;
      const float t65 = cautious & (t63 < 0x0.0p+0f) ? t45 : s16;
      const float t67 = decays ? fmaf(t65, x0, t46) : t46;
      const float t70 = fmaf(t68, t67, x0);
      a0[k] = t70;
      w1[k] = t60;
    }
    narrow_bfloat16(a1, w1);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t17 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t28 = -0x1.fe00000000000p+127f;
  const float t30 = 0x1.fe00000000000p+127f;
  const float t53 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t10_[BLOCK];
    float t18_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = a2[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = t6 - t7;
      const float t10 = fmaf(s2, t8, t7);
      const float t12 = fmaf(t6, t6, -(x2));
      const float t14 = fmaf(s6, t12, x2);
      const float t18 = divided(t14, s7, t17);
      a2[k] = t14;
      t10_[k] = t10;
      t18_[k] = t18;
    }
    float t25_[BLOCK];
    int32_t t41_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t10 = t10_[k];
      const float t18 = t18_[k];
      const float t19 = t18 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t16 = s3 * t21;
      const float t23 = t10 / t16;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      const uint32_t t26 = index * 2826234067u;
      const uint32_t t27 = t26 + s11;
      const float t29 = t28 > t10 || t28 != t28 ? t28 : t10;
      const float t31 = t30 < t29 || t30 != t30 ? t30 : t29;
      const uint32_t t32 = (uint32_t)bits_of(t31);
      const uint32_t t33 = (uint32_t)((uint32_t)t27 >> 16u);
      const uint32_t t34 = t32 + t33;
      const uint32_t t35 = t34 & 4294901760u;
      const int32_t t36 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t37 = float_of((uint32_t)t35);
      const float t38 = t36 ? t37 : t10;
      const float t39 = to_bfloat16(t38);
      const int32_t t40 = x3;
      const int32_t t41 = (int32_t)((uint32_t)t40 << (0));
      w1[k] = t39;
      t25_[k] = t25;
      t41_[k] = t41;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t25 = t25_[k];
      const int32_t t41 = t41_[k];
      const float t42 = x0;
      const int32_t t43 = (int32_t)bits_of(t42);
      const int32_t t44 = (int32_t)((uint32_t)t43 + (uint32_t)t41);
      const float t45 = float_of((uint32_t)t44);
      const float t47 = -t25;
      const float t48 = t45 < 0x0.0p+0f ? t47 : t25;
      const float t50 = cautious & (t48 < 0x0.0p+0f) ? t24 : s14;
      const float t52 = decays ? fmaf(t50, t45, t25) : t25;
      const float t56 = fmaf(t53, t52, t45);
      const int32_t t57 = (int32_t)bits_of(t56);
      const int32_t t58 = t57 & (2147483647);
      const int32_t t60 = t58 <= (2139062271) ? (32768) : (0);
      const int32_t t61 = t60;
      const int32_t t62 = (int32_t)((uint32_t)t57 + (uint32_t)t61);
      const int32_t t63 = t62 & (-65536);
      const float t64 = float_of((uint32_t)t63);
      const float t65 = t64;
      const int32_t t66 = (int32_t)((uint32_t)t57 - (uint32_t)t63);
      const int32_t t67 = t66 < (32767) ? t66 : (32767);
      const int32_t t68 = wrapped_int16((int32_t)t67);
      w0[k] = t65;
      w3[k] = t68;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t50 = -0x1.fe00000000000p+127f;
  const float t52 = 0x1.fe00000000000p+127f;
  const float t75 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_int16(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t21_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t9 = t7 - t6;
      const float t11 = fmaf(s1, t9, t6);
      const float t12 = t6 - t7;
      const float t13 = s2 * t12;
      const uint32_t t14 = (uint32_t)bits_of(t7);
      const uint32_t t15 = t14 & 2139095040u;
      const float t16 = float_of((uint32_t)t15);
      const float t17 = t16 * 0x1.0000000000000p-23f;
      const float t19 = fmaf(s5, t17, t13);
      const float t20 = t7 + t19;
      const float t21 = t8 ? t11 : t20;
      t6_[k] = t6;
      t21_[k] = t21;
    }
    float t40_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t22 = t6 * t6;
      const float t24 = x2 - t22;
      const float t26 = fmaf(s6, t24, t22);
      const float t27 = t22 - x2;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(x2);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = x2 + t34;
      const float t36 = t23 ? t26 : t35;
      const float t40 = divided(t36, s8, t39);
      a2[k] = t36;
      t40_[k] = t40;
    }
    float t47_[BLOCK];
    int32_t t63_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t40 = t40_[k];
      const float t41 = t40 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t38 = s3 * t43;
      const float t45 = t21 / t38;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s13;
      const float t51 = t50 > t21 || t50 != t50 ? t50 : t21;
      const float t53 = t52 < t51 || t52 != t52 ? t52 : t51;
      const uint32_t t54 = (uint32_t)bits_of(t53);
      const uint32_t t55 = (uint32_t)((uint32_t)t49 >> 16u);
      const uint32_t t56 = t54 + t55;
      const uint32_t t57 = t56 & 4294901760u;
      const int32_t t58 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t59 = float_of((uint32_t)t57);
      const float t60 = t58 ? t59 : t21;
      const float t61 = to_bfloat16(t60);
      const int32_t t62 = x3;
      const int32_t t63 = (int32_t)((uint32_t)t62 << (0));
      w1[k] = t61;
      t47_[k] = t47;
      t63_[k] = t63;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t47 = t47_[k];
      const int32_t t63 = t63_[k];
      const float t64 = x0;
      const int32_t t65 = (int32_t)bits_of(t64);
      const int32_t t66 = (int32_t)((uint32_t)t65 + (uint32_t)t63);
      const float t67 = float_of((uint32_t)t66);
      const float t69 = -t47;
      const float t70 = t67 < 0x0.0p+0f ? t69 : t47;
      const float t72 = cautious & (t70 < 0x0.0p+0f) ? t46 : s16;
      const float t74 = decays ? fmaf(t72, t67, t47) : t47;
      const float t78 = fmaf(t75, t74, t67);
      const int32_t t79 = (int32_t)bits_of(t78);
      const int32_t t80 = t79 & (2147483647);
      const int32_t t82 = t80 <= (2139062271) ? (32768) : (0);
      const int32_t t83 = t82;
      const int32_t t84 = (int32_t)((uint32_t)t79 + (uint32_t)t83);
      const int32_t t85 = t84 & (-65536);
      const float t86 = float_of((uint32_t)t85);
      const float t87 = t86;
      const int32_t t88 = (int32_t)((uint32_t)t79 - (uint32_t)t85);
      const int32_t t89 = t88 < (32767) ? t88 : (32767);
      const int32_t t90 = wrapped_int16((int32_t)t89);
      w0[k] = t87;
      w3[k] = t90;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const float t17 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t28 = -0x1.fe00000000000p+127f;
  const float t30 = 0x1.fe00000000000p+127f;
  const float t53 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t10_[BLOCK];
    float t25_[BLOCK];
    uint32_t t26_[BLOCK];
    uint32_t t27_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = a2[k];
      const float x4 = w4[k];
      const uint32_t index = first + (uint32_t)k;
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = t6 - t7;
      const float t10 = fmaf(s2, t8, t7);
      const float t12 = fmaf(t6, t6, -(x2));
      const float t14 = fmaf(s6, t12, x2);
      const float t18 = divided(t14, s7, t17);
      const float t19 = t18 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t16 = s3 * t21;
      const float t23 = t10 / t16;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      const uint32_t t26 = index * 2826234067u;
      const uint32_t t27 = t26 + s11;
      a2[k] = t14;
      t10_[k] = t10;
      t25_[k] = t25;
      t26_[k] = t26;
      t27_[k] = t27;
    }
    float t45_[BLOCK];
    float t52_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t10 = t10_[k];
      const float t25 = t25_[k];
      const uint32_t t27 = t27_[k];
      const float t29 = t28 > t10 || t28 != t28 ? t28 : t10;
      const float t31 = t30 < t29 || t30 != t30 ? t30 : t29;
      const uint32_t t32 = (uint32_t)bits_of(t31);
      const uint32_t t33 = (uint32_t)((uint32_t)t27 >> 16u);
      const uint32_t t34 = t32 + t33;
      const uint32_t t35 = t34 & 4294901760u;
      const int32_t t36 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t37 = float_of((uint32_t)t35);
      const float t38 = t36 ? t37 : t10;
      const float t39 = to_bfloat16(t38);
      const int32_t t40 = x3;
      const int32_t t41 = (int32_t)((uint32_t)t40 << (8));
      const float t42 = x0;
      const int32_t t43 = (int32_t)bits_of(t42);
      const int32_t t44 = (int32_t)((uint32_t)t43 + (uint32_t)t41);
      const float t45 = float_of((uint32_t)t44);
      const float t47 = -t25;
      const float t48 = t45 < 0x0.0p+0f ? t47 : t25;
      const float t50 = cautious & (t48 < 0x0.0p+0f) ? t24 : s14;
      const float t52 = decays ? fmaf(t50, t45, t25) : t25;
      w1[k] = t39;
      t45_[k] = t45;
      t52_[k] = t52;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t26 = t26_[k];
      const float t45 = t45_[k];
      const float t52 = t52_[k];
      const uint32_t t55 = t26 + s15;
      const float t56 = fmaf(t53, t52, t45);
      const int32_t t57 = (int32_t)bits_of(t56);
      const int32_t t58 = t57 & (2147483647);
      const int32_t t59 = t58 <= (2139062016);
      const uint32_t t60 = (uint32_t)((uint32_t)t55 >> 24u);
      const int32_t t61 = (int32_t)t60;
      const int32_t t62 = (int32_t)((uint32_t)t57 + (uint32_t)t61);
      const int32_t t63 = t59 ? t62 : t57;
      const int32_t t64 = t63 & (-256);
      const int32_t t65 = t59 ? (32768) : (0);
      const int32_t t66 = t65;
      const int32_t t67 = (int32_t)((uint32_t)t64 + (uint32_t)t66);
      const int32_t t68 = t67 & (-65536);
      const float t69 = float_of((uint32_t)t68);
      const float t70 = t69;
      const int32_t t71 = (int32_t)((uint32_t)t64 - (uint32_t)t68);
      const int32_t t72 = t71 < (32767) ? t71 : (32767);
      const int32_t t73 = t72 >> (8);
      const int32_t t74 = wrapped_int8((int32_t)t73);
      w0[k] = t70;
      w3[k] = t74;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const uint32_t s17 = s[17];
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t50 = -0x1.fe00000000000p+127f;
  const float t52 = 0x1.fe00000000000p+127f;
  const float t75 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  int8_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    int32_t w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_int8(w3, a3);
    widen_bfloat16(w4, a4);
    float t21_[BLOCK];
    float t22_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t9 = t7 - t6;
      const float t11 = fmaf(s1, t9, t6);
      const float t12 = t6 - t7;
      const float t13 = s2 * t12;
      const uint32_t t14 = (uint32_t)bits_of(t7);
      const uint32_t t15 = t14 & 2139095040u;
      const float t16 = float_of((uint32_t)t15);
      const float t17 = t16 * 0x1.0000000000000p-23f;
      const float t19 = fmaf(s5, t17, t13);
      const float t20 = t7 + t19;
      const float t21 = t8 ? t11 : t20;
      const float t22 = t6 * t6;
      t21_[k] = t21;
      t22_[k] = t22;
    }
    float t47_[BLOCK];
    uint32_t t48_[BLOCK];
    uint32_t t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t22 = t22_[k];
      const float t24 = x2 - t22;
      const float t26 = fmaf(s6, t24, t22);
      const float t27 = t22 - x2;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(x2);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = x2 + t34;
      const float t36 = t23 ? t26 : t35;
      const float t40 = divided(t36, s8, t39);
      const float t41 = t40 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t38 = s3 * t43;
      const float t45 = t21 / t38;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s13;
      a2[k] = t36;
      t47_[k] = t47;
      t48_[k] = t48;
      t49_[k] = t49;
    }
    float t67_[BLOCK];
    float t74_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t21 = t21_[k];
      const float t47 = t47_[k];
      const uint32_t t49 = t49_[k];
      const float t51 = t50 > t21 || t50 != t50 ? t50 : t21;
      const float t53 = t52 < t51 || t52 != t52 ? t52 : t51;
      const uint32_t t54 = (uint32_t)bits_of(t53);
      const uint32_t t55 = (uint32_t)((uint32_t)t49 >> 16u);
      const uint32_t t56 = t54 + t55;
      const uint32_t t57 = t56 & 4294901760u;
      const int32_t t58 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t59 = float_of((uint32_t)t57);
      const float t60 = t58 ? t59 : t21;
      const float t61 = to_bfloat16(t60);
      const int32_t t62 = x3;
      const int32_t t63 = (int32_t)((uint32_t)t62 << (8));
      const float t64 = x0;
      const int32_t t65 = (int32_t)bits_of(t64);
      const int32_t t66 = (int32_t)((uint32_t)t65 + (uint32_t)t63);
      const float t67 = float_of((uint32_t)t66);
      const float t69 = -t47;
      const float t70 = t67 < 0x0.0p+0f ? t69 : t47;
      const float t72 = cautious & (t70 < 0x0.0p+0f) ? t46 : s16;
      const float t74 = decays ? fmaf(t72, t67, t47) : t47;
      w1[k] = t61;
      t67_[k] = t67;
      t74_[k] = t74;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t48 = t48_[k];
      const float t67 = t67_[k];
      const float t74 = t74_[k];
      const uint32_t t77 = t48 + s17;
      const float t78 = fmaf(t75, t74, t67);
      const int32_t t79 = (int32_t)bits_of(t78);
      const int32_t t80 = t79 & (2147483647);
      const int32_t t81 = t80 <= (2139062016);
      const uint32_t t82 = (uint32_t)((uint32_t)t77 >> 24u);
      const int32_t t83 = (int32_t)t82;
      const int32_t t84 = (int32_t)((uint32_t)t79 + (uint32_t)t83);
      const int32_t t85 = t81 ? t84 : t79;
      const int32_t t86 = t85 & (-256);
      const int32_t t87 = t81 ? (32768) : (0);
      const int32_t t88 = t87;
      const int32_t t89 = (int32_t)((uint32_t)t86 + (uint32_t)t88);
      const int32_t t90 = t89 & (-65536);
      const float t91 = float_of((uint32_t)t90);
      const float t92 = t91;
      const int32_t t93 = (int32_t)((uint32_t)t86 - (uint32_t)t90);
      const int32_t t94 = t93 < (32767) ? t93 : (32767);
      const int32_t t95 = t94 >> (8);
      const int32_t t96 = wrapped_int8((int32_t)t95);
      w0[k] = t92;
      w3[k] = t96;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const float t17 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t28 = -0x1.fe00000000000p+127f;
  const float t30 = 0x1.fe00000000000p+127f;
  const float t48 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w3, a3);
    float t10_[BLOCK];
    float t12_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = a2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = t6 - t7;
      const float t10 = fmaf(s2, t8, t7);
      const float t12 = fmaf(t6, t6, -(x2));
      t10_[k] = t10;
      t12_[k] = t12;
    }
    float t25_[BLOCK];
    uint32_t t26_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const uint32_t index = first + (uint32_t)k;
      const float t10 = t10_[k];
      const float t12 = t12_[k];
      const float t14 = fmaf(s6, t12, x2);
      const float t18 = divided(t14, s7, t17);
      const float t19 = t18 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t16 = s3 * t21;
      const float t23 = t10 / t16;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      const uint32_t t26 = index * 2826234067u;
      const uint32_t t27 = t26 + s11;
      const float t29 = t28 > t10 || t28 != t28 ? t28 : t10;
      const float t31 = t30 < t29 || t30 != t30 ? t30 : t29;
      const uint32_t t32 = (uint32_t)bits_of(t31);
      const uint32_t t33 = (uint32_t)((uint32_t)t27 >> 16u);
      const uint32_t t34 = t32 + t33;
      const uint32_t t35 = t34 & 4294901760u;
      const int32_t t36 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t37 = float_of((uint32_t)t35);
      const float t38 = t36 ? t37 : t10;
      const float t39 = to_bfloat16(t38);
      w1[k] = t39;
      a2[k] = t14;
      t25_[k] = t25;
      t26_[k] = t26;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t25 = t25_[k];
      const uint32_t t26 = t26_[k];
      const float t40 = x0;
      const float t42 = -t25;
      const float t43 = t40 < 0x0.0p+0f ? t42 : t25;
      const float t45 = cautious & (t43 < 0x0.0p+0f) ? t24 : s14;
      const float t47 = decays ? fmaf(t45, t40, t25) : t25;
      const uint32_t t50 = t26 + s15;
      const float t51 = fmaf(t48, t47, t40);
      const int32_t t52 = (int32_t)bits_of(t51);
      const int32_t t53 = t52 & (2147483647);
      const uint32_t t55 = (uint32_t)((uint32_t)t50 >> 16u);
      const int32_t t56 = (int32_t)t55;
      const int32_t t57 = (int32_t)((uint32_t)t52 + (uint32_t)t56);
      const int32_t t58 = t53 <= (2139029504) ? t57 : t52;
      const int32_t t59 = t58 & (-65536);
      const float t60 = float_of((uint32_t)t59);
      const float t61 = t60;
      w0[k] = t61;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const uint32_t s17 = s[17];
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t50 = -0x1.fe00000000000p+127f;
  const float t52 = 0x1.fe00000000000p+127f;
  const float t70 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t21_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t9 = t7 - t6;
      const float t11 = fmaf(s1, t9, t6);
      const float t12 = t6 - t7;
      const float t13 = s2 * t12;
      const uint32_t t14 = (uint32_t)bits_of(t7);
      const uint32_t t15 = t14 & 2139095040u;
      const float t16 = float_of((uint32_t)t15);
      const float t17 = t16 * 0x1.0000000000000p-23f;
      const float t19 = fmaf(s5, t17, t13);
      const float t20 = t7 + t19;
      const float t21 = t8 ? t11 : t20;
      t6_[k] = t6;
      t21_[k] = t21;
    }
    float t36_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t22 = t6 * t6;
      const float t24 = x2 - t22;
      const float t26 = fmaf(s6, t24, t22);
      const float t27 = t22 - x2;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(x2);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = x2 + t34;
      const float t36 = t23 ? t26 : t35;
      a2[k] = t36;
      t36_[k] = t36;
    }
    float t47_[BLOCK];
    uint32_t t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t36 = t36_[k];
      const float t40 = divided(t36, s8, t39);
      const float t41 = t40 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t38 = s3 * t43;
      const float t45 = t21 / t38;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s13;
      const float t51 = t50 > t21 || t50 != t50 ? t50 : t21;
      const float t53 = t52 < t51 || t52 != t52 ? t52 : t51;
      const uint32_t t54 = (uint32_t)bits_of(t53);
      const uint32_t t55 = (uint32_t)((uint32_t)t49 >> 16u);
      const uint32_t t56 = t54 + t55;
      const uint32_t t57 = t56 & 4294901760u;
      const int32_t t58 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t59 = float_of((uint32_t)t57);
      const float t60 = t58 ? t59 : t21;
      const float t61 = to_bfloat16(t60);
      w1[k] = t61;
      t47_[k] = t47;
      t48_[k] = t48;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t47 = t47_[k];
      const uint32_t t48 = t48_[k];
      const float t62 = x0;
      const float t64 = -t47;
      const float t65 = t62 < 0x0.0p+0f ? t64 : t47;
      const float t67 = cautious & (t65 < 0x0.0p+0f) ? t46 : s16;
      const float t69 = decays ? fmaf(t67, t62, t47) : t47;
      const uint32_t t72 = t48 + s17;
      const float t73 = fmaf(t70, t69, t62);
      const int32_t t74 = (int32_t)bits_of(t73);
      const int32_t t75 = t74 & (2147483647);
      const uint32_t t77 = (uint32_t)((uint32_t)t72 >> 16u);
      const int32_t t78 = (int32_t)t77;
      const int32_t t79 = (int32_t)((uint32_t)t74 + (uint32_t)t78);
      const int32_t t80 = t75 <= (2139029504) ? t79 : t74;
      const int32_t t81 = t80 & (-65536);
      const float t82 = float_of((uint32_t)t81);
      const float t83 = t82;
      w0[k] = t83;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t17 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t28 = -0x1.fe00000000000p+127f;
  const float t30 = 0x1.fe00000000000p+127f;
  const float t48 = -s13;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w3, a3);
    float t10_[BLOCK];
    float t25_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = a2[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = t6 - t7;
      const float t10 = fmaf(s2, t8, t7);
      const float t12 = fmaf(t6, t6, -(x2));
      const float t14 = fmaf(s6, t12, x2);
      const float t18 = divided(t14, s7, t17);
      const float t19 = t18 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t16 = s3 * t21;
      const float t23 = t10 / t16;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      a2[k] = t14;
      t10_[k] = t10;
      t25_[k] = t25;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t10 = t10_[k];
      const float t25 = t25_[k];
      const uint32_t t26 = index * 2826234067u;
      const uint32_t t27 = t26 + s11;
      const float t29 = t28 > t10 || t28 != t28 ? t28 : t10;
      const float t31 = t30 < t29 || t30 != t30 ? t30 : t29;
      const uint32_t t32 = (uint32_t)bits_of(t31);
      const uint32_t t33 = (uint32_t)((uint32_t)t27 >> 16u);
      const uint32_t t34 = t32 + t33;
      const uint32_t t35 = t34 & 4294901760u;
      const int32_t t36 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t37 = float_of((uint32_t)t35);
      const float t38 = t36 ? t37 : t10;
      const float t39 = to_bfloat16(t38);
      const float t40 = x0;
      const float t42 = -t25;
      const float t43 = t40 < 0x0.0p+0f ? t42 : t25;
      const float t45 = cautious & (t43 < 0x0.0p+0f) ? t24 : s14;
      const float t47 = decays ? fmaf(t45, t40, t25) : t25;
      const float t49 = t48 * t47;
      const float t50 = to_bfloat16(t49);
      const float t51 = to_bfloat16(x0 + t50);
      w0[k] = t51;
      w1[k] = t39;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adam_bfloat16_float32_bfloat16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t50 = -0x1.fe00000000000p+127f;
  const float t52 = 0x1.fe00000000000p+127f;
  const float t70 = -s15;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w3, a3);
    float t6_[BLOCK];
    float t21_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x3 = w3[k];
      const float t0 = x3;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t9 = t7 - t6;
      const float t11 = fmaf(s1, t9, t6);
      const float t12 = t6 - t7;
      const float t13 = s2 * t12;
      const uint32_t t14 = (uint32_t)bits_of(t7);
      const uint32_t t15 = t14 & 2139095040u;
      const float t16 = float_of((uint32_t)t15);
      const float t17 = t16 * 0x1.0000000000000p-23f;
      const float t19 = fmaf(s5, t17, t13);
      const float t20 = t7 + t19;
      const float t21 = t8 ? t11 : t20;
      t6_[k] = t6;
      t21_[k] = t21;
    }
    float t47_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t21 = t21_[k];
      const float t22 = t6 * t6;
      const float t24 = x2 - t22;
      const float t26 = fmaf(s6, t24, t22);
      const float t27 = t22 - x2;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(x2);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = x2 + t34;
      const float t36 = t23 ? t26 : t35;
      const float t40 = divided(t36, s8, t39);
      const float t41 = t40 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t38 = s3 * t43;
      const float t45 = t21 / t38;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      a2[k] = t36;
      t47_[k] = t47;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t47 = t47_[k];
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s13;
      const float t51 = t50 > t21 || t50 != t50 ? t50 : t21;
      const float t53 = t52 < t51 || t52 != t52 ? t52 : t51;
      const uint32_t t54 = (uint32_t)bits_of(t53);
      const uint32_t t55 = (uint32_t)((uint32_t)t49 >> 16u);
      const uint32_t t56 = t54 + t55;
      const uint32_t t57 = t56 & 4294901760u;
      const int32_t t58 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t59 = float_of((uint32_t)t57);
      const float t60 = t58 ? t59 : t21;
      const float t61 = to_bfloat16(t60);
      const float t62 = x0;
      const float t64 = -t47;
      const float t65 = t62 < 0x0.0p+0f ? t64 : t47;
      const float t67 = cautious & (t65 < 0x0.0p+0f) ? t46 : s16;
      const float t69 = decays ? fmaf(t67, t62, t47) : t47;
      const float t71 = t70 * t69;
      const float t72 = to_bfloat16(t71);
      const float t73 = to_bfloat16(x0 + t72);
      w0[k] = t73;
      w1[k] = t61;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

const Kernel adam_kernels[] = {
    {"adam_float32_float32", adam_float32_float32, {4, 4, 4, 4}},
    {"adam_float32_float32_any_rates", adam_float32_float32_any_rates, {4, 4, 4, 4}},
    {"adam_float32_bfloat16_weights32", adam_float32_bfloat16_weights32, {2, 4, 4, 2, 2}},
    {"adam_float32_bfloat16_weights32_any_rates", adam_float32_bfloat16_weights32_any_rates, {2, 4, 4, 2, 2}},
    {"adam_float32_bfloat16_weights24", adam_float32_bfloat16_weights24, {2, 4, 4, 1, 2}},
    {"adam_float32_bfloat16_weights24_any_rates", adam_float32_bfloat16_weights24_any_rates, {2, 4, 4, 1, 2}},
    {"adam_float32_bfloat16_weights16", adam_float32_bfloat16_weights16, {2, 4, 4, 2}},
    {"adam_float32_bfloat16_weights16_any_rates", adam_float32_bfloat16_weights16_any_rates, {2, 4, 4, 2}},
    {"adam_float32_bfloat16", adam_float32_bfloat16, {2, 4, 4, 2}},
    {"adam_float32_bfloat16_any_rates", adam_float32_bfloat16_any_rates, {2, 4, 4, 2}},
    {"adam_bfloat16_float32", adam_bfloat16_float32, {4, 2, 2, 4}},
    {"adam_bfloat16_float32_any_rates", adam_bfloat16_float32_any_rates, {4, 2, 2, 4}},
    {"adam_bfloat16_bfloat16_weights32", adam_bfloat16_bfloat16_weights32, {2, 2, 2, 2, 2}},
    {"adam_bfloat16_bfloat16_weights32_any_rates", adam_bfloat16_bfloat16_weights32_any_rates, {2, 2, 2, 2, 2}},
    {"adam_bfloat16_bfloat16_weights24", adam_bfloat16_bfloat16_weights24, {2, 2, 2, 1, 2}},
    {"adam_bfloat16_bfloat16_weights24_any_rates", adam_bfloat16_bfloat16_weights24_any_rates, {2, 2, 2, 1, 2}},
    {"adam_bfloat16_bfloat16_weights16", adam_bfloat16_bfloat16_weights16, {2, 2, 2, 2}},
    {"adam_bfloat16_bfloat16_weights16_any_rates", adam_bfloat16_bfloat16_weights16_any_rates, {2, 2, 2, 2}},
    {"adam_bfloat16_bfloat16", adam_bfloat16_bfloat16, {2, 2, 2, 2}},
    {"adam_bfloat16_bfloat16_any_rates", adam_bfloat16_bfloat16_any_rates, {2, 2, 2, 2}},
    {"adam_8bit_float32", adam_8bit_float32, {4, 1, 1, 4}},
    {"adam_8bit_float32_any_rates", adam_8bit_float32_any_rates, {4, 1, 1, 4}},
    {"adam_8bit_bfloat16_weights32", adam_8bit_bfloat16_weights32, {2, 1, 1, 2, 2}},
    {"adam_8bit_bfloat16_weights32_any_rates", adam_8bit_bfloat16_weights32_any_rates, {2, 1, 1, 2, 2}},
    {"adam_8bit_bfloat16_weights24", adam_8bit_bfloat16_weights24, {2, 1, 1, 1, 2}},
    {"adam_8bit_bfloat16_weights24_any_rates", adam_8bit_bfloat16_weights24_any_rates, {2, 1, 1, 1, 2}},
    {"adam_8bit_bfloat16_weights16", adam_8bit_bfloat16_weights16, {2, 1, 1, 2}},
    {"adam_8bit_bfloat16_weights16_any_rates", adam_8bit_bfloat16_weights16_any_rates, {2, 1, 1, 2}},
    {"adam_8bit_bfloat16", adam_8bit_bfloat16, {2, 1, 1, 2}},
    {"adam_8bit_bfloat16_any_rates", adam_8bit_bfloat16_any_rates, {2, 1, 1, 2}},
    {"adam_bfloat16_float32_float32", adam_bfloat16_float32_float32, {4, 2, 4, 4}},
    {"adam_bfloat16_float32_float32_any_rates", adam_bfloat16_float32_float32_any_rates, {4, 2, 4, 4}},
    {"adam_bfloat16_float32_bfloat16_weights32", adam_bfloat16_float32_bfloat16_weights32, {2, 2, 4, 2, 2}},
    {"adam_bfloat16_float32_bfloat16_weights32_any_rates", adam_bfloat16_float32_bfloat16_weights32_any_rates, {2, 2, 4, 2, 2}},
    {"adam_bfloat16_float32_bfloat16_weights24", adam_bfloat16_float32_bfloat16_weights24, {2, 2, 4, 1, 2}},
    {"adam_bfloat16_float32_bfloat16_weights24_any_rates", adam_bfloat16_float32_bfloat16_weights24_any_rates, {2, 2, 4, 1, 2}},
    {"adam_bfloat16_float32_bfloat16_weights16", adam_bfloat16_float32_bfloat16_weights16, {2, 2, 4, 2}},
    {"adam_bfloat16_float32_bfloat16_weights16_any_rates", adam_bfloat16_float32_bfloat16_weights16_any_rates, {2, 2, 4, 2}},
    {"adam_bfloat16_float32_bfloat16", adam_bfloat16_float32_bfloat16, {2, 2, 4, 2}},
    {"adam_bfloat16_float32_bfloat16_any_rates", adam_bfloat16_float32_bfloat16_any_rates, {2, 2, 4, 2}},
    {0},
};
