package io.camjar.weights.bytes;

/**
 * IEEE 754 half precision and bfloat16 to and from float, as PyTorch converts them: round half to
 * even, subnormals kept, NaN stays NaN.
 *
 * <p>{@code Float.float16ToFloat} exists only from Java 20 on.
 */
public final class Float16 {
  private Float16() {}

  /** The float that a half's 16 bits stand for, exactly. */
  public static float halfToFloat(short half) {
    int bits = half & 0xffff;
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f80_0000 | (mantissa << 13));
    }
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << 13));
  }

  /** The nearest half; above 65504 and its rounding range, infinity. */
  public static short floatToHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fff_ffff;
    if (magnitude > 0x7f80_0000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x4780_0000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x3880_0000) {
      // Adding 0.5 aligns the last bit of a subnormal half with the last bit of the float.
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(shifted) - 0x3f00_0000));
    }
    int odd = (magnitude >>> 13) & 1;
    return (short) (sign | ((magnitude - 0x3800_0000 + 0xfff + odd) >>> 13));
  }

  /** The float that a bfloat16's 16 bits stand for, exactly. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) 0x7fc0;
    }
    int odd = (bits >>> 16) & 1;
    return (short) ((bits + 0x7fff + odd) >>> 16);
  }
}
