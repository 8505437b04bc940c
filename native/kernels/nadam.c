// What does one step do to a run of elements of one leaf?  Written by native/generate.py from the traces of
// adam_jax/core/leaf_step.py; never by hand.
#include "../kernels.h"


KERNEL(nadam_float32_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float t13 = 1.0f / s17;
  const float t16 = 1.0f / s13;
  const float t20 = 1.0f / s7;
  const float t27 = (float)(0);
  const float t36 = -s19;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float t5_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      t5_[k] = t5;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float x1 = a1[k];
      const float x2 = a2[k];
      const float t5 = t5_[k];
      const float t6 = t5 - x1;
      const float t8 = fmaf(s2, t6, x1);
      const float t10 = fmaf(t5, t5, -(x2));
      const float t12 = fmaf(s6, t10, x2);
      const float t14 = divided(t8, s17, t13);
      const float t15 = s15 * t14;
      const float t17 = divided(t5, s13, t16);
      const float t19 = fmaf(s12, t17, t15);
      const float t21 = divided(t12, s7, t20);
      const float t22 = t21 + s10;
      const float t23 = sqrtf(t22);
      const float t24 = t23 + s9;
      const float t26 = t19 / t24;
      const float t28 = t24 == 0x0.0p+0f ? t27 : t26;
      const float t30 = -t28;
      const float t31 = x0 < 0x0.0p+0f ? t30 : t28;
      const float t33 = cautious & (t31 < 0x0.0p+0f) ? t27 : s20;
      const float t35 = decays ? fmaf(t33, x0, t28) : t28;
      const float t38 = fmaf(t36, t35, x0);
      a0[k] = t38;
      a1[k] = t8;
      a2[k] = t12;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const int32_t t6 = s1 < 0x1.0000000000000p-1f;
  const int32_t t21 = s6 < 0x1.0000000000000p-1f;
  const float t35 = 1.0f / s19;
  const float t38 = 1.0f / s15;
  const float t42 = 1.0f / s8;
  const float t49 = (float)(0);
  const float t58 = -s21;
  float* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const float* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float t5_[BLOCK];
    float t19_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
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
      a1[k] = t19;
      t5_[k] = t5;
      t19_[k] = t19;
    }
    float t34_[BLOCK];
    float t41_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const float t5 = t5_[k];
      const float t19 = t19_[k];
      const float t20 = t5 * t5;
      const float t22 = x2 - t20;
      const float t24 = fmaf(s6, t22, t20);
      const float t25 = t20 - x2;
      const float t26 = s7 * t25;
      const uint32_t t27 = (uint32_t)bits_of(x2);
      const uint32_t t28 = t27 & 2139095040u;
      const float t29 = float_of((uint32_t)t28);
      const float t30 = t29 * 0x1.0000000000000p-23f;
      const float t32 = fmaf(s10, t30, t26);
      const float t33 = x2 + t32;
      const float t34 = t21 ? t24 : t33;
      const float t36 = divided(t19, s19, t35);
      const float t37 = s17 * t36;
      const float t39 = divided(t5, s15, t38);
      const float t41 = fmaf(s14, t39, t37);
      a2[k] = t34;
      t34_[k] = t34;
      t41_[k] = t41;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t34 = t34_[k];
      const float t41 = t41_[k];
      const float t43 = divided(t34, s8, t42);
      const float t44 = t43 + s12;
      const float t45 = sqrtf(t44);
      const float t46 = t45 + s11;
      const float t48 = t41 / t46;
      const float t50 = t46 == 0x0.0p+0f ? t49 : t48;
      const float t52 = -t50;
      const float t53 = x0 < 0x0.0p+0f ? t52 : t50;
      const float t55 = cautious & (t53 < 0x0.0p+0f) ? t49 : s22;
      const float t57 = decays ? fmaf(t55, x0, t50) : t50;
      const float t60 = fmaf(t58, t57, x0);
      a0[k] = t60;
    }
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const float t14 = 1.0f / s17;
  const float t17 = 1.0f / s13;
  const float t21 = 1.0f / s7;
  const float t28 = (float)(0);
  const float t43 = -s19;
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
    float t29_[BLOCK];
    int32_t t31_[BLOCK];
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
      const float t15 = divided(t9, s17, t14);
      const float t16 = s15 * t15;
      const float t18 = divided(t6, s13, t17);
      const float t20 = fmaf(s12, t18, t16);
      const float t22 = divided(t13, s7, t21);
      const float t23 = t22 + s10;
      const float t24 = sqrtf(t23);
      const float t25 = t24 + s9;
      const float t27 = t20 / t25;
      const float t29 = t25 == 0x0.0p+0f ? t28 : t27;
      const int32_t t30 = x3;
      const int32_t t31 = (int32_t)((uint32_t)t30 << (0));
      a1[k] = t9;
      a2[k] = t13;
      t29_[k] = t29;
      t31_[k] = t31;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t29 = t29_[k];
      const int32_t t31 = t31_[k];
      const float t32 = x0;
      const int32_t t33 = (int32_t)bits_of(t32);
      const int32_t t34 = (int32_t)((uint32_t)t33 + (uint32_t)t31);
      const float t35 = float_of((uint32_t)t34);
      const float t37 = -t29;
      const float t38 = t35 < 0x0.0p+0f ? t37 : t29;
      const float t40 = cautious & (t38 < 0x0.0p+0f) ? t28 : s20;
      const float t42 = decays ? fmaf(t40, t35, t29) : t29;
      const float t47 = fmaf(t43, t42, t35);
      const int32_t t48 = (int32_t)bits_of(t47);
      const int32_t t49 = t48 & (2147483647);
      const int32_t t51 = t49 <= (2139062271) ? (32768) : (0);
      const int32_t t52 = t51;
      const int32_t t53 = (int32_t)((uint32_t)t48 + (uint32_t)t52);
      const int32_t t54 = t53 & (-65536);
      const float t55 = float_of((uint32_t)t54);
      const float t56 = t55;
      const int32_t t57 = (int32_t)((uint32_t)t48 - (uint32_t)t54);
      const int32_t t58 = t57 < (32767) ? t57 : (32767);
      const int32_t t59 = wrapped_int16((int32_t)t58);
      w0[k] = t56;
      w3[k] = t59;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t36 = 1.0f / s19;
  const float t39 = 1.0f / s15;
  const float t43 = 1.0f / s8;
  const float t50 = (float)(0);
  const float t65 = -s21;
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
    float t25_[BLOCK];
    float t26_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x1 = a1[k];
      const float x2 = a2[k];
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
      const float t23 = x2 - t21;
      const float t25 = fmaf(s6, t23, t21);
      const float t26 = t21 - x2;
      a1[k] = t20;
      t6_[k] = t6;
      t20_[k] = t20;
      t25_[k] = t25;
      t26_[k] = t26;
    }
    float t51_[BLOCK];
    int32_t t53_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x2 = a2[k];
      const int32_t x3 = w3[k];
      const float t6 = t6_[k];
      const float t20 = t20_[k];
      const float t25 = t25_[k];
      const float t26 = t26_[k];
      const float t27 = s7 * t26;
      const uint32_t t28 = (uint32_t)bits_of(x2);
      const uint32_t t29 = t28 & 2139095040u;
      const float t30 = float_of((uint32_t)t29);
      const float t31 = t30 * 0x1.0000000000000p-23f;
      const float t33 = fmaf(s10, t31, t27);
      const float t34 = x2 + t33;
      const float t35 = t22 ? t25 : t34;
      const float t37 = divided(t20, s19, t36);
      const float t38 = s17 * t37;
      const float t40 = divided(t6, s15, t39);
      const float t42 = fmaf(s14, t40, t38);
      const float t44 = divided(t35, s8, t43);
      const float t45 = t44 + s12;
      const float t46 = sqrtf(t45);
      const float t47 = t46 + s11;
      const float t49 = t42 / t47;
      const float t51 = t47 == 0x0.0p+0f ? t50 : t49;
      const int32_t t52 = x3;
      const int32_t t53 = (int32_t)((uint32_t)t52 << (0));
      a2[k] = t35;
      t51_[k] = t51;
      t53_[k] = t53;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t51 = t51_[k];
      const int32_t t53 = t53_[k];
      const float t54 = x0;
      const int32_t t55 = (int32_t)bits_of(t54);
      const int32_t t56 = (int32_t)((uint32_t)t55 + (uint32_t)t53);
      const float t57 = float_of((uint32_t)t56);
      const float t59 = -t51;
      const float t60 = t57 < 0x0.0p+0f ? t59 : t51;
      const float t62 = cautious & (t60 < 0x0.0p+0f) ? t50 : s22;
      const float t64 = decays ? fmaf(t62, t57, t51) : t51;
      const float t69 = fmaf(t65, t64, t57);
      const int32_t t70 = (int32_t)bits_of(t69);
      const int32_t t71 = t70 & (2147483647);
      const int32_t t73 = t71 <= (2139062271) ? (32768) : (0);
      const int32_t t74 = t73;
      const int32_t t75 = (int32_t)((uint32_t)t70 + (uint32_t)t74);
      const int32_t t76 = t75 & (-65536);
      const float t77 = float_of((uint32_t)t76);
      const float t78 = t77;
      const int32_t t79 = (int32_t)((uint32_t)t70 - (uint32_t)t76);
      const int32_t t80 = t79 < (32767) ? t79 : (32767);
      const int32_t t81 = wrapped_int16((int32_t)t80);
      w0[k] = t78;
      w3[k] = t81;
    }
    narrow_bfloat16(a0, w0);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const uint32_t s21 = s[21];
  const float t14 = 1.0f / s17;
  const float t17 = 1.0f / s13;
  const float t21 = 1.0f / s7;
  const float t28 = (float)(0);
  const float t43 = -s19;
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
    float t29_[BLOCK];
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
      const float t15 = divided(t9, s17, t14);
      const float t16 = s15 * t15;
      const float t18 = divided(t6, s13, t17);
      const float t20 = fmaf(s12, t18, t16);
      const float t22 = divided(t13, s7, t21);
      const float t23 = t22 + s10;
      const float t24 = sqrtf(t23);
      const float t25 = t24 + s9;
      const float t27 = t20 / t25;
      const float t29 = t25 == 0x0.0p+0f ? t28 : t27;
      a1[k] = t9;
      a2[k] = t13;
      t29_[k] = t29;
    }
    uint32_t t46_[BLOCK];
    float t47_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t29 = t29_[k];
      const int32_t t30 = x3;
      const int32_t t31 = (int32_t)((uint32_t)t30 << (8));
      const float t32 = x0;
      const int32_t t33 = (int32_t)bits_of(t32);
      const int32_t t34 = (int32_t)((uint32_t)t33 + (uint32_t)t31);
      const float t35 = float_of((uint32_t)t34);
      const float t37 = -t29;
      const float t38 = t35 < 0x0.0p+0f ? t37 : t29;
      const float t40 = cautious & (t38 < 0x0.0p+0f) ? t28 : s20;
      const float t42 = decays ? fmaf(t40, t35, t29) : t29;
      const uint32_t t45 = index * 2826234067u;
      const uint32_t t46 = t45 + s21;
      const float t47 = fmaf(t43, t42, t35);
      t46_[k] = t46;
      t47_[k] = t47;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t46 = t46_[k];
      const float t47 = t47_[k];
      const int32_t t48 = (int32_t)bits_of(t47);
      const int32_t t49 = t48 & (2147483647);
      const int32_t t50 = t49 <= (2139062016);
      const uint32_t t51 = (uint32_t)((uint32_t)t46 >> 24u);
      const int32_t t52 = (int32_t)t51;
      const int32_t t53 = (int32_t)((uint32_t)t48 + (uint32_t)t52);
      const int32_t t54 = t50 ? t53 : t48;
      const int32_t t55 = t54 & (-256);
      const int32_t t56 = t50 ? (32768) : (0);
      const int32_t t57 = t56;
      const int32_t t58 = (int32_t)((uint32_t)t55 + (uint32_t)t57);
      const int32_t t59 = t58 & (-65536);
      const float t60 = float_of((uint32_t)t59);
      const float t61 = t60;
      const int32_t t62 = (int32_t)((uint32_t)t55 - (uint32_t)t59);
      const int32_t t63 = t62 < (32767) ? t62 : (32767);
      const int32_t t64 = t63 >> (8);
      const int32_t t65 = wrapped_int8((int32_t)t64);
      w0[k] = t61;
      w3[k] = t65;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const uint32_t s23 = s[23];
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t36 = 1.0f / s19;
  const float t39 = 1.0f / s15;
  const float t43 = 1.0f / s8;
  const float t50 = (float)(0);
  const float t65 = -s21;
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
    float t35_[BLOCK];
    float t42_[BLOCK];
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
      const float t37 = divided(t20, s19, t36);
      const float t38 = s17 * t37;
      const float t40 = divided(t6, s15, t39);
      const float t42 = fmaf(s14, t40, t38);
      a2[k] = t35;
      t35_[k] = t35;
      t42_[k] = t42;
    }
    uint32_t t68_[BLOCK];
    float t69_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const uint32_t index = first + (uint32_t)k;
      const float t35 = t35_[k];
      const float t42 = t42_[k];
      const float t44 = divided(t35, s8, t43);
      const float t45 = t44 + s12;
      const float t46 = sqrtf(t45);
      const float t47 = t46 + s11;
      const float t49 = t42 / t47;
      const float t51 = t47 == 0x0.0p+0f ? t50 : t49;
      const int32_t t52 = x3;
      const int32_t t53 = (int32_t)((uint32_t)t52 << (8));
      const float t54 = x0;
      const int32_t t55 = (int32_t)bits_of(t54);
      const int32_t t56 = (int32_t)((uint32_t)t55 + (uint32_t)t53);
      const float t57 = float_of((uint32_t)t56);
      const float t59 = -t51;
      const float t60 = t57 < 0x0.0p+0f ? t59 : t51;
      const float t62 = cautious & (t60 < 0x0.0p+0f) ? t50 : s22;
      const float t64 = decays ? fmaf(t62, t57, t51) : t51;
      const uint32_t t67 = index * 2826234067u;
      const uint32_t t68 = t67 + s23;
      const float t69 = fmaf(t65, t64, t57);
      t68_[k] = t68;
      t69_[k] = t69;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t68 = t68_[k];
      const float t69 = t69_[k];
      const int32_t t70 = (int32_t)bits_of(t69);
      const int32_t t71 = t70 & (2147483647);
      const int32_t t72 = t71 <= (2139062016);
      const uint32_t t73 = (uint32_t)((uint32_t)t68 >> 24u);
      const int32_t t74 = (int32_t)t73;
      const int32_t t75 = (int32_t)((uint32_t)t70 + (uint32_t)t74);
      const int32_t t76 = t72 ? t75 : t70;
      const int32_t t77 = t76 & (-256);
      const int32_t t78 = t72 ? (32768) : (0);
      const int32_t t79 = t78;
      const int32_t t80 = (int32_t)((uint32_t)t77 + (uint32_t)t79);
      const int32_t t81 = t80 & (-65536);
      const float t82 = float_of((uint32_t)t81);
      const float t83 = t82;
      const int32_t t84 = (int32_t)((uint32_t)t77 - (uint32_t)t81);
      const int32_t t85 = t84 < (32767) ? t84 : (32767);
      const int32_t t86 = t85 >> (8);
      const int32_t t87 = wrapped_int8((int32_t)t86);
      w0[k] = t83;
      w3[k] = t87;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s20 = float_of(s[20]);
  const uint32_t s21 = s[21];
  const float t14 = 1.0f / s17;
  const float t17 = 1.0f / s13;
  const float t21 = 1.0f / s7;
  const float t28 = (float)(0);
  const float t38 = -s19;
  uint16_t* restrict a0 = a[0];
  float* restrict a1 = a[1];
  float* restrict a2 = a[2];
  const uint16_t* restrict a3 = a[3];
  for (int64_t b = 0; b < blocks; b++) {
    float w0[BLOCK];
    float w3[BLOCK];
    widen_bfloat16(w0, a0);
    widen_bfloat16(w3, a3);
    float t29_[BLOCK];
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
      const float t15 = divided(t9, s17, t14);
      const float t16 = s15 * t15;
      const float t18 = divided(t6, s13, t17);
      const float t20 = fmaf(s12, t18, t16);
      const float t22 = divided(t13, s7, t21);
      const float t23 = t22 + s10;
      const float t24 = sqrtf(t23);
      const float t25 = t24 + s9;
      const float t27 = t20 / t25;
      const float t29 = t25 == 0x0.0p+0f ? t28 : t27;
      a1[k] = t9;
      a2[k] = t13;
      t29_[k] = t29;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t29 = t29_[k];
      const float t30 = x0;
      const float t32 = -t29;
      const float t33 = t30 < 0x0.0p+0f ? t32 : t29;
      const float t35 = cautious & (t33 < 0x0.0p+0f) ? t28 : s20;
      const float t37 = decays ? fmaf(t35, t30, t29) : t29;
      const uint32_t t40 = index * 2826234067u;
      const uint32_t t41 = t40 + s21;
      const float t42 = fmaf(t38, t37, t30);
      const int32_t t43 = (int32_t)bits_of(t42);
      const int32_t t44 = t43 & (2147483647);
      const uint32_t t46 = (uint32_t)((uint32_t)t41 >> 16u);
      const int32_t t47 = (int32_t)t46;
      const int32_t t48 = (int32_t)((uint32_t)t43 + (uint32_t)t47);
      const int32_t t49 = t44 <= (2139029504) ? t48 : t43;
      const int32_t t50 = t49 & (-65536);
      const float t51 = float_of((uint32_t)t50);
      const float t52 = t51;
      w0[k] = t52;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_float32_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const uint32_t s23 = s[23];
  const int32_t t7 = s1 < 0x1.0000000000000p-1f;
  const int32_t t22 = s6 < 0x1.0000000000000p-1f;
  const float t36 = 1.0f / s19;
  const float t39 = 1.0f / s15;
  const float t43 = 1.0f / s8;
  const float t50 = (float)(0);
  const float t60 = -s21;
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
    float t42_[BLOCK];
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
      const float t37 = divided(t20, s19, t36);
      const float t38 = s17 * t37;
      const float t40 = divided(t6, s15, t39);
      const float t42 = fmaf(s14, t40, t38);
      const float t44 = divided(t35, s8, t43);
      const float t45 = t44 + s12;
      const float t46 = sqrtf(t45);
      a2[k] = t35;
      t42_[k] = t42;
      t46_[k] = t46;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const uint32_t index = first + (uint32_t)k;
      const float t42 = t42_[k];
      const float t46 = t46_[k];
      const float t47 = t46 + s11;
      const float t49 = t42 / t47;
      const float t51 = t47 == 0x0.0p+0f ? t50 : t49;
      const float t52 = x0;
      const float t54 = -t51;
      const float t55 = t52 < 0x0.0p+0f ? t54 : t51;
      const float t57 = cautious & (t55 < 0x0.0p+0f) ? t50 : s22;
      const float t59 = decays ? fmaf(t57, t52, t51) : t51;
      const uint32_t t62 = index * 2826234067u;
      const uint32_t t63 = t62 + s23;
      const float t64 = fmaf(t60, t59, t52);
      const int32_t t65 = (int32_t)bits_of(t64);
      const int32_t t66 = t65 & (2147483647);
      const uint32_t t68 = (uint32_t)((uint32_t)t63 >> 16u);
      const int32_t t69 = (int32_t)t68;
      const int32_t t70 = (int32_t)((uint32_t)t65 + (uint32_t)t69);
      const int32_t t71 = t66 <= (2139029504) ? t70 : t65;
      const int32_t t72 = t71 & (-65536);
      const float t73 = float_of((uint32_t)t72);
      const float t74 = t73;
      w0[k] = t74;
    }
    narrow_bfloat16(a0, w0);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const uint32_t s19 = s[19];
  const uint32_t s20 = s[20];
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const float t15 = 1.0f / s17;
  const float t18 = 1.0f / s13;
  const float t22 = 1.0f / s7;
  const float t29 = (float)(0);
  const float t33 = -0x1.fe00000000000p+127f;
  const float t35 = 0x1.fe00000000000p+127f;
  const float t63 = -s21;
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
      const float t8 = t5 - t6;
      const float t10 = fmaf(s2, t8, t6);
      const float t12 = fmaf(t5, t5, -(t7));
      const float t14 = fmaf(s6, t12, t7);
      const float t16 = divided(t10, s17, t15);
      const float t17 = s15 * t16;
      const float t19 = divided(t5, s13, t18);
      const float t21 = fmaf(s12, t19, t17);
      t10_[k] = t10;
      t14_[k] = t14;
      t21_[k] = t21;
    }
    float t30_[BLOCK];
    uint32_t t31_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t10 = t10_[k];
      const float t14 = t14_[k];
      const float t21 = t21_[k];
      const float t23 = divided(t14, s7, t22);
      const float t24 = t23 + s10;
      const float t25 = sqrtf(t24);
      const float t26 = t25 + s9;
      const float t28 = t21 / t26;
      const float t30 = t26 == 0x0.0p+0f ? t29 : t28;
      const uint32_t t31 = index * 2826234067u;
      const uint32_t t32 = t31 + s19;
      const float t34 = t33 > t10 || t33 != t33 ? t33 : t10;
      const float t36 = t35 < t34 || t35 != t35 ? t35 : t34;
      const uint32_t t37 = (uint32_t)bits_of(t36);
      const uint32_t t38 = (uint32_t)((uint32_t)t32 >> 16u);
      const uint32_t t39 = t37 + t38;
      const uint32_t t40 = t39 & 4294901760u;
      const int32_t t41 = (bits_of(t10) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t42 = float_of((uint32_t)t40);
      const float t43 = t41 ? t42 : t10;
      const float t44 = to_bfloat16(t43);
      w1[k] = t44;
      t30_[k] = t30;
      t31_[k] = t31;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t14 = t14_[k];
      const float t30 = t30_[k];
      const uint32_t t31 = t31_[k];
      const uint32_t t45 = t31 + s20;
      const float t46 = t33 > t14 || t33 != t33 ? t33 : t14;
      const float t47 = t35 < t46 || t35 != t35 ? t35 : t46;
      const uint32_t t48 = (uint32_t)bits_of(t47);
      const uint32_t t49 = (uint32_t)((uint32_t)t45 >> 16u);
      const uint32_t t50 = t48 + t49;
      const uint32_t t51 = t50 & 4294901760u;
      const int32_t t52 = (bits_of(t14) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t53 = float_of((uint32_t)t51);
      const float t54 = t52 ? t53 : t14;
      const float t55 = to_bfloat16(t54);
      const float t57 = -t30;
      const float t58 = x0 < 0x0.0p+0f ? t57 : t30;
      const float t60 = cautious & (t58 < 0x0.0p+0f) ? t29 : s22;
      const float t62 = decays ? fmaf(t60, x0, t30) : t30;
      const float t65 = fmaf(t63, t62, x0);
      a0[k] = t65;
      w2[k] = t55;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const uint32_t s21 = s[21];
  const uint32_t s22 = s[22];
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const int32_t t8 = s1 < 0x1.0000000000000p-1f;
  const int32_t t23 = s6 < 0x1.0000000000000p-1f;
  const float t37 = 1.0f / s19;
  const float t40 = 1.0f / s15;
  const float t44 = 1.0f / s8;
  const float t51 = (float)(0);
  const float t55 = -0x1.fe00000000000p+127f;
  const float t57 = 0x1.fe00000000000p+127f;
  const float t85 = -s23;
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
    float t43_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t7 = t7_[k];
      const float t21 = t21_[k];
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
      const float t38 = divided(t21, s19, t37);
      const float t39 = s17 * t38;
      const float t41 = divided(t5, s15, t40);
      const float t43 = fmaf(s14, t41, t39);
      t36_[k] = t36;
      t43_[k] = t43;
    }
    float t52_[BLOCK];
    uint32_t t53_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t21 = t21_[k];
      const float t36 = t36_[k];
      const float t43 = t43_[k];
      const float t45 = divided(t36, s8, t44);
      const float t46 = t45 + s12;
      const float t47 = sqrtf(t46);
      const float t48 = t47 + s11;
      const float t50 = t43 / t48;
      const float t52 = t48 == 0x0.0p+0f ? t51 : t50;
      const uint32_t t53 = index * 2826234067u;
      const uint32_t t54 = t53 + s21;
      const float t56 = t55 > t21 || t55 != t55 ? t55 : t21;
      const float t58 = t57 < t56 || t57 != t57 ? t57 : t56;
      const uint32_t t59 = (uint32_t)bits_of(t58);
      const uint32_t t60 = (uint32_t)((uint32_t)t54 >> 16u);
      const uint32_t t61 = t59 + t60;
      const uint32_t t62 = t61 & 4294901760u;
      const int32_t t63 = (bits_of(t21) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t64 = float_of((uint32_t)t62);
      const float t65 = t63 ? t64 : t21;
      const float t66 = to_bfloat16(t65);
      w1[k] = t66;
      t52_[k] = t52;
      t53_[k] = t53;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t36 = t36_[k];
      const float t52 = t52_[k];
      const uint32_t t53 = t53_[k];
      const uint32_t t67 = t53 + s22;
      const float t68 = t55 > t36 || t55 != t55 ? t55 : t36;
      const float t69 = t57 < t68 || t57 != t57 ? t57 : t68;
      const uint32_t t70 = (uint32_t)bits_of(t69);
      const uint32_t t71 = (uint32_t)((uint32_t)t67 >> 16u);
      const uint32_t t72 = t70 + t71;
      const uint32_t t73 = t72 & 4294901760u;
      const int32_t t74 = (bits_of(t36) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t75 = float_of((uint32_t)t73);
      const float t76 = t74 ? t75 : t36;
      const float t77 = to_bfloat16(t76);
      const float t79 = -t52;
      const float t80 = x0 < 0x0.0p+0f ? t79 : t52;
      const float t82 = cautious & (t80 < 0x0.0p+0f) ? t51 : s24;
      const float t84 = decays ? fmaf(t82, x0, t52) : t52;
      const float t87 = fmaf(t85, t84, x0);
      a0[k] = t87;
      w2[k] = t77;
    }
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const uint32_t s19 = s[19];
  const uint32_t s20 = s[20];
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const float t16 = 1.0f / s17;
  const float t19 = 1.0f / s13;
  const float t23 = 1.0f / s7;
  const float t30 = (float)(0);
  const float t34 = -0x1.fe00000000000p+127f;
  const float t36 = 0x1.fe00000000000p+127f;
  const float t70 = -s21;
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
    float t31_[BLOCK];
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
      const float t17 = divided(t11, s17, t16);
      const float t18 = s15 * t17;
      const float t20 = divided(t6, s13, t19);
      const float t22 = fmaf(s12, t20, t18);
      const float t24 = divided(t15, s7, t23);
      const float t25 = t24 + s10;
      const float t26 = sqrtf(t25);
      const float t27 = t26 + s9;
      const float t29 = t22 / t27;
      const float t31 = t27 == 0x0.0p+0f ? t30 : t29;
      t11_[k] = t11;
      t15_[k] = t15;
      t31_[k] = t31;
    }
    uint32_t t51_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const uint32_t t32 = index * 2826234067u;
      const uint32_t t33 = t32 + s19;
      const float t35 = t34 > t11 || t34 != t34 ? t34 : t11;
      const float t37 = t36 < t35 || t36 != t36 ? t36 : t35;
      const uint32_t t38 = (uint32_t)bits_of(t37);
      const uint32_t t39 = (uint32_t)((uint32_t)t33 >> 16u);
      const uint32_t t40 = t38 + t39;
      const uint32_t t41 = t40 & 4294901760u;
      const int32_t t42 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t43 = float_of((uint32_t)t41);
      const float t44 = t42 ? t43 : t11;
      const float t45 = to_bfloat16(t44);
      const uint32_t t46 = t32 + s20;
      const float t47 = t34 > t15 || t34 != t34 ? t34 : t15;
      const float t48 = t36 < t47 || t36 != t36 ? t36 : t47;
      const uint32_t t49 = (uint32_t)bits_of(t48);
      const uint32_t t50 = (uint32_t)((uint32_t)t46 >> 16u);
      const uint32_t t51 = t49 + t50;
      w1[k] = t45;
      t51_[k] = t51;
    }
    float t73_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t15 = t15_[k];
      const float t31 = t31_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t52 = t51 & 4294901760u;
      const int32_t t53 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t54 = float_of((uint32_t)t52);
      const float t55 = t53 ? t54 : t15;
      const float t56 = to_bfloat16(t55);
      const int32_t t57 = x3;
      const int32_t t58 = (int32_t)((uint32_t)t57 << (0));
      const float t59 = x0;
      const int32_t t60 = (int32_t)bits_of(t59);
      const int32_t t61 = (int32_t)((uint32_t)t60 + (uint32_t)t58);
      const float t62 = float_of((uint32_t)t61);
      const float t64 = -t31;
      const float t65 = t62 < 0x0.0p+0f ? t64 : t31;
      const float t67 = cautious & (t65 < 0x0.0p+0f) ? t30 : s22;
      const float t69 = decays ? fmaf(t67, t62, t31) : t31;
      const float t73 = fmaf(t70, t69, t62);
      w2[k] = t56;
      t73_[k] = t73;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t73 = t73_[k];
      const int32_t t74 = (int32_t)bits_of(t73);
      const int32_t t75 = t74 & (2147483647);
      const int32_t t77 = t75 <= (2139062271) ? (32768) : (0);
      const int32_t t78 = t77;
      const int32_t t79 = (int32_t)((uint32_t)t74 + (uint32_t)t78);
      const int32_t t80 = t79 & (-65536);
      const float t81 = float_of((uint32_t)t80);
      const float t82 = t81;
      const int32_t t83 = (int32_t)((uint32_t)t74 - (uint32_t)t80);
      const int32_t t84 = t83 < (32767) ? t83 : (32767);
      const int32_t t85 = wrapped_int16((int32_t)t84);
      w0[k] = t82;
      w3[k] = t85;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const uint32_t s21 = s[21];
  const uint32_t s22 = s[22];
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s19;
  const float t41 = 1.0f / s15;
  const float t45 = 1.0f / s8;
  const float t52 = (float)(0);
  const float t56 = -0x1.fe00000000000p+127f;
  const float t58 = 0x1.fe00000000000p+127f;
  const float t92 = -s23;
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
    float t44_[BLOCK];
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
      const float t39 = divided(t22, s19, t38);
      const float t40 = s17 * t39;
      const float t42 = divided(t6, s15, t41);
      const float t44 = fmaf(s14, t42, t40);
      t37_[k] = t37;
      t44_[k] = t44;
    }
    float t53_[BLOCK];
    uint32_t t54_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const float t44 = t44_[k];
      const float t46 = divided(t37, s8, t45);
      const float t47 = t46 + s12;
      const float t48 = sqrtf(t47);
      const float t49 = t48 + s11;
      const float t51 = t44 / t49;
      const float t53 = t49 == 0x0.0p+0f ? t52 : t51;
      const uint32_t t54 = index * 2826234067u;
      const uint32_t t55 = t54 + s21;
      const float t57 = t56 > t22 || t56 != t56 ? t56 : t22;
      const float t59 = t58 < t57 || t58 != t58 ? t58 : t57;
      const uint32_t t60 = (uint32_t)bits_of(t59);
      const uint32_t t61 = (uint32_t)((uint32_t)t55 >> 16u);
      const uint32_t t62 = t60 + t61;
      const uint32_t t63 = t62 & 4294901760u;
      const int32_t t64 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t65 = float_of((uint32_t)t63);
      const float t66 = t64 ? t65 : t22;
      const float t67 = to_bfloat16(t66);
      w1[k] = t67;
      t53_[k] = t53;
      t54_[k] = t54;
    }
    int32_t t80_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const float t37 = t37_[k];
      const uint32_t t54 = t54_[k];
      const uint32_t t68 = t54 + s22;
      const float t69 = t56 > t37 || t56 != t56 ? t56 : t37;
      const float t70 = t58 < t69 || t58 != t58 ? t58 : t69;
      const uint32_t t71 = (uint32_t)bits_of(t70);
      const uint32_t t72 = (uint32_t)((uint32_t)t68 >> 16u);
      const uint32_t t73 = t71 + t72;
      const uint32_t t74 = t73 & 4294901760u;
      const int32_t t75 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t76 = float_of((uint32_t)t74);
      const float t77 = t75 ? t76 : t37;
      const float t78 = to_bfloat16(t77);
      const int32_t t79 = x3;
      const int32_t t80 = (int32_t)((uint32_t)t79 << (0));
      w2[k] = t78;
      t80_[k] = t80;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t53 = t53_[k];
      const int32_t t80 = t80_[k];
      const float t81 = x0;
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = (int32_t)((uint32_t)t82 + (uint32_t)t80);
      const float t84 = float_of((uint32_t)t83);
      const float t86 = -t53;
      const float t87 = t84 < 0x0.0p+0f ? t86 : t53;
      const float t89 = cautious & (t87 < 0x0.0p+0f) ? t52 : s24;
      const float t91 = decays ? fmaf(t89, t84, t53) : t53;
      const float t95 = fmaf(t92, t91, t84);
      const int32_t t96 = (int32_t)bits_of(t95);
      const int32_t t97 = t96 & (2147483647);
      const int32_t t99 = t97 <= (2139062271) ? (32768) : (0);
      const int32_t t100 = t99;
      const int32_t t101 = (int32_t)((uint32_t)t96 + (uint32_t)t100);
      const int32_t t102 = t101 & (-65536);
      const float t103 = float_of((uint32_t)t102);
      const float t104 = t103;
      const int32_t t105 = (int32_t)((uint32_t)t96 - (uint32_t)t102);
      const int32_t t106 = t105 < (32767) ? t105 : (32767);
      const int32_t t107 = wrapped_int16((int32_t)t106);
      w0[k] = t104;
      w3[k] = t107;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const uint32_t s19 = s[19];
  const uint32_t s20 = s[20];
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const uint32_t s23 = s[23];
  const float t16 = 1.0f / s17;
  const float t19 = 1.0f / s13;
  const float t23 = 1.0f / s7;
  const float t30 = (float)(0);
  const float t34 = -0x1.fe00000000000p+127f;
  const float t36 = 0x1.fe00000000000p+127f;
  const float t70 = -s21;
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
    float t31_[BLOCK];
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
      const float t17 = divided(t11, s17, t16);
      const float t18 = s15 * t17;
      const float t20 = divided(t6, s13, t19);
      const float t22 = fmaf(s12, t20, t18);
      const float t24 = divided(t15, s7, t23);
      const float t25 = t24 + s10;
      const float t26 = sqrtf(t25);
      const float t27 = t26 + s9;
      const float t29 = t22 / t27;
      const float t31 = t27 == 0x0.0p+0f ? t30 : t29;
      t11_[k] = t11;
      t15_[k] = t15;
      t31_[k] = t31;
    }
    uint32_t t32_[BLOCK];
    uint32_t t51_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const uint32_t t32 = index * 2826234067u;
      const uint32_t t33 = t32 + s19;
      const float t35 = t34 > t11 || t34 != t34 ? t34 : t11;
      const float t37 = t36 < t35 || t36 != t36 ? t36 : t35;
      const uint32_t t38 = (uint32_t)bits_of(t37);
      const uint32_t t39 = (uint32_t)((uint32_t)t33 >> 16u);
      const uint32_t t40 = t38 + t39;
      const uint32_t t41 = t40 & 4294901760u;
      const int32_t t42 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t43 = float_of((uint32_t)t41);
      const float t44 = t42 ? t43 : t11;
      const float t45 = to_bfloat16(t44);
      const uint32_t t46 = t32 + s20;
      const float t47 = t34 > t15 || t34 != t34 ? t34 : t15;
      const float t48 = t36 < t47 || t36 != t36 ? t36 : t47;
      const uint32_t t49 = (uint32_t)bits_of(t48);
      const uint32_t t50 = (uint32_t)((uint32_t)t46 >> 16u);
      const uint32_t t51 = t49 + t50;
      w1[k] = t45;
      t32_[k] = t32;
      t51_[k] = t51;
    }
    uint32_t t72_[BLOCK];
    float t73_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t15 = t15_[k];
      const float t31 = t31_[k];
      const uint32_t t32 = t32_[k];
      const uint32_t t51 = t51_[k];
      const uint32_t t52 = t51 & 4294901760u;
      const int32_t t53 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t54 = float_of((uint32_t)t52);
      const float t55 = t53 ? t54 : t15;
      const float t56 = to_bfloat16(t55);
      const int32_t t57 = x3;
      const int32_t t58 = (int32_t)((uint32_t)t57 << (8));
      const float t59 = x0;
      const int32_t t60 = (int32_t)bits_of(t59);
      const int32_t t61 = (int32_t)((uint32_t)t60 + (uint32_t)t58);
      const float t62 = float_of((uint32_t)t61);
      const float t64 = -t31;
      const float t65 = t62 < 0x0.0p+0f ? t64 : t31;
      const float t67 = cautious & (t65 < 0x0.0p+0f) ? t30 : s22;
      const float t69 = decays ? fmaf(t67, t62, t31) : t31;
      const uint32_t t72 = t32 + s23;
      const float t73 = fmaf(t70, t69, t62);
      w2[k] = t56;
      t72_[k] = t72;
      t73_[k] = t73;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t72 = t72_[k];
      const float t73 = t73_[k];
      const int32_t t74 = (int32_t)bits_of(t73);
      const int32_t t75 = t74 & (2147483647);
      const int32_t t76 = t75 <= (2139062016);
      const uint32_t t77 = (uint32_t)((uint32_t)t72 >> 24u);
      const int32_t t78 = (int32_t)t77;
      const int32_t t79 = (int32_t)((uint32_t)t74 + (uint32_t)t78);
      const int32_t t80 = t76 ? t79 : t74;
      const int32_t t81 = t80 & (-256);
      const int32_t t82 = t76 ? (32768) : (0);
      const int32_t t83 = t82;
      const int32_t t84 = (int32_t)((uint32_t)t81 + (uint32_t)t83);
      const int32_t t85 = t84 & (-65536);
      const float t86 = float_of((uint32_t)t85);
      const float t87 = t86;
      const int32_t t88 = (int32_t)((uint32_t)t81 - (uint32_t)t85);
      const int32_t t89 = t88 < (32767) ? t88 : (32767);
      const int32_t t90 = t89 >> (8);
      const int32_t t91 = wrapped_int8((int32_t)t90);
      w0[k] = t87;
      w3[k] = t91;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const uint32_t s21 = s[21];
  const uint32_t s22 = s[22];
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const uint32_t s25 = s[25];
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s19;
  const float t41 = 1.0f / s15;
  const float t45 = 1.0f / s8;
  const float t52 = (float)(0);
  const float t56 = -0x1.fe00000000000p+127f;
  const float t58 = 0x1.fe00000000000p+127f;
  const float t92 = -s23;
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
    float t44_[BLOCK];
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
      const float t39 = divided(t22, s19, t38);
      const float t40 = s17 * t39;
      const float t42 = divided(t6, s15, t41);
      const float t44 = fmaf(s14, t42, t40);
      t37_[k] = t37;
      t44_[k] = t44;
    }
    float t53_[BLOCK];
    uint32_t t54_[BLOCK];
    uint32_t t68_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const float t44 = t44_[k];
      const float t46 = divided(t37, s8, t45);
      const float t47 = t46 + s12;
      const float t48 = sqrtf(t47);
      const float t49 = t48 + s11;
      const float t51 = t44 / t49;
      const float t53 = t49 == 0x0.0p+0f ? t52 : t51;
      const uint32_t t54 = index * 2826234067u;
      const uint32_t t55 = t54 + s21;
      const float t57 = t56 > t22 || t56 != t56 ? t56 : t22;
      const float t59 = t58 < t57 || t58 != t58 ? t58 : t57;
      const uint32_t t60 = (uint32_t)bits_of(t59);
      const uint32_t t61 = (uint32_t)((uint32_t)t55 >> 16u);
      const uint32_t t62 = t60 + t61;
      const uint32_t t63 = t62 & 4294901760u;
      const int32_t t64 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t65 = float_of((uint32_t)t63);
      const float t66 = t64 ? t65 : t22;
      const float t67 = to_bfloat16(t66);
      const uint32_t t68 = t54 + s22;
      w1[k] = t67;
      t53_[k] = t53;
      t54_[k] = t54;
      t68_[k] = t68;
    }
    float t84_[BLOCK];
    float t91_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t37 = t37_[k];
      const float t53 = t53_[k];
      const uint32_t t68 = t68_[k];
      const float t69 = t56 > t37 || t56 != t56 ? t56 : t37;
      const float t70 = t58 < t69 || t58 != t58 ? t58 : t69;
      const uint32_t t71 = (uint32_t)bits_of(t70);
      const uint32_t t72 = (uint32_t)((uint32_t)t68 >> 16u);
      const uint32_t t73 = t71 + t72;
      const uint32_t t74 = t73 & 4294901760u;
      const int32_t t75 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t76 = float_of((uint32_t)t74);
      const float t77 = t75 ? t76 : t37;
      const float t78 = to_bfloat16(t77);
      const int32_t t79 = x3;
      const int32_t t80 = (int32_t)((uint32_t)t79 << (8));
      const float t81 = x0;
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = (int32_t)((uint32_t)t82 + (uint32_t)t80);
      const float t84 = float_of((uint32_t)t83);
      const float t86 = -t53;
      const float t87 = t84 < 0x0.0p+0f ? t86 : t53;
      const float t89 = cautious & (t87 < 0x0.0p+0f) ? t52 : s24;
      const float t91 = decays ? fmaf(t89, t84, t53) : t53;
      w2[k] = t78;
      t84_[k] = t84;
      t91_[k] = t91;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t54 = t54_[k];
      const float t84 = t84_[k];
      const float t91 = t91_[k];
      const uint32_t t94 = t54 + s25;
      const float t95 = fmaf(t92, t91, t84);
      const int32_t t96 = (int32_t)bits_of(t95);
      const int32_t t97 = t96 & (2147483647);
      const int32_t t98 = t97 <= (2139062016);
      const uint32_t t99 = (uint32_t)((uint32_t)t94 >> 24u);
      const int32_t t100 = (int32_t)t99;
      const int32_t t101 = (int32_t)((uint32_t)t96 + (uint32_t)t100);
      const int32_t t102 = t98 ? t101 : t96;
      const int32_t t103 = t102 & (-256);
      const int32_t t104 = t98 ? (32768) : (0);
      const int32_t t105 = t104;
      const int32_t t106 = (int32_t)((uint32_t)t103 + (uint32_t)t105);
      const int32_t t107 = t106 & (-65536);
      const float t108 = float_of((uint32_t)t107);
      const float t109 = t108;
      const int32_t t110 = (int32_t)((uint32_t)t103 - (uint32_t)t107);
      const int32_t t111 = t110 < (32767) ? t110 : (32767);
      const int32_t t112 = t111 >> (8);
      const int32_t t113 = wrapped_int8((int32_t)t112);
      w0[k] = t109;
      w3[k] = t113;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s13 = float_of(s[13]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const uint32_t s19 = s[19];
  const uint32_t s20 = s[20];
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const uint32_t s23 = s[23];
  const float t16 = 1.0f / s17;
  const float t19 = 1.0f / s13;
  const float t23 = 1.0f / s7;
  const float t30 = (float)(0);
  const float t34 = -0x1.fe00000000000p+127f;
  const float t36 = 0x1.fe00000000000p+127f;
  const float t65 = -s21;
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
    float t31_[BLOCK];
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
      const float t17 = divided(t11, s17, t16);
      const float t18 = s15 * t17;
      const float t20 = divided(t6, s13, t19);
      const float t22 = fmaf(s12, t20, t18);
      const float t24 = divided(t15, s7, t23);
      const float t25 = t24 + s10;
      const float t26 = sqrtf(t25);
      const float t27 = t26 + s9;
      const float t29 = t22 / t27;
      const float t31 = t27 == 0x0.0p+0f ? t30 : t29;
      t11_[k] = t11;
      t15_[k] = t15;
      t31_[k] = t31;
    }
    uint32_t t32_[BLOCK];
    uint32_t t52_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t11 = t11_[k];
      const float t15 = t15_[k];
      const uint32_t t32 = index * 2826234067u;
      const uint32_t t33 = t32 + s19;
      const float t35 = t34 > t11 || t34 != t34 ? t34 : t11;
      const float t37 = t36 < t35 || t36 != t36 ? t36 : t35;
      const uint32_t t38 = (uint32_t)bits_of(t37);
      const uint32_t t39 = (uint32_t)((uint32_t)t33 >> 16u);
      const uint32_t t40 = t38 + t39;
      const uint32_t t41 = t40 & 4294901760u;
      const int32_t t42 = (bits_of(t11) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t43 = float_of((uint32_t)t41);
      const float t44 = t42 ? t43 : t11;
      const float t45 = to_bfloat16(t44);
      const uint32_t t46 = t32 + s20;
      const float t47 = t34 > t15 || t34 != t34 ? t34 : t15;
      const float t48 = t36 < t47 || t36 != t36 ? t36 : t47;
      const uint32_t t49 = (uint32_t)bits_of(t48);
      const uint32_t t50 = (uint32_t)((uint32_t)t46 >> 16u);
      const uint32_t t51 = t49 + t50;
      const uint32_t t52 = t51 & 4294901760u;
      w1[k] = t45;
      t32_[k] = t32;
      t52_[k] = t52;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t15 = t15_[k];
      const float t31 = t31_[k];
      const uint32_t t32 = t32_[k];
      const uint32_t t52 = t52_[k];
      const int32_t t53 = (bits_of(t15) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t54 = float_of((uint32_t)t52);
      const float t55 = t53 ? t54 : t15;
      const float t56 = to_bfloat16(t55);
      const float t57 = x0;
      const float t59 = -t31;
      const float t60 = t57 < 0x0.0p+0f ? t59 : t31;
      const float t62 = cautious & (t60 < 0x0.0p+0f) ? t30 : s22;
      const float t64 = decays ? fmaf(t62, t57, t31) : t31;
      const uint32_t t67 = t32 + s23;
      const float t68 = fmaf(t65, t64, t57);
      const int32_t t69 = (int32_t)bits_of(t68);
      const int32_t t70 = t69 & (2147483647);
      const uint32_t t72 = (uint32_t)((uint32_t)t67 >> 16u);
      const int32_t t73 = (int32_t)t72;
      const int32_t t74 = (int32_t)((uint32_t)t69 + (uint32_t)t73);
      const int32_t t75 = t70 <= (2139029504) ? t74 : t69;
      const int32_t t76 = t75 & (-65536);
      const float t77 = float_of((uint32_t)t76);
      const float t78 = t77;
      w0[k] = t78;
      w2[k] = t56;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_bfloat16_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s8 = float_of(s[8]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s17 = float_of(s[17]);
  const float s19 = float_of(s[19]);
  const uint32_t s21 = s[21];
  const uint32_t s22 = s[22];
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const uint32_t s25 = s[25];
  const int32_t t9 = s1 < 0x1.0000000000000p-1f;
  const int32_t t24 = s6 < 0x1.0000000000000p-1f;
  const float t38 = 1.0f / s19;
  const float t41 = 1.0f / s15;
  const float t45 = 1.0f / s8;
  const float t52 = (float)(0);
  const float t56 = -0x1.fe00000000000p+127f;
  const float t58 = 0x1.fe00000000000p+127f;
  const float t87 = -s23;
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
    float t23_[BLOCK];
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
      const float t23 = t6 * t6;
      t6_[k] = t6;
      t8_[k] = t8;
      t22_[k] = t22;
      t23_[k] = t23;
    }
    float t37_[BLOCK];
    float t49_[BLOCK];
    float t51_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t8 = t8_[k];
      const float t22 = t22_[k];
      const float t23 = t23_[k];
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
      const float t39 = divided(t22, s19, t38);
      const float t40 = s17 * t39;
      const float t42 = divided(t6, s15, t41);
      const float t44 = fmaf(s14, t42, t40);
      const float t46 = divided(t37, s8, t45);
      const float t47 = t46 + s12;
      const float t48 = sqrtf(t47);
      const float t49 = t48 + s11;
      const float t51 = t44 / t49;
      t37_[k] = t37;
      t49_[k] = t49;
      t51_[k] = t51;
    }
    float t53_[BLOCK];
    uint32_t t54_[BLOCK];
    uint32_t t74_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t22 = t22_[k];
      const float t37 = t37_[k];
      const float t49 = t49_[k];
      const float t51 = t51_[k];
      const float t53 = t49 == 0x0.0p+0f ? t52 : t51;
      const uint32_t t54 = index * 2826234067u;
      const uint32_t t55 = t54 + s21;
      const float t57 = t56 > t22 || t56 != t56 ? t56 : t22;
      const float t59 = t58 < t57 || t58 != t58 ? t58 : t57;
      const uint32_t t60 = (uint32_t)bits_of(t59);
      const uint32_t t61 = (uint32_t)((uint32_t)t55 >> 16u);
      const uint32_t t62 = t60 + t61;
      const uint32_t t63 = t62 & 4294901760u;
      const int32_t t64 = (bits_of(t22) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t65 = float_of((uint32_t)t63);
      const float t66 = t64 ? t65 : t22;
      const float t67 = to_bfloat16(t66);
      const uint32_t t68 = t54 + s22;
      const float t69 = t56 > t37 || t56 != t56 ? t56 : t37;
      const float t70 = t58 < t69 || t58 != t58 ? t58 : t69;
      const uint32_t t71 = (uint32_t)bits_of(t70);
      const uint32_t t72 = (uint32_t)((uint32_t)t68 >> 16u);
      const uint32_t t73 = t71 + t72;
      const uint32_t t74 = t73 & 4294901760u;
      w1[k] = t67;
      t53_[k] = t53;
      t54_[k] = t54;
      t74_[k] = t74;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t37 = t37_[k];
      const float t53 = t53_[k];
      const uint32_t t54 = t54_[k];
      const uint32_t t74 = t74_[k];
      const int32_t t75 = (bits_of(t37) & 0x7FFFFFFFu) < 0x7F800000u;
      const float t76 = float_of((uint32_t)t74);
      const float t77 = t75 ? t76 : t37;
      const float t78 = to_bfloat16(t77);
      const float t79 = x0;
      const float t81 = -t53;
      const float t82 = t79 < 0x0.0p+0f ? t81 : t53;
      const float t84 = cautious & (t82 < 0x0.0p+0f) ? t52 : s24;
      const float t86 = decays ? fmaf(t84, t79, t53) : t53;
      const uint32_t t89 = t54 + s25;
      const float t90 = fmaf(t87, t86, t79);
      const int32_t t91 = (int32_t)bits_of(t90);
      const int32_t t92 = t91 & (2147483647);
      const uint32_t t94 = (uint32_t)((uint32_t)t89 >> 16u);
      const int32_t t95 = (int32_t)t94;
      const int32_t t96 = (int32_t)((uint32_t)t91 + (uint32_t)t95);
      const int32_t t97 = t92 <= (2139029504) ? t96 : t91;
      const int32_t t98 = t97 & (-65536);
      const float t99 = float_of((uint32_t)t98);
      const float t100 = t99;
      w0[k] = t100;
      w2[k] = t78;
    }
    narrow_bfloat16(a0, w0);
    narrow_bfloat16(a1, w1);
    narrow_bfloat16(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_float32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s18 = float_of(s[18]);
  const uint32_t s19 = s[19];
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const float t44 = float_of(0x7F800000u);
  const int32_t t91 = (1145061376);
  const int32_t t93 = (1149239295);
  const int32_t t97 = (0);
  const int32_t t117 = (1142964224);
  const int32_t t119 = (1147142143);
  const float t128 = (float)(0);
  const float t132 = -s26;
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
    float t8_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x2 = w2[k];
      const float x3 = a3[k];
      const float t3 = clipped(x3, 0x1.0000000000000p+63f);
      const float t4 = x3 - x3;
      const float t5 = t3 + t4;
      const float t6 = (float)x2;
      const float t7 = t6 * t6;
      const float t8 = t7 * t7;
      t5_[k] = t5;
      t8_[k] = t8;
    }
    float t29_[BLOCK];
    float t33_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x1 = w1[k];
      const float t5 = t5_[k];
      const float t8 = t8_[k];
      const float t9 = t8 * s20;
      const float t10 = t9 * t9;
      const float t11 = (float)x1;
      const float t12 = fabsf(t11);
      const float t13 = s22 - t12;
      const int32_t t14 = (int32_t)bits_of(t13);
      const int32_t t15 = (int32_t)((uint32_t)(2129862656) - (uint32_t)t14);
      const float t16 = float_of((uint32_t)t15);
      const float t18 = fmaf(-(t13), t16, 0x1.0020c40000000p+1f);
      const float t19 = t16 * t18;
      const float t21 = fmaf(-(t13), t19, 0x1.0000000000000p+1f);
      const float t22 = t19 * t21;
      const float t23 = t11 * t22;
      const float t24 = t10 * s21;
      const float t25 = t23 * t24;
      const float t26 = t10 * t10;
      const float t27 = t5 - t25;
      const float t29 = fmaf(s2, t27, t25);
      const float t31 = fmaf(t5, t5, -(t26));
      const float t33 = fmaf(s6, t31, t26);
      t29_[k] = t29;
      t33_[k] = t33;
    }
    float t46_[BLOCK];
    uint32_t t48_[BLOCK];
    float t58_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t5 = t5_[k];
      const float t29 = t29_[k];
      const float t33 = t33_[k];
      const float t34 = t29 * s18;
      const float t35 = s15 * t34;
      const float t36 = t5 * s14;
      const float t38 = fmaf(s12, t36, t35);
      const float t40 = fmaf(t33, s8, s10);
      const float t41 = sqrtf(t40);
      const float t42 = t41 + s9;
      const float t45 = t42 == 0x0.0p+0f ? t44 : t42;
      const float t46 = t38 / t45;
      const uint32_t t47 = index * 2826234067u;
      const uint32_t t48 = t47 + s19;
      const int32_t t50 = (int32_t)bits_of(t33);
      const int32_t t51 = t50 >> (1);
      const int32_t t52 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t51);
      const float t53 = float_of((uint32_t)t52);
      const float t54 = 0x1.686c6e0000000p-1f * t33;
      const float t55 = t54 * t53;
      const float t57 = fmaf(-(t55), t53, 0x1.ae91e80000000p+0f);
      const float t58 = t53 * t57;
      t46_[k] = t46;
      t48_[k] = t48;
      t58_[k] = t58;
    }
    float t83_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t33 = t33_[k];
      const float t58 = t58_[k];
      const int32_t t59 = (int32_t)bits_of(t58);
      const int32_t t60 = t59 >> (3);
      const int32_t t61 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t60);
      const float t62 = float_of((uint32_t)t61);
      const float t63 = t62 * t62;
      const float t64 = t63 * t63;
      const float t65 = t64 * t64;
      const float t67 = fmaf(-(t58), t65, 0x1.0000000000000p+0f);
      const float t69 = fmaf(0x1.1e204e0000000p-5f, t67, 0x1.5072220000000p-5f);
      const float t71 = fmaf(t69, t67, 0x1.9746cc0000000p-5f);
      const float t73 = fmaf(t71, t67, 0x1.1fd9940000000p-4f);
      const float t75 = fmaf(t73, t67, 0x1.0000540000000p-3f);
      const float t76 = t62 * t67;
      const float t78 = fmaf(t76, t75, t62);
      const float t79 = t33 * t58;
      const float t80 = t79 * t58;
      const float t82 = fmaf(0x1.0000000000000p-4f, t80, 0x1.e000000000000p-1f);
      const float t83 = t78 * t82;
      t83_[k] = t83;
    }
    float t108_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t29 = t29_[k];
      const float t33 = t33_[k];
      const uint32_t t48 = t48_[k];
      const float t83 = t83_[k];
      const uint32_t t85 = (uint32_t)((uint32_t)t48 >> 18u);
      const int32_t t86 = (int32_t)t85;
      const int32_t t87 = t86 | (1145044992);
      const float t88 = float_of((uint32_t)t87);
      const float t89 = fmaf(t83, s23, t88);
      const int32_t t90 = (int32_t)bits_of(t89);
      const int32_t t92 = t91 > t90 ? t91 : t90;
      const int32_t t94 = t93 < t92 ? t93 : t92;
      const int32_t t95 = t94 >> (14);
      const int32_t t96 = (int32_t)((uint32_t)t95 - (uint32_t)(69888));
      const int32_t t98 = t33 > 0x0.0p+0f ? t96 : t97;
      const int32_t t99 = wrapped_uint8((int32_t)t98);
      const float t100 = (float)t99;
      const float t101 = t100 * t100;
      const float t102 = t101 * t101;
      const float t103 = t102 * s24;
      const float t105 = fabsf(t29);
      const float t106 = t105 + 0x1.0000000000000p-126f;
      const float t107 = fmaf(t103, t103, t106);
      const float t108 = t29 / t107;
      w2[k] = t99;
      t108_[k] = t108;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t46 = t46_[k];
      const uint32_t t48 = t48_[k];
      const float t108 = t108_[k];
      const uint32_t t110 = (uint32_t)((uint32_t)t48 << 7u);
      const uint32_t t111 = (uint32_t)((uint32_t)t110 >> 18u);
      const int32_t t112 = (int32_t)t111;
      const int32_t t113 = t112 | (1145044992);
      const float t114 = float_of((uint32_t)t113);
      const float t115 = fmaf(t108, s25, t114);
      const int32_t t116 = (int32_t)bits_of(t115);
      const int32_t t118 = t117 > t116 ? t117 : t116;
      const int32_t t120 = t119 < t118 ? t119 : t118;
      const int32_t t121 = t120 >> (14);
      const int32_t t122 = (int32_t)((uint32_t)t121 - (uint32_t)(69888));
      const int32_t t123 = wrapped_int8((int32_t)t122);
      const float t125 = -t46;
      const float t126 = x0 < 0x0.0p+0f ? t125 : t46;
      const float t129 = cautious & (t126 < 0x0.0p+0f) ? t128 : s27;
      const float t131 = decays ? fmaf(t129, x0, t46) : t46;
      const float t134 = fmaf(t132, t131, x0);
      a0[k] = t134;
      w1[k] = t123;
    }
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_float32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s20 = float_of(s[20]);
  const uint32_t s21 = s[21];
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const float s28 = float_of(s[28]);
  const float s29 = float_of(s[29]);
  const int32_t t27 = s1 < 0x1.0000000000000p-1f;
  const int32_t t42 = s6 < 0x1.0000000000000p-1f;
  const float t66 = float_of(0x7F800000u);
  const int32_t t113 = (1145061376);
  const int32_t t115 = (1149239295);
  const int32_t t119 = (0);
  const int32_t t139 = (1142964224);
  const int32_t t141 = (1147142143);
  const float t150 = (float)(0);
  const float t154 = -s28;
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
      const float t9 = t8 * s22;
      const float t10 = t9 * t9;
      const float t11 = (float)x1;
      const float t12 = fabsf(t11);
      const float t13 = s24 - t12;
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
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t10 = t10_[k];
      const float t23 = t23_[k];
      const float t24 = t10 * s23;
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
      t26_[k] = t26;
      t40_[k] = t40;
    }
    float t55_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t5 = t5_[k];
      const float t26 = t26_[k];
      const float t41 = t5 * t5;
      const float t43 = t26 - t41;
      const float t45 = fmaf(s6, t43, t41);
      const float t46 = t41 - t26;
      const float t47 = s7 * t46;
      const uint32_t t48 = (uint32_t)bits_of(t26);
      const uint32_t t49 = t48 & 2139095040u;
      const float t50 = float_of((uint32_t)t49);
      const float t51 = t50 * 0x1.0000000000000p-23f;
      const float t53 = fmaf(s10, t51, t47);
      const float t54 = t26 + t53;
      const float t55 = t42 ? t45 : t54;
      t55_[k] = t55;
    }
    float t68_[BLOCK];
    uint32_t t70_[BLOCK];
    float t80_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t5 = t5_[k];
      const float t40 = t40_[k];
      const float t55 = t55_[k];
      const float t56 = t40 * s20;
      const float t57 = s17 * t56;
      const float t58 = t5 * s16;
      const float t60 = fmaf(s14, t58, t57);
      const float t62 = fmaf(t55, s9, s12);
      const float t63 = sqrtf(t62);
      const float t64 = t63 + s11;
      const float t67 = t64 == 0x0.0p+0f ? t66 : t64;
      const float t68 = t60 / t67;
      const uint32_t t69 = index * 2826234067u;
      const uint32_t t70 = t69 + s21;
      const int32_t t72 = (int32_t)bits_of(t55);
      const int32_t t73 = t72 >> (1);
      const int32_t t74 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t73);
      const float t75 = float_of((uint32_t)t74);
      const float t76 = 0x1.686c6e0000000p-1f * t55;
      const float t77 = t76 * t75;
      const float t79 = fmaf(-(t77), t75, 0x1.ae91e80000000p+0f);
      const float t80 = t75 * t79;
      t68_[k] = t68;
      t70_[k] = t70;
      t80_[k] = t80;
    }
    float t105_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t55 = t55_[k];
      const float t80 = t80_[k];
      const int32_t t81 = (int32_t)bits_of(t80);
      const int32_t t82 = t81 >> (3);
      const int32_t t83 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t82);
      const float t84 = float_of((uint32_t)t83);
      const float t85 = t84 * t84;
      const float t86 = t85 * t85;
      const float t87 = t86 * t86;
      const float t89 = fmaf(-(t80), t87, 0x1.0000000000000p+0f);
      const float t91 = fmaf(0x1.1e204e0000000p-5f, t89, 0x1.5072220000000p-5f);
      const float t93 = fmaf(t91, t89, 0x1.9746cc0000000p-5f);
      const float t95 = fmaf(t93, t89, 0x1.1fd9940000000p-4f);
      const float t97 = fmaf(t95, t89, 0x1.0000540000000p-3f);
      const float t98 = t84 * t89;
      const float t100 = fmaf(t98, t97, t84);
      const float t101 = t55 * t80;
      const float t102 = t101 * t80;
      const float t104 = fmaf(0x1.0000000000000p-4f, t102, 0x1.e000000000000p-1f);
      const float t105 = t100 * t104;
      t105_[k] = t105;
    }
    float t130_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t40 = t40_[k];
      const float t55 = t55_[k];
      const uint32_t t70 = t70_[k];
      const float t105 = t105_[k];
      const uint32_t t107 = (uint32_t)((uint32_t)t70 >> 18u);
      const int32_t t108 = (int32_t)t107;
      const int32_t t109 = t108 | (1145044992);
      const float t110 = float_of((uint32_t)t109);
      const float t111 = fmaf(t105, s25, t110);
      const int32_t t112 = (int32_t)bits_of(t111);
      const int32_t t114 = t113 > t112 ? t113 : t112;
      const int32_t t116 = t115 < t114 ? t115 : t114;
      const int32_t t117 = t116 >> (14);
      const int32_t t118 = (int32_t)((uint32_t)t117 - (uint32_t)(69888));
      const int32_t t120 = t55 > 0x0.0p+0f ? t118 : t119;
      const int32_t t121 = wrapped_uint8((int32_t)t120);
      const float t122 = (float)t121;
      const float t123 = t122 * t122;
      const float t124 = t123 * t123;
      const float t125 = t124 * s26;
      const float t127 = fabsf(t40);
      const float t128 = t127 + 0x1.0000000000000p-126f;
      const float t129 = fmaf(t125, t125, t128);
      const float t130 = t40 / t129;
      w2[k] = t121;
      t130_[k] = t130;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = a0[k];
      const float t68 = t68_[k];
      const uint32_t t70 = t70_[k];
      const float t130 = t130_[k];
      const uint32_t t132 = (uint32_t)((uint32_t)t70 << 7u);
      const uint32_t t133 = (uint32_t)((uint32_t)t132 >> 18u);
      const int32_t t134 = (int32_t)t133;
      const int32_t t135 = t134 | (1145044992);
      const float t136 = float_of((uint32_t)t135);
      const float t137 = fmaf(t130, s27, t136);
      const int32_t t138 = (int32_t)bits_of(t137);
      const int32_t t140 = t139 > t138 ? t139 : t138;
      const int32_t t142 = t141 < t140 ? t141 : t140;
      const int32_t t143 = t142 >> (14);
      const int32_t t144 = (int32_t)((uint32_t)t143 - (uint32_t)(69888));
      const int32_t t145 = wrapped_int8((int32_t)t144);
      const float t147 = -t68;
      const float t148 = x0 < 0x0.0p+0f ? t147 : t68;
      const float t151 = cautious & (t148 < 0x0.0p+0f) ? t150 : s29;
      const float t153 = decays ? fmaf(t151, x0, t68) : t68;
      const float t156 = fmaf(t154, t153, x0);
      a0[k] = t156;
      w1[k] = t145;
    }
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_bfloat16_weights32) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s18 = float_of(s[18]);
  const uint32_t s19 = s[19];
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const float t45 = float_of(0x7F800000u);
  const int32_t t92 = (1145061376);
  const int32_t t94 = (1149239295);
  const int32_t t98 = (0);
  const int32_t t118 = (1142964224);
  const int32_t t120 = (1147142143);
  const float t135 = (float)(0);
  const float t139 = -s26;
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
      const float t10 = t9 * s20;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s22 - t13;
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
    float t47_[BLOCK];
    uint32_t t49_[BLOCK];
    int32_t t52_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s21;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      const float t35 = t30 * s18;
      const float t36 = s15 * t35;
      const float t37 = t6 * s14;
      const float t39 = fmaf(s12, t37, t36);
      const float t41 = fmaf(t34, s8, s10);
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s9;
      const float t46 = t43 == 0x0.0p+0f ? t45 : t43;
      const float t47 = t39 / t46;
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s19;
      const int32_t t51 = (int32_t)bits_of(t34);
      const int32_t t52 = t51 >> (1);
      t30_[k] = t30;
      t34_[k] = t34;
      t47_[k] = t47;
      t49_[k] = t49;
      t52_[k] = t52;
    }
    float t59_[BLOCK];
    float t79_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const int32_t t52 = t52_[k];
      const int32_t t53 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t52);
      const float t54 = float_of((uint32_t)t53);
      const float t55 = 0x1.686c6e0000000p-1f * t34;
      const float t56 = t55 * t54;
      const float t58 = fmaf(-(t56), t54, 0x1.ae91e80000000p+0f);
      const float t59 = t54 * t58;
      const int32_t t60 = (int32_t)bits_of(t59);
      const int32_t t61 = t60 >> (3);
      const int32_t t62 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t61);
      const float t63 = float_of((uint32_t)t62);
      const float t64 = t63 * t63;
      const float t65 = t64 * t64;
      const float t66 = t65 * t65;
      const float t68 = fmaf(-(t59), t66, 0x1.0000000000000p+0f);
      const float t70 = fmaf(0x1.1e204e0000000p-5f, t68, 0x1.5072220000000p-5f);
      const float t72 = fmaf(t70, t68, 0x1.9746cc0000000p-5f);
      const float t74 = fmaf(t72, t68, 0x1.1fd9940000000p-4f);
      const float t76 = fmaf(t74, t68, 0x1.0000540000000p-3f);
      const float t77 = t63 * t68;
      const float t79 = fmaf(t77, t76, t63);
      t59_[k] = t59;
      t79_[k] = t79;
    }
    float t102_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const uint32_t t49 = t49_[k];
      const float t59 = t59_[k];
      const float t79 = t79_[k];
      const float t80 = t34 * t59;
      const float t81 = t80 * t59;
      const float t83 = fmaf(0x1.0000000000000p-4f, t81, 0x1.e000000000000p-1f);
      const float t84 = t79 * t83;
      const uint32_t t86 = (uint32_t)((uint32_t)t49 >> 18u);
      const int32_t t87 = (int32_t)t86;
      const int32_t t88 = t87 | (1145044992);
      const float t89 = float_of((uint32_t)t88);
      const float t90 = fmaf(t84, s23, t89);
      const int32_t t91 = (int32_t)bits_of(t90);
      const int32_t t93 = t92 > t91 ? t92 : t91;
      const int32_t t95 = t94 < t93 ? t94 : t93;
      const int32_t t96 = t95 >> (14);
      const int32_t t97 = (int32_t)((uint32_t)t96 - (uint32_t)(69888));
      const int32_t t99 = t34 > 0x0.0p+0f ? t97 : t98;
      const int32_t t100 = wrapped_uint8((int32_t)t99);
      const float t101 = (float)t100;
      const float t102 = t101 * t101;
      w2[k] = t100;
      t102_[k] = t102;
    }
    int32_t t126_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const int32_t x3 = w3[k];
      const float t30 = t30_[k];
      const uint32_t t49 = t49_[k];
      const float t102 = t102_[k];
      const float t103 = t102 * t102;
      const float t104 = t103 * s24;
      const float t106 = fabsf(t30);
      const float t107 = t106 + 0x1.0000000000000p-126f;
      const float t108 = fmaf(t104, t104, t107);
      const float t109 = t30 / t108;
      const uint32_t t111 = (uint32_t)((uint32_t)t49 << 7u);
      const uint32_t t112 = (uint32_t)((uint32_t)t111 >> 18u);
      const int32_t t113 = (int32_t)t112;
      const int32_t t114 = t113 | (1145044992);
      const float t115 = float_of((uint32_t)t114);
      const float t116 = fmaf(t109, s25, t115);
      const int32_t t117 = (int32_t)bits_of(t116);
      const int32_t t119 = t118 > t117 ? t118 : t117;
      const int32_t t121 = t120 < t119 ? t120 : t119;
      const int32_t t122 = t121 >> (14);
      const int32_t t123 = (int32_t)((uint32_t)t122 - (uint32_t)(69888));
      const int32_t t124 = wrapped_int8((int32_t)t123);
      const int32_t t125 = x3;
      const int32_t t126 = (int32_t)((uint32_t)t125 << (0));
      w1[k] = t124;
      t126_[k] = t126;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t47 = t47_[k];
      const int32_t t126 = t126_[k];
      const float t127 = x0;
      const int32_t t128 = (int32_t)bits_of(t127);
      const int32_t t129 = (int32_t)((uint32_t)t128 + (uint32_t)t126);
      const float t130 = float_of((uint32_t)t129);
      const float t132 = -t47;
      const float t133 = t130 < 0x0.0p+0f ? t132 : t47;
      const float t136 = cautious & (t133 < 0x0.0p+0f) ? t135 : s27;
      const float t138 = decays ? fmaf(t136, t130, t47) : t47;
      const float t142 = fmaf(t139, t138, t130);
      const int32_t t143 = (int32_t)bits_of(t142);
      const int32_t t144 = t143 & (2147483647);
      const int32_t t146 = t144 <= (2139062271) ? (32768) : (0);
      const int32_t t147 = t146;
      const int32_t t148 = (int32_t)((uint32_t)t143 + (uint32_t)t147);
      const int32_t t149 = t148 & (-65536);
      const float t150 = float_of((uint32_t)t149);
      const float t151 = t150;
      const int32_t t152 = (int32_t)((uint32_t)t143 - (uint32_t)t149);
      const int32_t t153 = t152 < (32767) ? t152 : (32767);
      const int32_t t154 = wrapped_int16((int32_t)t153);
      w0[k] = t151;
      w3[k] = t154;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_bfloat16_weights32_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s20 = float_of(s[20]);
  const uint32_t s21 = s[21];
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const float s28 = float_of(s[28]);
  const float s29 = float_of(s[29]);
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t67 = float_of(0x7F800000u);
  const int32_t t114 = (1145061376);
  const int32_t t116 = (1149239295);
  const int32_t t120 = (0);
  const int32_t t140 = (1142964224);
  const int32_t t142 = (1147142143);
  const float t157 = (float)(0);
  const float t161 = -s28;
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
      const float t10 = t9 * s22;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s24 - t13;
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
      const float t25 = t11 * s23;
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
    float t61_[BLOCK];
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
      const float t57 = t41 * s20;
      const float t58 = s17 * t57;
      const float t59 = t6 * s16;
      const float t61 = fmaf(s14, t59, t58);
      t56_[k] = t56;
      t61_[k] = t61;
    }
    float t69_[BLOCK];
    uint32_t t71_[BLOCK];
    float t81_[BLOCK];
    float t85_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t56 = t56_[k];
      const float t61 = t61_[k];
      const float t63 = fmaf(t56, s9, s12);
      const float t64 = sqrtf(t63);
      const float t65 = t64 + s11;
      const float t68 = t65 == 0x0.0p+0f ? t67 : t65;
      const float t69 = t61 / t68;
      const uint32_t t70 = index * 2826234067u;
      const uint32_t t71 = t70 + s21;
      const int32_t t73 = (int32_t)bits_of(t56);
      const int32_t t74 = t73 >> (1);
      const int32_t t75 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t74);
      const float t76 = float_of((uint32_t)t75);
      const float t77 = 0x1.686c6e0000000p-1f * t56;
      const float t78 = t77 * t76;
      const float t80 = fmaf(-(t78), t76, 0x1.ae91e80000000p+0f);
      const float t81 = t76 * t80;
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = t82 >> (3);
      const int32_t t84 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t83);
      const float t85 = float_of((uint32_t)t84);
      t69_[k] = t69;
      t71_[k] = t71;
      t81_[k] = t81;
      t85_[k] = t85;
    }
    int32_t t113_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const uint32_t t71 = t71_[k];
      const float t81 = t81_[k];
      const float t85 = t85_[k];
      const float t86 = t85 * t85;
      const float t87 = t86 * t86;
      const float t88 = t87 * t87;
      const float t90 = fmaf(-(t81), t88, 0x1.0000000000000p+0f);
      const float t92 = fmaf(0x1.1e204e0000000p-5f, t90, 0x1.5072220000000p-5f);
      const float t94 = fmaf(t92, t90, 0x1.9746cc0000000p-5f);
      const float t96 = fmaf(t94, t90, 0x1.1fd9940000000p-4f);
      const float t98 = fmaf(t96, t90, 0x1.0000540000000p-3f);
      const float t99 = t85 * t90;
      const float t101 = fmaf(t99, t98, t85);
      const float t102 = t56 * t81;
      const float t103 = t102 * t81;
      const float t105 = fmaf(0x1.0000000000000p-4f, t103, 0x1.e000000000000p-1f);
      const float t106 = t101 * t105;
      const uint32_t t108 = (uint32_t)((uint32_t)t71 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t106, s25, t111);
      const int32_t t113 = (int32_t)bits_of(t112);
      t113_[k] = t113;
    }
    float t138_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const uint32_t t71 = t71_[k];
      const int32_t t113 = t113_[k];
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t121 = t56 > 0x0.0p+0f ? t119 : t120;
      const int32_t t122 = wrapped_uint8((int32_t)t121);
      const float t123 = (float)t122;
      const float t124 = t123 * t123;
      const float t125 = t124 * t124;
      const float t126 = t125 * s26;
      const float t128 = fabsf(t41);
      const float t129 = t128 + 0x1.0000000000000p-126f;
      const float t130 = fmaf(t126, t126, t129);
      const float t131 = t41 / t130;
      const uint32_t t133 = (uint32_t)((uint32_t)t71 << 7u);
      const uint32_t t134 = (uint32_t)((uint32_t)t133 >> 18u);
      const int32_t t135 = (int32_t)t134;
      const int32_t t136 = t135 | (1145044992);
      const float t137 = float_of((uint32_t)t136);
      const float t138 = fmaf(t131, s27, t137);
      w2[k] = t122;
      t138_[k] = t138;
    }
    float t164_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t69 = t69_[k];
      const float t138 = t138_[k];
      const int32_t t139 = (int32_t)bits_of(t138);
      const int32_t t141 = t140 > t139 ? t140 : t139;
      const int32_t t143 = t142 < t141 ? t142 : t141;
      const int32_t t144 = t143 >> (14);
      const int32_t t145 = (int32_t)((uint32_t)t144 - (uint32_t)(69888));
      const int32_t t146 = wrapped_int8((int32_t)t145);
      const int32_t t147 = x3;
      const int32_t t148 = (int32_t)((uint32_t)t147 << (0));
      const float t149 = x0;
      const int32_t t150 = (int32_t)bits_of(t149);
      const int32_t t151 = (int32_t)((uint32_t)t150 + (uint32_t)t148);
      const float t152 = float_of((uint32_t)t151);
      const float t154 = -t69;
      const float t155 = t152 < 0x0.0p+0f ? t154 : t69;
      const float t158 = cautious & (t155 < 0x0.0p+0f) ? t157 : s29;
      const float t160 = decays ? fmaf(t158, t152, t69) : t69;
      const float t164 = fmaf(t161, t160, t152);
      w1[k] = t146;
      t164_[k] = t164;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t164 = t164_[k];
      const int32_t t165 = (int32_t)bits_of(t164);
      const int32_t t166 = t165 & (2147483647);
      const int32_t t168 = t166 <= (2139062271) ? (32768) : (0);
      const int32_t t169 = t168;
      const int32_t t170 = (int32_t)((uint32_t)t165 + (uint32_t)t169);
      const int32_t t171 = t170 & (-65536);
      const float t172 = float_of((uint32_t)t171);
      const float t173 = t172;
      const int32_t t174 = (int32_t)((uint32_t)t165 - (uint32_t)t171);
      const int32_t t175 = t174 < (32767) ? t174 : (32767);
      const int32_t t176 = wrapped_int16((int32_t)t175);
      w0[k] = t173;
      w3[k] = t176;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int16(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_bfloat16_weights24) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s18 = float_of(s[18]);
  const uint32_t s19 = s[19];
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const uint32_t s28 = s[28];
  const float t45 = float_of(0x7F800000u);
  const int32_t t92 = (1145061376);
  const int32_t t94 = (1149239295);
  const int32_t t98 = (0);
  const int32_t t118 = (1142964224);
  const int32_t t120 = (1147142143);
  const float t135 = (float)(0);
  const float t139 = -s26;
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
      const float t10 = t9 * s20;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s22 - t13;
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
    float t39_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s21;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      const float t35 = t30 * s18;
      const float t36 = s15 * t35;
      const float t37 = t6 * s14;
      const float t39 = fmaf(s12, t37, t36);
      t30_[k] = t30;
      t34_[k] = t34;
      t39_[k] = t39;
    }
    float t47_[BLOCK];
    uint32_t t48_[BLOCK];
    uint32_t t49_[BLOCK];
    float t59_[BLOCK];
    float t63_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t34 = t34_[k];
      const float t39 = t39_[k];
      const float t41 = fmaf(t34, s8, s10);
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s9;
      const float t46 = t43 == 0x0.0p+0f ? t45 : t43;
      const float t47 = t39 / t46;
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s19;
      const int32_t t51 = (int32_t)bits_of(t34);
      const int32_t t52 = t51 >> (1);
      const int32_t t53 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t52);
      const float t54 = float_of((uint32_t)t53);
      const float t55 = 0x1.686c6e0000000p-1f * t34;
      const float t56 = t55 * t54;
      const float t58 = fmaf(-(t56), t54, 0x1.ae91e80000000p+0f);
      const float t59 = t54 * t58;
      const int32_t t60 = (int32_t)bits_of(t59);
      const int32_t t61 = t60 >> (3);
      const int32_t t62 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t61);
      const float t63 = float_of((uint32_t)t62);
      t47_[k] = t47;
      t48_[k] = t48;
      t49_[k] = t49;
      t59_[k] = t59;
      t63_[k] = t63;
    }
    int32_t t91_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const uint32_t t49 = t49_[k];
      const float t59 = t59_[k];
      const float t63 = t63_[k];
      const float t64 = t63 * t63;
      const float t65 = t64 * t64;
      const float t66 = t65 * t65;
      const float t68 = fmaf(-(t59), t66, 0x1.0000000000000p+0f);
      const float t70 = fmaf(0x1.1e204e0000000p-5f, t68, 0x1.5072220000000p-5f);
      const float t72 = fmaf(t70, t68, 0x1.9746cc0000000p-5f);
      const float t74 = fmaf(t72, t68, 0x1.1fd9940000000p-4f);
      const float t76 = fmaf(t74, t68, 0x1.0000540000000p-3f);
      const float t77 = t63 * t68;
      const float t79 = fmaf(t77, t76, t63);
      const float t80 = t34 * t59;
      const float t81 = t80 * t59;
      const float t83 = fmaf(0x1.0000000000000p-4f, t81, 0x1.e000000000000p-1f);
      const float t84 = t79 * t83;
      const uint32_t t86 = (uint32_t)((uint32_t)t49 >> 18u);
      const int32_t t87 = (int32_t)t86;
      const int32_t t88 = t87 | (1145044992);
      const float t89 = float_of((uint32_t)t88);
      const float t90 = fmaf(t84, s23, t89);
      const int32_t t91 = (int32_t)bits_of(t90);
      t91_[k] = t91;
    }
    float t116_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t30 = t30_[k];
      const float t34 = t34_[k];
      const uint32_t t49 = t49_[k];
      const int32_t t91 = t91_[k];
      const int32_t t93 = t92 > t91 ? t92 : t91;
      const int32_t t95 = t94 < t93 ? t94 : t93;
      const int32_t t96 = t95 >> (14);
      const int32_t t97 = (int32_t)((uint32_t)t96 - (uint32_t)(69888));
      const int32_t t99 = t34 > 0x0.0p+0f ? t97 : t98;
      const int32_t t100 = wrapped_uint8((int32_t)t99);
      const float t101 = (float)t100;
      const float t102 = t101 * t101;
      const float t103 = t102 * t102;
      const float t104 = t103 * s24;
      const float t106 = fabsf(t30);
      const float t107 = t106 + 0x1.0000000000000p-126f;
      const float t108 = fmaf(t104, t104, t107);
      const float t109 = t30 / t108;
      const uint32_t t111 = (uint32_t)((uint32_t)t49 << 7u);
      const uint32_t t112 = (uint32_t)((uint32_t)t111 >> 18u);
      const int32_t t113 = (int32_t)t112;
      const int32_t t114 = t113 | (1145044992);
      const float t115 = float_of((uint32_t)t114);
      const float t116 = fmaf(t109, s25, t115);
      w2[k] = t100;
      t116_[k] = t116;
    }
    uint32_t t141_[BLOCK];
    float t142_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t47 = t47_[k];
      const uint32_t t48 = t48_[k];
      const float t116 = t116_[k];
      const int32_t t117 = (int32_t)bits_of(t116);
      const int32_t t119 = t118 > t117 ? t118 : t117;
      const int32_t t121 = t120 < t119 ? t120 : t119;
      const int32_t t122 = t121 >> (14);
      const int32_t t123 = (int32_t)((uint32_t)t122 - (uint32_t)(69888));
      const int32_t t124 = wrapped_int8((int32_t)t123);
      const int32_t t125 = x3;
      const int32_t t126 = (int32_t)((uint32_t)t125 << (8));
      const float t127 = x0;
      const int32_t t128 = (int32_t)bits_of(t127);
      const int32_t t129 = (int32_t)((uint32_t)t128 + (uint32_t)t126);
      const float t130 = float_of((uint32_t)t129);
      const float t132 = -t47;
      const float t133 = t130 < 0x0.0p+0f ? t132 : t47;
      const float t136 = cautious & (t133 < 0x0.0p+0f) ? t135 : s27;
      const float t138 = decays ? fmaf(t136, t130, t47) : t47;
      const uint32_t t141 = t48 + s28;
      const float t142 = fmaf(t139, t138, t130);
      w1[k] = t124;
      t141_[k] = t141;
      t142_[k] = t142;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t141 = t141_[k];
      const float t142 = t142_[k];
      const int32_t t143 = (int32_t)bits_of(t142);
      const int32_t t144 = t143 & (2147483647);
      const int32_t t145 = t144 <= (2139062016);
      const uint32_t t146 = (uint32_t)((uint32_t)t141 >> 24u);
      const int32_t t147 = (int32_t)t146;
      const int32_t t148 = (int32_t)((uint32_t)t143 + (uint32_t)t147);
      const int32_t t149 = t145 ? t148 : t143;
      const int32_t t150 = t149 & (-256);
      const int32_t t151 = t145 ? (32768) : (0);
      const int32_t t152 = t151;
      const int32_t t153 = (int32_t)((uint32_t)t150 + (uint32_t)t152);
      const int32_t t154 = t153 & (-65536);
      const float t155 = float_of((uint32_t)t154);
      const float t156 = t155;
      const int32_t t157 = (int32_t)((uint32_t)t150 - (uint32_t)t154);
      const int32_t t158 = t157 < (32767) ? t157 : (32767);
      const int32_t t159 = t158 >> (8);
      const int32_t t160 = wrapped_int8((int32_t)t159);
      w0[k] = t156;
      w3[k] = t160;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_bfloat16_weights24_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s20 = float_of(s[20]);
  const uint32_t s21 = s[21];
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const float s28 = float_of(s[28]);
  const float s29 = float_of(s[29]);
  const uint32_t s30 = s[30];
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t67 = float_of(0x7F800000u);
  const int32_t t114 = (1145061376);
  const int32_t t116 = (1149239295);
  const int32_t t120 = (0);
  const int32_t t140 = (1142964224);
  const int32_t t142 = (1147142143);
  const float t157 = (float)(0);
  const float t161 = -s28;
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
      const float t10 = t9 * s22;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s24 - t13;
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
      const float t25 = t11 * s23;
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
    float t61_[BLOCK];
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
      const float t57 = t41 * s20;
      const float t58 = s17 * t57;
      const float t59 = t6 * s16;
      const float t61 = fmaf(s14, t59, t58);
      t56_[k] = t56;
      t61_[k] = t61;
    }
    float t69_[BLOCK];
    uint32_t t70_[BLOCK];
    uint32_t t71_[BLOCK];
    float t81_[BLOCK];
    float t85_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t56 = t56_[k];
      const float t61 = t61_[k];
      const float t63 = fmaf(t56, s9, s12);
      const float t64 = sqrtf(t63);
      const float t65 = t64 + s11;
      const float t68 = t65 == 0x0.0p+0f ? t67 : t65;
      const float t69 = t61 / t68;
      const uint32_t t70 = index * 2826234067u;
      const uint32_t t71 = t70 + s21;
      const int32_t t73 = (int32_t)bits_of(t56);
      const int32_t t74 = t73 >> (1);
      const int32_t t75 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t74);
      const float t76 = float_of((uint32_t)t75);
      const float t77 = 0x1.686c6e0000000p-1f * t56;
      const float t78 = t77 * t76;
      const float t80 = fmaf(-(t78), t76, 0x1.ae91e80000000p+0f);
      const float t81 = t76 * t80;
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = t82 >> (3);
      const int32_t t84 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t83);
      const float t85 = float_of((uint32_t)t84);
      t69_[k] = t69;
      t70_[k] = t70;
      t71_[k] = t71;
      t81_[k] = t81;
      t85_[k] = t85;
    }
    int32_t t113_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const uint32_t t71 = t71_[k];
      const float t81 = t81_[k];
      const float t85 = t85_[k];
      const float t86 = t85 * t85;
      const float t87 = t86 * t86;
      const float t88 = t87 * t87;
      const float t90 = fmaf(-(t81), t88, 0x1.0000000000000p+0f);
      const float t92 = fmaf(0x1.1e204e0000000p-5f, t90, 0x1.5072220000000p-5f);
      const float t94 = fmaf(t92, t90, 0x1.9746cc0000000p-5f);
      const float t96 = fmaf(t94, t90, 0x1.1fd9940000000p-4f);
      const float t98 = fmaf(t96, t90, 0x1.0000540000000p-3f);
      const float t99 = t85 * t90;
      const float t101 = fmaf(t99, t98, t85);
      const float t102 = t56 * t81;
      const float t103 = t102 * t81;
      const float t105 = fmaf(0x1.0000000000000p-4f, t103, 0x1.e000000000000p-1f);
      const float t106 = t101 * t105;
      const uint32_t t108 = (uint32_t)((uint32_t)t71 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t106, s25, t111);
      const int32_t t113 = (int32_t)bits_of(t112);
      t113_[k] = t113;
    }
    float t138_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const float t56 = t56_[k];
      const uint32_t t71 = t71_[k];
      const int32_t t113 = t113_[k];
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t121 = t56 > 0x0.0p+0f ? t119 : t120;
      const int32_t t122 = wrapped_uint8((int32_t)t121);
      const float t123 = (float)t122;
      const float t124 = t123 * t123;
      const float t125 = t124 * t124;
      const float t126 = t125 * s26;
      const float t128 = fabsf(t41);
      const float t129 = t128 + 0x1.0000000000000p-126f;
      const float t130 = fmaf(t126, t126, t129);
      const float t131 = t41 / t130;
      const uint32_t t133 = (uint32_t)((uint32_t)t71 << 7u);
      const uint32_t t134 = (uint32_t)((uint32_t)t133 >> 18u);
      const int32_t t135 = (int32_t)t134;
      const int32_t t136 = t135 | (1145044992);
      const float t137 = float_of((uint32_t)t136);
      const float t138 = fmaf(t131, s27, t137);
      w2[k] = t122;
      t138_[k] = t138;
    }
    uint32_t t163_[BLOCK];
    float t164_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const int32_t x3 = w3[k];
      const float t69 = t69_[k];
      const uint32_t t70 = t70_[k];
      const float t138 = t138_[k];
      const int32_t t139 = (int32_t)bits_of(t138);
      const int32_t t141 = t140 > t139 ? t140 : t139;
      const int32_t t143 = t142 < t141 ? t142 : t141;
      const int32_t t144 = t143 >> (14);
      const int32_t t145 = (int32_t)((uint32_t)t144 - (uint32_t)(69888));
      const int32_t t146 = wrapped_int8((int32_t)t145);
      const int32_t t147 = x3;
      const int32_t t148 = (int32_t)((uint32_t)t147 << (8));
      const float t149 = x0;
      const int32_t t150 = (int32_t)bits_of(t149);
      const int32_t t151 = (int32_t)((uint32_t)t150 + (uint32_t)t148);
      const float t152 = float_of((uint32_t)t151);
      const float t154 = -t69;
      const float t155 = t152 < 0x0.0p+0f ? t154 : t69;
      const float t158 = cautious & (t155 < 0x0.0p+0f) ? t157 : s29;
      const float t160 = decays ? fmaf(t158, t152, t69) : t69;
      const uint32_t t163 = t70 + s30;
      const float t164 = fmaf(t161, t160, t152);
      w1[k] = t146;
      t163_[k] = t163;
      t164_[k] = t164;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t t163 = t163_[k];
      const float t164 = t164_[k];
      const int32_t t165 = (int32_t)bits_of(t164);
      const int32_t t166 = t165 & (2147483647);
      const int32_t t167 = t166 <= (2139062016);
      const uint32_t t168 = (uint32_t)((uint32_t)t163 >> 24u);
      const int32_t t169 = (int32_t)t168;
      const int32_t t170 = (int32_t)((uint32_t)t165 + (uint32_t)t169);
      const int32_t t171 = t167 ? t170 : t165;
      const int32_t t172 = t171 & (-256);
      const int32_t t173 = t167 ? (32768) : (0);
      const int32_t t174 = t173;
      const int32_t t175 = (int32_t)((uint32_t)t172 + (uint32_t)t174);
      const int32_t t176 = t175 & (-65536);
      const float t177 = float_of((uint32_t)t176);
      const float t178 = t177;
      const int32_t t179 = (int32_t)((uint32_t)t172 - (uint32_t)t176);
      const int32_t t180 = t179 < (32767) ? t179 : (32767);
      const int32_t t181 = t180 >> (8);
      const int32_t t182 = wrapped_int8((int32_t)t181);
      w0[k] = t178;
      w3[k] = t182;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    narrow_int8(a3, w3);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; a4 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_bfloat16_weights16) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s2 = float_of(s[2]);
  const float s6 = float_of(s[6]);
  const float s8 = float_of(s[8]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s15 = float_of(s[15]);
  const float s18 = float_of(s[18]);
  const uint32_t s19 = s[19];
  const float s20 = float_of(s[20]);
  const float s21 = float_of(s[21]);
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const uint32_t s28 = s[28];
  const float t45 = float_of(0x7F800000u);
  const int32_t t92 = (1145061376);
  const int32_t t94 = (1149239295);
  const int32_t t98 = (0);
  const int32_t t118 = (1142964224);
  const int32_t t120 = (1147142143);
  const float t130 = (float)(0);
  const float t134 = -s26;
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
      const float t10 = t9 * s20;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s22 - t13;
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
    float t47_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s21;
      const float t26 = t24 * t25;
      const float t27 = t11 * t11;
      const float t28 = t6 - t26;
      const float t30 = fmaf(s2, t28, t26);
      const float t32 = fmaf(t6, t6, -(t27));
      const float t34 = fmaf(s6, t32, t27);
      const float t35 = t30 * s18;
      const float t36 = s15 * t35;
      const float t37 = t6 * s14;
      const float t39 = fmaf(s12, t37, t36);
      const float t41 = fmaf(t34, s8, s10);
      const float t42 = sqrtf(t41);
      const float t43 = t42 + s9;
      const float t46 = t43 == 0x0.0p+0f ? t45 : t43;
      const float t47 = t39 / t46;
      t30_[k] = t30;
      t34_[k] = t34;
      t47_[k] = t47;
    }
    uint32_t t48_[BLOCK];
    uint32_t t49_[BLOCK];
    float t59_[BLOCK];
    float t63_[BLOCK];
    float t68_[BLOCK];
    float t72_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t34 = t34_[k];
      const uint32_t t48 = index * 2826234067u;
      const uint32_t t49 = t48 + s19;
      const int32_t t51 = (int32_t)bits_of(t34);
      const int32_t t52 = t51 >> (1);
      const int32_t t53 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t52);
      const float t54 = float_of((uint32_t)t53);
      const float t55 = 0x1.686c6e0000000p-1f * t34;
      const float t56 = t55 * t54;
      const float t58 = fmaf(-(t56), t54, 0x1.ae91e80000000p+0f);
      const float t59 = t54 * t58;
      const int32_t t60 = (int32_t)bits_of(t59);
      const int32_t t61 = t60 >> (3);
      const int32_t t62 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t61);
      const float t63 = float_of((uint32_t)t62);
      const float t64 = t63 * t63;
      const float t65 = t64 * t64;
      const float t66 = t65 * t65;
      const float t68 = fmaf(-(t59), t66, 0x1.0000000000000p+0f);
      const float t70 = fmaf(0x1.1e204e0000000p-5f, t68, 0x1.5072220000000p-5f);
      const float t72 = fmaf(t70, t68, 0x1.9746cc0000000p-5f);
      t48_[k] = t48;
      t49_[k] = t49;
      t59_[k] = t59;
      t63_[k] = t63;
      t68_[k] = t68;
      t72_[k] = t72;
    }
    int32_t t100_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t34 = t34_[k];
      const uint32_t t49 = t49_[k];
      const float t59 = t59_[k];
      const float t63 = t63_[k];
      const float t68 = t68_[k];
      const float t72 = t72_[k];
      const float t74 = fmaf(t72, t68, 0x1.1fd9940000000p-4f);
      const float t76 = fmaf(t74, t68, 0x1.0000540000000p-3f);
      const float t77 = t63 * t68;
      const float t79 = fmaf(t77, t76, t63);
      const float t80 = t34 * t59;
      const float t81 = t80 * t59;
      const float t83 = fmaf(0x1.0000000000000p-4f, t81, 0x1.e000000000000p-1f);
      const float t84 = t79 * t83;
      const uint32_t t86 = (uint32_t)((uint32_t)t49 >> 18u);
      const int32_t t87 = (int32_t)t86;
      const int32_t t88 = t87 | (1145044992);
      const float t89 = float_of((uint32_t)t88);
      const float t90 = fmaf(t84, s23, t89);
      const int32_t t91 = (int32_t)bits_of(t90);
      const int32_t t93 = t92 > t91 ? t92 : t91;
      const int32_t t95 = t94 < t93 ? t94 : t93;
      const int32_t t96 = t95 >> (14);
      const int32_t t97 = (int32_t)((uint32_t)t96 - (uint32_t)(69888));
      const int32_t t99 = t34 > 0x0.0p+0f ? t97 : t98;
      const int32_t t100 = wrapped_uint8((int32_t)t99);
      w2[k] = t100;
      t100_[k] = t100;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t30 = t30_[k];
      const uint32_t t49 = t49_[k];
      const int32_t t100 = t100_[k];
      const float t101 = (float)t100;
      const float t102 = t101 * t101;
      const float t103 = t102 * t102;
      const float t104 = t103 * s24;
      const float t106 = fabsf(t30);
      const float t107 = t106 + 0x1.0000000000000p-126f;
      const float t108 = fmaf(t104, t104, t107);
      const float t109 = t30 / t108;
      const uint32_t t111 = (uint32_t)((uint32_t)t49 << 7u);
      const uint32_t t112 = (uint32_t)((uint32_t)t111 >> 18u);
      const int32_t t113 = (int32_t)t112;
      const int32_t t114 = t113 | (1145044992);
      const float t115 = float_of((uint32_t)t114);
      const float t116 = fmaf(t109, s25, t115);
      const int32_t t117 = (int32_t)bits_of(t116);
      const int32_t t119 = t118 > t117 ? t118 : t117;
      const int32_t t121 = t120 < t119 ? t120 : t119;
      const int32_t t122 = t121 >> (14);
      const int32_t t123 = (int32_t)((uint32_t)t122 - (uint32_t)(69888));
      const int32_t t124 = wrapped_int8((int32_t)t123);
      w1[k] = t124;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t47 = t47_[k];
      const uint32_t t48 = t48_[k];
      const float t125 = x0;
      const float t127 = -t47;
      const float t128 = t125 < 0x0.0p+0f ? t127 : t47;
      const float t131 = cautious & (t128 < 0x0.0p+0f) ? t130 : s27;
      const float t133 = decays ? fmaf(t131, t125, t47) : t47;
      const uint32_t t136 = t48 + s28;
      const float t137 = fmaf(t134, t133, t125);
      const int32_t t138 = (int32_t)bits_of(t137);
      const int32_t t139 = t138 & (2147483647);
      const uint32_t t141 = (uint32_t)((uint32_t)t136 >> 16u);
      const int32_t t142 = (int32_t)t141;
      const int32_t t143 = (int32_t)((uint32_t)t138 + (uint32_t)t142);
      const int32_t t144 = t139 <= (2139029504) ? t143 : t138;
      const int32_t t145 = t144 & (-65536);
      const float t146 = float_of((uint32_t)t145);
      const float t147 = t146;
      w0[k] = t147;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

