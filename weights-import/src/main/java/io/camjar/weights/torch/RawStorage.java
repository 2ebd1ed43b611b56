package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.PickleCursor;

/** A storage as PyTorch writes it into a stream: an int64 element count, then the elements. */
final class RawStorage {
  private RawStorage() {}

  /** The elements' bytes; leaves the cursor behind them. */
  static ByteRegion read(PickleCursor cursor, ByteRegion file, int width) {
    long at = cursor.position();
    long elements = file.i64(at);
    if (elements < 0 || elements > file.size() || !file.holds(at + 8, elements * width)) {
      throw Malformed.truncated(
          "a storage of " + Long.toUnsignedString(elements) + " elements is not all there");
    }
    cursor.skip(8 + elements * width);
    return file.slice(at + 8, elements * width);
  }
}
