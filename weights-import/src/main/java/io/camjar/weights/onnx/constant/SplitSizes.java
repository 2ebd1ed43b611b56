package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Into which lengths a {@code Split} cuts a side. */
public final class SplitSizes {
  private SplitSizes() {}

  /**
   * The lengths: an attribute, from opset 13 on an input; equal ones if neither is given, of which
   * the last may be shorter.
   */
  public static long[] of(Attributes node, @Nullable Constant input, long side) {
    Optional<List<Long>> attribute = node.integers("split");
    long[] sizes;
    if (input != null) {
      sizes = input.integers();
    } else if (attribute.isPresent()) {
      sizes = attribute.get().stream().mapToLong(v -> v).toArray();
    } else {
      int count = node.node().outputs().size();
      long each = count == 0 ? 0 : (side + count - 1) / count;
      sizes = new long[count];
      Arrays.fill(sizes, each);
      if (count > 0) {
        sizes[count - 1] = side - each * (count - 1);
      }
    }
    boolean negative = Arrays.stream(sizes).anyMatch(size -> size < 0 || size > side);
    if (negative || sizes.length == 0 || Arrays.stream(sizes).sum() != side) {
      throw Malformed.damaged(
          "node '%s' splits a side of %d into %s"
              .formatted(node.node().label(), side, Arrays.toString(sizes)));
    }
    return sizes;
  }
}