KERNEL(nadam_8bit_bfloat16_weights16_any_rates) {
  const int32_t decays = s[0] & 1, cautious = s[0] >> 1 & 1;
  const float s1 = float_of(s[1]);
  const float s2 = float_of(s[2]);
  const float s5 = float_of(s[5]);
  const float s6 = float_of(s[6]);
  const float s7 = float_of(s[7]);
  const float s9 = float_of(s[9]);
  const float s10 = float_of(s[10]);
  const float s11 = float_of(s[11]);
  const float s12 = float_of(s[12]);
  const float s14 = float_of(s[14]);
  const float s16 = float_of(s[16]);
  const float s17 = float_of(s[17]);
  const float s20 = float_of(s[20]);
  const uint32_t s21 = s[21];
  const float s22 = float_of(s[22]);
  const float s23 = float_of(s[23]);
  const float s24 = float_of(s[24]);
  const float s25 = float_of(s[25]);
  const float s26 = float_of(s[26]);
  const float s27 = float_of(s[27]);
  const float s28 = float_of(s[28]);
  const float s29 = float_of(s[29]);
  const uint32_t s30 = s[30];
  const int32_t t28 = s1 < 0x1.0000000000000p-1f;
  const int32_t t43 = s6 < 0x1.0000000000000p-1f;
  const float t67 = float_of(0x7F800000u);
  const int32_t t114 = (1145061376);
  const int32_t t116 = (1149239295);
  const int32_t t120 = (0);
  const int32_t t140 = (1142964224);
  const int32_t t142 = (1147142143);
  const float t152 = (float)(0);
  const float t156 = -s28;
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
      const float t10 = t9 * s22;
      const float t11 = t10 * t10;
      const float t12 = (float)x1;
      const float t13 = fabsf(t12);
      const float t14 = s24 - t13;
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
    float t42_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t11 = t11_[k];
      const float t24 = t24_[k];
      const float t25 = t11 * s23;
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
      t27_[k] = t27;
      t41_[k] = t41;
      t42_[k] = t42;
    }
    float t56_[BLOCK];
    float t69_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t6 = t6_[k];
      const float t27 = t27_[k];
      const float t41 = t41_[k];
      const float t42 = t42_[k];
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
      const float t57 = t41 * s20;
      const float t58 = s17 * t57;
      const float t59 = t6 * s16;
      const float t61 = fmaf(s14, t59, t58);
      const float t63 = fmaf(t56, s9, s12);
      const float t64 = sqrtf(t63);
      const float t65 = t64 + s11;
      const float t68 = t65 == 0x0.0p+0f ? t67 : t65;
      const float t69 = t61 / t68;
      t56_[k] = t56;
      t69_[k] = t69;
    }
    uint32_t t70_[BLOCK];
    uint32_t t71_[BLOCK];
    float t81_[BLOCK];
    float t85_[BLOCK];
    float t90_[BLOCK];
    float t94_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const uint32_t index = first + (uint32_t)k;
      const float t56 = t56_[k];
      const uint32_t t70 = index * 2826234067u;
      const uint32_t t71 = t70 + s21;
      const int32_t t73 = (int32_t)bits_of(t56);
      const int32_t t74 = t73 >> (1);
      const int32_t t75 = (int32_t)((uint32_t)(1595932665) - (uint32_t)t74);
      const float t76 = float_of((uint32_t)t75);
      const float t77 = 0x1.686c6e0000000p-1f * t56;
      const float t78 = t77 * t76;
      const float t80 = fmaf(-(t78), t76, 0x1.ae91e80000000p+0f);
      const float t81 = t76 * t80;
      const int32_t t82 = (int32_t)bits_of(t81);
      const int32_t t83 = t82 >> (3);
      const int32_t t84 = (int32_t)((uint32_t)(1198032368) - (uint32_t)t83);
      const float t85 = float_of((uint32_t)t84);
      const float t86 = t85 * t85;
      const float t87 = t86 * t86;
      const float t88 = t87 * t87;
      const float t90 = fmaf(-(t81), t88, 0x1.0000000000000p+0f);
      const float t92 = fmaf(0x1.1e204e0000000p-5f, t90, 0x1.5072220000000p-5f);
      const float t94 = fmaf(t92, t90, 0x1.9746cc0000000p-5f);
      t70_[k] = t70;
      t71_[k] = t71;
      t81_[k] = t81;
      t85_[k] = t85;
      t90_[k] = t90;
      t94_[k] = t94;
    }
    int32_t t122_[BLOCK];
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t56 = t56_[k];
      const uint32_t t71 = t71_[k];
      const float t81 = t81_[k];
      const float t85 = t85_[k];
      const float t90 = t90_[k];
      const float t94 = t94_[k];
      const float t96 = fmaf(t94, t90, 0x1.1fd9940000000p-4f);
      const float t98 = fmaf(t96, t90, 0x1.0000540000000p-3f);
      const float t99 = t85 * t90;
      const float t101 = fmaf(t99, t98, t85);
      const float t102 = t56 * t81;
      const float t103 = t102 * t81;
      const float t105 = fmaf(0x1.0000000000000p-4f, t103, 0x1.e000000000000p-1f);
      const float t106 = t101 * t105;
      const uint32_t t108 = (uint32_t)((uint32_t)t71 >> 18u);
      const int32_t t109 = (int32_t)t108;
      const int32_t t110 = t109 | (1145044992);
      const float t111 = float_of((uint32_t)t110);
      const float t112 = fmaf(t106, s25, t111);
      const int32_t t113 = (int32_t)bits_of(t112);
      const int32_t t115 = t114 > t113 ? t114 : t113;
      const int32_t t117 = t116 < t115 ? t116 : t115;
      const int32_t t118 = t117 >> (14);
      const int32_t t119 = (int32_t)((uint32_t)t118 - (uint32_t)(69888));
      const int32_t t121 = t56 > 0x0.0p+0f ? t119 : t120;
      const int32_t t122 = wrapped_uint8((int32_t)t121);
      w2[k] = t122;
      t122_[k] = t122;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float t41 = t41_[k];
      const uint32_t t71 = t71_[k];
      const int32_t t122 = t122_[k];
      const float t123 = (float)t122;
      const float t124 = t123 * t123;
      const float t125 = t124 * t124;
      const float t126 = t125 * s26;
      const float t128 = fabsf(t41);
      const float t129 = t128 + 0x1.0000000000000p-126f;
      const float t130 = fmaf(t126, t126, t129);
      const float t131 = t41 / t130;
      const uint32_t t133 = (uint32_t)((uint32_t)t71 << 7u);
      const uint32_t t134 = (uint32_t)((uint32_t)t133 >> 18u);
      const int32_t t135 = (int32_t)t134;
      const int32_t t136 = t135 | (1145044992);
      const float t137 = float_of((uint32_t)t136);
      const float t138 = fmaf(t131, s27, t137);
      const int32_t t139 = (int32_t)bits_of(t138);
      const int32_t t141 = t140 > t139 ? t140 : t139;
      const int32_t t143 = t142 < t141 ? t142 : t141;
      const int32_t t144 = t143 >> (14);
      const int32_t t145 = (int32_t)((uint32_t)t144 - (uint32_t)(69888));
      const int32_t t146 = wrapped_int8((int32_t)t145);
      w1[k] = t146;
    }
    UNALIASED
    for (int k = 0; k < BLOCK; k++) {
      const float x0 = w0[k];
      const float t69 = t69_[k];
      const uint32_t t70 = t70_[k];
      const float t147 = x0;
      const float t149 = -t69;
      const float t150 = t147 < 0x0.0p+0f ? t149 : t69;
      const float t153 = cautious & (t150 < 0x0.0p+0f) ? t152 : s29;
      const float t155 = decays ? fmaf(t153, t147, t69) : t69;
      const uint32_t t158 = t70 + s30;
      const float t159 = fmaf(t156, t155, t147);
      const int32_t t160 = (int32_t)bits_of(t159);
      const int32_t t161 = t160 & (2147483647);
      const uint32_t t163 = (uint32_t)((uint32_t)t158 >> 16u);
      const int32_t t164 = (int32_t)t163;
      const int32_t t165 = (int32_t)((uint32_t)t160 + (uint32_t)t164);
      const int32_t t166 = t161 <= (2139029504) ? t165 : t160;
      const int32_t t167 = t166 & (-65536);
      const float t168 = float_of((uint32_t)t167);
      const float t169 = t168;
      w0[k] = t169;
    }
    narrow_bfloat16(a0, w0);
    narrow_int8(a1, w1);
    narrow_uint8(a2, w2);
    a0 += BLOCK; a1 += BLOCK; a2 += BLOCK; a3 += BLOCK; first += BLOCK;
  }
}

