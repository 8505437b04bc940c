// What does one step do to a run of elements of one leaf?  Written by native/generate.py from the traces of
// adam_jax/core/leaf_step.py; never by hand.
#include "../kernels.h"


KERNEL(adamax_float32_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t19 = (float)(0);
  const float t28 = -s11;
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
      const float t9 = 0x0.0p+0f - x2;
      const float t11 = fmaf(s6, t9, x2);
      const float t12 = fabsf(t5);
      const float t13 = t12 + s9;
      const float t14 = t11 > t13 || t11 != t11 ? t11 : t13;
      const float t16 = s3 * t14;
      const float t18 = t8 / t16;
      const float t20 = t14 == 0x0.0p+0f ? t19 : t18;
      const float t22 = -t20;
      const float t23 = x0 < 0x0.0p+0f ? t22 : t20;
      const float t25 = cautious & (t23 < 0x0.0p+0f) ? t19 : s12;
      const float t27 = decays ? fmaf(t25, x0, t20) : t20;
      const float t30 = fmaf(t28, t27, x0);
      a0[k] = t30;
      a1[k] = t8;
      a2[k] = t14;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const int32_t t6 = s1 < 0x1.0000000000000p-1f;
  const int32_t t20 = s6 < 0x1.0000000000000p-1f;
  const float t41 = (float)(0);
  const float t50 = -s13;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float t5_[BLOCK];
    float t19_[BLOCK];
    float t23_[BLOCK];
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
      const float t21 = x2 - 0x0.0p+0f;
      const float t23 = fmaf(s6, t21, 0x0.0p+0f);
      a1[k] = t19;
      t5_[k] = t5;
      t19_[k] = t19;
      t23_[k] = t23;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float x2 = a2[k];
      const float t5 = t5_[k];
      const float t19 = t19_[k];
      const float t23 = t23_[k];
      const float t24 = 0x0.0p+0f - x2;
      const float t25 = s7 * t24;
      const uint32_t t26 = (uint32_t)bits_of(x2);
      const uint32_t t27 = t26 & 2139095040u;
      const float t28 = float_of((uint32_t)t27);
      const float t29 = t28 * 0x1.0000000000000p-23f;
      const float t31 = fmaf(s10, t29, t25);
      const float t32 = x2 + t31;
      const float t33 = t20 ? t23 : t32;
      const float t34 = fabsf(t5);
      const float t35 = t34 + s11;
      const float t36 = t33 > t35 || t33 != t33 ? t33 : t35;
      const float t38 = s3 * t36;
      const float t40 = t19 / t38;
      const float t42 = t36 == 0x0.0p+0f ? t41 : t40;
      const float t44 = -t42;
      const float t45 = x0 < 0x0.0p+0f ? t44 : t42;
      const float t47 = cautious & (t45 < 0x0.0p+0f) ? t41 : s14;
      const float t49 = decays ? fmaf(t47, x0, t42) : t42;
      const float t52 = fmaf(t50, t49, x0);
      a0[k] = t52;
      a2[k] = t36;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float t20 = (float)(0);
  const float t35 = -s11;
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
    float t21_[BLOCK];
    int32_t t23_[BLOCK];
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
      const float t10 = 0x0.0p+0f - x2;
      const float t12 = fmaf(s6, t10, x2);
      const float t13 = fabsf(t6);
      const float t14 = t13 + s9;
      const float t15 = t12 > t14 || t12 != t12 ? t12 : t14;
      const float t17 = s3 * t15;
      const float t19 = t9 / t17;
      const float t21 = t15 == 0x0.0p+0f ? t20 : t19;
      const int32_t t22 = x3;
      const int32_t t23 = (int32_t)((uint32_t)t22 << (0));
      a1[k] = t9;
      a2[k] = t15;
      t21_[k] = t21;
      t23_[k] = t23;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t21 = t21_[k];
      const int32_t t23 = t23_[k];
      const float t24 = x0;
      const int32_t t25 = (int32_t)bits_of(t24);
      const int32_t t26 = (int32_t)((uint32_t)t25 + (uint32_t)t23);
      const float t27 = float_of((uint32_t)t26);
      const float t29 = -t21;
      const float t30 = t27 < 0x0.0p+0f ? t29 : t21;
      const float t32 = cautious & (t30 < 0x0.0p+0f) ? t20 : s12;
      const float t34 = decays ? fmaf(t32, t27, t21) : t21;
      const float t39 = fmaf(t35, t34, t27);
      const int32_t t40 = (int32_t)bits_of(t39);
      const int32_t t41 = t40 & (2147483647);
      const int32_t t43 = t41 <= (2139062271) ? (32768) : (0);
      const int32_t t44 = t43;
      const int32_t t45 = (int32_t)((uint32_t)t40 + (uint32_t)t44);
      const int32_t t46 = t45 & (-65536);
      const float t47 = float_of((uint32_t)t46);
      const float t48 = t47;
      const int32_t t49 = (int32_t)((uint32_t)t40 - (uint32_t)t46);
      const int32_t t50 = t49 < (32767) ? t49 : (32767);
      const int32_t t51 = wrapped_int16((int32_t)t50);
      w0[k] = t48;
      w3[k] = t51;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t21 = s6 < 0x1.0000000000000p-1f;
  const float t42 = (float)(0);
  const float t57 = -s13;
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
    float t43_[BLOCK];
    int32_t t45_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const int32_t x3 = w3[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t22 = x2 - 0x0.0p+0f;
      const float t24 = fmaf(s6, t22, 0x0.0p+0f);
      const float t25 = 0x0.0p+0f - x2;
      const float t26 = s7 * t25;
      const uint32_t t27 = (uint32_t)bits_of(x2);
      const uint32_t t28 = t27 & 2139095040u;
      const float t29 = float_of((uint32_t)t28);
      const float t30 = t29 * 0x1.0000000000000p-23f;
      const float t32 = fmaf(s10, t30, t26);
      const float t33 = x2 + t32;
      const float t34 = t21 ? t24 : t33;
      const float t35 = fabsf(t6);
      const float t36 = t35 + s11;
      const float t37 = t34 > t36 || t34 != t34 ? t34 : t36;
      const float t39 = s3 * t37;
      const float t41 = t20 / t39;
      const float t43 = t37 == 0x0.0p+0f ? t42 : t41;
      const int32_t t44 = x3;
      const int32_t t45 = (int32_t)((uint32_t)t44 << (0));
      a2[k] = t37;
      t43_[k] = t43;
      t45_[k] = t45;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t43 = t43_[k];
      const int32_t t45 = t45_[k];
      const float t46 = x0;
      const int32_t t47 = (int32_t)bits_of(t46);
      const int32_t t48 = (int32_t)((uint32_t)t47 + (uint32_t)t45);
      const float t49 = float_of((uint32_t)t48);
      const float t51 = -t43;
      const float t52 = t49 < 0x0.0p+0f ? t51 : t43;
      const float t54 = cautious & (t52 < 0x0.0p+0f) ? t42 : s14;
      const float t56 = decays ? fmaf(t54, t49, t43) : t43;
      const float t61 = fmaf(t57, t56, t49);
      const int32_t t62 = (int32_t)bits_of(t61);
      const int32_t t63 = t62 & (2147483647);
      const int32_t t65 = t63 <= (2139062271) ? (32768) : (0);
      const int32_t t66 = t65;
      const int32_t t67 = (int32_t)((uint32_t)t62 + (uint32_t)t66);
      const int32_t t68 = t67 & (-65536);
      const float t69 = float_of((uint32_t)t68);
      const float t70 = t69;
      const int32_t t71 = (int32_t)((uint32_t)t62 - (uint32_t)t68);
      const int32_t t72 = t71 < (32767) ? t71 : (32767);
      const int32_t t73 = wrapped_int16((int32_t)t72);
      w0[k] = t70;
      w3[k] = t73;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float t20 = (float)(0);
  const float t35 = -s11;
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
    float t21_[BLOCK];
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
      const float t10 = 0x0.0p+0f - x2;
      const float t12 = fmaf(s6, t10, x2);
      const float t13 = fabsf(t6);
      const float t14 = t13 + s9;
      const float t15 = t12 > t14 || t12 != t12 ? t12 : t14;
      const float t17 = s3 * t15;
      const float t19 = t9 / t17;
      const float t21 = t15 == 0x0.0p+0f ? t20 : t19;
      a1[k] = t9;
      a2[k] = t15;
      t21_[k] = t21;
    }
    uint32_t t38_[BLOCK];
    float t39_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const int32_t t22 = x3;
      const int32_t t23 = (int32_t)((uint32_t)t22 << (8));
      const float t24 = x0;
      const int32_t t25 = (int32_t)bits_of(t24);
      const int32_t t26 = (int32_t)((uint32_t)t25 + (uint32_t)t23);
      const float t27 = float_of((uint32_t)t26);
      const float t29 = -t21;
      const float t30 = t27 < 0x0.0p+0f ? t29 : t21;
      const float t32 = cautious & (t30 < 0x0.0p+0f) ? t20 : s12;
      const float t34 = decays ? fmaf(t32, t27, t21) : t21;
      const uint32_t t37 = index * 2826234067u;
      const uint32_t t38 = t37 + s13;
      const float t39 = fmaf(t35, t34, t27);
      t38_[k] = t38;
      t39_[k] = t39;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t38 = t38_[k];
      const float t39 = t39_[k];
      const int32_t t40 = (int32_t)bits_of(t39);
      const int32_t t41 = t40 & (2147483647);
      const int32_t t42 = t41 <= (2139062016);
      const uint32_t t43 = (uint32_t)((uint32_t)t38 >> 24u);
      const int32_t t44 = (int32_t)t43;
      const int32_t t45 = (int32_t)((uint32_t)t40 + (uint32_t)t44);
      const int32_t t46 = t42 ? t45 : t40;
      const int32_t t47 = t46 & (-256);
      const int32_t t48 = t42 ? (32768) : (0);
      const int32_t t49 = t48;
      const int32_t t50 = (int32_t)((uint32_t)t47 + (uint32_t)t49);
      const int32_t t51 = t50 & (-65536);
      const float t52 = float_of((uint32_t)t51);
      const float t53 = t52;
      const int32_t t54 = (int32_t)((uint32_t)t47 - (uint32_t)t51);
      const int32_t t55 = t54 < (32767) ? t54 : (32767);
      const int32_t t56 = t55 >> (8);
      const int32_t t57 = wrapped_int8((int32_t)t56);
      w0[k] = t53;
      w3[k] = t57;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t21 = s6 < 0x1.0000000000000p-1f;
  const float t42 = (float)(0);
  const float t57 = -s13;
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
    float t43_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t22 = x2 - 0x0.0p+0f;
      const float t24 = fmaf(s6, t22, 0x0.0p+0f);
      const float t25 = 0x0.0p+0f - x2;
      const float t26 = s7 * t25;
      const uint32_t t27 = (uint32_t)bits_of(x2);
      const uint32_t t28 = t27 & 2139095040u;
      const float t29 = float_of((uint32_t)t28);
      const float t30 = t29 * 0x1.0000000000000p-23f;
      const float t32 = fmaf(s10, t30, t26);
      const float t33 = x2 + t32;
      const float t34 = t21 ? t24 : t33;
      const float t35 = fabsf(t6);
      const float t36 = t35 + s11;
      const float t37 = t34 > t36 || t34 != t34 ? t34 : t36;
      const float t39 = s3 * t37;
      const float t41 = t20 / t39;
      const float t43 = t37 == 0x0.0p+0f ? t42 : t41;
      a2[k] = t37;
      t43_[k] = t43;
    }
    uint32_t t60_[BLOCK];
    float t61_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t43 = t43_[k];
      const int32_t t44 = x3;
      const int32_t t45 = (int32_t)((uint32_t)t44 << (8));
      const float t46 = x0;
      const int32_t t47 = (int32_t)bits_of(t46);
      const int32_t t48 = (int32_t)((uint32_t)t47 + (uint32_t)t45);
      const float t49 = float_of((uint32_t)t48);
      const float t51 = -t43;
      const float t52 = t49 < 0x0.0p+0f ? t51 : t43;
      const float t54 = cautious & (t52 < 0x0.0p+0f) ? t42 : s14;
      const float t56 = decays ? fmaf(t54, t49, t43) : t43;
      const uint32_t t59 = index * 2826234067u;
      const uint32_t t60 = t59 + s15;
      const float t61 = fmaf(t57, t56, t49);
      t60_[k] = t60;
      t61_[k] = t61;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t60 = t60_[k];
      const float t61 = t61_[k];
      const int32_t t62 = (int32_t)bits_of(t61);
      const int32_t t63 = t62 & (2147483647);
      const int32_t t64 = t63 <= (2139062016);
      const uint32_t t65 = (uint32_t)((uint32_t)t60 >> 24u);
      const int32_t t66 = (int32_t)t65;
      const int32_t t67 = (int32_t)((uint32_t)t62 + (uint32_t)t66);
      const int32_t t68 = t64 ? t67 : t62;
      const int32_t t69 = t68 & (-256);
      const int32_t t70 = t64 ? (32768) : (0);
      const int32_t t71 = t70;
      const int32_t t72 = (int32_t)((uint32_t)t69 + (uint32_t)t71);
      const int32_t t73 = t72 & (-65536);
      const float t74 = float_of((uint32_t)t73);
      const float t75 = t74;
      const int32_t t76 = (int32_t)((uint32_t)t69 - (uint32_t)t73);
      const int32_t t77 = t76 < (32767) ? t76 : (32767);
      const int32_t t78 = t77 >> (8);
      const int32_t t79 = wrapped_int8((int32_t)t78);
      w0[k] = t75;
      w3[k] = t79;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const uint32_t s13 = s[13];
  const float t20 = (float)(0);
  const float t30 = -s11;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w3, a3);
    float t21_[BLOCK];
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
      const float t10 = 0x0.0p+0f - x2;
      const float t12 = fmaf(s6, t10, x2);
      const float t13 = fabsf(t6);
      const float t14 = t13 + s9;
      const float t15 = t12 > t14 || t12 != t12 ? t12 : t14;
      const float t17 = s3 * t15;
      const float t19 = t9 / t17;
      const float t21 = t15 == 0x0.0p+0f ? t20 : t19;
      a1[k] = t9;
      a2[k] = t15;
      t21_[k] = t21;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t22 = x0;
      const float t24 = -t21;
      const float t25 = t22 < 0x0.0p+0f ? t24 : t21;
      const float t27 = cautious & (t25 < 0x0.0p+0f) ? t20 : s12;
      const float t29 = decays ? fmaf(t27, t22, t21) : t21;
      const uint32_t t32 = index * 2826234067u;
      const uint32_t t33 = t32 + s13;
      const float t34 = fmaf(t30, t29, t22);
      const int32_t t35 = (int32_t)bits_of(t34);
      const int32_t t36 = t35 & (2147483647);
      const uint32_t t38 = (uint32_t)((uint32_t)t33 >> 16u);
      const int32_t t39 = (int32_t)t38;
      const int32_t t40 = (int32_t)((uint32_t)t35 + (uint32_t)t39);
      const int32_t t41 = t36 <= (2139029504) ? t40 : t35;
      const int32_t t42 = t41 & (-65536);
      const float t43 = float_of((uint32_t)t42);
      const float t44 = t43;
      w0[k] = t44;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_float32_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t21 = s6 < 0x1.0000000000000p-1f;
  const float t42 = (float)(0);
  const float t52 = -s13;
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
    float t43_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t22 = x2 - 0x0.0p+0f;
      const float t24 = fmaf(s6, t22, 0x0.0p+0f);
      const float t25 = 0x0.0p+0f - x2;
      const float t26 = s7 * t25;
      const uint32_t t27 = (uint32_t)bits_of(x2);
      const uint32_t t28 = t27 & 2139095040u;
      const float t29 = float_of((uint32_t)t28);
      const float t30 = t29 * 0x1.0000000000000p-23f;
      const float t32 = fmaf(s10, t30, t26);
      const float t33 = x2 + t32;
      const float t34 = t21 ? t24 : t33;
      const float t35 = fabsf(t6);
      const float t36 = t35 + s11;
      const float t37 = t34 > t36 || t34 != t34 ? t34 : t36;
      const float t39 = s3 * t37;
      const float t41 = t20 / t39;
      const float t43 = t37 == 0x0.0p+0f ? t42 : t41;
      a2[k] = t37;
      t43_[k] = t43;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t43 = t43_[k];
      const float t44 = x0;
      const float t46 = -t43;
      const float t47 = t44 < 0x0.0p+0f ? t46 : t43;
      const float t49 = cautious & (t47 < 0x0.0p+0f) ? t42 : s14;
      const float t51 = decays ? fmaf(t49, t44, t43) : t43;
      const uint32_t t54 = index * 2826234067u;
      const uint32_t t55 = t54 + s15;
      const float t56 = fmaf(t52, t51, t44);
      const int32_t t57 = (int32_t)bits_of(t56);
      const int32_t t58 = t57 & (2147483647);
      const uint32_t t60 = (uint32_t)((uint32_t)t55 >> 16u);
      const int32_t t61 = (int32_t)t60;
      const int32_t t62 = (int32_t)((uint32_t)t57 + (uint32_t)t61);
      const int32_t t63 = t58 <= (2139029504) ? t62 : t57;
      const int32_t t64 = t63 & (-65536);
      const float t65 = float_of((uint32_t)t64);
      const float t66 = t65;
      w0[k] = t66;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t21 = (float)(0);
  const float t25 = -0x1.fe00000000000p+127f;
  const float t27 = 0x1.fe00000000000p+127f;
  const float t55 = -s13;
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
    float t16_[BLOCK];
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
      const float t11 = 0x0.0p+0f - t7;
      const float t13 = fmaf(s6, t11, t7);
      const float t14 = fabsf(t5);
      const float t15 = t14 + s9;
      const float t16 = t13 > t15 || t13 != t13 ? t13 : t15;
      t10_[k] = t10;
      t16_[k] = t16;
    }
    float t22_[BLOCK];
    uint32_t t23_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t10 = t10_[k];
      const float t16 = t16_[k];
      const float t18 = s3 * t16;
      const float t20 = t10 / t18;
      const float t22 = t16 == 0x0.0p+0f ? t21 : t20;
      const uint32_t t23 = index * 2826234067u;
      const uint32_t t24 = t23 + s11;
      const float t26 = t25 > t10 || t25 != t25 ? t25 : t10;
      const float t28 = t27 < t26 || t27 != t27 ? t27 : t26;
      const uint32_t t29 = (uint32_t)bits_of(t28);
      const uint32_t t30 = (uint32_t)((uint32_t)t24 >> 16u);
      const uint32_t t31 = t29 + t30;
      const uint32_t t32 = t31 & 4294901760u;
      const int32_t t33 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t34 = float_of((uint32_t)t32);
      const float t35 = t33 ? t34 : t10;
      const float t36 = to_bfloat16(t35);
      w1[k] = t36;
      t22_[k] = t22;
      t23_[k] = t23;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t16 = t16_[k];
      const float t22 = t22_[k];
      const uint32_t t23 = t23_[k];
      const uint32_t t37 = t23 + s12;
      const float t38 = t25 > t16 || t25 != t25 ? t25 : t16;
      const float t39 = t27 < t38 || t27 != t27 ? t27 : t38;
      const uint32_t t40 = (uint32_t)bits_of(t39);
      const uint32_t t41 = (uint32_t)((uint32_t)t37 >> 16u);
      const uint32_t t42 = t40 + t41;
      const uint32_t t43 = t42 & 4294901760u;
      const int32_t t44 = (bits_of(t16) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t45 = float_of((uint32_t)t43);
      const float t46 = t44 ? t45 : t16;
      const float t47 = to_bfloat16(t46);
      const float t49 = -t22;
      const float t50 = x0 < 0x0.0p+0f ? t49 : t22;
      const float t52 = cautious & (t50 < 0x0.0p+0f) ? t21 : s14;
      const float t54 = decays ? fmaf(t52, x0, t22) : t22;
      const float t57 = fmaf(t55, t54, x0);
      a0[k] = t57;
      w2[k] = t47;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t43 = (float)(0);
  const float t47 = -0x1.fe00000000000p+127f;
  const float t49 = 0x1.fe00000000000p+127f;
  const float t77 = -s15;
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
    float t38_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t7 = t7_[k];
      const float t23 = t7 - 0x0.0p+0f;
      const float t25 = fmaf(s6, t23, 0x0.0p+0f);
      const float t26 = 0x0.0p+0f - t7;
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(t7);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = t7 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t36 = fabsf(t5);
      const float t37 = t36 + s11;
      const float t38 = t35 > t37 || t35 != t35 ? t35 : t37;
      t38_[k] = t38;
    }
    float t44_[BLOCK];
    uint32_t t45_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t38 = t38_[k];
      const float t40 = s3 * t38;
      const float t42 = t21 / t40;
      const float t44 = t38 == 0x0.0p+0f ? t43 : t42;
      const uint32_t t45 = index * 2826234067u;
      const uint32_t t46 = t45 + s13;
      const float t48 = t47 > t21 || t47 != t47 ? t47 : t21;
      const float t50 = t49 < t48 || t49 != t49 ? t49 : t48;
      const uint32_t t51 = (uint32_t)bits_of(t50);
      const uint32_t t52 = (uint32_t)((uint32_t)t46 >> 16u);
      const uint32_t t53 = t51 + t52;
      const uint32_t t54 = t53 & 4294901760u;
      const int32_t t55 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t56 = float_of((uint32_t)t54);
      const float t57 = t55 ? t56 : t21;
      const float t58 = to_bfloat16(t57);
      w1[k] = t58;
      t44_[k] = t44;
      t45_[k] = t45;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t38 = t38_[k];
      const float t44 = t44_[k];
      const uint32_t t45 = t45_[k];
      const uint32_t t59 = t45 + s14;
      const float t60 = t47 > t38 || t47 != t47 ? t47 : t38;
      const float t61 = t49 < t60 || t49 != t49 ? t49 : t60;
      const uint32_t t62 = (uint32_t)bits_of(t61);
      const uint32_t t63 = (uint32_t)((uint32_t)t59 >> 16u);
      const uint32_t t64 = t62 + t63;
      const uint32_t t65 = t64 & 4294901760u;
      const int32_t t66 = (bits_of(t38) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t67 = float_of((uint32_t)t65);
      const float t68 = t66 ? t67 : t38;
      const float t69 = to_bfloat16(t68);
      const float t71 = -t44;
      const float t72 = x0 < 0x0.0p+0f ? t71 : t44;
      const float t74 = cautious & (t72 < 0x0.0p+0f) ? t43 : s16;
      const float t76 = decays ? fmaf(t74, x0, t44) : t44;
      const float t79 = fmaf(t77, t76, x0);
      a0[k] = t79;
      w2[k] = t69;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float t22 = (float)(0);
  const float t26 = -0x1.fe00000000000p+127f;
  const float t28 = 0x1.fe00000000000p+127f;
  const float t62 = -s13;
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
    float t17_[BLOCK];
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
      const float t12 = 0x0.0p+0f - t8;
      const float t14 = fmaf(s6, t12, t8);
      const float t15 = fabsf(t6);
      const float t16 = t15 + s9;
      const float t17 = t14 > t16 || t14 != t14 ? t14 : t16;
      t11_[k] = t11;
      t17_[k] = t17;
    }
    float t23_[BLOCK];
    uint32_t t24_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t17 = t17_[k];
      const float t19 = s3 * t17;
      const float t21 = t11 / t19;
      const float t23 = t17 == 0x0.0p+0f ? t22 : t21;
      const uint32_t t24 = index * 2826234067u;
      const uint32_t t25 = t24 + s11;
      const float t27 = t26 > t11 || t26 != t26 ? t26 : t11;
      const float t29 = t28 < t27 || t28 != t28 ? t28 : t27;
      const uint32_t t30 = (uint32_t)bits_of(t29);
      const uint32_t t31 = (uint32_t)((uint32_t)t25 >> 16u);
      const uint32_t t32 = t30 + t31;
      const uint32_t t33 = t32 & 4294901760u;
      const int32_t t34 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t35 = float_of((uint32_t)t33);
      const float t36 = t34 ? t35 : t11;
      const float t37 = to_bfloat16(t36);
      w1[k] = t37;
      t23_[k] = t23;
      t24_[k] = t24;
    }
    int32_t t50_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const float t17 = t17_[k];
      const uint32_t t24 = t24_[k];
      const uint32_t t38 = t24 + s12;
      const float t39 = t26 > t17 || t26 != t26 ? t26 : t17;
      const float t40 = t28 < t39 || t28 != t28 ? t28 : t39;
      const uint32_t t41 = (uint32_t)bits_of(t40);
      const uint32_t t42 = (uint32_t)((uint32_t)t38 >> 16u);
      const uint32_t t43 = t41 + t42;
      const uint32_t t44 = t43 & 4294901760u;
      const int32_t t45 = (bits_of(t17) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t46 = float_of((uint32_t)t44);
      const float t47 = t45 ? t46 : t17;
      const float t48 = to_bfloat16(t47);
      const int32_t t49 = x3;
      const int32_t t50 = (int32_t)((uint32_t)t49 << (0));
      w2[k] = t48;
      t50_[k] = t50;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t23 = t23_[k];
      const int32_t t50 = t50_[k];
      const float t51 = x0;
      const int32_t t52 = (int32_t)bits_of(t51);
      const int32_t t53 = (int32_t)((uint32_t)t52 + (uint32_t)t50);
      const float t54 = float_of((uint32_t)t53);
      const float t56 = -t23;
      const float t57 = t54 < 0x0.0p+0f ? t56 : t23;
      const float t59 = cautious & (t57 < 0x0.0p+0f) ? t22 : s14;
      const float t61 = decays ? fmaf(t59, t54, t23) : t23;
      const float t65 = fmaf(t62, t61, t54);
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
      w3[k] = t77;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t44 = (float)(0);
  const float t48 = -0x1.fe00000000000p+127f;
  const float t50 = 0x1.fe00000000000p+127f;
  const float t84 = -s15;
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
    float t39_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t24 = t8 - 0x0.0p+0f;
      const float t26 = fmaf(s6, t24, 0x0.0p+0f);
      const float t27 = 0x0.0p+0f - t8;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(t8);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = t8 + t34;
      const float t36 = t23 ? t26 : t35;
      const float t37 = fabsf(t6);
      const float t38 = t37 + s11;
      const float t39 = t36 > t38 || t36 != t36 ? t36 : t38;
      t39_[k] = t39;
    }
    float t45_[BLOCK];
    uint32_t t46_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t39 = t39_[k];
      const float t41 = s3 * t39;
      const float t43 = t22 / t41;
      const float t45 = t39 == 0x0.0p+0f ? t44 : t43;
      const uint32_t t46 = index * 2826234067u;
      const uint32_t t47 = t46 + s13;
      const float t49 = t48 > t22 || t48 != t48 ? t48 : t22;
      const float t51 = t50 < t49 || t50 != t50 ? t50 : t49;
      const uint32_t t52 = (uint32_t)bits_of(t51);
      const uint32_t t53 = (uint32_t)((uint32_t)t47 >> 16u);
      const uint32_t t54 = t52 + t53;
      const uint32_t t55 = t54 & 4294901760u;
      const int32_t t56 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t57 = float_of((uint32_t)t55);
      const float t58 = t56 ? t57 : t22;
      const float t59 = to_bfloat16(t58);
      w1[k] = t59;
      t45_[k] = t45;
      t46_[k] = t46;
    }
    int32_t t72_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const float t39 = t39_[k];
      const uint32_t t46 = t46_[k];
      const uint32_t t60 = t46 + s14;
      const float t61 = t48 > t39 || t48 != t48 ? t48 : t39;
      const float t62 = t50 < t61 || t50 != t50 ? t50 : t61;
      const uint32_t t63 = (uint32_t)bits_of(t62);
      const uint32_t t64 = (uint32_t)((uint32_t)t60 >> 16u);
      const uint32_t t65 = t63 + t64;
      const uint32_t t66 = t65 & 4294901760u;
      const int32_t t67 = (bits_of(t39) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t68 = float_of((uint32_t)t66);
      const float t69 = t67 ? t68 : t39;
      const float t70 = to_bfloat16(t69);
      const int32_t t71 = x3;
      const int32_t t72 = (int32_t)((uint32_t)t71 << (0));
      w2[k] = t70;
      t72_[k] = t72;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t45 = t45_[k];
      const int32_t t72 = t72_[k];
      const float t73 = x0;
      const int32_t t74 = (int32_t)bits_of(t73);
      const int32_t t75 = (int32_t)((uint32_t)t74 + (uint32_t)t72);
      const float t76 = float_of((uint32_t)t75);
      const float t78 = -t45;
      const float t79 = t76 < 0x0.0p+0f ? t78 : t45;
      const float t81 = cautious & (t79 < 0x0.0p+0f) ? t44 : s16;
      const float t83 = decays ? fmaf(t81, t76, t45) : t45;
      const float t87 = fmaf(t84, t83, t76);
      const int32_t t88 = (int32_t)bits_of(t87);
      const int32_t t89 = t88 & (2147483647);
      const int32_t t91 = t89 <= (2139062271) ? (32768) : (0);
      const int32_t t92 = t91;
      const int32_t t93 = (int32_t)((uint32_t)t88 + (uint32_t)t92);
      const int32_t t94 = t93 & (-65536);
      const float t95 = float_of((uint32_t)t94);
      const float t96 = t95;
      const int32_t t97 = (int32_t)((uint32_t)t88 - (uint32_t)t94);
      const int32_t t98 = t97 < (32767) ? t97 : (32767);
      const int32_t t99 = wrapped_int16((int32_t)t98);
      w0[k] = t96;
      w3[k] = t99;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const float t22 = (float)(0);
  const float t26 = -0x1.fe00000000000p+127f;
  const float t28 = 0x1.fe00000000000p+127f;
  const float t62 = -s13;
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
    float t17_[BLOCK];
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
      const float t12 = 0x0.0p+0f - t8;
      const float t14 = fmaf(s6, t12, t8);
      const float t15 = fabsf(t6);
      const float t16 = t15 + s9;
      const float t17 = t14 > t16 || t14 != t14 ? t14 : t16;
      t11_[k] = t11;
      t17_[k] = t17;
    }
    float t23_[BLOCK];
    uint32_t t24_[BLOCK];
    uint32_t t38_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t17 = t17_[k];
      const float t19 = s3 * t17;
      const float t21 = t11 / t19;
      const float t23 = t17 == 0x0.0p+0f ? t22 : t21;
      const uint32_t t24 = index * 2826234067u;
      const uint32_t t25 = t24 + s11;
      const float t27 = t26 > t11 || t26 != t26 ? t26 : t11;
      const float t29 = t28 < t27 || t28 != t28 ? t28 : t27;
      const uint32_t t30 = (uint32_t)bits_of(t29);
      const uint32_t t31 = (uint32_t)((uint32_t)t25 >> 16u);
      const uint32_t t32 = t30 + t31;
      const uint32_t t33 = t32 & 4294901760u;
      const int32_t t34 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t35 = float_of((uint32_t)t33);
      const float t36 = t34 ? t35 : t11;
      const float t37 = to_bfloat16(t36);
      const uint32_t t38 = t24 + s12;
      w1[k] = t37;
      t23_[k] = t23;
      t24_[k] = t24;
      t38_[k] = t38;
    }
    float t54_[BLOCK];
    float t61_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t17 = t17_[k];
      const float t23 = t23_[k];
      const uint32_t t38 = t38_[k];
      const float t39 = t26 > t17 || t26 != t26 ? t26 : t17;
      const float t40 = t28 < t39 || t28 != t28 ? t28 : t39;
      const uint32_t t41 = (uint32_t)bits_of(t40);
      const uint32_t t42 = (uint32_t)((uint32_t)t38 >> 16u);
      const uint32_t t43 = t41 + t42;
      const uint32_t t44 = t43 & 4294901760u;
      const int32_t t45 = (bits_of(t17) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t46 = float_of((uint32_t)t44);
      const float t47 = t45 ? t46 : t17;
      const float t48 = to_bfloat16(t47);
      const int32_t t49 = x3;
      const int32_t t50 = (int32_t)((uint32_t)t49 << (8));
      const float t51 = x0;
      const int32_t t52 = (int32_t)bits_of(t51);
      const int32_t t53 = (int32_t)((uint32_t)t52 + (uint32_t)t50);
      const float t54 = float_of((uint32_t)t53);
      const float t56 = -t23;
      const float t57 = t54 < 0x0.0p+0f ? t56 : t23;
      const float t59 = cautious & (t57 < 0x0.0p+0f) ? t22 : s14;
      const float t61 = decays ? fmaf(t59, t54, t23) : t23;
      w2[k] = t48;
      t54_[k] = t54;
      t61_[k] = t61;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t24 = t24_[k];
      const float t54 = t54_[k];
      const float t61 = t61_[k];
      const uint32_t t64 = t24 + s15;
      const float t65 = fmaf(t62, t61, t54);
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
      w3[k] = t83;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const uint32_t s17 = s[17];
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t44 = (float)(0);
  const float t48 = -0x1.fe00000000000p+127f;
  const float t50 = 0x1.fe00000000000p+127f;
  const float t84 = -s15;
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
    float t39_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t24 = t8 - 0x0.0p+0f;
      const float t26 = fmaf(s6, t24, 0x0.0p+0f);
      const float t27 = 0x0.0p+0f - t8;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(t8);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = t8 + t34;
      const float t36 = t23 ? t26 : t35;
      const float t37 = fabsf(t6);
      const float t38 = t37 + s11;
      const float t39 = t36 > t38 || t36 != t36 ? t36 : t38;
      t39_[k] = t39;
    }
    float t45_[BLOCK];
    uint32_t t46_[BLOCK];
    uint32_t t60_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t39 = t39_[k];
      const float t41 = s3 * t39;
      const float t43 = t22 / t41;
      const float t45 = t39 == 0x0.0p+0f ? t44 : t43;
      const uint32_t t46 = index * 2826234067u;
      const uint32_t t47 = t46 + s13;
      const float t49 = t48 > t22 || t48 != t48 ? t48 : t22;
      const float t51 = t50 < t49 || t50 != t50 ? t50 : t49;
      const uint32_t t52 = (uint32_t)bits_of(t51);
      const uint32_t t53 = (uint32_t)((uint32_t)t47 >> 16u);
      const uint32_t t54 = t52 + t53;
      const uint32_t t55 = t54 & 4294901760u;
      const int32_t t56 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t57 = float_of((uint32_t)t55);
      const float t58 = t56 ? t57 : t22;
      const float t59 = to_bfloat16(t58);
      const uint32_t t60 = t46 + s14;
      w1[k] = t59;
      t45_[k] = t45;
      t46_[k] = t46;
      t60_[k] = t60;
    }
    float t76_[BLOCK];
    float t83_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t39 = t39_[k];
      const float t45 = t45_[k];
      const uint32_t t60 = t60_[k];
      const float t61 = t48 > t39 || t48 != t48 ? t48 : t39;
      const float t62 = t50 < t61 || t50 != t50 ? t50 : t61;
      const uint32_t t63 = (uint32_t)bits_of(t62);
      const uint32_t t64 = (uint32_t)((uint32_t)t60 >> 16u);
      const uint32_t t65 = t63 + t64;
      const uint32_t t66 = t65 & 4294901760u;
      const int32_t t67 = (bits_of(t39) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t68 = float_of((uint32_t)t66);
      const float t69 = t67 ? t68 : t39;
      const float t70 = to_bfloat16(t69);
      const int32_t t71 = x3;
      const int32_t t72 = (int32_t)((uint32_t)t71 << (8));
      const float t73 = x0;
      const int32_t t74 = (int32_t)bits_of(t73);
      const int32_t t75 = (int32_t)((uint32_t)t74 + (uint32_t)t72);
      const float t76 = float_of((uint32_t)t75);
      const float t78 = -t45;
      const float t79 = t76 < 0x0.0p+0f ? t78 : t45;
      const float t81 = cautious & (t79 < 0x0.0p+0f) ? t44 : s16;
      const float t83 = decays ? fmaf(t81, t76, t45) : t45;
      w2[k] = t70;
      t76_[k] = t76;
      t83_[k] = t83;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t46 = t46_[k];
      const float t76 = t76_[k];
      const float t83 = t83_[k];
      const uint32_t t86 = t46 + s17;
      const float t87 = fmaf(t84, t83, t76);
      const int32_t t88 = (int32_t)bits_of(t87);
      const int32_t t89 = t88 & (2147483647);
      const int32_t t90 = t89 <= (2139062016);
      const uint32_t t91 = (uint32_t)((uint32_t)t86 >> 24u);
      const int32_t t92 = (int32_t)t91;
      const int32_t t93 = (int32_t)((uint32_t)t88 + (uint32_t)t92);
      const int32_t t94 = t90 ? t93 : t88;
      const int32_t t95 = t94 & (-256);
      const int32_t t96 = t90 ? (32768) : (0);
      const int32_t t97 = t96;
      const int32_t t98 = (int32_t)((uint32_t)t95 + (uint32_t)t97);
      const int32_t t99 = t98 & (-65536);
      const float t100 = float_of((uint32_t)t99);
      const float t101 = t100;
      const int32_t t102 = (int32_t)((uint32_t)t95 - (uint32_t)t99);
      const int32_t t103 = t102 < (32767) ? t102 : (32767);
      const int32_t t104 = t103 >> (8);
      const int32_t t105 = wrapped_int8((int32_t)t104);
      w0[k] = t101;
      w3[k] = t105;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const uint32_t s11 = s[11];
  const uint32_t s12 = s[12];
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const uint32_t s15 = s[15];
  const float t22 = (float)(0);
  const float t26 = -0x1.fe00000000000p+127f;
  const float t28 = 0x1.fe00000000000p+127f;
  const float t57 = -s13;
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
    float t17_[BLOCK];
    float t21_[BLOCK];
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
      const float t12 = 0x0.0p+0f - t8;
      const float t14 = fmaf(s6, t12, t8);
      const float t15 = fabsf(t6);
      const float t16 = t15 + s9;
      const float t17 = t14 > t16 || t14 != t14 ? t14 : t16;
      const float t19 = s3 * t17;
      const float t21 = t11 / t19;
      t11_[k] = t11;
      t17_[k] = t17;
      t21_[k] = t21;
    }
    float t23_[BLOCK];
    uint32_t t24_[BLOCK];
    uint32_t t44_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t17 = t17_[k];
      const float t21 = t21_[k];
      const float t23 = t17 == 0x0.0p+0f ? t22 : t21;
      const uint32_t t24 = index * 2826234067u;
      const uint32_t t25 = t24 + s11;
      const float t27 = t26 > t11 || t26 != t26 ? t26 : t11;
      const float t29 = t28 < t27 || t28 != t28 ? t28 : t27;
      const uint32_t t30 = (uint32_t)bits_of(t29);
      const uint32_t t31 = (uint32_t)((uint32_t)t25 >> 16u);
      const uint32_t t32 = t30 + t31;
      const uint32_t t33 = t32 & 4294901760u;
      const int32_t t34 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t35 = float_of((uint32_t)t33);
      const float t36 = t34 ? t35 : t11;
      const float t37 = to_bfloat16(t36);
      const uint32_t t38 = t24 + s12;
      const float t39 = t26 > t17 || t26 != t26 ? t26 : t17;
      const float t40 = t28 < t39 || t28 != t28 ? t28 : t39;
      const uint32_t t41 = (uint32_t)bits_of(t40);
      const uint32_t t42 = (uint32_t)((uint32_t)t38 >> 16u);
      const uint32_t t43 = t41 + t42;
      const uint32_t t44 = t43 & 4294901760u;
      w1[k] = t37;
      t23_[k] = t23;
      t24_[k] = t24;
      t44_[k] = t44;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t17 = t17_[k];
      const float t23 = t23_[k];
      const uint32_t t24 = t24_[k];
      const uint32_t t44 = t44_[k];
      const int32_t t45 = (bits_of(t17) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t46 = float_of((uint32_t)t44);
      const float t47 = t45 ? t46 : t17;
      const float t48 = to_bfloat16(t47);
      const float t49 = x0;
      const float t51 = -t23;
      const float t52 = t49 < 0x0.0p+0f ? t51 : t23;
      const float t54 = cautious & (t52 < 0x0.0p+0f) ? t22 : s14;
      const float t56 = decays ? fmaf(t54, t49, t23) : t23;
      const uint32_t t59 = t24 + s15;
      const float t60 = fmaf(t57, t56, t49);
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
      w2[k] = t48;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_bfloat16_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s3 = float_of(s[3]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const uint32_t s13 = s[13];
  const uint32_t s14 = s[14];
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const uint32_t s17 = s[17];
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t44 = (float)(0);
  const float t48 = -0x1.fe00000000000p+127f;
  const float t50 = 0x1.fe00000000000p+127f;
  const float t79 = -s15;
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
    float t39_[BLOCK];
    float t43_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t22 = t22_[k];
      const float t24 = t8 - 0x0.0p+0f;
      const float t26 = fmaf(s6, t24, 0x0.0p+0f);
      const float t27 = 0x0.0p+0f - t8;
      const float t28 = s7 * t27;
      const uint32_t t29 = (uint32_t)bits_of(t8);
      const uint32_t t30 = t29 & 2139095040u;
      const float t31 = float_of((uint32_t)t30);
      const float t32 = t31 * 0x1.0000000000000p-23f;
      const float t34 = fmaf(s10, t32, t28);
      const float t35 = t8 + t34;
      const float t36 = t23 ? t26 : t35;
      const float t37 = fabsf(t6);
      const float t38 = t37 + s11;
      const float t39 = t36 > t38 || t36 != t36 ? t36 : t38;
      const float t41 = s3 * t39;
      const float t43 = t22 / t41;
      t39_[k] = t39;
      t43_[k] = t43;
    }
    float t45_[BLOCK];
    uint32_t t46_[BLOCK];
    uint32_t t66_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t39 = t39_[k];
      const float t43 = t43_[k];
      const float t45 = t39 == 0x0.0p+0f ? t44 : t43;
      const uint32_t t46 = index * 2826234067u;
      const uint32_t t47 = t46 + s13;
      const float t49 = t48 > t22 || t48 != t48 ? t48 : t22;
      const float t51 = t50 < t49 || t50 != t50 ? t50 : t49;
      const uint32_t t52 = (uint32_t)bits_of(t51);
      const uint32_t t53 = (uint32_t)((uint32_t)t47 >> 16u);
      const uint32_t t54 = t52 + t53;
      const uint32_t t55 = t54 & 4294901760u;
      const int32_t t56 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t57 = float_of((uint32_t)t55);
      const float t58 = t56 ? t57 : t22;
      const float t59 = to_bfloat16(t58);
      const uint32_t t60 = t46 + s14;
      const float t61 = t48 > t39 || t48 != t48 ? t48 : t39;
      const float t62 = t50 < t61 || t50 != t50 ? t50 : t61;
      const uint32_t t63 = (uint32_t)bits_of(t62);
      const uint32_t t64 = (uint32_t)((uint32_t)t60 >> 16u);
      const uint32_t t65 = t63 + t64;
      const uint32_t t66 = t65 & 4294901760u;
      w1[k] = t59;
      t45_[k] = t45;
      t46_[k] = t46;
      t66_[k] = t66;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t39 = t39_[k];
      const float t45 = t45_[k];
      const uint32_t t46 = t46_[k];
      const uint32_t t66 = t66_[k];
      const int32_t t67 = (bits_of(t39) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t68 = float_of((uint32_t)t66);
      const float t69 = t67 ? t68 : t39;
      const float t70 = to_bfloat16(t69);
      const float t71 = x0;
      const float t73 = -t45;
      const float t74 = t71 < 0x0.0p+0f ? t73 : t45;
      const float t76 = cautious & (t74 < 0x0.0p+0f) ? t44 : s16;
      const float t78 = decays ? fmaf(t76, t71, t45) : t45;
      const uint32_t t81 = t46 + s17;
      const float t82 = fmaf(t79, t78, t71);
      const int32_t t83 = (int32_t)bits_of(t82);
      const int32_t t84 = t83 & (2147483647);
      const uint32_t t86 = (uint32_t)((uint32_t)t81 >> 16u);
      const int32_t t87 = (int32_t)t86;
      const int32_t t88 = (int32_t)((uint32_t)t83 + (uint32_t)t87);
      const int32_t t89 = t84 <= (2139029504) ? t88 : t83;
      const int32_t t90 = t89 & (-65536);
      const float t91 = float_of((uint32_t)t90);
      const float t92 = t91;
      w0[k] = t92;
      w2[k] = t70;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float t37 = float_of(0x7F800000u);
  const int32_t t85 = (1145061376);
  const int32_t t87 = (1149239295);
  const int32_t t91 = (0);
  const int32_t t111 = (1142964224);
  const int32_t t113 = (1147142143);
  const float t122 = (float)(0);
  const float t126 = -s18;
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
    float t28_[BLOCK];
    float t39_[BLOCK];
    float t40_[BLOCK];
    uint32_t t42_[BLOCK];
    float t47_[BLOCK];
    float t49_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t5 = t5_[k];
      const float t10 = t10_[k];
      const float t23 = t23_[k];
      const float t24 = t24_[k];
      const float t25 = t23 * t24;
      const float t26 = t5 - t25;
      const float t28 = fmaf(s2, t26, t25);
      const float t29 = 0x0.0p+0f - t10;
      const float t31 = fmaf(s6, t29, t10);
      const float t32 = fabsf(t5);
      const float t33 = t32 + s9;
      const float t34 = t31 > t33 || t31 != t31 ? t31 : t33;
      const float t35 = t28 * s4;
      const float t38 = t34 == 0x0.0p+0f ? t37 : t34;
      const float t39 = t35 / t38;
      const float t40 = t34 * t34;
      const uint32_t t41 = index * 2826234067u;
      const uint32_t t42 = t41 + s11;
      const int32_t t44 = (int32_t)bits_of(t40);
      const int32_t t45 = t44 >> (1);
      const int32_t t46 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t45);
      const float t47 = float_of((uint32_t)t46);
      const float t48 = 0x1.686c6e0000000p-1f * t40;
      const float t49 = t48 * t47;
      t28_[k] = t28;
      t39_[k] = t39;
      t40_[k] = t40;
      t42_[k] = t42;
      t47_[k] = t47;
      t49_[k] = t49;
    }
    float t77_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t40 = t40_[k];
      const float t47 = t47_[k];
      const float t49 = t49_[k];
      const float t51 = fmaf(-(t49), t47, 0x1.ae91e80000000p+0f);
      const float t52 = t47 * t51;
      const int32_t t53 = (int32_t)bits_of(t52);
      const int32_t t54 = t53 >> (3);
      const int32_t t55 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t54);
      const float t56 = float_of((uint32_t)t55);
      const float t57 = t56 * t56;
      const float t58 = t57 * t57;
      const float t59 = t58 * t58;
      const float t61 = fmaf(-(t52), t59, 0x1.0000000000000p+0f);
      const float t63 = fmaf(0x1.1e204e0000000p-5f, t61, 0x1.5072220000000p-5f);
      const float t65 = fmaf(t63, t61, 0x1.9746cc0000000p-5f);
      const float t67 = fmaf(t65, t61, 0x1.1fd9940000000p-4f);
      const float t69 = fmaf(t67, t61, 0x1.0000540000000p-3f);
      const float t70 = t56 * t61;
      const float t72 = fmaf(t70, t69, t56);
      const float t73 = t40 * t52;
      const float t74 = t73 * t52;
      const float t76 = fmaf(0x1.0000000000000p-4f, t74, 0x1.e000000000000p-1f);
      const float t77 = t72 * t76;
      t77_[k] = t77;
    }
    float t102_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t28 = t28_[k];
      const float t40 = t40_[k];
      const uint32_t t42 = t42_[k];
      const float t77 = t77_[k];
      const uint32_t t79 = (uint32_t)((uint32_t)t42 >> 18u);
      const int32_t t80 = (int32_t)t79;
      const int32_t t81 = t80 | (1145044992);
      const float t82 = float_of((uint32_t)t81);
      const float t83 = fmaf(t77, s15, t82);
      const int32_t t84 = (int32_t)bits_of(t83);
      const int32_t t86 = t85 > t84 ? t85 : t84;
      const int32_t t88 = t87 < t86 ? t87 : t86;
      const int32_t t89 = t88 >> (14);
      const int32_t t90 = (int32_t)((uint32_t)t89 - (uint32_t)(69888));
      const int32_t t92 = t40 > 0x0.0p+0f ? t90 : t91;
      const int32_t t93 = wrapped_uint8((int32_t)t92);
      const float t94 = (float)t93;
      const float t95 = t94 * t94;
      const float t96 = t95 * t95;
      const float t97 = t96 * s16;
      const float t99 = fabsf(t28);
      const float t100 = t99 + 0x1.0000000000000p-126f;
      const float t101 = fmaf(t97, t97, t100);
      const float t102 = t28 / t101;
      w2[k] = t93;
      t102_[k] = t102;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t39 = t39_[k];
      const uint32_t t42 = t42_[k];
      const float t102 = t102_[k];
      const uint32_t t104 = (uint32_t)((uint32_t)t42 << 7u);
      const uint32_t t105 = (uint32_t)((uint32_t)t104 >> 18u);
      const int32_t t106 = (int32_t)t105;
      const int32_t t107 = t106 | (1145044992);
      const float t108 = float_of((uint32_t)t107);
      const float t109 = fmaf(t102, s17, t108);
      const int32_t t110 = (int32_t)bits_of(t109);
      const int32_t t112 = t111 > t110 ? t111 : t110;
      const int32_t t114 = t113 < t112 ? t113 : t112;
      const int32_t t115 = t114 >> (14);
      const int32_t t116 = (int32_t)((uint32_t)t115 - (uint32_t)(69888));
      const int32_t t117 = wrapped_int8((int32_t)t116);
      const float t119 = -t39;
      const float t120 = x0 < 0x0.0p+0f ? t119 : t39;
      const float t123 = cautious & (t120 < 0x0.0p+0f) ? t122 : s19;
      const float t125 = decays ? fmaf(t123, x0, t39) : t39;
      const float t128 = fmaf(t126, t125, x0);
      a0[k] = t128;
      w1[k] = t117;
    }
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const uint32_t s13 = s[13];
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const int32_t t26 = s1 < 0x1.0000000000000p-1f;
  const int32_t t40 = s6 < 0x1.0000000000000p-1f;
  const float t59 = float_of(0x7F800000u);
  const int32_t t107 = (1145061376);
  const int32_t t109 = (1149239295);
  const int32_t t113 = (0);
  const int32_t t133 = (1142964224);
  const int32_t t135 = (1147142143);
  const float t144 = (float)(0);
  const float t148 = -s20;
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
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      t5_[k] = t5;
    }
    float t10_[BLOCK];
    float t25_[BLOCK];
    float t29_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const int32_t x2 = w2[k];
      const float t5 = t5_[k];
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
      const float t24 = t10 * s15;
      const float t25 = t23 * t24;
      const float t27 = t25 - t5;
      const float t29 = fmaf(s1, t27, t5);
      t10_[k] = t10;
      t25_[k] = t25;
      t29_[k] = t29;
    }
    float t39_[BLOCK];
    float t53_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t10 = t10_[k];
      const float t25 = t25_[k];
      const float t29 = t29_[k];
      const float t30 = t5 - t25;
      const float t31 = s2 * t30;
      const uint32_t t32 = (uint32_t)bits_of(t25);
      const uint32_t t33 = t32 & 2139095040u;
      const float t34 = float_of((uint32_t)t33);
      const float t35 = t34 * 0x1.0000000000000p-23f;
      const float t37 = fmaf(s5, t35, t31);
      const float t38 = t25 + t37;
      const float t39 = t26 ? t29 : t38;
      const float t41 = t10 - 0x0.0p+0f;
      const float t43 = fmaf(s6, t41, 0x0.0p+0f);
      const float t44 = 0x0.0p+0f - t10;
      const float t45 = s7 * t44;
      const uint32_t t46 = (uint32_t)bits_of(t10);
      const uint32_t t47 = t46 & 2139095040u;
      const float t48 = float_of((uint32_t)t47);
      const float t49 = t48 * 0x1.0000000000000p-23f;
      const float t51 = fmaf(s10, t49, t45);
      const float t52 = t10 + t51;
      const float t53 = t40 ? t43 : t52;
      t39_[k] = t39;
      t53_[k] = t53;
    }
    float t61_[BLOCK];
    float t62_[BLOCK];
    uint32_t t64_[BLOCK];
    float t74_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t5 = t5_[k];
      const float t39 = t39_[k];
      const float t53 = t53_[k];
      const float t54 = fabsf(t5);
      const float t55 = t54 + s11;
      const float t56 = t53 > t55 || t53 != t53 ? t53 : t55;
      const float t57 = t39 * s4;
      const float t60 = t56 == 0x0.0p+0f ? t59 : t56;
      const float t61 = t57 / t60;
      const float t62 = t56 * t56;
      const uint32_t t63 = index * 2826234067u;
      const uint32_t t64 = t63 + s13;
      const int32_t t66 = (int32_t)bits_of(t62);
      const int32_t t67 = t66 >> (1);
      const int32_t t68 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t67);
      const float t69 = float_of((uint32_t)t68);
      const float t70 = 0x1.686c6e0000000p-1f * t62;
      const float t71 = t70 * t69;
      const float t73 = fmaf(-(t71), t69, 0x1.ae91e80000000p+0f);
      const float t74 = t69 * t73;
      t61_[k] = t61;
      t62_[k] = t62;
      t64_[k] = t64;
      t74_[k] = t74;
    }
    float t99_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t62 = t62_[k];
      const float t74 = t74_[k];
      const int32_t t75 = (int32_t)bits_of(t74);
      const int32_t t76 = t75 >> (3);
      const int32_t t77 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t76);
      const float t78 = float_of((uint32_t)t77);
      const float t79 = t78 * t78;
      const float t80 = t79 * t79;
      const float t81 = t80 * t80;
      const float t83 = fmaf(-(t74), t81, 0x1.0000000000000p+0f);
      const float t85 = fmaf(0x1.1e204e0000000p-5f, t83, 0x1.5072220000000p-5f);
      const float t87 = fmaf(t85, t83, 0x1.9746cc0000000p-5f);
      const float t89 = fmaf(t87, t83, 0x1.1fd9940000000p-4f);
      const float t91 = fmaf(t89, t83, 0x1.0000540000000p-3f);
      const float t92 = t78 * t83;
      const float t94 = fmaf(t92, t91, t78);
      const float t95 = t62 * t74;
      const float t96 = t95 * t74;
      const float t98 = fmaf(0x1.0000000000000p-4f, t96, 0x1.e000000000000p-1f);
      const float t99 = t94 * t98;
      t99_[k] = t99;
    }
    float t124_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t39 = t39_[k];
      const float t62 = t62_[k];
      const uint32_t t64 = t64_[k];
      const float t99 = t99_[k];
      const uint32_t t101 = (uint32_t)((uint32_t)t64 >> 18u);
      const int32_t t102 = (int32_t)t101;
      const int32_t t103 = t102 | (1145044992);
      const float t104 = float_of((uint32_t)t103);
      const float t105 = fmaf(t99, s17, t104);
      const int32_t t106 = (int32_t)bits_of(t105);
      const int32_t t108 = t107 > t106 ? t107 : t106;
      const int32_t t110 = t109 < t108 ? t109 : t108;
      const int32_t t111 = t110 >> (14);
      const int32_t t112 = (int32_t)((uint32_t)t111 - (uint32_t)(69888));
      const int32_t t114 = t62 > 0x0.0p+0f ? t112 : t113;
      const int32_t t115 = wrapped_uint8((int32_t)t114);
      const float t116 = (float)t115;
      const float t117 = t116 * t116;
      const float t118 = t117 * t117;
      const float t119 = t118 * s18;
      const float t121 = fabsf(t39);
      const float t122 = t121 + 0x1.0000000000000p-126f;
      const float t123 = fmaf(t119, t119, t122);
      const float t124 = t39 / t123;
      w2[k] = t115;
      t124_[k] = t124;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t61 = t61_[k];
      const uint32_t t64 = t64_[k];
      const float t124 = t124_[k];
      const uint32_t t126 = (uint32_t)((uint32_t)t64 << 7u);
      const uint32_t t127 = (uint32_t)((uint32_t)t126 >> 18u);
      const int32_t t128 = (int32_t)t127;
      const int32_t t129 = t128 | (1145044992);
      const float t130 = float_of((uint32_t)t129);
      const float t131 = fmaf(t124, s19, t130);
      const int32_t t132 = (int32_t)bits_of(t131);
      const int32_t t134 = t133 > t132 ? t133 : t132;
      const int32_t t136 = t135 < t134 ? t135 : t134;
      const int32_t t137 = t136 >> (14);
      const int32_t t138 = (int32_t)((uint32_t)t137 - (uint32_t)(69888));
      const int32_t t139 = wrapped_int8((int32_t)t138);
      const float t141 = -t61;
      const float t142 = x0 < 0x0.0p+0f ? t141 : t61;
      const float t145 = cautious & (t142 < 0x0.0p+0f) ? t144 : s21;
      const float t147 = decays ? fmaf(t145, x0, t61) : t61;
      const float t150 = fmaf(t148, t147, x0);
      a0[k] = t150;
      w1[k] = t139;
    }
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
  const uint32_t s11 = s[11];
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s18 = float_of(s[18]);
  const float s19 = float_of(s[19]);
  const float t38 = float_of(0x7F800000u);
  const int32_t t86 = (1145061376);
  const int32_t t88 = (1149239295);
  const int32_t t92 = (0);
  const int32_t t112 = (1142964224);
  const int32_t t114 = (1147142143);
  const float t129 = (float)(0);
  const float t133 = -s18;
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
      const float t10 = t9 * s12;
      const float t11 = t10 * t10;
      t6_[k] = t6;
      t11_[k] = t11;
    }
    float t29_[BLOCK];
    float t35_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const float t6 = t6_[k];
      const float t11 = t11_[k];
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
      const float t27 = t6 - t26;
      const float t29 = fmaf(s2, t27, t26);
      const float t30 = 0x0.0p+0f - t11;
      const float t32 = fmaf(s6, t30, t11);
      const float t33 = fabsf(t6);
      const float t34 = t33 + s9;
      const float t35 = t32 > t34 || t32 != t32 ? t32 : t34;
      t29_[k] = t29;
      t35_[k] = t35;
    }
    float t40_[BLOCK];
    float t41_[BLOCK];
    uint32_t t43_[BLOCK];
    float t53_[BLOCK];
    float t57_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t29 = t29_[k];
      const float t35 = t35_[k];
      const float t36 = t29 * s4;
      const float t39 = t35 == 0x0.0p+0f ? t38 : t35;
      const float t40 = t36 / t39;
      const float t41 = t35 * t35;
      const uint32_t t42 = index * 2826234067u;
      const uint32_t t43 = t42 + s11;
      const int32_t t45 = (int32_t)bits_of(t41);
      const int32_t t46 = t45 >> (1);
      const int32_t t47 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t46);
      const float t48 = float_of((uint32_t)t47);
      const float t49 = 0x1.686c6e0000000p-1f * t41;
      const float t50 = t49 * t48;
      const float t52 = fmaf(-(t50), t48, 0x1.ae91e80000000p+0f);
      const float t53 = t48 * t52;
      const int32_t t54 = (int32_t)bits_of(t53);
      const int32_t t55 = t54 >> (3);
      const int32_t t56 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t55);
      const float t57 = float_of((uint32_t)t56);
      t40_[k] = t40;
      t41_[k] = t41;
      t43_[k] = t43;
      t53_[k] = t53;
      t57_[k] = t57;
    }
    int32_t t85_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const uint32_t t43 = t43_[k];
      const float t53 = t53_[k];
      const float t57 = t57_[k];
      const float t58 = t57 * t57;
      const float t59 = t58 * t58;
      const float t60 = t59 * t59;
      const float t62 = fmaf(-(t53), t60, 0x1.0000000000000p+0f);
      const float t64 = fmaf(0x1.1e204e0000000p-5f, t62, 0x1.5072220000000p-5f);
      const float t66 = fmaf(t64, t62, 0x1.9746cc0000000p-5f);
      const float t68 = fmaf(t66, t62, 0x1.1fd9940000000p-4f);
      const float t70 = fmaf(t68, t62, 0x1.0000540000000p-3f);
      const float t71 = t57 * t62;
      const float t73 = fmaf(t71, t70, t57);
      const float t74 = t41 * t53;
      const float t75 = t74 * t53;
      const float t77 = fmaf(0x1.0000000000000p-4f, t75, 0x1.e000000000000p-1f);
      const float t78 = t73 * t77;
      const uint32_t t80 = (uint32_t)((uint32_t)t43 >> 18u);
      const int32_t t81 = (int32_t)t80;
      const int32_t t82 = t81 | (1145044992);
      const float t83 = float_of((uint32_t)t82);
      const float t84 = fmaf(t78, s15, t83);
      const int32_t t85 = (int32_t)bits_of(t84);
      t85_[k] = t85;
    }
    float t110_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t29 = t29_[k];
      const float t41 = t41_[k];
      const uint32_t t43 = t43_[k];
      const int32_t t85 = t85_[k];
      const int32_t t87 = t86 > t85 ? t86 : t85;
      const int32_t t89 = t88 < t87 ? t88 : t87;
      const int32_t t90 = t89 >> (14);
      const int32_t t91 = (int32_t)((uint32_t)t90 - (uint32_t)(69888));
      const int32_t t93 = t41 > 0x0.0p+0f ? t91 : t92;
      const int32_t t94 = wrapped_uint8((int32_t)t93);
      const float t95 = (float)t94;
      const float t96 = t95 * t95;
      const float t97 = t96 * t96;
      const float t98 = t97 * s16;
      const float t100 = fabsf(t29);
      const float t101 = t100 + 0x1.0000000000000p-126f;
      const float t102 = fmaf(t98, t98, t101);
      const float t103 = t29 / t102;
      const uint32_t t105 = (uint32_t)((uint32_t)t43 << 7u);
      const uint32_t t106 = (uint32_t)((uint32_t)t105 >> 18u);
      const int32_t t107 = (int32_t)t106;
      const int32_t t108 = t107 | (1145044992);
      const float t109 = float_of((uint32_t)t108);
      const float t110 = fmaf(t103, s17, t109);
      w2[k] = t94;
      t110_[k] = t110;
    }
    float t136_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t40 = t40_[k];
      const float t110 = t110_[k];
      const int32_t t111 = (int32_t)bits_of(t110);
      const int32_t t113 = t112 > t111 ? t112 : t111;
      const int32_t t115 = t114 < t113 ? t114 : t113;
      const int32_t t116 = t115 >> (14);
      const int32_t t117 = (int32_t)((uint32_t)t116 - (uint32_t)(69888));
      const int32_t t118 = wrapped_int8((int32_t)t117);
      const int32_t t119 = x3;
      const int32_t t120 = (int32_t)((uint32_t)t119 << (0));
      const float t121 = x0;
      const int32_t t122 = (int32_t)bits_of(t121);
      const int32_t t123 = (int32_t)((uint32_t)t122 + (uint32_t)t120);
      const float t124 = float_of((uint32_t)t123);
      const float t126 = -t40;
      const float t127 = t124 < 0x0.0p+0f ? t126 : t40;
      const float t130 = cautious & (t127 < 0x0.0p+0f) ? t129 : s19;
      const float t132 = decays ? fmaf(t130, t124, t40) : t40;
      const float t136 = fmaf(t133, t132, t124);
      w1[k] = t118;
      t136_[k] = t136;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t136 = t136_[k];
      const int32_t t137 = (int32_t)bits_of(t136);
      const int32_t t138 = t137 & (2147483647);
      const int32_t t140 = t138 <= (2139062271) ? (32768) : (0);
      const int32_t t141 = t140;
      const int32_t t142 = (int32_t)((uint32_t)t137 + (uint32_t)t141);
      const int32_t t143 = t142 & (-65536);
      const float t144 = float_of((uint32_t)t143);
      const float t145 = t144;
      const int32_t t146 = (int32_t)((uint32_t)t137 - (uint32_t)t143);
      const int32_t t147 = t146 < (32767) ? t146 : (32767);
      const int32_t t148 = wrapped_int16((int32_t)t147);
      w0[k] = t145;
      w3[k] = t148;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
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
  const int32_t t41 = s6 < 0x1.0000000000000p-1f;
  const float t60 = float_of(0x7F800000u);
  const int32_t t108 = (1145061376);
  const int32_t t110 = (1149239295);
  const int32_t t114 = (0);
  const int32_t t134 = (1142964224);
  const int32_t t136 = (1147142143);
  const float t151 = (float)(0);
  const float t155 = -s20;
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
    float t40_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t28 = t26 - t6;
      const float t30 = fmaf(s1, t28, t6);
      const float t31 = t6 - t26;
      const float t32 = s2 * t31;
      const uint32_t t33 = (uint32_t)bits_of(t26);
      const uint32_t t34 = t33 & 2139095040u;
      const float t35 = float_of((uint32_t)t34);
      const float t36 = t35 * 0x1.0000000000000p-23f;
      const float t38 = fmaf(s5, t36, t32);
      const float t39 = t26 + t38;
      const float t40 = t27 ? t30 : t39;
      t40_[k] = t40;
    }
    float t57_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t42 = t11 - 0x0.0p+0f;
      const float t44 = fmaf(s6, t42, 0x0.0p+0f);
      const float t45 = 0x0.0p+0f - t11;
      const float t46 = s7 * t45;
      const uint32_t t47 = (uint32_t)bits_of(t11);
      const uint32_t t48 = t47 & 2139095040u;
      const float t49 = float_of((uint32_t)t48);
      const float t50 = t49 * 0x1.0000000000000p-23f;
      const float t52 = fmaf(s10, t50, t46);
      const float t53 = t11 + t52;
      const float t54 = t41 ? t44 : t53;
      const float t55 = fabsf(t6);
      const float t56 = t55 + s11;
      const float t57 = t54 > t56 || t54 != t54 ? t54 : t56;
      t57_[k] = t57;
    }
    float t62_[BLOCK];
    float t63_[BLOCK];
    uint32_t t65_[BLOCK];
    float t75_[BLOCK];
    float t79_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t40 = t40_[k];
      const float t57 = t57_[k];
      const float t58 = t40 * s4;
      const float t61 = t57 == 0x0.0p+0f ? t60 : t57;
      const float t62 = t58 / t61;
      const float t63 = t57 * t57;
      const uint32_t t64 = index * 2826234067u;
      const uint32_t t65 = t64 + s13;
      const int32_t t67 = (int32_t)bits_of(t63);
      const int32_t t68 = t67 >> (1);
      const int32_t t69 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t68);
      const float t70 = float_of((uint32_t)t69);
      const float t71 = 0x1.686c6e0000000p-1f * t63;
      const float t72 = t71 * t70;
      const float t74 = fmaf(-(t72), t70, 0x1.ae91e80000000p+0f);
      const float t75 = t70 * t74;
      const int32_t t76 = (int32_t)bits_of(t75);
      const int32_t t77 = t76 >> (3);
      const int32_t t78 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t77);
      const float t79 = float_of((uint32_t)t78);
      t62_[k] = t62;
      t63_[k] = t63;
      t65_[k] = t65;
      t75_[k] = t75;
      t79_[k] = t79;
    }
    int32_t t107_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t63 = t63_[k];
      const uint32_t t65 = t65_[k];
      const float t75 = t75_[k];
      const float t79 = t79_[k];
      const float t80 = t79 * t79;
      const float t81 = t80 * t80;
      const float t82 = t81 * t81;
      const float t84 = fmaf(-(t75), t82, 0x1.0000000000000p+0f);
      const float t86 = fmaf(0x1.1e204e0000000p-5f, t84, 0x1.5072220000000p-5f);
      const float t88 = fmaf(t86, t84, 0x1.9746cc0000000p-5f);
      const float t90 = fmaf(t88, t84, 0x1.1fd9940000000p-4f);
      const float t92 = fmaf(t90, t84, 0x1.0000540000000p-3f);
      const float t93 = t79 * t84;
      const float t95 = fmaf(t93, t92, t79);
      const float t96 = t63 * t75;
      const float t97 = t96 * t75;
      const float t99 = fmaf(0x1.0000000000000p-4f, t97, 0x1.e000000000000p-1f);
      const float t100 = t95 * t99;
      const uint32_t t102 = (uint32_t)((uint32_t)t65 >> 18u);
      const int32_t t103 = (int32_t)t102;
      const int32_t t104 = t103 | (1145044992);
      const float t105 = float_of((uint32_t)t104);
      const float t106 = fmaf(t100, s17, t105);
      const int32_t t107 = (int32_t)bits_of(t106);
      t107_[k] = t107;
    }
    float t132_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t40 = t40_[k];
      const float t63 = t63_[k];
      const uint32_t t65 = t65_[k];
      const int32_t t107 = t107_[k];
      const int32_t t109 = t108 > t107 ? t108 : t107;
      const int32_t t111 = t110 < t109 ? t110 : t109;
      const int32_t t112 = t111 >> (14);
      const int32_t t113 = (int32_t)((uint32_t)t112 - (uint32_t)(69888));
      const int32_t t115 = t63 > 0x0.0p+0f ? t113 : t114;
      const int32_t t116 = wrapped_uint8((int32_t)t115);
      const float t117 = (float)t116;
      const float t118 = t117 * t117;
      const float t119 = t118 * t118;
      const float t120 = t119 * s18;
      const float t122 = fabsf(t40);
      const float t123 = t122 + 0x1.0000000000000p-126f;
      const float t124 = fmaf(t120, t120, t123);
      const float t125 = t40 / t124;
      const uint32_t t127 = (uint32_t)((uint32_t)t65 << 7u);
      const uint32_t t128 = (uint32_t)((uint32_t)t127 >> 18u);
      const int32_t t129 = (int32_t)t128;
      const int32_t t130 = t129 | (1145044992);
      const float t131 = float_of((uint32_t)t130);
      const float t132 = fmaf(t125, s19, t131);
      w2[k] = t116;
      t132_[k] = t132;
    }
    float t158_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t62 = t62_[k];
      const float t132 = t132_[k];
      const int32_t t133 = (int32_t)bits_of(t132);
      const int32_t t135 = t134 > t133 ? t134 : t133;
      const int32_t t137 = t136 < t135 ? t136 : t135;
      const int32_t t138 = t137 >> (14);
      const int32_t t139 = (int32_t)((uint32_t)t138 - (uint32_t)(69888));
      const int32_t t140 = wrapped_int8((int32_t)t139);
      const int32_t t141 = x3;
      const int32_t t142 = (int32_t)((uint32_t)t141 << (0));
      const float t143 = x0;
      const int32_t t144 = (int32_t)bits_of(t143);
      const int32_t t145 = (int32_t)((uint32_t)t144 + (uint32_t)t142);
      const float t146 = float_of((uint32_t)t145);
      const float t148 = -t62;
      const float t149 = t146 < 0x0.0p+0f ? t148 : t62;
      const float t152 = cautious & (t149 < 0x0.0p+0f) ? t151 : s21;
      const float t154 = decays ? fmaf(t152, t146, t62) : t62;
      const float t158 = fmaf(t155, t154, t146);
      w1[k] = t140;
      t158_[k] = t158;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t158 = t158_[k];
      const int32_t t159 = (int32_t)bits_of(t158);
      const int32_t t160 = t159 & (2147483647);
      const int32_t t162 = t160 <= (2139062271) ? (32768) : (0);
      const int32_t t163 = t162;
      const int32_t t164 = (int32_t)((uint32_t)t159 + (uint32_t)t163);
      const int32_t t165 = t164 & (-65536);
      const float t166 = float_of((uint32_t)t165);
      const float t167 = t166;
      const int32_t t168 = (int32_t)((uint32_t)t159 - (uint32_t)t165);
      const int32_t t169 = t168 < (32767) ? t168 : (32767);
      const int32_t t170 = wrapped_int16((int32_t)t169);
      w0[k] = t167;
      w3[k] = t170;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
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
  const float t38 = float_of(0x7F800000u);
  const int32_t t86 = (1145061376);
  const int32_t t88 = (1149239295);
  const int32_t t92 = (0);
  const int32_t t112 = (1142964224);
  const int32_t t114 = (1147142143);
  const float t129 = (float)(0);
  const float t133 = -s18;
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
      const float t10 = t9 * s12;
      const float t11 = t10 * t10;
      t6_[k] = t6;
      t11_[k] = t11;
    }
    float t29_[BLOCK];
    float t35_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const float t6 = t6_[k];
      const float t11 = t11_[k];
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
      const float t27 = t6 - t26;
      const float t29 = fmaf(s2, t27, t26);
      const float t30 = 0x0.0p+0f - t11;
      const float t32 = fmaf(s6, t30, t11);
      const float t33 = fabsf(t6);
      const float t34 = t33 + s9;
      const float t35 = t32 > t34 || t32 != t32 ? t32 : t34;
      t29_[k] = t29;
      t35_[k] = t35;
    }
    float t40_[BLOCK];
    float t41_[BLOCK];
    uint32_t t42_[BLOCK];
    uint32_t t43_[BLOCK];
    float t53_[BLOCK];
    float t57_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t29 = t29_[k];
      const float t35 = t35_[k];
      const float t36 = t29 * s4;
      const float t39 = t35 == 0x0.0p+0f ? t38 : t35;
      const float t40 = t36 / t39;
      const float t41 = t35 * t35;
      const uint32_t t42 = index * 2826234067u;
      const uint32_t t43 = t42 + s11;
      const int32_t t45 = (int32_t)bits_of(t41);
      const int32_t t46 = t45 >> (1);
      const int32_t t47 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t46);
      const float t48 = float_of((uint32_t)t47);
      const float t49 = 0x1.686c6e0000000p-1f * t41;
      const float t50 = t49 * t48;
      const float t52 = fmaf(-(t50), t48, 0x1.ae91e80000000p+0f);
      const float t53 = t48 * t52;
      const int32_t t54 = (int32_t)bits_of(t53);
      const int32_t t55 = t54 >> (3);
      const int32_t t56 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t55);
      const float t57 = float_of((uint32_t)t56);
      t40_[k] = t40;
      t41_[k] = t41;
      t42_[k] = t42;
      t43_[k] = t43;
      t53_[k] = t53;
      t57_[k] = t57;
    }
    int32_t t85_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const uint32_t t43 = t43_[k];
      const float t53 = t53_[k];
      const float t57 = t57_[k];
      const float t58 = t57 * t57;
      const float t59 = t58 * t58;
      const float t60 = t59 * t59;
      const float t62 = fmaf(-(t53), t60, 0x1.0000000000000p+0f);
      const float t64 = fmaf(0x1.1e204e0000000p-5f, t62, 0x1.5072220000000p-5f);
      const float t66 = fmaf(t64, t62, 0x1.9746cc0000000p-5f);
      const float t68 = fmaf(t66, t62, 0x1.1fd9940000000p-4f);
      const float t70 = fmaf(t68, t62, 0x1.0000540000000p-3f);
      const float t71 = t57 * t62;
      const float t73 = fmaf(t71, t70, t57);
      const float t74 = t41 * t53;
      const float t75 = t74 * t53;
      const float t77 = fmaf(0x1.0000000000000p-4f, t75, 0x1.e000000000000p-1f);
      const float t78 = t73 * t77;
      const uint32_t t80 = (uint32_t)((uint32_t)t43 >> 18u);
      const int32_t t81 = (int32_t)t80;
      const int32_t t82 = t81 | (1145044992);
      const float t83 = float_of((uint32_t)t82);
      const float t84 = fmaf(t78, s15, t83);
      const int32_t t85 = (int32_t)bits_of(t84);
      t85_[k] = t85;
    }
    float t110_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t29 = t29_[k];
      const float t41 = t41_[k];
      const uint32_t t43 = t43_[k];
      const int32_t t85 = t85_[k];
      const int32_t t87 = t86 > t85 ? t86 : t85;
      const int32_t t89 = t88 < t87 ? t88 : t87;
      const int32_t t90 = t89 >> (14);
      const int32_t t91 = (int32_t)((uint32_t)t90 - (uint32_t)(69888));
      const int32_t t93 = t41 > 0x0.0p+0f ? t91 : t92;
      const int32_t t94 = wrapped_uint8((int32_t)t93);
      const float t95 = (float)t94;
      const float t96 = t95 * t95;
      const float t97 = t96 * t96;
      const float t98 = t97 * s16;
      const float t100 = fabsf(t29);
      const float t101 = t100 + 0x1.0000000000000p-126f;
      const float t102 = fmaf(t98, t98, t101);
      const float t103 = t29 / t102;
      const uint32_t t105 = (uint32_t)((uint32_t)t43 << 7u);
      const uint32_t t106 = (uint32_t)((uint32_t)t105 >> 18u);
      const int32_t t107 = (int32_t)t106;
      const int32_t t108 = t107 | (1145044992);
      const float t109 = float_of((uint32_t)t108);
      const float t110 = fmaf(t103, s17, t109);
      w2[k] = t94;
      t110_[k] = t110;
    }
    uint32_t t135_[BLOCK];
    float t136_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t40 = t40_[k];
      const uint32_t t42 = t42_[k];
      const float t110 = t110_[k];
      const int32_t t111 = (int32_t)bits_of(t110);
      const int32_t t113 = t112 > t111 ? t112 : t111;
      const int32_t t115 = t114 < t113 ? t114 : t113;
      const int32_t t116 = t115 >> (14);
      const int32_t t117 = (int32_t)((uint32_t)t116 - (uint32_t)(69888));
      const int32_t t118 = wrapped_int8((int32_t)t117);
      const int32_t t119 = x3;
      const int32_t t120 = (int32_t)((uint32_t)t119 << (8));
      const float t121 = x0;
      const int32_t t122 = (int32_t)bits_of(t121);
      const int32_t t123 = (int32_t)((uint32_t)t122 + (uint32_t)t120);
      const float t124 = float_of((uint32_t)t123);
      const float t126 = -t40;
      const float t127 = t124 < 0x0.0p+0f ? t126 : t40;
      const float t130 = cautious & (t127 < 0x0.0p+0f) ? t129 : s19;
      const float t132 = decays ? fmaf(t130, t124, t40) : t40;
      const uint32_t t135 = t42 + s20;
      const float t136 = fmaf(t133, t132, t124);
      w1[k] = t118;
      t135_[k] = t135;
      t136_[k] = t136;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t135 = t135_[k];
      const float t136 = t136_[k];
      const int32_t t137 = (int32_t)bits_of(t136);
      const int32_t t138 = t137 & (2147483647);
      const int32_t t139 = t138 <= (2139062016);
      const uint32_t t140 = (uint32_t)((uint32_t)t135 >> 24u);
      const int32_t t141 = (int32_t)t140;
      const int32_t t142 = (int32_t)((uint32_t)t137 + (uint32_t)t141);
      const int32_t t143 = t139 ? t142 : t137;
      const int32_t t144 = t143 & (-256);
      const int32_t t145 = t139 ? (32768) : (0);
      const int32_t t146 = t145;
      const int32_t t147 = (int32_t)((uint32_t)t144 + (uint32_t)t146);
      const int32_t t148 = t147 & (-65536);
      const float t149 = float_of((uint32_t)t148);
      const float t150 = t149;
      const int32_t t151 = (int32_t)((uint32_t)t144 - (uint32_t)t148);
      const int32_t t152 = t151 < (32767) ? t151 : (32767);
      const int32_t t153 = t152 >> (8);
      const int32_t t154 = wrapped_int8((int32_t)t153);
      w0[k] = t150;
      w3[k] = t154;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
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
  const int32_t t27 = s1 < 0x1.0000000000000p-1f;
  const int32_t t41 = s6 < 0x1.0000000000000p-1f;
  const float t60 = float_of(0x7F800000u);
  const int32_t t108 = (1145061376);
  const int32_t t110 = (1149239295);
  const int32_t t114 = (0);
  const int32_t t134 = (1142964224);
  const int32_t t136 = (1147142143);
  const float t151 = (float)(0);
  const float t155 = -s20;
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
    float t40_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t28 = t26 - t6;
      const float t30 = fmaf(s1, t28, t6);
      const float t31 = t6 - t26;
      const float t32 = s2 * t31;
      const uint32_t t33 = (uint32_t)bits_of(t26);
      const uint32_t t34 = t33 & 2139095040u;
      const float t35 = float_of((uint32_t)t34);
      const float t36 = t35 * 0x1.0000000000000p-23f;
      const float t38 = fmaf(s5, t36, t32);
      const float t39 = t26 + t38;
      const float t40 = t27 ? t30 : t39;
      t40_[k] = t40;
    }
    float t57_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t42 = t11 - 0x0.0p+0f;
      const float t44 = fmaf(s6, t42, 0x0.0p+0f);
      const float t45 = 0x0.0p+0f - t11;
      const float t46 = s7 * t45;
      const uint32_t t47 = (uint32_t)bits_of(t11);
      const uint32_t t48 = t47 & 2139095040u;
      const float t49 = float_of((uint32_t)t48);
      const float t50 = t49 * 0x1.0000000000000p-23f;
      const float t52 = fmaf(s10, t50, t46);
      const float t53 = t11 + t52;
      const float t54 = t41 ? t44 : t53;
      const float t55 = fabsf(t6);
      const float t56 = t55 + s11;
      const float t57 = t54 > t56 || t54 != t54 ? t54 : t56;
      t57_[k] = t57;
    }
    float t62_[BLOCK];
    float t63_[BLOCK];
    uint32_t t64_[BLOCK];
    uint32_t t65_[BLOCK];
    float t75_[BLOCK];
    float t79_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t40 = t40_[k];
      const float t57 = t57_[k];
      const float t58 = t40 * s4;
      const float t61 = t57 == 0x0.0p+0f ? t60 : t57;
      const float t62 = t58 / t61;
      const float t63 = t57 * t57;
      const uint32_t t64 = index * 2826234067u;
      const uint32_t t65 = t64 + s13;
      const int32_t t67 = (int32_t)bits_of(t63);
      const int32_t t68 = t67 >> (1);
      const int32_t t69 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t68);
      const float t70 = float_of((uint32_t)t69);
      const float t71 = 0x1.686c6e0000000p-1f * t63;
      const float t72 = t71 * t70;
      const float t74 = fmaf(-(t72), t70, 0x1.ae91e80000000p+0f);
      const float t75 = t70 * t74;
      const int32_t t76 = (int32_t)bits_of(t75);
      const int32_t t77 = t76 >> (3);
      const int32_t t78 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t77);
      const float t79 = float_of((uint32_t)t78);
      t62_[k] = t62;
      t63_[k] = t63;
      t64_[k] = t64;
      t65_[k] = t65;
      t75_[k] = t75;
      t79_[k] = t79;
    }
    int32_t t107_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t63 = t63_[k];
      const uint32_t t65 = t65_[k];
      const float t75 = t75_[k];
      const float t79 = t79_[k];
      const float t80 = t79 * t79;
      const float t81 = t80 * t80;
      const float t82 = t81 * t81;
      const float t84 = fmaf(-(t75), t82, 0x1.0000000000000p+0f);
      const float t86 = fmaf(0x1.1e204e0000000p-5f, t84, 0x1.5072220000000p-5f);
      const float t88 = fmaf(t86, t84, 0x1.9746cc0000000p-5f);
      const float t90 = fmaf(t88, t84, 0x1.1fd9940000000p-4f);
      const float t92 = fmaf(t90, t84, 0x1.0000540000000p-3f);
      const float t93 = t79 * t84;
      const float t95 = fmaf(t93, t92, t79);
      const float t96 = t63 * t75;
      const float t97 = t96 * t75;
      const float t99 = fmaf(0x1.0000000000000p-4f, t97, 0x1.e000000000000p-1f);
      const float t100 = t95 * t99;
      const uint32_t t102 = (uint32_t)((uint32_t)t65 >> 18u);
      const int32_t t103 = (int32_t)t102;
      const int32_t t104 = t103 | (1145044992);
      const float t105 = float_of((uint32_t)t104);
      const float t106 = fmaf(t100, s17, t105);
      const int32_t t107 = (int32_t)bits_of(t106);
      t107_[k] = t107;
    }
    float t132_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t40 = t40_[k];
      const float t63 = t63_[k];
      const uint32_t t65 = t65_[k];
      const int32_t t107 = t107_[k];
      const int32_t t109 = t108 > t107 ? t108 : t107;
      const int32_t t111 = t110 < t109 ? t110 : t109;
      const int32_t t112 = t111 >> (14);
      const int32_t t113 = (int32_t)((uint32_t)t112 - (uint32_t)(69888));
      const int32_t t115 = t63 > 0x0.0p+0f ? t113 : t114;
      const int32_t t116 = wrapped_uint8((int32_t)t115);
      const float t117 = (float)t116;
      const float t118 = t117 * t117;
      const float t119 = t118 * t118;
      const float t120 = t119 * s18;
      const float t122 = fabsf(t40);
      const float t123 = t122 + 0x1.0000000000000p-126f;
      const float t124 = fmaf(t120, t120, t123);
      const float t125 = t40 / t124;
      const uint32_t t127 = (uint32_t)((uint32_t)t65 << 7u);
      const uint32_t t128 = (uint32_t)((uint32_t)t127 >> 18u);
      const int32_t t129 = (int32_t)t128;
      const int32_t t130 = t129 | (1145044992);
      const float t131 = float_of((uint32_t)t130);
      const float t132 = fmaf(t125, s19, t131);
      w2[k] = t116;
      t132_[k] = t132;
    }
    uint32_t t157_[BLOCK];
    float t158_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t62 = t62_[k];
      const uint32_t t64 = t64_[k];
      const float t132 = t132_[k];
      const int32_t t133 = (int32_t)bits_of(t132);
      const int32_t t135 = t134 > t133 ? t134 : t133;
      const int32_t t137 = t136 < t135 ? t136 : t135;
      const int32_t t138 = t137 >> (14);
      const int32_t t139 = (int32_t)((uint32_t)t138 - (uint32_t)(69888));
      const int32_t t140 = wrapped_int8((int32_t)t139);
      const int32_t t141 = x3;
      const int32_t t142 = (int32_t)((uint32_t)t141 << (8));
      const float t143 = x0;
      const int32_t t144 = (int32_t)bits_of(t143);
      const int32_t t145 = (int32_t)((uint32_t)t144 + (uint32_t)t142);
      const float t146 = float_of((uint32_t)t145);
      const float t148 = -t62;
      const float t149 = t146 < 0x0.0p+0f ? t148 : t62;
      const float t152 = cautious & (t149 < 0x0.0p+0f) ? t151 : s21;
      const float t154 = decays ? fmaf(t152, t146, t62) : t62;
      const uint32_t t157 = t64 + s22;
      const float t158 = fmaf(t155, t154, t146);
      w1[k] = t140;
      t157_[k] = t157;
      t158_[k] = t158;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t157 = t157_[k];
      const float t158 = t158_[k];
      const int32_t t159 = (int32_t)bits_of(t158);
      const int32_t t160 = t159 & (2147483647);
      const int32_t t161 = t160 <= (2139062016);
      const uint32_t t162 = (uint32_t)((uint32_t)t157 >> 24u);
      const int32_t t163 = (int32_t)t162;
      const int32_t t164 = (int32_t)((uint32_t)t159 + (uint32_t)t163);
      const int32_t t165 = t161 ? t164 : t159;
      const int32_t t166 = t165 & (-256);
      const int32_t t167 = t161 ? (32768) : (0);
      const int32_t t168 = t167;
      const int32_t t169 = (int32_t)((uint32_t)t166 + (uint32_t)t168);
      const int32_t t170 = t169 & (-65536);
      const float t171 = float_of((uint32_t)t170);
      const float t172 = t171;
      const int32_t t173 = (int32_t)((uint32_t)t166 - (uint32_t)t170);
      const int32_t t174 = t173 < (32767) ? t173 : (32767);
      const int32_t t175 = t174 >> (8);
      const int32_t t176 = wrapped_int8((int32_t)t175);
      w0[k] = t172;
      w3[k] = t176;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s6 = float_of(s[6]);
  const float s9 = float_of(s[9]);
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
  const float t38 = float_of(0x7F800000u);
  const int32_t t86 = (1145061376);
  const int32_t t88 = (1149239295);
  const int32_t t92 = (0);
  const int32_t t112 = (1142964224);
  const int32_t t114 = (1147142143);
  const float t124 = (float)(0);
  const float t128 = -s18;
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
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
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
      t6_[k] = t6;
      t11_[k] = t11;
    }
    float t29_[BLOCK];
    float t35_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const float t6 = t6_[k];
      const float t11 = t11_[k];
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
      const float t27 = t6 - t26;
      const float t29 = fmaf(s2, t27, t26);
      const float t30 = 0x0.0p+0f - t11;
      const float t32 = fmaf(s6, t30, t11);
      const float t33 = fabsf(t6);
      const float t34 = t33 + s9;
      const float t35 = t32 > t34 || t32 != t32 ? t32 : t34;
      t29_[k] = t29;
      t35_[k] = t35;
    }
    float t40_[BLOCK];
    float t41_[BLOCK];
    uint32_t t42_[BLOCK];
    uint32_t t43_[BLOCK];
    float t53_[BLOCK];
    float t57_[BLOCK];
    float t59_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t29 = t29_[k];
      const float t35 = t35_[k];
      const float t36 = t29 * s4;
      const float t39 = t35 == 0x0.0p+0f ? t38 : t35;
      const float t40 = t36 / t39;
      const float t41 = t35 * t35;
      const uint32_t t42 = index * 2826234067u;
      const uint32_t t43 = t42 + s11;
      const int32_t t45 = (int32_t)bits_of(t41);
      const int32_t t46 = t45 >> (1);
      const int32_t t47 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t46);
      const float t48 = float_of((uint32_t)t47);
      const float t49 = 0x1.686c6e0000000p-1f * t41;
      const float t50 = t49 * t48;
      const float t52 = fmaf(-(t50), t48, 0x1.ae91e80000000p+0f);
      const float t53 = t48 * t52;
      const int32_t t54 = (int32_t)bits_of(t53);
      const int32_t t55 = t54 >> (3);
      const int32_t t56 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t55);
      const float t57 = float_of((uint32_t)t56);
      const float t58 = t57 * t57;
      const float t59 = t58 * t58;
      t40_[k] = t40;
      t41_[k] = t41;
      t42_[k] = t42;
      t43_[k] = t43;
      t53_[k] = t53;
      t57_[k] = t57;
      t59_[k] = t59;
    }
    int32_t t89_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const uint32_t t43 = t43_[k];
      const float t53 = t53_[k];
      const float t57 = t57_[k];
      const float t59 = t59_[k];
      const float t60 = t59 * t59;
      const float t62 = fmaf(-(t53), t60, 0x1.0000000000000p+0f);
      const float t64 = fmaf(0x1.1e204e0000000p-5f, t62, 0x1.5072220000000p-5f);
      const float t66 = fmaf(t64, t62, 0x1.9746cc0000000p-5f);
      const float t68 = fmaf(t66, t62, 0x1.1fd9940000000p-4f);
      const float t70 = fmaf(t68, t62, 0x1.0000540000000p-3f);
      const float t71 = t57 * t62;
      const float t73 = fmaf(t71, t70, t57);
      const float t74 = t41 * t53;
      const float t75 = t74 * t53;
      const float t77 = fmaf(0x1.0000000000000p-4f, t75, 0x1.e000000000000p-1f);
      const float t78 = t73 * t77;
      const uint32_t t80 = (uint32_t)((uint32_t)t43 >> 18u);
      const int32_t t81 = (int32_t)t80;
      const int32_t t82 = t81 | (1145044992);
      const float t83 = float_of((uint32_t)t82);
      const float t84 = fmaf(t78, s15, t83);
      const int32_t t85 = (int32_t)bits_of(t84);
      const int32_t t87 = t86 > t85 ? t86 : t85;
      const int32_t t89 = t88 < t87 ? t88 : t87;
      t89_[k] = t89;
    }
    int32_t t113_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t29 = t29_[k];
      const float t41 = t41_[k];
      const uint32_t t43 = t43_[k];
      const int32_t t89 = t89_[k];
      const int32_t t90 = t89 >> (14);
      const int32_t t91 = (int32_t)((uint32_t)t90 - (uint32_t)(69888));
      const int32_t t93 = t41 > 0x0.0p+0f ? t91 : t92;
      const int32_t t94 = wrapped_uint8((int32_t)t93);
      const float t95 = (float)t94;
      const float t96 = t95 * t95;
      const float t97 = t96 * t96;
      const float t98 = t97 * s16;
      const float t100 = fabsf(t29);
      const float t101 = t100 + 0x1.0000000000000p-126f;
      const float t102 = fmaf(t98, t98, t101);
      const float t103 = t29 / t102;
      const uint32_t t105 = (uint32_t)((uint32_t)t43 << 7u);
      const uint32_t t106 = (uint32_t)((uint32_t)t105 >> 18u);
      const int32_t t107 = (int32_t)t106;
      const int32_t t108 = t107 | (1145044992);
      const float t109 = float_of((uint32_t)t108);
      const float t110 = fmaf(t103, s17, t109);
      const int32_t t111 = (int32_t)bits_of(t110);
      const int32_t t113 = t112 > t111 ? t112 : t111;
      w2[k] = t94;
      t113_[k] = t113;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t40 = t40_[k];
      const uint32_t t42 = t42_[k];
      const int32_t t113 = t113_[k];
      const int32_t t115 = t114 < t113 ? t114 : t113;
      const int32_t t116 = t115 >> (14);
      const int32_t t117 = (int32_t)((uint32_t)t116 - (uint32_t)(69888));
      const int32_t t118 = wrapped_int8((int32_t)t117);
      const float t119 = x0;
      const float t121 = -t40;
      const float t122 = t119 < 0x0.0p+0f ? t121 : t40;
      const float t125 = cautious & (t122 < 0x0.0p+0f) ? t124 : s19;
      const float t127 = decays ? fmaf(t125, t119, t40) : t40;
      const uint32_t t130 = t42 + s20;
      const float t131 = fmaf(t128, t127, t119);
      const int32_t t132 = (int32_t)bits_of(t131);
      const int32_t t133 = t132 & (2147483647);
      const uint32_t t135 = (uint32_t)((uint32_t)t130 >> 16u);
      const int32_t t136 = (int32_t)t135;
      const int32_t t137 = (int32_t)((uint32_t)t132 + (uint32_t)t136);
      const int32_t t138 = t133 <= (2139029504) ? t137 : t132;
      const int32_t t139 = t138 & (-65536);
      const float t140 = float_of((uint32_t)t139);
      const float t141 = t140;
      w0[k] = t141;
      w1[k] = t118;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(adamax_8bit_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s4 = float_of(s[4]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
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
  const int32_t t27 = s1 < 0x1.0000000000000p-1f;
  const int32_t t41 = s6 < 0x1.0000000000000p-1f;
  const float t60 = float_of(0x7F800000u);
  const int32_t t108 = (1145061376);
  const int32_t t110 = (1149239295);
  const int32_t t114 = (0);
  const int32_t t134 = (1142964224);
  const int32_t t136 = (1147142143);
  const float t146 = (float)(0);
  const float t150 = -s20;
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
    float t40_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s15;
      const float t26 = t24 * t25;
      const float t28 = t26 - t6;
      const float t30 = fmaf(s1, t28, t6);
      const float t31 = t6 - t26;
      const float t32 = s2 * t31;
      const uint32_t t33 = (uint32_t)bits_of(t26);
      const uint32_t t34 = t33 & 2139095040u;
      const float t35 = float_of((uint32_t)t34);
      const float t36 = t35 * 0x1.0000000000000p-23f;
      const float t38 = fmaf(s5, t36, t32);
      const float t39 = t26 + t38;
      const float t40 = t27 ? t30 : t39;
      t40_[k] = t40;
    }
    float t57_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t42 = t11 - 0x0.0p+0f;
      const float t44 = fmaf(s6, t42, 0x0.0p+0f);
      const float t45 = 0x0.0p+0f - t11;
      const float t46 = s7 * t45;
      const uint32_t t47 = (uint32_t)bits_of(t11);
      const uint32_t t48 = t47 & 2139095040u;
      const float t49 = float_of((uint32_t)t48);
      const float t50 = t49 * 0x1.0000000000000p-23f;
      const float t52 = fmaf(s10, t50, t46);
      const float t53 = t11 + t52;
      const float t54 = t41 ? t44 : t53;
      const float t55 = fabsf(t6);
      const float t56 = t55 + s11;
      const float t57 = t54 > t56 || t54 != t54 ? t54 : t56;
      t57_[k] = t57;
    }
    float t62_[BLOCK];
    float t63_[BLOCK];
    uint32_t t64_[BLOCK];
    uint32_t t65_[BLOCK];
    float t75_[BLOCK];
    float t79_[BLOCK];
    float t81_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t40 = t40_[k];
      const float t57 = t57_[k];
      const float t58 = t40 * s4;
      const float t61 = t57 == 0x0.0p+0f ? t60 : t57;
      const float t62 = t58 / t61;
      const float t63 = t57 * t57;
      const uint32_t t64 = index * 2826234067u;
      const uint32_t t65 = t64 + s13;
      const int32_t t67 = (int32_t)bits_of(t63);
      const int32_t t68 = t67 >> (1);
      const int32_t t69 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t68);
      const float t70 = float_of((uint32_t)t69);
      const float t71 = 0x1.686c6e0000000p-1f * t63;
      const float t72 = t71 * t70;
      const float t74 = fmaf(-(t72), t70, 0x1.ae91e80000000p+0f);
      const float t75 = t70 * t74;
      const int32_t t76 = (int32_t)bits_of(t75);
      const int32_t t77 = t76 >> (3);
      const int32_t t78 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t77);
      const float t79 = float_of((uint32_t)t78);
      const float t80 = t79 * t79;
      const float t81 = t80 * t80;
      t62_[k] = t62;
      t63_[k] = t63;
      t64_[k] = t64;
      t65_[k] = t65;
      t75_[k] = t75;
      t79_[k] = t79;
      t81_[k] = t81;
    }
    int32_t t111_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t63 = t63_[k];
      const uint32_t t65 = t65_[k];
      const float t75 = t75_[k];
      const float t79 = t79_[k];
      const float t81 = t81_[k];
      const float t82 = t81 * t81;
      const float t84 = fmaf(-(t75), t82, 0x1.0000000000000p+0f);
      const float t86 = fmaf(0x1.1e204e0000000p-5f, t84, 0x1.5072220000000p-5f);
      const float t88 = fmaf(t86, t84, 0x1.9746cc0000000p-5f);
      const float t90 = fmaf(t88, t84, 0x1.1fd9940000000p-4f);
      const float t92 = fmaf(t90, t84, 0x1.0000540000000p-3f);
      const float t93 = t79 * t84;
      const float t95 = fmaf(t93, t92, t79);
      const float t96 = t63 * t75;
      const float t97 = t96 * t75;
      const float t99 = fmaf(0x1.0000000000000p-4f, t97, 0x1.e000000000000p-1f);
      const float t100 = t95 * t99;
      const uint32_t t102 = (uint32_t)((uint32_t)t65 >> 18u);
      const int32_t t103 = (int32_t)t102;
      const int32_t t104 = t103 | (1145044992);
      const float t105 = float_of((uint32_t)t104);
      const float t106 = fmaf(t100, s17, t105);
      const int32_t t107 = (int32_t)bits_of(t106);
      const int32_t t109 = t108 > t107 ? t108 : t107;
      const int32_t t111 = t110 < t109 ? t110 : t109;
      t111_[k] = t111;
    }
    int32_t t135_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t40 = t40_[k];
      const float t63 = t63_[k];
      const uint32_t t65 = t65_[k];
      const int32_t t111 = t111_[k];
      const int32_t t112 = t111 >> (14);
      const int32_t t113 = (int32_t)((uint32_t)t112 - (uint32_t)(69888));
      const int32_t t115 = t63 > 0x0.0p+0f ? t113 : t114;
      const int32_t t116 = wrapped_uint8((int32_t)t115);
      const float t117 = (float)t116;
      const float t118 = t117 * t117;
      const float t119 = t118 * t118;
      const float t120 = t119 * s18;
      const float t122 = fabsf(t40);
      const float t123 = t122 + 0x1.0000000000000p-126f;
      const float t124 = fmaf(t120, t120, t123);
      const float t125 = t40 / t124;
      const uint32_t t127 = (uint32_t)((uint32_t)t65 << 7u);
      const uint32_t t128 = (uint32_t)((uint32_t)t127 >> 18u);
      const int32_t t129 = (int32_t)t128;
      const int32_t t130 = t129 | (1145044992);
      const float t131 = float_of((uint32_t)t130);
      const float t132 = fmaf(t125, s19, t131);
      const int32_t t133 = (int32_t)bits_of(t132);
      const int32_t t135 = t134 > t133 ? t134 : t133;
      w2[k] = t116;
      t135_[k] = t135;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t62 = t62_[k];
      const uint32_t t64 = t64_[k];
      const int32_t t135 = t135_[k];
      const int32_t t137 = t136 < t135 ? t136 : t135;
      const int32_t t138 = t137 >> (14);
      const int32_t t139 = (int32_t)((uint32_t)t138 - (uint32_t)(69888));
      const int32_t t140 = wrapped_int8((int32_t)t139);
      const float t141 = x0;
      const float t143 = -t62;
      const float t144 = t141 < 0x0.0p+0f ? t143 : t62;
      const float t147 = cautious & (t144 < 0x0.0p+0f) ? t146 : s21;
      const float t149 = decays ? fmaf(t147, t141, t62) : t62;
      const uint32_t t152 = t64 + s22;
      const float t153 = fmaf(t150, t149, t141);
      const int32_t t154 = (int32_t)bits_of(t153);
      const int32_t t155 = t154 & (2147483647);
      const uint32_t t157 = (uint32_t)((uint32_t)t152 >> 16u);
      const int32_t t158 = (int32_t)t157;
      const int32_t t159 = (int32_t)((uint32_t)t154 + (uint32_t)t158);
      const int32_t t160 = t155 <= (2139029504) ? t159 : t154;
      const int32_t t161 = t160 & (-65536);
      const float t162 = float_of((uint32_t)t161);
      const float t163 = t162;
      w0[k] = t163;
      w1[k] = t140;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

