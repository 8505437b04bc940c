// What does one step do to a run of elements of one leaf?  Written by native/generate.py from the traces of
// adam_jax/core/leaf_step.py; never by hand.
#include "../kernels.h"


KERNEL(amsgrad_float32_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t13 = 1.0f / s7;
  const float t23 = (float)(0);
  const float t32 = -s11;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  const float* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float x4 = a4[k];
      const float t3 = clipped(x4, 0x1.0000000000000p+63f);
      const float t4 = x4 - x4;
      const float t5 = t3 + t4;
      const float t6 = t5 - x1;
      const float t8 = fmaf(s2, t6, x1);
      const float t10 = fmaf(t5, t5, -(x2));
      const float t12 = fmaf(s6, t10, x2);
      const float t14 = divided(t12, s7, t13);
      const float t15 = x3 > t14 || x3 != x3 ? x3 : t14;
      const float t18 = t15 + s10;
      const float t19 = sqrtf(t18);
      const float t20 = t19 + s9;
      const float t17 = s3 * t20;
      const float t22 = t8 / t17;
      const float t24 = t20 == 0x0.0p+0f ? t23 : t22;
      const float t26 = -t24;
      const float t27 = x0 < 0x0.0p+0f ? t26 : t24;
      const float t29 = cautious & (t27 < 0x0.0p+0f) ? t23 : s12;
      const float t31 = decays ? fmaf(t29, x0, t24) : t24;
      const float t34 = fmaf(t32, t31, x0);
      a0[k] = t34;
      a1[k] = t8;
      a2[k] = t12;
      a3[k] = t15;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_float32_any_rates) {
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
  const float t35 = 1.0f / s8;
  const float t45 = (float)(0);
  const float t54 = -s13;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  const float* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float t19_[BLOCK];
    float t24_[BLOCK];
    float t26_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x4 = a4[k];
      const float t3 = clipped(x4, 0x1.0000000000000p+63f);
      const float t4 = x4 - x4;
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
      const float t26 = s7 * t25;
      a1[k] = t19;
      t19_[k] = t19;
      t24_[k] = t24;
      t26_[k] = t26;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float t19 = t19_[k];
      const float t24 = t24_[k];
      const float t26 = t26_[k];
      const uint32_t t27 = (uint32_t)bits_of(x2);
      const uint32_t t28 = t27 & 2139095040u;
      const float t29 = float_of((uint32_t)t28);
      const float t30 = t29 * 0x1.0000000000000p-23f;
      const float t32 = fmaf(s10, t30, t26);
      const float t33 = x2 + t32;
      const float t34 = t21 ? t24 : t33;
      const float t36 = divided(t34, s8, t35);
      const float t37 = x3 > t36 || x3 != x3 ? x3 : t36;
      const float t40 = t37 + s12;
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s11;
      const float t39 = s3 * t42;
      const float t44 = t19 / t39;
      const float t46 = t42 == 0x0.0p+0f ? t45 : t44;
      const float t48 = -t46;
      const float t49 = x0 < 0x0.0p+0f ? t48 : t46;
      const float t51 = cautious & (t49 < 0x0.0p+0f) ? t45 : s14;
      const float t53 = decays ? fmaf(t51, x0, t46) : t46;
      const float t56 = fmaf(t54, t53, x0);
      a0[k] = t56;
      a2[k] = t34;
      a3[k] = t37;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t14 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t39 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  int16_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int16(w4, a4);
    widen_bfloat16(w5, a5);
    float t25_[BLOCK];
    int32_t t27_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const int32_t x4 = w4[k];
      const float x5 = w5[k];
      const float t0 = x5;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t15 = divided(t13, s7, t14);
      const float t16 = x3 > t15 || x3 != x3 ? x3 : t15;
      const float t19 = t16 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t18 = s3 * t21;
      const float t23 = t9 / t18;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      const int32_t t26 = x4;
      const int32_t t27 = (int32_t)((uint32_t)t26 << (0));
      a1[k] = t9;
      a2[k] = t13;
      a3[k] = t16;
      t25_[k] = t25;
      t27_[k] = t27;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t25 = t25_[k];
      const int32_t t27 = t27_[k];
      const float t28 = x0;
      const int32_t t29 = (int32_t)bits_of(t28);
      const int32_t t30 = (int32_t)((uint32_t)t29 + (uint32_t)t27);
      const float t31 = float_of((uint32_t)t30);
      const float t33 = -t25;
      const float t34 = t31 < 0x0.0p+0f ? t33 : t25;
      const float t36 = cautious & (t34 < 0x0.0p+0f) ? t24 : s12;
      const float t38 = decays ? fmaf(t36, t31, t25) : t25;
      const float t43 = fmaf(t39, t38, t31);
      const int32_t t44 = (int32_t)bits_of(t43);
      const int32_t t45 = t44 & (2147483647);
      const int32_t t47 = t45 <= (2139062271) ? (32768) : (0);
      const int32_t t48 = t47;
      const int32_t t49 = (int32_t)((uint32_t)t44 + (uint32_t)t48);
      const int32_t t50 = t49 & (-65536);
      const float t51 = float_of((uint32_t)t50);
      const float t52 = t51;
      const int32_t t53 = (int32_t)((uint32_t)t44 - (uint32_t)t50);
      const int32_t t54 = t53 < (32767) ? t53 : (32767);
      const int32_t t55 = wrapped_int16((int32_t)t54);
      w0[k] = t52;
      w4[k] = t55;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_bfloat16_weights32_any_rates) {
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
  const float t36 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t61 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  int16_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int16(w4, a4);
    widen_bfloat16(w5, a5);
    float t20_[BLOCK];
    float t21_[BLOCK];
    float t23_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x5 = w5[k];
      const float t0 = x5;
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
      const float t23 = x2 - t21;
      a1[k] = t20;
      t20_[k] = t20;
      t21_[k] = t21;
      t23_[k] = t23;
    }
    float t47_[BLOCK];
    int32_t t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float x3 = a3[k];
      const int32_t x4 = w4[k];
      const float t20 = t20_[k];
      const float t21 = t21_[k];
      const float t23 = t23_[k];
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
      const float t37 = divided(t35, s8, t36);
      const float t38 = x3 > t37 || x3 != x3 ? x3 : t37;
      const float t41 = t38 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t40 = s3 * t43;
      const float t45 = t20 / t40;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      const int32_t t48 = x4;
      const int32_t t49 = (int32_t)((uint32_t)t48 << (0));
      a2[k] = t35;
      a3[k] = t38;
      t47_[k] = t47;
      t49_[k] = t49;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t47 = t47_[k];
      const int32_t t49 = t49_[k];
      const float t50 = x0;
      const int32_t t51 = (int32_t)bits_of(t50);
      const int32_t t52 = (int32_t)((uint32_t)t51 + (uint32_t)t49);
      const float t53 = float_of((uint32_t)t52);
      const float t55 = -t47;
      const float t56 = t53 < 0x0.0p+0f ? t55 : t47;
      const float t58 = cautious & (t56 < 0x0.0p+0f) ? t46 : s14;
      const float t60 = decays ? fmaf(t58, t53, t47) : t47;
      const float t65 = fmaf(t61, t60, t53);
      const int32_t t66 = (int32_t)bits_of(t65);
      const int32_t t67 = t66 & (2147483647);
      const int32_t t69 = t67 <= (2139062271) ? (32768) : (0);
      const int32_t t70 = t69;
      const int32_t t71 = (int32_t)((uint32_t)t66 + (uint32_t)t70);
      const int32_t t72 = t71 & (-65536);
      const float t73 = float_of((uint32_t)t72);
      const float t74 = t73;
      const int32_t t75 = (int32_t)((uint32_t)t66 - (uint32_t)t72);
      const int32_t t76 = t75 < (32767) ? t75 : (32767);
      const int32_t t77 = wrapped_int16((int32_t)t76);
      w0[k] = t74;
      w4[k] = t77;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_bfloat16_weights24) {
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
  const float t14 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t39 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  int8_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w4, a4);
    widen_bfloat16(w5, a5);
    float t25_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float x5 = w5[k];
      const float t0 = x5;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t15 = divided(t13, s7, t14);
      const float t16 = x3 > t15 || x3 != x3 ? x3 : t15;
      const float t19 = t16 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t18 = s3 * t21;
      const float t23 = t9 / t18;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      a1[k] = t9;
      a2[k] = t13;
      a3[k] = t16;
      t25_[k] = t25;
    }
    uint32_t t42_[BLOCK];
    float t43_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x4 = w4[k];
      const uint32_t index = first + (uint32_t)k;
      const float t25 = t25_[k];
      const int32_t t26 = x4;
      const int32_t t27 = (int32_t)((uint32_t)t26 << (8));
      const float t28 = x0;
      const int32_t t29 = (int32_t)bits_of(t28);
      const int32_t t30 = (int32_t)((uint32_t)t29 + (uint32_t)t27);
      const float t31 = float_of((uint32_t)t30);
      const float t33 = -t25;
      const float t34 = t31 < 0x0.0p+0f ? t33 : t25;
      const float t36 = cautious & (t34 < 0x0.0p+0f) ? t24 : s12;
      const float t38 = decays ? fmaf(t36, t31, t25) : t25;
      const uint32_t t41 = index * 2826234067u;
      const uint32_t t42 = t41 + s13;
      const float t43 = fmaf(t39, t38, t31);
      t42_[k] = t42;
      t43_[k] = t43;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t42 = t42_[k];
      const float t43 = t43_[k];
      const int32_t t44 = (int32_t)bits_of(t43);
      const int32_t t45 = t44 & (2147483647);
      const int32_t t46 = t45 <= (2139062016);
      const uint32_t t47 = (uint32_t)((uint32_t)t42 >> 24u);
      const int32_t t48 = (int32_t)t47;
      const int32_t t49 = (int32_t)((uint32_t)t44 + (uint32_t)t48);
      const int32_t t50 = t46 ? t49 : t44;
      const int32_t t51 = t50 & (-256);
      const int32_t t52 = t46 ? (32768) : (0);
      const int32_t t53 = t52;
      const int32_t t54 = (int32_t)((uint32_t)t51 + (uint32_t)t53);
      const int32_t t55 = t54 & (-65536);
      const float t56 = float_of((uint32_t)t55);
      const float t57 = t56;
      const int32_t t58 = (int32_t)((uint32_t)t51 - (uint32_t)t55);
      const int32_t t59 = t58 < (32767) ? t58 : (32767);
      const int32_t t60 = t59 >> (8);
      const int32_t t61 = wrapped_int8((int32_t)t60);
      w0[k] = t57;
      w4[k] = t61;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_bfloat16_weights24_any_rates) {
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
  const float t36 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t61 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  int8_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_int8(w4, a4);
    widen_bfloat16(w5, a5);
    float t6_[BLOCK];
    float t20_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x5 = w5[k];
      const float t0 = x5;
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
    float t47_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float x3 = a3[k];
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
      const float t37 = divided(t35, s8, t36);
      const float t38 = x3 > t37 || x3 != x3 ? x3 : t37;
      const float t41 = t38 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t40 = s3 * t43;
      const float t45 = t20 / t40;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      a2[k] = t35;
      a3[k] = t38;
      t47_[k] = t47;
    }
    uint32_t t64_[BLOCK];
    float t65_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x4 = w4[k];
      const uint32_t index = first + (uint32_t)k;
      const float t47 = t47_[k];
      const int32_t t48 = x4;
      const int32_t t49 = (int32_t)((uint32_t)t48 << (8));
      const float t50 = x0;
      const int32_t t51 = (int32_t)bits_of(t50);
      const int32_t t52 = (int32_t)((uint32_t)t51 + (uint32_t)t49);
      const float t53 = float_of((uint32_t)t52);
      const float t55 = -t47;
      const float t56 = t53 < 0x0.0p+0f ? t55 : t47;
      const float t58 = cautious & (t56 < 0x0.0p+0f) ? t46 : s14;
      const float t60 = decays ? fmaf(t58, t53, t47) : t47;
      const uint32_t t63 = index * 2826234067u;
      const uint32_t t64 = t63 + s15;
      const float t65 = fmaf(t61, t60, t53);
      t64_[k] = t64;
      t65_[k] = t65;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t64 = t64_[k];
      const float t65 = t65_[k];
      const int32_t t66 = (int32_t)bits_of(t65);
      const int32_t t67 = t66 & (2147483647);
      const int32_t t68 = t67 <= (2139062016);
      const uint32_t t69 = (uint32_t)((uint32_t)t64 >> 24u);
      const int32_t t70 = (int32_t)t69;
      const int32_t t71 = (int32_t)((uint32_t)t66 + (uint32_t)t70);
      const int32_t t72 = t68 ? t71 : t66;
      const int32_t t73 = t72 & (-256);
      const int32_t t74 = t68 ? (32768) : (0);
      const int32_t t75 = t74;
      const int32_t t76 = (int32_t)((uint32_t)t73 + (uint32_t)t75);
      const int32_t t77 = t76 & (-65536);
      const float t78 = float_of((uint32_t)t77);
      const float t79 = t78;
      const int32_t t80 = (int32_t)((uint32_t)t73 - (uint32_t)t77);
      const int32_t t81 = t80 < (32767) ? t80 : (32767);
      const int32_t t82 = t81 >> (8);
      const int32_t t83 = wrapped_int8((int32_t)t82);
      w0[k] = t79;
      w4[k] = t83;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_bfloat16_weights16) {
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
  const float t14 = 1.0f / s7;
  const float t24 = (float)(0);
  const float t34 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w4, a4);
    float t25_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float x3 = a3[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = t6 - x1;
      const float t9 = fmaf(s2, t7, x1);
      const float t11 = fmaf(t6, t6, -(x2));
      const float t13 = fmaf(s6, t11, x2);
      const float t15 = divided(t13, s7, t14);
      const float t16 = x3 > t15 || x3 != x3 ? x3 : t15;
      const float t19 = t16 + s10;
      const float t20 = sqrtf(t19);
      const float t21 = t20 + s9;
      const float t18 = s3 * t21;
      const float t23 = t9 / t18;
      const float t25 = t21 == 0x0.0p+0f ? t24 : t23;
      a1[k] = t9;
      a2[k] = t13;
      a3[k] = t16;
      t25_[k] = t25;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t25 = t25_[k];
      const float t26 = x0;
      const float t28 = -t25;
      const float t29 = t26 < 0x0.0p+0f ? t28 : t25;
      const float t31 = cautious & (t29 < 0x0.0p+0f) ? t24 : s12;
      const float t33 = decays ? fmaf(t31, t26, t25) : t25;
      const uint32_t t36 = index * 2826234067u;
      const uint32_t t37 = t36 + s13;
      const float t38 = fmaf(t34, t33, t26);
      const int32_t t39 = (int32_t)bits_of(t38);
      const int32_t t40 = t39 & (2147483647);
      const uint32_t t42 = (uint32_t)((uint32_t)t37 >> 16u);
      const int32_t t43 = (int32_t)t42;
      const int32_t t44 = (int32_t)((uint32_t)t39 + (uint32_t)t43);
      const int32_t t45 = t40 <= (2139029504) ? t44 : t39;
      const int32_t t46 = t45 & (-65536);
      const float t47 = float_of((uint32_t)t46);
      const float t48 = t47;
      w0[k] = t48;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_float32_bfloat16_weights16_any_rates) {
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
  const float t36 = 1.0f / s8;
  const float t46 = (float)(0);
  const float t56 = -s13;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  float* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
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
    float t47_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float x3 = a3[k];
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
      const float t37 = divided(t35, s8, t36);
      const float t38 = x3 > t37 || x3 != x3 ? x3 : t37;
      const float t41 = t38 + s12;
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s11;
      const float t40 = s3 * t43;
      const float t45 = t20 / t40;
      const float t47 = t43 == 0x0.0p+0f ? t46 : t45;
      a2[k] = t35;
      a3[k] = t38;
      t47_[k] = t47;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t47 = t47_[k];
      const float t48 = x0;
      const float t50 = -t47;
      const float t51 = t48 < 0x0.0p+0f ? t50 : t47;
      const float t53 = cautious & (t51 < 0x0.0p+0f) ? t46 : s14;
      const float t55 = decays ? fmaf(t53, t48, t47) : t47;
      const uint32_t t58 = index * 2826234067u;
      const uint32_t t59 = t58 + s15;
      const float t60 = fmaf(t56, t55, t48);
      const int32_t t61 = (int32_t)bits_of(t60);
      const int32_t t62 = t61 & (2147483647);
      const uint32_t t64 = (uint32_t)((uint32_t)t59 >> 16u);
      const int32_t t65 = (int32_t)t64;
      const int32_t t66 = (int32_t)((uint32_t)t61 + (uint32_t)t65);
      const int32_t t67 = t62 <= (2139029504) ? t66 : t61;
      const int32_t t68 = t67 & (-65536);
      const float t69 = float_of((uint32_t)t68);
      const float t70 = t69;
      w0[k] = t70;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float t16 = 1.0f / s7;
  const float t26 = (float)(0);
  const float t30 = -0x1.fe00000000000p+127f;
  const float t32 = 0x1.fe00000000000p+127f;
  const float t71 = -s14;
  float* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  const float* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    float t11_[BLOCK];
    float t15_[BLOCK];
    float t18_[BLOCK];
    float t27_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x4 = a4[k];
      const float t3 = clipped(x4, 0x1.0000000000000p+63f);
      const float t4 = x4 - x4;
      const float t5 = t3 + t4;
      const float t6 = x1;
      const float t7 = x2;
      const float t8 = x3;
      const float t9 = t5 - t6;
      const float t11 = fmaf(s2, t9, t6);
      const float t13 = fmaf(t5, t5, -(t7));
      const float t15 = fmaf(s6, t13, t7);
      const float t17 = divided(t15, s7, t16);
      const float t18 = t8 > t17 || t8 != t8 ? t8 : t17;
      const float t21 = t18 + s10;
      const float t22 = sqrtf(t21);
      const float t23 = t22 + s9;
      const float t20 = s3 * t23;
      const float t25 = t11 / t20;
      const float t27 = t23 == 0x0.0p+0f ? t26 : t25;
      t11_[k] = t11;
      t15_[k] = t15;
      t18_[k] = t18;
      t27_[k] = t27;
    }
    uint32_t t28_[BLOCK];
    uint32_t t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const uint32_t t28 = index * 2826234067u;
      const uint32_t t29 = t28 + s11;
      const float t31 = t30 > t11 || t30 != t30 ? t30 : t11;
      const float t33 = t32 < t31 || t32 != t32 ? t32 : t31;
      const uint32_t t34 = (uint32_t)bits_of(t33);
      const uint32_t t35 = (uint32_t)((uint32_t)t29 >> 16u);
      const uint32_t t36 = t34 + t35;
      const uint32_t t37 = t36 & 4294901760u;
      const int32_t t38 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t39 = float_of((uint32_t)t37);
      const float t40 = t38 ? t39 : t11;
      const float t41 = to_bfloat16(t40);
      const uint32_t t42 = t28 + s12;
      const float t43 = t30 > t15 || t30 != t30 ? t30 : t15;
      const float t44 = t32 < t43 || t32 != t32 ? t32 : t43;
      const uint32_t t45 = (uint32_t)bits_of(t44);
      const uint32_t t46 = (uint32_t)((uint32_t)t42 >> 16u);
      const uint32_t t47 = t45 + t46;
      const uint32_t t48 = t47 & 4294901760u;
      w1[k] = t41;
      t28_[k] = t28;
      t48_[k] = t48;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t15 = t15_[k];
      const float t18 = t18_[k];
      const float t27 = t27_[k];
      const uint32_t t28 = t28_[k];
      const uint32_t t48 = t48_[k];
      const int32_t t49 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t50 = float_of((uint32_t)t48);
      const float t51 = t49 ? t50 : t15;
      const float t52 = to_bfloat16(t51);
      const uint32_t t53 = t28 + s13;
      const float t54 = t30 > t18 || t30 != t30 ? t30 : t18;
      const float t55 = t32 < t54 || t32 != t32 ? t32 : t54;
      const uint32_t t56 = (uint32_t)bits_of(t55);
      const uint32_t t57 = (uint32_t)((uint32_t)t53 >> 16u);
      const uint32_t t58 = t56 + t57;
      const uint32_t t59 = t58 & 4294901760u;
      const int32_t t60 = (bits_of(t18) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t61 = float_of((uint32_t)t59);
      const float t62 = t60 ? t61 : t18;
      const float t63 = to_bfloat16(t62);
      const float t65 = -t27;
      const float t66 = x0 < 0x0.0p+0f ? t65 : t27;
      const float t68 = cautious & (t66 < 0x0.0p+0f) ? t26 : s15;
      const float t70 = decays ? fmaf(t68, x0, t27) : t27;
      const float t73 = fmaf(t71, t70, x0);
      a0[k] = t73;
      w2[k] = t52;
      w3[k] = t63;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_float32_any_rates) {
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
  const uint32_t s15 = s[15];
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s8;
  const float t48 = (float)(0);
  const float t52 = -0x1.fe00000000000p+127f;
  const float t54 = 0x1.fe00000000000p+127f;
  const float t93 = -s16;
  float* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  const float* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    float t5_[BLOCK];
    float t7_[BLOCK];
    float t8_[BLOCK];
    float t22_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x4 = a4[k];
      const float t3 = clipped(x4, 0x1.0000000000000p+63f);
      const float t4 = x4 - x4;
      const float t5 = t3 + t4;
      const float t6 = x1;
      const float t7 = x2;
      const float t8 = x3;
      const float t10 = t6 - t5;
      const float t12 = fmaf(s1, t10, t5);
      const float t13 = t5 - t6;
      const float t14 = s2 * t13;
      const uint32_t t15 = (uint32_t)bits_of(t6);
      const uint32_t t16 = t15 & 2139095040u;
      const float t17 = float_of((uint32_t)t16);
      const float t18 = t17 * 0x1.0000000000000p-23f;
      const float t20 = fmaf(s5, t18, t14);
      const float t21 = t6 + t20;
      const float t22 = t9 ? t12 : t21;
      t5_[k] = t5;
      t7_[k] = t7;
      t8_[k] = t8;
      t22_[k] = t22;
    }
    float t37_[BLOCK];
    float t40_[BLOCK];
    float t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t7 = t7_[k];
      const float t8 = t8_[k];
      const float t22 = t22_[k];
      const float t23 = t5 * t5;
      const float t25 = t7 - t23;
      const float t27 = fmaf(s6, t25, t23);
      const float t28 = t23 - t7;
      const float t29 = s7 * t28;
      const uint32_t t30 = (uint32_t)bits_of(t7);
      const uint32_t t31 = t30 & 2139095040u;
      const float t32 = float_of((uint32_t)t31);
      const float t33 = t32 * 0x1.0000000000000p-23f;
      const float t35 = fmaf(s10, t33, t29);
      const float t36 = t7 + t35;
      const float t37 = t24 ? t27 : t36;
      const float t39 = divided(t37, s8, t38);
      const float t40 = t8 > t39 || t8 != t8 ? t8 : t39;
      const float t43 = t40 + s12;
      const float t44 = sqrtf(t43);
      const float t45 = t44 + s11;
      const float t42 = s3 * t45;
      const float t47 = t22 / t42;
      const float t49 = t45 == 0x0.0p+0f ? t48 : t47;
      t37_[k] = t37;
      t40_[k] = t40;
      t49_[k] = t49;
    }
    uint32_t t50_[BLOCK];
    uint32_t t70_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const uint32_t t50 = index * 2826234067u;
      const uint32_t t51 = t50 + s13;
      const float t53 = t52 > t22 || t52 != t52 ? t52 : t22;
      const float t55 = t54 < t53 || t54 != t54 ? t54 : t53;
      const uint32_t t56 = (uint32_t)bits_of(t55);
      const uint32_t t57 = (uint32_t)((uint32_t)t51 >> 16u);
      const uint32_t t58 = t56 + t57;
      const uint32_t t59 = t58 & 4294901760u;
      const int32_t t60 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t61 = float_of((uint32_t)t59);
      const float t62 = t60 ? t61 : t22;
      const float t63 = to_bfloat16(t62);
      const uint32_t t64 = t50 + s14;
      const float t65 = t52 > t37 || t52 != t52 ? t52 : t37;
      const float t66 = t54 < t65 || t54 != t54 ? t54 : t65;
      const uint32_t t67 = (uint32_t)bits_of(t66);
      const uint32_t t68 = (uint32_t)((uint32_t)t64 >> 16u);
      const uint32_t t69 = t67 + t68;
      const uint32_t t70 = t69 & 4294901760u;
      w1[k] = t63;
      t50_[k] = t50;
      t70_[k] = t70;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t37 = t37_[k];
      const float t40 = t40_[k];
      const float t49 = t49_[k];
      const uint32_t t50 = t50_[k];
      const uint32_t t70 = t70_[k];
      const int32_t t71 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t72 = float_of((uint32_t)t70);
      const float t73 = t71 ? t72 : t37;
      const float t74 = to_bfloat16(t73);
      const uint32_t t75 = t50 + s15;
      const float t76 = t52 > t40 || t52 != t52 ? t52 : t40;
      const float t77 = t54 < t76 || t54 != t54 ? t54 : t76;
      const uint32_t t78 = (uint32_t)bits_of(t77);
      const uint32_t t79 = (uint32_t)((uint32_t)t75 >> 16u);
      const uint32_t t80 = t78 + t79;
      const uint32_t t81 = t80 & 4294901760u;
      const int32_t t82 = (bits_of(t40) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t83 = float_of((uint32_t)t81);
      const float t84 = t82 ? t83 : t40;
      const float t85 = to_bfloat16(t84);
      const float t87 = -t49;
      const float t88 = x0 < 0x0.0p+0f ? t87 : t49;
      const float t90 = cautious & (t88 < 0x0.0p+0f) ? t48 : s17;
      const float t92 = decays ? fmaf(t90, x0, t49) : t49;
      const float t95 = fmaf(t93, t92, x0);
      a0[k] = t95;
      w2[k] = t74;
      w3[k] = t85;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float t17 = 1.0f / s7;
  const float t27 = (float)(0);
  const float t31 = -0x1.fe00000000000p+127f;
  const float t33 = 0x1.fe00000000000p+127f;
  const float t78 = -s14;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  int16_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    widen_int16(w4, a4);
    widen_bfloat16(w5, a5);
    float t12_[BLOCK];
    float t16_[BLOCK];
    float t19_[BLOCK];
    float t28_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x5 = w5[k];
      const float t0 = x5;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = x3;
      const float t10 = t6 - t7;
      const float t12 = fmaf(s2, t10, t7);
      const float t14 = fmaf(t6, t6, -(t8));
      const float t16 = fmaf(s6, t14, t8);
      const float t18 = divided(t16, s7, t17);
      const float t19 = t9 > t18 || t9 != t9 ? t9 : t18;
      const float t22 = t19 + s10;
      const float t23 = sqrtf(t22);
      const float t24 = t23 + s9;
      const float t21 = s3 * t24;
      const float t26 = t12 / t21;
      const float t28 = t24 == 0x0.0p+0f ? t27 : t26;
      t12_[k] = t12;
      t16_[k] = t16;
      t19_[k] = t19;
      t28_[k] = t28;
    }
    uint32_t t29_[BLOCK];
    uint32_t t48_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t12 = t12_[k];
      const float t16 = t16_[k];
      const uint32_t t29 = index * 2826234067u;
      const uint32_t t30 = t29 + s11;
      const float t32 = t31 > t12 || t31 != t31 ? t31 : t12;
      const float t34 = t33 < t32 || t33 != t33 ? t33 : t32;
      const uint32_t t35 = (uint32_t)bits_of(t34);
      const uint32_t t36 = (uint32_t)((uint32_t)t30 >> 16u);
      const uint32_t t37 = t35 + t36;
      const uint32_t t38 = t37 & 4294901760u;
      const int32_t t39 = (bits_of(t12) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t40 = float_of((uint32_t)t38);
      const float t41 = t39 ? t40 : t12;
      const float t42 = to_bfloat16(t41);
      const uint32_t t43 = t29 + s12;
      const float t44 = t31 > t16 || t31 != t31 ? t31 : t16;
      const float t45 = t33 < t44 || t33 != t33 ? t33 : t44;
      const uint32_t t46 = (uint32_t)bits_of(t45);
      const uint32_t t47 = (uint32_t)((uint32_t)t43 >> 16u);
      const uint32_t t48 = t46 + t47;
      w1[k] = t42;
      t29_[k] = t29;
      t48_[k] = t48;
    }
    int32_t t66_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x4 = w4[k];
      const float t16 = t16_[k];
      const float t19 = t19_[k];
      const uint32_t t29 = t29_[k];
      const uint32_t t48 = t48_[k];
      const uint32_t t49 = t48 & 4294901760u;
      const int32_t t50 = (bits_of(t16) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t51 = float_of((uint32_t)t49);
      const float t52 = t50 ? t51 : t16;
      const float t53 = to_bfloat16(t52);
      const uint32_t t54 = t29 + s13;
      const float t55 = t31 > t19 || t31 != t31 ? t31 : t19;
      const float t56 = t33 < t55 || t33 != t33 ? t33 : t55;
      const uint32_t t57 = (uint32_t)bits_of(t56);
      const uint32_t t58 = (uint32_t)((uint32_t)t54 >> 16u);
      const uint32_t t59 = t57 + t58;
      const uint32_t t60 = t59 & 4294901760u;
      const int32_t t61 = (bits_of(t19) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t62 = float_of((uint32_t)t60);
      const float t63 = t61 ? t62 : t19;
      const float t64 = to_bfloat16(t63);
      const int32_t t65 = x4;
      const int32_t t66 = (int32_t)((uint32_t)t65 << (0));
      w2[k] = t53;
      w3[k] = t64;
      t66_[k] = t66;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t28 = t28_[k];
      const int32_t t66 = t66_[k];
      const float t67 = x0;
      const int32_t t68 = (int32_t)bits_of(t67);
      const int32_t t69 = (int32_t)((uint32_t)t68 + (uint32_t)t66);
      const float t70 = float_of((uint32_t)t69);
      const float t72 = -t28;
      const float t73 = t70 < 0x0.0p+0f ? t72 : t28;
      const float t75 = cautious & (t73 < 0x0.0p+0f) ? t27 : s15;
      const float t77 = decays ? fmaf(t75, t70, t28) : t28;
      const float t81 = fmaf(t78, t77, t70);
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = t82 & (2147483647);
      const int32_t t85 = t83 <= (2139062271) ? (32768) : (0);
      const int32_t t86 = t85;
      const int32_t t87 = (int32_t)((uint32_t)t82 + (uint32_t)t86);
      const int32_t t88 = t87 & (-65536);
      const float t89 = float_of((uint32_t)t88);
      const float t90 = t89;
      const int32_t t91 = (int32_t)((uint32_t)t82 - (uint32_t)t88);
      const int32_t t92 = t91 < (32767) ? t91 : (32767);
      const int32_t t93 = wrapped_int16((int32_t)t92);
      w0[k] = t90;
      w4[k] = t93;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    narrow_int16(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_bfloat16_weights32_any_rates) {
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
  const uint32_t s15 = s[15];
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const int32_t t10 = s1 < 0x1.0000000000000p-1f;
  const int32_t t25 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t49 = (float)(0);
  const float t53 = -0x1.fe00000000000p+127f;
  const float t55 = 0x1.fe00000000000p+127f;
  const float t100 = -s16;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  int16_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    widen_int16(w4, a4);
    widen_bfloat16(w5, a5);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t9_[BLOCK];
    float t23_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x5 = w5[k];
      const float t0 = x5;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = x3;
      const float t11 = t7 - t6;
      const float t13 = fmaf(s1, t11, t6);
      const float t14 = t6 - t7;
      const float t15 = s2 * t14;
      const uint32_t t16 = (uint32_t)bits_of(t7);
      const uint32_t t17 = t16 & 2139095040u;
      const float t18 = float_of((uint32_t)t17);
      const float t19 = t18 * 0x1.0000000000000p-23f;
      const float t21 = fmaf(s5, t19, t15);
      const float t22 = t7 + t21;
      const float t23 = t10 ? t13 : t22;
      t6_[k] = t6;
      t8_[k] = t8;
      t9_[k] = t9;
      t23_[k] = t23;
    }
    float t38_[BLOCK];
    float t41_[BLOCK];
    float t50_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t9 = t9_[k];
      const float t23 = t23_[k];
      const float t24 = t6 * t6;
      const float t26 = t8 - t24;
      const float t28 = fmaf(s6, t26, t24);
      const float t29 = t24 - t8;
      const float t30 = s7 * t29;
      const uint32_t t31 = (uint32_t)bits_of(t8);
      const uint32_t t32 = t31 & 2139095040u;
      const float t33 = float_of((uint32_t)t32);
      const float t34 = t33 * 0x1.0000000000000p-23f;
      const float t36 = fmaf(s10, t34, t30);
      const float t37 = t8 + t36;
      const float t38 = t25 ? t28 : t37;
      const float t40 = divided(t38, s8, t39);
      const float t41 = t9 > t40 || t9 != t9 ? t9 : t40;
      const float t44 = t41 + s12;
      const float t45 = sqrtf(t44);
      const float t46 = t45 + s11;
      const float t43 = s3 * t46;
      const float t48 = t23 / t43;
      const float t50 = t46 == 0x0.0p+0f ? t49 : t48;
      t38_[k] = t38;
      t41_[k] = t41;
      t50_[k] = t50;
    }
    uint32_t t51_[BLOCK];
    uint32_t t70_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t23 = t23_[k];
      const float t38 = t38_[k];
      const uint32_t t51 = index * 2826234067u;
      const uint32_t t52 = t51 + s13;
      const float t54 = t53 > t23 || t53 != t53 ? t53 : t23;
      const float t56 = t55 < t54 || t55 != t55 ? t55 : t54;
      const uint32_t t57 = (uint32_t)bits_of(t56);
      const uint32_t t58 = (uint32_t)((uint32_t)t52 >> 16u);
      const uint32_t t59 = t57 + t58;
      const uint32_t t60 = t59 & 4294901760u;
      const int32_t t61 = (bits_of(t23) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t62 = float_of((uint32_t)t60);
      const float t63 = t61 ? t62 : t23;
      const float t64 = to_bfloat16(t63);
      const uint32_t t65 = t51 + s14;
      const float t66 = t53 > t38 || t53 != t53 ? t53 : t38;
      const float t67 = t55 < t66 || t55 != t55 ? t55 : t66;
      const uint32_t t68 = (uint32_t)bits_of(t67);
      const uint32_t t69 = (uint32_t)((uint32_t)t65 >> 16u);
      const uint32_t t70 = t68 + t69;
      w1[k] = t64;
      t51_[k] = t51;
      t70_[k] = t70;
    }
    int32_t t88_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x4 = w4[k];
      const float t38 = t38_[k];
      const float t41 = t41_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t70 = t70_[k];
      const uint32_t t71 = t70 & 4294901760u;
      const int32_t t72 = (bits_of(t38) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t73 = float_of((uint32_t)t71);
      const float t74 = t72 ? t73 : t38;
      const float t75 = to_bfloat16(t74);
      const uint32_t t76 = t51 + s15;
      const float t77 = t53 > t41 || t53 != t53 ? t53 : t41;
      const float t78 = t55 < t77 || t55 != t55 ? t55 : t77;
      const uint32_t t79 = (uint32_t)bits_of(t78);
      const uint32_t t80 = (uint32_t)((uint32_t)t76 >> 16u);
      const uint32_t t81 = t79 + t80;
      const uint32_t t82 = t81 & 4294901760u;
      const int32_t t83 = (bits_of(t41) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t84 = float_of((uint32_t)t82);
      const float t85 = t83 ? t84 : t41;
      const float t86 = to_bfloat16(t85);
      const int32_t t87 = x4;
      const int32_t t88 = (int32_t)((uint32_t)t87 << (0));
      w2[k] = t75;
      w3[k] = t86;
      t88_[k] = t88;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t50 = t50_[k];
      const int32_t t88 = t88_[k];
      const float t89 = x0;
      const int32_t t90 = (int32_t)bits_of(t89);
      const int32_t t91 = (int32_t)((uint32_t)t90 + (uint32_t)t88);
      const float t92 = float_of((uint32_t)t91);
      const float t94 = -t50;
      const float t95 = t92 < 0x0.0p+0f ? t94 : t50;
      const float t97 = cautious & (t95 < 0x0.0p+0f) ? t49 : s17;
      const float t99 = decays ? fmaf(t97, t92, t50) : t50;
      const float t103 = fmaf(t100, t99, t92);
      const int32_t t104 = (int32_t)bits_of(t103);
      const int32_t t105 = t104 & (2147483647);
      const int32_t t107 = t105 <= (2139062271) ? (32768) : (0);
      const int32_t t108 = t107;
      const int32_t t109 = (int32_t)((uint32_t)t104 + (uint32_t)t108);
      const int32_t t110 = t109 & (-65536);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = t111;
      const int32_t t113 = (int32_t)((uint32_t)t104 - (uint32_t)t110);
      const int32_t t114 = t113 < (32767) ? t113 : (32767);
      const int32_t t115 = wrapped_int16((int32_t)t114);
      w0[k] = t112;
      w4[k] = t115;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    narrow_int16(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const uint32_t s16 = s[16];
  const float t17 = 1.0f / s7;
  const float t27 = (float)(0);
  const float t31 = -0x1.fe00000000000p+127f;
  const float t33 = 0x1.fe00000000000p+127f;
  const float t78 = -s14;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  int8_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    widen_int8(w4, a4);
    widen_bfloat16(w5, a5);
    float t9_[BLOCK];
    float t12_[BLOCK];
    float t16_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x5 = w5[k];
      const float t0 = x5;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = x3;
      const float t10 = t6 - t7;
      const float t12 = fmaf(s2, t10, t7);
      const float t14 = fmaf(t6, t6, -(t8));
      const float t16 = fmaf(s6, t14, t8);
      t9_[k] = t9;
      t12_[k] = t12;
      t16_[k] = t16;
    }
    float t19_[BLOCK];
    float t28_[BLOCK];
    uint32_t t29_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t9 = t9_[k];
      const float t12 = t12_[k];
      const float t16 = t16_[k];
      const float t18 = divided(t16, s7, t17);
      const float t19 = t9 > t18 || t9 != t9 ? t9 : t18;
      const float t22 = t19 + s10;
      const float t23 = sqrtf(t22);
      const float t24 = t23 + s9;
      const float t21 = s3 * t24;
      const float t26 = t12 / t21;
      const float t28 = t24 == 0x0.0p+0f ? t27 : t26;
      const uint32_t t29 = index * 2826234067u;
      const uint32_t t30 = t29 + s11;
      const float t32 = t31 > t12 || t31 != t31 ? t31 : t12;
      const float t34 = t33 < t32 || t33 != t33 ? t33 : t32;
      const uint32_t t35 = (uint32_t)bits_of(t34);
      const uint32_t t36 = (uint32_t)((uint32_t)t30 >> 16u);
      const uint32_t t37 = t35 + t36;
      const uint32_t t38 = t37 & 4294901760u;
      const int32_t t39 = (bits_of(t12) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t40 = float_of((uint32_t)t38);
      const float t41 = t39 ? t40 : t12;
      const float t42 = to_bfloat16(t41);
      w1[k] = t42;
      t19_[k] = t19;
      t28_[k] = t28;
      t29_[k] = t29;
    }
    uint32_t t59_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t16 = t16_[k];
      const float t19 = t19_[k];
      const uint32_t t29 = t29_[k];
      const uint32_t t43 = t29 + s12;
      const float t44 = t31 > t16 || t31 != t31 ? t31 : t16;
      const float t45 = t33 < t44 || t33 != t33 ? t33 : t44;
      const uint32_t t46 = (uint32_t)bits_of(t45);
      const uint32_t t47 = (uint32_t)((uint32_t)t43 >> 16u);
      const uint32_t t48 = t46 + t47;
      const uint32_t t49 = t48 & 4294901760u;
      const int32_t t50 = (bits_of(t16) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t51 = float_of((uint32_t)t49);
      const float t52 = t50 ? t51 : t16;
      const float t53 = to_bfloat16(t52);
      const uint32_t t54 = t29 + s13;
      const float t55 = t31 > t19 || t31 != t31 ? t31 : t19;
      const float t56 = t33 < t55 || t33 != t33 ? t33 : t55;
      const uint32_t t57 = (uint32_t)bits_of(t56);
      const uint32_t t58 = (uint32_t)((uint32_t)t54 >> 16u);
      const uint32_t t59 = t57 + t58;
      w2[k] = t53;
      t59_[k] = t59;
    }
    uint32_t t80_[BLOCK];
    float t81_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x4 = w4[k];
      const float t19 = t19_[k];
      const float t28 = t28_[k];
      const uint32_t t29 = t29_[k];
      const uint32_t t59 = t59_[k];
      const uint32_t t60 = t59 & 4294901760u;
      const int32_t t61 = (bits_of(t19) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t62 = float_of((uint32_t)t60);
      const float t63 = t61 ? t62 : t19;
      const float t64 = to_bfloat16(t63);
      const int32_t t65 = x4;
      const int32_t t66 = (int32_t)((uint32_t)t65 << (8));
      const float t67 = x0;
      const int32_t t68 = (int32_t)bits_of(t67);
      const int32_t t69 = (int32_t)((uint32_t)t68 + (uint32_t)t66);
      const float t70 = float_of((uint32_t)t69);
      const float t72 = -t28;
      const float t73 = t70 < 0x0.0p+0f ? t72 : t28;
      const float t75 = cautious & (t73 < 0x0.0p+0f) ? t27 : s15;
      const float t77 = decays ? fmaf(t75, t70, t28) : t28;
      const uint32_t t80 = t29 + s16;
      const float t81 = fmaf(t78, t77, t70);
      w3[k] = t64;
      t80_[k] = t80;
      t81_[k] = t81;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t80 = t80_[k];
      const float t81 = t81_[k];
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = t82 & (2147483647);
      const int32_t t84 = t83 <= (2139062016);
      const uint32_t t85 = (uint32_t)((uint32_t)t80 >> 24u);
      const int32_t t86 = (int32_t)t85;
      const int32_t t87 = (int32_t)((uint32_t)t82 + (uint32_t)t86);
      const int32_t t88 = t84 ? t87 : t82;
      const int32_t t89 = t88 & (-256);
      const int32_t t90 = t84 ? (32768) : (0);
      const int32_t t91 = t90;
      const int32_t t92 = (int32_t)((uint32_t)t89 + (uint32_t)t91);
      const int32_t t93 = t92 & (-65536);
      const float t94 = float_of((uint32_t)t93);
      const float t95 = t94;
      const int32_t t96 = (int32_t)((uint32_t)t89 - (uint32_t)t93);
      const int32_t t97 = t96 < (32767) ? t96 : (32767);
      const int32_t t98 = t97 >> (8);
      const int32_t t99 = wrapped_int8((int32_t)t98);
      w0[k] = t95;
      w4[k] = t99;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    narrow_int8(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_bfloat16_weights24_any_rates) {
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
  const uint32_t s15 = s[15];
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const uint32_t s18 = s[18];
  const int32_t t10 = s1 < 0x1.0000000000000p-1f;
  const int32_t t25 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t49 = (float)(0);
  const float t53 = -0x1.fe00000000000p+127f;
  const float t55 = 0x1.fe00000000000p+127f;
  const float t100 = -s16;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  int8_t* restrict a4 = a[4];
  const uint16_t* restrict a5 = a[5];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    int32_t w4[BLOCK];
    float w5[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    widen_int8(w4, a4);
    widen_bfloat16(w5, a5);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t9_[BLOCK];
    float t23_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x5 = w5[k];
      const float t0 = x5;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = x3;
      const float t11 = t7 - t6;
      const float t13 = fmaf(s1, t11, t6);
      const float t14 = t6 - t7;
      const float t15 = s2 * t14;
      const uint32_t t16 = (uint32_t)bits_of(t7);
      const uint32_t t17 = t16 & 2139095040u;
      const float t18 = float_of((uint32_t)t17);
      const float t19 = t18 * 0x1.0000000000000p-23f;
      const float t21 = fmaf(s5, t19, t15);
      const float t22 = t7 + t21;
      const float t23 = t10 ? t13 : t22;
      t6_[k] = t6;
      t8_[k] = t8;
      t9_[k] = t9;
      t23_[k] = t23;
    }
    float t38_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t24 = t6 * t6;
      const float t26 = t8 - t24;
      const float t28 = fmaf(s6, t26, t24);
      const float t29 = t24 - t8;
      const float t30 = s7 * t29;
      const uint32_t t31 = (uint32_t)bits_of(t8);
      const uint32_t t32 = t31 & 2139095040u;
      const float t33 = float_of((uint32_t)t32);
      const float t34 = t33 * 0x1.0000000000000p-23f;
      const float t36 = fmaf(s10, t34, t30);
      const float t37 = t8 + t36;
      const float t38 = t25 ? t28 : t37;
      t38_[k] = t38;
    }
    float t41_[BLOCK];
    float t50_[BLOCK];
    uint32_t t51_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t9 = t9_[k];
      const float t23 = t23_[k];
      const float t38 = t38_[k];
      const float t40 = divided(t38, s8, t39);
      const float t41 = t9 > t40 || t9 != t9 ? t9 : t40;
      const float t44 = t41 + s12;
      const float t45 = sqrtf(t44);
      const float t46 = t45 + s11;
      const float t43 = s3 * t46;
      const float t48 = t23 / t43;
      const float t50 = t46 == 0x0.0p+0f ? t49 : t48;
      const uint32_t t51 = index * 2826234067u;
      const uint32_t t52 = t51 + s13;
      const float t54 = t53 > t23 || t53 != t53 ? t53 : t23;
      const float t56 = t55 < t54 || t55 != t55 ? t55 : t54;
      const uint32_t t57 = (uint32_t)bits_of(t56);
      const uint32_t t58 = (uint32_t)((uint32_t)t52 >> 16u);
      const uint32_t t59 = t57 + t58;
      const uint32_t t60 = t59 & 4294901760u;
      const int32_t t61 = (bits_of(t23) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t62 = float_of((uint32_t)t60);
      const float t63 = t61 ? t62 : t23;
      const float t64 = to_bfloat16(t63);
      w1[k] = t64;
      t41_[k] = t41;
      t50_[k] = t50;
      t51_[k] = t51;
    }
    uint32_t t81_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t38 = t38_[k];
      const float t41 = t41_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t65 = t51 + s14;
      const float t66 = t53 > t38 || t53 != t53 ? t53 : t38;
      const float t67 = t55 < t66 || t55 != t55 ? t55 : t66;
      const uint32_t t68 = (uint32_t)bits_of(t67);
      const uint32_t t69 = (uint32_t)((uint32_t)t65 >> 16u);
      const uint32_t t70 = t68 + t69;
      const uint32_t t71 = t70 & 4294901760u;
      const int32_t t72 = (bits_of(t38) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t73 = float_of((uint32_t)t71);
      const float t74 = t72 ? t73 : t38;
      const float t75 = to_bfloat16(t74);
      const uint32_t t76 = t51 + s15;
      const float t77 = t53 > t41 || t53 != t53 ? t53 : t41;
      const float t78 = t55 < t77 || t55 != t55 ? t55 : t77;
      const uint32_t t79 = (uint32_t)bits_of(t78);
      const uint32_t t80 = (uint32_t)((uint32_t)t76 >> 16u);
      const uint32_t t81 = t79 + t80;
      w2[k] = t75;
      t81_[k] = t81;
    }
    uint32_t t102_[BLOCK];
    float t103_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x4 = w4[k];
      const float t41 = t41_[k];
      const float t50 = t50_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t81 = t81_[k];
      const uint32_t t82 = t81 & 4294901760u;
      const int32_t t83 = (bits_of(t41) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t84 = float_of((uint32_t)t82);
      const float t85 = t83 ? t84 : t41;
      const float t86 = to_bfloat16(t85);
      const int32_t t87 = x4;
      const int32_t t88 = (int32_t)((uint32_t)t87 << (8));
      const float t89 = x0;
      const int32_t t90 = (int32_t)bits_of(t89);
      const int32_t t91 = (int32_t)((uint32_t)t90 + (uint32_t)t88);
      const float t92 = float_of((uint32_t)t91);
      const float t94 = -t50;
      const float t95 = t92 < 0x0.0p+0f ? t94 : t50;
      const float t97 = cautious & (t95 < 0x0.0p+0f) ? t49 : s17;
      const float t99 = decays ? fmaf(t97, t92, t50) : t50;
      const uint32_t t102 = t51 + s18;
      const float t103 = fmaf(t100, t99, t92);
      w3[k] = t86;
      t102_[k] = t102;
      t103_[k] = t103;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t102 = t102_[k];
      const float t103 = t103_[k];
      const int32_t t104 = (int32_t)bits_of(t103);
      const int32_t t105 = t104 & (2147483647);
      const int32_t t106 = t105 <= (2139062016);
      const uint32_t t107 = (uint32_t)((uint32_t)t102 >> 24u);
      const int32_t t108 = (int32_t)t107;
      const int32_t t109 = (int32_t)((uint32_t)t104 + (uint32_t)t108);
      const int32_t t110 = t106 ? t109 : t104;
      const int32_t t111 = t110 & (-256);
      const int32_t t112 = t106 ? (32768) : (0);
      const int32_t t113 = t112;
      const int32_t t114 = (int32_t)((uint32_t)t111 + (uint32_t)t113);
      const int32_t t115 = t114 & (-65536);
      const float t116 = float_of((uint32_t)t115);
      const float t117 = t116;
      const int32_t t118 = (int32_t)((uint32_t)t111 - (uint32_t)t115);
      const int32_t t119 = t118 < (32767) ? t118 : (32767);
      const int32_t t120 = t119 >> (8);
      const int32_t t121 = wrapped_int8((int32_t)t120);
      w0[k] = t117;
      w4[k] = t121;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    narrow_int8(a4, w4);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; a5 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const uint32_t s16 = s[16];
  const float t17 = 1.0f / s7;
  const float t27 = (float)(0);
  const float t31 = -0x1.fe00000000000p+127f;
  const float t33 = 0x1.fe00000000000p+127f;
  const float t73 = -s14;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    widen_bfloat16(w4, a4);
    float t9_[BLOCK];
    float t12_[BLOCK];
    float t16_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = x3;
      const float t10 = t6 - t7;
      const float t12 = fmaf(s2, t10, t7);
      const float t14 = fmaf(t6, t6, -(t8));
      const float t16 = fmaf(s6, t14, t8);
      t9_[k] = t9;
      t12_[k] = t12;
      t16_[k] = t16;
    }
    float t19_[BLOCK];
    float t28_[BLOCK];
    uint32_t t29_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t9 = t9_[k];
      const float t12 = t12_[k];
      const float t16 = t16_[k];
      const float t18 = divided(t16, s7, t17);
      const float t19 = t9 > t18 || t9 != t9 ? t9 : t18;
      const float t22 = t19 + s10;
      const float t23 = sqrtf(t22);
      const float t24 = t23 + s9;
      const float t21 = s3 * t24;
      const float t26 = t12 / t21;
      const float t28 = t24 == 0x0.0p+0f ? t27 : t26;
      const uint32_t t29 = index * 2826234067u;
      const uint32_t t30 = t29 + s11;
      const float t32 = t31 > t12 || t31 != t31 ? t31 : t12;
      const float t34 = t33 < t32 || t33 != t33 ? t33 : t32;
      const uint32_t t35 = (uint32_t)bits_of(t34);
      const uint32_t t36 = (uint32_t)((uint32_t)t30 >> 16u);
      const uint32_t t37 = t35 + t36;
      const uint32_t t38 = t37 & 4294901760u;
      const int32_t t39 = (bits_of(t12) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t40 = float_of((uint32_t)t38);
      const float t41 = t39 ? t40 : t12;
      const float t42 = to_bfloat16(t41);
      w1[k] = t42;
      t19_[k] = t19;
      t28_[k] = t28;
      t29_[k] = t29;
    }
    uint32_t t60_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t16 = t16_[k];
      const float t19 = t19_[k];
      const uint32_t t29 = t29_[k];
      const uint32_t t43 = t29 + s12;
      const float t44 = t31 > t16 || t31 != t31 ? t31 : t16;
      const float t45 = t33 < t44 || t33 != t33 ? t33 : t44;
      const uint32_t t46 = (uint32_t)bits_of(t45);
      const uint32_t t47 = (uint32_t)((uint32_t)t43 >> 16u);
      const uint32_t t48 = t46 + t47;
      const uint32_t t49 = t48 & 4294901760u;
      const int32_t t50 = (bits_of(t16) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t51 = float_of((uint32_t)t49);
      const float t52 = t50 ? t51 : t16;
      const float t53 = to_bfloat16(t52);
      const uint32_t t54 = t29 + s13;
      const float t55 = t31 > t19 || t31 != t31 ? t31 : t19;
      const float t56 = t33 < t55 || t33 != t33 ? t33 : t55;
      const uint32_t t57 = (uint32_t)bits_of(t56);
      const uint32_t t58 = (uint32_t)((uint32_t)t54 >> 16u);
      const uint32_t t59 = t57 + t58;
      const uint32_t t60 = t59 & 4294901760u;
      w2[k] = t53;
      t60_[k] = t60;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t19 = t19_[k];
      const float t28 = t28_[k];
      const uint32_t t29 = t29_[k];
      const uint32_t t60 = t60_[k];
      const int32_t t61 = (bits_of(t19) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t62 = float_of((uint32_t)t60);
      const float t63 = t61 ? t62 : t19;
      const float t64 = to_bfloat16(t63);
      const float t65 = x0;
      const float t67 = -t28;
      const float t68 = t65 < 0x0.0p+0f ? t67 : t28;
      const float t70 = cautious & (t68 < 0x0.0p+0f) ? t27 : s15;
      const float t72 = decays ? fmaf(t70, t65, t28) : t28;
      const uint32_t t75 = t29 + s16;
      const float t76 = fmaf(t73, t72, t65);
      const int32_t t77 = (int32_t)bits_of(t76);
      const int32_t t78 = t77 & (2147483647);
      const uint32_t t80 = (uint32_t)((uint32_t)t75 >> 16u);
      const int32_t t81 = (int32_t)t80;
      const int32_t t82 = (int32_t)((uint32_t)t77 + (uint32_t)t81);
      const int32_t t83 = t78 <= (2139029504) ? t82 : t77;
      const int32_t t84 = t83 & (-65536);
      const float t85 = float_of((uint32_t)t84);
      const float t86 = t85;
      w0[k] = t86;
      w3[k] = t64;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(amsgrad_bfloat16_bfloat16_weights16_any_rates) {
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
  const uint32_t s15 = s[15];
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const uint32_t s18 = s[18];
  const int32_t t10 = s1 < 0x1.0000000000000p-1f;
  const int32_t t25 = s6 < 0x1.0000000000000p-1f;
  const float t39 = 1.0f / s8;
  const float t49 = (float)(0);
  const float t53 = -0x1.fe00000000000p+127f;
  const float t55 = 0x1.fe00000000000p+127f;
  const float t95 = -s16;
  uint16_t* restrict a0 = a[0];
  uint16_t* restrict a1 = a[1];
  uint16_t* restrict a2 = a[2];
  uint16_t* restrict a3 = a[3];
  const uint16_t* restrict a4 = a[4];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w1[BLOCK];
    float w2[BLOCK];
    float w3[BLOCK];
    float w4[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w1, a1);
    widen_bfloat16(w2, a2);
    widen_bfloat16(w3, a3);
    widen_bfloat16(w4, a4);
    float t6_[BLOCK];
    float t8_[BLOCK];
    float t9_[BLOCK];
    float t23_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = w1[k];
      const float x2 = w2[k];
      const float x3 = w3[k];
      const float x4 = w4[k];
      const float t0 = x4;
      const float t4 = clipped(t0, 0x1.0000000000000p+63f);
      const float t5 = t0 - t0;
      const float t6 = t4 + t5;
      const float t7 = x1;
      const float t8 = x2;
      const float t9 = x3;
      const float t11 = t7 - t6;
      const float t13 = fmaf(s1, t11, t6);
      const float t14 = t6 - t7;
      const float t15 = s2 * t14;
      const uint32_t t16 = (uint32_t)bits_of(t7);
      const uint32_t t17 = t16 & 2139095040u;
      const float t18 = float_of((uint32_t)t17);
      const float t19 = t18 * 0x1.0000000000000p-23f;
      const float t21 = fmaf(s5, t19, t15);
      const float t22 = t7 + t21;
      const float t23 = t10 ? t13 : t22;
      t6_[k] = t6;
      t8_[k] = t8;
      t9_[k] = t9;
      t23_[k] = t23;
    }
    float t38_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t24 = t6 * t6;
      const float t26 = t8 - t24;
      const float t28 = fmaf(s6, t26, t24);
      const float t29 = t24 - t8;
      const float t30 = s7 * t29;
      const uint32_t t31 = (uint32_t)bits_of(t8);
      const uint32_t t32 = t31 & 2139095040u;
      const float t33 = float_of((uint32_t)t32);
      const float t34 = t33 * 0x1.0000000000000p-23f;
      const float t36 = fmaf(s10, t34, t30);
      const float t37 = t8 + t36;
      const float t38 = t25 ? t28 : t37;
      t38_[k] = t38;
    }
    float t41_[BLOCK];
    float t50_[BLOCK];
    uint32_t t51_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t9 = t9_[k];
      const float t23 = t23_[k];
      const float t38 = t38_[k];
      const float t40 = divided(t38, s8, t39);
      const float t41 = t9 > t40 || t9 != t9 ? t9 : t40;
      const float t44 = t41 + s12;
      const float t45 = sqrtf(t44);
      const float t46 = t45 + s11;
      const float t43 = s3 * t46;
      const float t48 = t23 / t43;
      const float t50 = t46 == 0x0.0p+0f ? t49 : t48;
      const uint32_t t51 = index * 2826234067u;
      const uint32_t t52 = t51 + s13;
      const float t54 = t53 > t23 || t53 != t53 ? t53 : t23;
      const float t56 = t55 < t54 || t55 != t55 ? t55 : t54;
      const uint32_t t57 = (uint32_t)bits_of(t56);
      const uint32_t t58 = (uint32_t)((uint32_t)t52 >> 16u);
      const uint32_t t59 = t57 + t58;
      const uint32_t t60 = t59 & 4294901760u;
      const int32_t t61 = (bits_of(t23) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t62 = float_of((uint32_t)t60);
      const float t63 = t61 ? t62 : t23;
      const float t64 = to_bfloat16(t63);
      w1[k] = t64;
      t41_[k] = t41;
      t50_[k] = t50;
      t51_[k] = t51;
    }
    uint32_t t82_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t38 = t38_[k];
      const float t41 = t41_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t65 = t51 + s14;
      const float t66 = t53 > t38 || t53 != t53 ? t53 : t38;
      const float t67 = t55 < t66 || t55 != t55 ? t55 : t66;
      const uint32_t t68 = (uint32_t)bits_of(t67);
      const uint32_t t69 = (uint32_t)((uint32_t)t65 >> 16u);
      const uint32_t t70 = t68 + t69;
      const uint32_t t71 = t70 & 4294901760u;
      const int32_t t72 = (bits_of(t38) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t73 = float_of((uint32_t)t71);
      const float t74 = t72 ? t73 : t38;
      const float t75 = to_bfloat16(t74);
      const uint32_t t76 = t51 + s15;
      const float t77 = t53 > t41 || t53 != t53 ? t53 : t41;
      const float t78 = t55 < t77 || t55 != t55 ? t55 : t77;
      const uint32_t t79 = (uint32_t)bits_of(t78);
      const uint32_t t80 = (uint32_t)((uint32_t)t76 >> 16u);
      const uint32_t t81 = t79 + t80;
      const uint32_t t82 = t81 & 4294901760u;
      w2[k] = t75;
      t82_[k] = t82;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t41 = t41_[k];
      const float t50 = t50_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t82 = t82_[k];
      const int32_t t83 = (bits_of(t41) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t84 = float_of((uint32_t)t82);
      const float t85 = t83 ? t84 : t41;
      const float t86 = to_bfloat16(t85);
      const float t87 = x0;
      const float t89 = -t50;
      const float t90 = t87 < 0x0.0p+0f ? t89 : t50;
      const float t92 = cautious & (t90 < 0x0.0p+0f) ? t49 : s17;
      const float t94 = decays ? fmaf(t92, t87, t50) : t50;
      const uint32_t t97 = t51 + s18;
      const float t98 = fmaf(t95, t94, t87);
      const int32_t t99 = (int32_t)bits_of(t98);
      const int32_t t100 = t99 & (2147483647);
      const uint32_t t102 = (uint32_t)((uint32_t)t97 >> 16u);
      const int32_t t103 = (int32_t)t102;
      const int32_t t104 = (int32_t)((uint32_t)t99 + (uint32_t)t103);
      const int32_t t105 = t100 <= (2139029504) ? t104 : t99;
      const int32_t t106 = t105 & (-65536);
      const float t107 = float_of((uint32_t)t106);
      const float t108 = t107;
      w0[k] = t108;
      w3[k] = t86;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_bfloat16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

const Kernel amsgrad_kernels[] = {
    {"amsgrad_float32_float32", amsgrad_float32_float32, {4, 4, 4, 4, 4}},
    {"amsgrad_float32_float32_any_rates", amsgrad_float32_float32_any_rates, {4, 4, 4, 4, 4}},
    {"amsgrad_float32_bfloat16_weights32", amsgrad_float32_bfloat16_weights32, {2, 4, 4, 4, 2, 2}},
    {"amsgrad_float32_bfloat16_weights32_any_rates", amsgrad_float32_bfloat16_weights32_any_rates, {2, 4, 4, 4, 2, 2}},
    {"amsgrad_float32_bfloat16_weights24", amsgrad_float32_bfloat16_weights24, {2, 4, 4, 4, 1, 2}},
    {"amsgrad_float32_bfloat16_weights24_any_rates", amsgrad_float32_bfloat16_weights24_any_rates, {2, 4, 4, 4, 1, 2}},
    {"amsgrad_float32_bfloat16_weights16", amsgrad_float32_bfloat16_weights16, {2, 4, 4, 4, 2}},
    {"amsgrad_float32_bfloat16_weights16_any_rates", amsgrad_float32_bfloat16_weights16_any_rates, {2, 4, 4, 4, 2}},
    {"amsgrad_bfloat16_float32", amsgrad_bfloat16_float32, {4, 2, 2, 2, 4}},
    {"amsgrad_bfloat16_float32_any_rates", amsgrad_bfloat16_float32_any_rates, {4, 2, 2, 2, 4}},
    {"amsgrad_bfloat16_bfloat16_weights32", amsgrad_bfloat16_bfloat16_weights32, {2, 2, 2, 2, 2, 2}},
    {"amsgrad_bfloat16_bfloat16_weights32_any_rates", amsgrad_bfloat16_bfloat16_weights32_any_rates, {2, 2, 2, 2, 2, 2}},
    {"amsgrad_bfloat16_bfloat16_weights24", amsgrad_bfloat16_bfloat16_weights24, {2, 2, 2, 2, 1, 2}},
    {"amsgrad_bfloat16_bfloat16_weights24_any_rates", amsgrad_bfloat16_bfloat16_weights24_any_rates, {2, 2, 2, 2, 1, 2}},
    {"amsgrad_bfloat16_bfloat16_weights16", amsgrad_bfloat16_bfloat16_weights16, {2, 2, 2, 2, 2}},
    {"amsgrad_bfloat16_bfloat16_weights16_any_rates", amsgrad_bfloat16_bfloat16_weights16_any_rates, {2, 2, 2, 2, 2}},
    {0},
};
