package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.tensor.DType;
import java.util.Map;
import java.util.Optional;

/**
 * The element type of a storage, by PyTorch's name for it.
 *
 * @param name {@code FloatStorage}, {@code float32}; kept for messages
 * @param dtype the type, or empty for those that camjar does not read (complex, quantised)
 * @param width bytes per element
 */
record StorageType(String name, Optional<DType> dtype, int width) {
  private static final Map<String, DType> STORAGES =
      Map.ofEntries(
          Map.entry("DoubleStorage", DType.FLOAT64),
          Map.entry("FloatStorage", DType.FLOAT32),
          Map.entry("HalfStorage", DType.FLOAT16),
          Map.entry("BFloat16Storage", DType.BFLOAT16),
          Map.entry("LongStorage", DType.INT64),
          Map.entry("IntStorage", DType.INT32),
          Map.entry("ShortStorage", DType.INT16),
          Map.entry("CharStorage", DType.INT8),
          Map.entry("ByteStorage", DType.UINT8),
          Map.entry("BoolStorage", DType.BOOL),
          Map.entry("UntypedStorage", DType.UINT8),
          Map.entry("_UntypedStorage", DType.UINT8));

  /** Types that are skipped, with their width. */
  private static final Map<String, Integer> UNREAD =
      Map.of(
          "ComplexFloatStorage", 8,
          "ComplexDoubleStorage", 16,
          "QInt8Storage", 1,
          "QUInt8Storage", 1,
          "QInt32Storage", 4,
          "QUInt4x2Storage", 1,
          "QUInt2x4Storage", 1);

  private static final Map<String, String> DTYPE_ALIASES =
      Map.of(
          "float", "float32", "double", "float64", "half", "float16", "long", "int64", "int",
          "int32", "short", "int16");

  /** The type of {@code torch.FloatStorage}, {@code torch.cuda.HalfStorage} and so on. */
  static StorageType ofStorageClass(Object type) {
    if (type instanceof PyGlobal global && global.module().startsWith("torch")) {
      String name = global.name();
      DType dtype = STORAGES.get(name);
      if (dtype != null) {
        return new StorageType(name, Optional.of(dtype), dtype.bytes());
      }
      Integer width = UNREAD.get(name);
      if (width != null) {
        return new StorageType(name, Optional.empty(), width);
      }
    }
    throw Malformed.damaged("its pickle has a storage of something that is not a storage type");
  }

  /** The type of {@code torch.float32} and so on. */
  static StorageType ofDtype(Object dtype) {
    if (dtype instanceof PyGlobal global && global.module().equals("torch")) {
      String name = DTYPE_ALIASES.getOrDefault(global.name(), global.name());
      Optional<DType> known = DType.ofTorchName(name);
      return new StorageType(name, known, known.map(DType::bytes).orElse(1));
    }
    throw Malformed.damaged("its pickle has a tensor of something that is not a type");
  }
}
