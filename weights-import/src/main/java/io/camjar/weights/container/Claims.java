package io.camjar.weights.container;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;

/**
 * A bound on what a file's tensors may take in memory, compared with what the file holds.
 *
 * <p>Expanded tensors repeat their elements and compressed ones pack them, so a small file may ask
 * for much; real ones stay far below.
 */
final class Claims {
  private static final int MAX_TENSORS = 100_000;
  private static final long FREE_ELEMENTS = 1L << 24;
  private static final long ELEMENTS_PER_BYTE = 20;

  private Claims() {}

  static void check(StateDict tensors, long fileSize) {
    if (tensors.size() > MAX_TENSORS) {
      throw new Malformed(
          "has " + tensors.size() + " tensors, more than any ResNet",
          "save only the model's state_dict");
    }
    long allowed = FREE_ELEMENTS + ELEMENTS_PER_BYTE * fileSize;
    long claimed = 0;
    for (TensorEntry tensor : tensors.entries()) {
      if (tensor.elements() > allowed - claimed) {
        throw new Malformed(
            "is a file of "
                + fileSize
                + " bytes whose tensors claim more than "
                + allowed
                + " elements",
            "use the file only if you trust its maker, and save the weights without expanding");
      }
      claimed += tensor.elements();
    }
  }
}