const Kernel adamax_kernels[] = {
    {"adamax_float32_float32", adamax_float32_float32, {4, 4, 4, 4}},
    {"adamax_float32_float32_any_rates", adamax_float32_float32_any_rates, {4, 4, 4, 4}},
    {"adamax_float32_bfloat16_weights32", adamax_float32_bfloat16_weights32, {2, 4, 4, 2, 2}},
    {"adamax_float32_bfloat16_weights32_any_rates", adamax_float32_bfloat16_weights32_any_rates, {2, 4, 4, 2, 2}},
    {"adamax_float32_bfloat16_weights24", adamax_float32_bfloat16_weights24, {2, 4, 4, 1, 2}},
    {"adamax_float32_bfloat16_weights24_any_rates", adamax_float32_bfloat16_weights24_any_rates, {2, 4, 4, 1, 2}},
    {"adamax_float32_bfloat16_weights16", adamax_float32_bfloat16_weights16, {2, 4, 4, 2}},
    {"adamax_float32_bfloat16_weights16_any_rates", adamax_float32_bfloat16_weights16_any_rates, {2, 4, 4, 2}},
    {"adamax_bfloat16_float32", adamax_bfloat16_float32, {4, 2, 2, 4}},
    {"adamax_bfloat16_float32_any_rates", adamax_bfloat16_float32_any_rates, {4, 2, 2, 4}},
    {"adamax_bfloat16_bfloat16_weights32", adamax_bfloat16_bfloat16_weights32, {2, 2, 2, 2, 2}},
    {"adamax_bfloat16_bfloat16_weights32_any_rates", adamax_bfloat16_bfloat16_weights32_any_rates, {2, 2, 2, 2, 2}},
    {"adamax_bfloat16_bfloat16_weights24", adamax_bfloat16_bfloat16_weights24, {2, 2, 2, 1, 2}},
    {"adamax_bfloat16_bfloat16_weights24_any_rates", adamax_bfloat16_bfloat16_weights24_any_rates, {2, 2, 2, 1, 2}},
    {"adamax_bfloat16_bfloat16_weights16", adamax_bfloat16_bfloat16_weights16, {2, 2, 2, 2}},
    {"adamax_bfloat16_bfloat16_weights16_any_rates", adamax_bfloat16_bfloat16_weights16_any_rates, {2, 2, 2, 2}},
    {"adamax_8bit_float32", adamax_8bit_float32, {4, 1, 1, 4}},
    {"adamax_8bit_float32_any_rates", adamax_8bit_float32_any_rates, {4, 1, 1, 4}},
    {"adamax_8bit_bfloat16_weights32", adamax_8bit_bfloat16_weights32, {2, 1, 1, 2, 2}},
    {"adamax_8bit_bfloat16_weights32_any_rates", adamax_8bit_bfloat16_weights32_any_rates, {2, 1, 1, 2, 2}},
    {"adamax_8bit_bfloat16_weights24", adamax_8bit_bfloat16_weights24, {2, 1, 1, 1, 2}},
    {"adamax_8bit_bfloat16_weights24_any_rates", adamax_8bit_bfloat16_weights24_any_rates, {2, 1, 1, 1, 2}},
    {"adamax_8bit_bfloat16_weights16", adamax_8bit_bfloat16_weights16, {2, 1, 1, 2}},
    {"adamax_8bit_bfloat16_weights16_any_rates", adamax_8bit_bfloat16_weights16_any_rates, {2, 1, 1, 2}},
    {0},
};
