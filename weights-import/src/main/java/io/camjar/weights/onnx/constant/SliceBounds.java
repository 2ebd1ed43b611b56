package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@code Slice} takes, from its attributes or, from opset 10 on, its inputs. */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record SliceBounds(int[] axes, long[] starts, long[] ends, long[] steps) {

  /**
   * Those of a node.
   *
   * @param inputs the known ones, null where one is left out or not known
   * @param rank of what is sliced; axes may count from its end
   */
  public static SliceBounds of(Attributes node, List<@Nullable Constant> inputs, int rank) {
    long[] starts = required(node, "starts", inputs, 1);
    long[] ends = required(node, "ends", inputs, 2);
    int[] all = new int[starts.length];
    Arrays.setAll(all, i -> i);
    int[] axes =
        given(node, "axes", inputs, 3)
            .map(named -> Arrays.stream(named).mapToInt(axis -> Axes.of(axis, rank)).toArray())
            .orElse(all);
    long[] ones = new long[starts.length];
    Arrays.fill(ones, 1);
    long[] steps = given(node, "steps", inputs, 4).orElse(ones);
    boolean fits =
        ends.length == starts.length
            && axes.length == starts.length
            && steps.length == starts.length
            && Arrays.stream(axes).allMatch(axis -> axis < rank);
    if (!fits) {
      throw Malformed.damaged(
          "node '" + node.node().label() + "' slices along other axes than it has");
    }
    return new SliceBounds(axes, starts, ends, steps);
  }

  private static long[] required(
      Attributes node, String name, List<@Nullable Constant> inputs, int index) {
    return given(node, name, inputs, index)
        .orElseThrow(
            () -> Malformed.damaged("node '%s' has no %s".formatted(node.node().label(), name)));
  }

  private static Optional<long[]> given(
      Attributes node, String name, List<@Nullable Constant> inputs, int index) {
    Constant input = index < inputs.size() ? inputs.get(index) : null;
    return input != null
        ? Optional.of(input.integers())
        : node.integers(name).map(values -> values.stream().mapToLong(v -> v).toArray());
  }
}