const Kernel nadam_kernels[] = {
    {"nadam_float32_float32", nadam_float32_float32, {4, 4, 4, 4}},
    {"nadam_float32_float32_any_rates", nadam_float32_float32_any_rates, {4, 4, 4, 4}},
    {"nadam_float32_bfloat16_weights32", nadam_float32_bfloat16_weights32, {2, 4, 4, 2, 2}},
    {"nadam_float32_bfloat16_weights32_any_rates", nadam_float32_bfloat16_weights32_any_rates, {2, 4, 4, 2, 2}},
    {"nadam_float32_bfloat16_weights24", nadam_float32_bfloat16_weights24, {2, 4, 4, 1, 2}},
    {"nadam_float32_bfloat16_weights24_any_rates", nadam_float32_bfloat16_weights24_any_rates, {2, 4, 4, 1, 2}},
    {"nadam_float32_bfloat16_weights16", nadam_float32_bfloat16_weights16, {2, 4, 4, 2}},
    {"nadam_float32_bfloat16_weights16_any_rates", nadam_float32_bfloat16_weights16_any_rates, {2, 4, 4, 2}},
    {"nadam_bfloat16_float32", nadam_bfloat16_float32, {4, 2, 2, 4}},
    {"nadam_bfloat16_float32_any_rates", nadam_bfloat16_float32_any_rates, {4, 2, 2, 4}},
    {"nadam_bfloat16_bfloat16_weights32", nadam_bfloat16_bfloat16_weights32, {2, 2, 2, 2, 2}},
    {"nadam_bfloat16_bfloat16_weights32_any_rates", nadam_bfloat16_bfloat16_weights32_any_rates, {2, 2, 2, 2, 2}},
    {"nadam_bfloat16_bfloat16_weights24", nadam_bfloat16_bfloat16_weights24, {2, 2, 2, 1, 2}},
    {"nadam_bfloat16_bfloat16_weights24_any_rates", nadam_bfloat16_bfloat16_weights24_any_rates, {2, 2, 2, 1, 2}},
    {"nadam_bfloat16_bfloat16_weights16", nadam_bfloat16_bfloat16_weights16, {2, 2, 2, 2}},
    {"nadam_bfloat16_bfloat16_weights16_any_rates", nadam_bfloat16_bfloat16_weights16_any_rates, {2, 2, 2, 2}},
    {"nadam_8bit_float32", nadam_8bit_float32, {4, 1, 1, 4}},
    {"nadam_8bit_float32_any_rates", nadam_8bit_float32_any_rates, {4, 1, 1, 4}},
    {"nadam_8bit_bfloat16_weights32", nadam_8bit_bfloat16_weights32, {2, 1, 1, 2, 2}},
    {"nadam_8bit_bfloat16_weights32_any_rates", nadam_8bit_bfloat16_weights32_any_rates, {2, 1, 1, 2, 2}},
    {"nadam_8bit_bfloat16_weights24", nadam_8bit_bfloat16_weights24, {2, 1, 1, 1, 2}},
    {"nadam_8bit_bfloat16_weights24_any_rates", nadam_8bit_bfloat16_weights24_any_rates, {2, 1, 1, 1, 2}},
    {"nadam_8bit_bfloat16_weights16", nadam_8bit_bfloat16_weights16, {2, 1, 1, 2}},
    {"nadam_8bit_bfloat16_weights16_any_rates", nadam_8bit_bfloat16_weights16_any_rates, {2, 1, 1, 2}},
    {0},
};
