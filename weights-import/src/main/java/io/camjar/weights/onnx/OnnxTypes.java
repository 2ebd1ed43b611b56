package io.camjar.weights.onnx;

import io.camjar.weights.tensor.DType;
import java.util.Optional;

/** ONNX's numbers of element types ({@code TensorProto.DataType}). */
final class OnnxTypes {
  private static final String[] NAMES = {
    "undefined",
    "float",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "int64",
    "string",
    "bool",
    "float16",
    "double",
    "uint32",
    "uint64",
    "complex64",
    "complex128",
    "bfloat16",
    "float8e4m3fn",
    "float8e4m3fnuz",
    "float8e5m2",
    "float8e5m2fnuz",
    "uint4",
    "int4",
    "float4e2m1"
  };

  private OnnxTypes() {}

  /** The type that camjar reads under that number. */
  static Optional<DType> dtype(long number) {
    return Optional.ofNullable(
        switch ((int) Math.max(-1, Math.min(number, NAMES.length))) {
          case 1 -> DType.FLOAT32;
          case 2 -> DType.UINT8;
          case 3 -> DType.INT8;
          case 4 -> DType.UINT16;
          case 5 -> DType.INT16;
          case 6 -> DType.INT32;
          case 7 -> DType.INT64;
          case 9 -> DType.BOOL;
          case 10 -> DType.FLOAT16;
          case 11 -> DType.FLOAT64;
          case 12 -> DType.UINT32;
          case 13 -> DType.UINT64;
          case 16 -> DType.BFLOAT16;
          default -> null;
        });
  }

  /** ONNX's own name of that number. */
  static String name(long number) {
    return number >= 0 && number < NAMES.length ? NAMES[(int) number] : "type " + number;
  }
}
