package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Storage;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A storage that a pickle refers to; its bytes are looked for only when a tensor is wanted.
 *
 * <p>So an optimizer's state costs nothing, and a type that camjar cannot read is no error until a
 * weight has it.
 */
final class TorchStorage {
  private final String key;
  private final StorageType type;
  private final long elements;
  private final ByteOrder order;
  private final Supplier<ByteRegion> bytes;

  /**
   * Describes a storage.
   *
   * @param elements how many, as the pickle claims; compared with the bytes when they are read
   */
  TorchStorage(
      String key, StorageType type, long elements, ByteOrder order, Supplier<ByteRegion> bytes) {
    this.key = key;
    this.type = type;
    this.elements = elements;
    this.order = order;
    this.bytes = bytes;
  }

  StorageType type() {
    return type;
  }

  /** The part of this storage from element {@code offset}, as old files describe views. */
  TorchStorage view(String viewKey, long offset, long size) {
    return new TorchStorage(
        viewKey,
        type,
        size,
        order,
        () -> {
          Storage root = resolve(type);
          int width = root.dtype().bytes();
          if (offset < 0 || size < 0 || offset > root.elements() - size) {
            throw Malformed.damaged("storage '" + viewKey + "' does not lie inside '" + key + "'");
          }
          return root.bytes().slice(offset * width, size * width);
        });
  }

  /** The bytes as elements of {@code wanted}, which differs from the type for untyped storages. */
  Storage resolve(StorageType wanted) {
    Optional<DType> dtype = wanted.dtype();
    Optional<DType> own = type.dtype();
    if (dtype.isEmpty() || own.isEmpty()) {
      throw new Malformed(
          "has a tensor of type "
              + (own.isEmpty() ? type.name() : wanted.name())
              + ", which cannot be read as floating-point weights",
          "save the model in a floating-point type");
    }
    ByteRegion region = bytes.get();
    int width = own.get().bytes();
    if (elements < 0 || elements > Long.MAX_VALUE / 8 || region.size() != elements * width) {
      throw Malformed.damaged(
          "storage '"
              + key
              + "' has "
              + region.size()
              + " bytes, its "
              + elements
              + " elements of "
              + type.name()
              + " need "
              + width
              + " each");
    }
    return new Storage(dtype.get(), order, region);
  }
}
