package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Shape;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Arrays;

/**
 * How a convolution or a pool moves over an image, or over rows, which are images one row high.
 *
 * @param kernel rows and columns of the window
 * @param strides rows and columns between windows
 * @param dilations rows and columns between taps
 * @param before padding above and left
 * @param after padding below and right
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Windows(int[] kernel, int[] strides, int[] dilations, int[] before, int[] after) {

  /**
   * Reads a node's attributes.
   *
   * @param kernel rows and columns of the weights, or null to read {@code kernel_shape}
   */
  static Windows of(Call call, int @org.jspecify.annotations.Nullable [] kernel) {
    Attributes node = call.attributes();
    int sides = call.x().rank() - 2;
    int[] window = kernel == null ? behind(1, node.sizes("kernel_shape", sides, 0)) : kernel;
    int[] stated =
        node.has("kernel_shape") ? behind(1, node.sizes("kernel_shape", sides, 0)) : window;
    int[] strides = behind(1, node.sizes("strides", sides, 1));
    int[] dilations = behind(1, node.sizes("dilations", sides, 1));
    int[] given = node.sizes("pads", 2 * sides, 0);
    int[] pads = sides == 2 ? given : new int[] {0, given[0], 0, given[1]};
    boolean positive =
        Arrays.equals(window, stated)
            && window[0] > 0
            && window[1] > 0
            && strides[0] > 0
            && strides[1] > 0
            && dilations[0] > 0
            && dilations[1] > 0
            && Arrays.stream(pads).allMatch(pad -> pad >= 0);
    if (!positive) {
      throw Malformed.damaged(
          "node '%s' has a window of %s, strides %s, dilations %s, pads %s"
              .formatted(
                  call.node().label(),
                  Arrays.toString(stated),
                  Arrays.toString(strides),
                  Arrays.toString(dilations),
                  Arrays.toString(pads)));
    }
    String auto = node.text("auto_pad", "NOTSET");
    Windows windows =
        new Windows(
            window, strides, dilations, new int[] {pads[0], pads[1]}, new int[] {pads[2], pads[3]});
    return switch (auto) {
      case "NOTSET", "" -> windows;
      case "VALID" -> new Windows(window, strides, dilations, new int[2], new int[2]);
      case "SAME_UPPER", "SAME_LOWER" -> windows.same(call, auto.equals("SAME_LOWER"));
      default ->
          throw Malformed.damaged(
              "node '%s' has '%s' as auto_pad".formatted(call.node().label(), auto));
    };
  }

  /** Two numbers: the only one behind that of the one row. */
  private static int[] behind(int row, int[] sizes) {
    return sizes.length == 2 ? sizes : new int[] {row, sizes[0]};
  }

  /**
   * Padding that makes the output as large as the input divided by the strides, rounded up. Where
   * windows leave more than one row or column out, that needs less padding than none: TensorFlow
   * then begins at the first, ONNX Runtime's pools in front of the middle, and its convolutions at
   * another. No file says whose it was.
   */
  private Windows same(Call call, boolean moreBefore) {
    int[] first = new int[2];
    int[] last = new int[2];
    for (int d = 0; d < 2; d++) {
      if (hangsOnSize(d) && !isFixed(call.x(), d)) {
        throw call.refuse(
            "pads by as much as the image's size asks for, which the model leaves open");
      }
      int total = Math.toIntExact(total(call.x().shape(), d));
      if (total < -1) {
        throw call.refuse(
            "leaves %d rows or columns of %s out without saying where"
                .formatted(-total, call.x().shape()));
      }
      int padding = Math.max(0, total);
      int less = padding / 2;
      int more = padding - less;
      first[d] = moreBefore ? more : less;
      last[d] = moreBefore ? less : more;
    }
    return new Windows(kernel, strides, dilations, first, last);
  }

  /**
   * Whether sides of different lengths are padded differently: one that the stride divides by the
   * window less the stride, one that is longer by 1 by the window less 1. Single pixels in steps of
   * two are never padded.
   */
  private boolean hangsOnSize(int d) {
    return strides[d] > 1 && (kernel[d] > 1 || strides[d] > 2);
  }

  /** Whether the side is one length at all probes; that of rows, one row high, is. */
  private static boolean isFixed(Traced x, int d) {
    int axis = x.rank() - 2 + d;
    return axis < 2 || x.isFixed(axis);
  }

  /** Rows or columns of padding; negative where some are left out. */
  private long total(Shape shape, int d) {
    int axis = shape.rank() - 2 + d;
    // Of rows, [N, C, L], the axis before the last has channels; the image is one row high.
    long side = axis < 2 ? 1 : shape.side(axis);
    long out = (side + strides[d] - 1) / strides[d];
    return (out - 1) * strides[d] + (kernel[d] - 1L) * dilations[d] + 1 - side;
  }

  /** Whether opposite sides are padded alike. */
  boolean isEven() {
    return Arrays.equals(before, after);
  }

  boolean isPadded() {
    return before[0] + before[1] + after[0] + after[1] > 0;
  }

  /** Whether each window is one pixel of the input, all of them in order. */
  boolean isIdentity() {
    return kernel[0] == 1 && kernel[1] == 1 && strides[0] == 1 && strides[1] == 1 && !isPadded();
  }
}
