package io.camjar.weights.tensor;

import io.camjar.weights.bytes.Float16;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Element types that a file may hold and camjar can read as float32. */
public enum DType {
  FLOAT64("float64", "F64", 8),
  FLOAT32("float32", "F32", 4),
  FLOAT16("float16", "F16", 2),
  BFLOAT16("bfloat16", "BF16", 2),
  INT64("int64", "I64", 8),
  INT32("int32", "I32", 4),
  INT16("int16", "I16", 2),
  INT8("int8", "I8", 1),
  UINT64("uint64", "U64", 8),
  UINT32("uint32", "U32", 4),
  UINT16("uint16", "U16", 2),
  UINT8("uint8", "U8", 1),
  BOOL("bool", "BOOL", 1);

  private final String torchName;
  private final String safetensorsName;
  private final int bytes;

  DType(String torchName, String safetensorsName, int bytes) {
    this.torchName = torchName;
    this.safetensorsName = safetensorsName;
    this.bytes = bytes;
  }

  /** PyTorch's and NumPy's name, {@code float32} for example. */
  public String torchName() {
    return torchName;
  }

  /** safetensors' name, {@code F32} for example. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** Whether it is a floating-point type, as every weight is. */
  public boolean isFloating() {
    return ordinal() <= BFLOAT16.ordinal();
  }

  /** The type of that PyTorch or NumPy name. */
  public static Optional<DType> ofTorchName(String name) {
    for (DType type : values()) {
      if (type.torchName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type of that safetensors name. */
  public static Optional<DType> ofSafetensorsName(String name) {
    for (DType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * The element at byte {@code index}, in the buffer's byte order, as a double; exact but for
   * 64-bit integers beyond 2^53.
   */
  public double read(ByteBuffer buffer, int index) {
    return switch (this) {
      case FLOAT64 -> buffer.getDouble(index);
      case FLOAT32 -> buffer.getFloat(index);
      case FLOAT16 -> Float16.halfToFloat(buffer.getShort(index));
      case BFLOAT16 -> Float16.bfloat16ToFloat(buffer.getShort(index));
      case INT64 -> buffer.getLong(index);
      case INT32 -> buffer.getInt(index);
      case INT16 -> buffer.getShort(index);
      case INT8 -> buffer.get(index);
      case UINT64 -> {
        long bits = buffer.getLong(index);
        yield bits >= 0 ? bits : (double) (bits >>> 1 | bits & 1) * 2;
      }
      case UINT32 -> buffer.getInt(index) & 0xffff_ffffL;
      case UINT16 -> buffer.getShort(index) & 0xffff;
      case UINT8 -> buffer.get(index) & 0xff;
      case BOOL -> buffer.get(index) == 0 ? 0 : 1;
    };
  }
}
