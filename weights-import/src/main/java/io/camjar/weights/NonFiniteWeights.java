package io.camjar.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights that are NaN or infinite, with which a network computes nothing but NaN. */
public final class NonFiniteWeights {
  private static final int EXPONENT = 0x7f800000;
  private static final int SHOWN = 3;

  private NonFiniteWeights() {}

  /** Whether a float32 array has a NaN or an infinity; looks at its memory once. */
  static boolean isIn(INDArray array) {
    ByteBuffer bytes = array.data().asNio();
    if (bytes == null) {
      return false;
    }
    IntBuffer bits = bytes.order(ByteOrder.nativeOrder()).asIntBuffer();
    int found = 0;
    for (int i = 0; i < bits.limit(); i++) {
      // Branch-free: 1 if all bits of the exponent are set.
      found |= ((bits.get(i) & EXPONENT) - EXPONENT) >>> 31 ^ 1;
    }
    return found != 0;
  }

  /** One sentence that names tensors with such values. */
  public static String sentence(List<String> tensors) {
    List<String> shown = tensors.stream().limit(SHOWN).map(name -> "'" + name + "'").toList();
    return (tensors.size() == 1
            ? "one tensor holds NaN or infinite values: "
            : tensors.size() + " tensors hold NaN or infinite values: ")
        + String.join(", ", shown)
        + (tensors.size() > SHOWN ? " and others" : "")
        + "; what is computed with them means nothing.";
  }
}
