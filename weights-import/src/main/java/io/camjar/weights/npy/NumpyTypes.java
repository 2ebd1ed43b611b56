package io.camjar.weights.npy;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;

/** NumPy's codes for element types. */
public final class NumpyTypes {
  private NumpyTypes() {}

  /**
   * The type of a code without its byte order, {@code f4} for example.
   *
   * @throws Malformed if camjar does not read that type
   */
  public static DType of(String code) {
    return switch (code) {
      case "f8" -> DType.FLOAT64;
      case "f4" -> DType.FLOAT32;
      case "f2" -> DType.FLOAT16;
      case "i8" -> DType.INT64;
      case "i4" -> DType.INT32;
      case "i2" -> DType.INT16;
      case "i1" -> DType.INT8;
      case "u8" -> DType.UINT64;
      case "u4" -> DType.UINT32;
      case "u2" -> DType.UINT16;
      case "u1" -> DType.UINT8;
      case "b1" -> DType.BOOL;
      default ->
          throw new Malformed(
              "is a NumPy array of type " + code + ", which camjar does not read",
              "write it as float32");
    };
  }
}
