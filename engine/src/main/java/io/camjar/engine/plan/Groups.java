package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.PackedConv2d;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first nodes of a pass over a batch, which go through it a few images at a time: what one of
 * them computes the next then finds in cache. Their activations are large and their weights light;
 * with the nodes behind them it is the other way round, and a batch shares its weights.
 *
 * @param end the first node behind them; 1 if there are none
 * @param images of a group; the last may have fewer
 */
record Groups(int end, int images) {
  /** Bytes of the input and output of a node that a cache keeps. */
  private static final long CACHE = 4L << 20;

  /** No groups. */
  static final Groups NONE = new Groups(1, 1);

  /**
   * The groups of a forward.
   *
   * @param shapes of all values
   * @param convolutions by the values they compute
   */
  static Groups of(
      List<@Nullable Node> nodes, List<Shape> shapes, Map<Integer, PackedConv2d> convolutions) {
    int batch = shapes.get(0).batch();
    int end = 1;
    long largest = 0;
    for (int value = 1; value < nodes.size(); value++) {
      Node node = nodes.get(value);
      if (node == null) {
        continue;
      }
      Shape shape = shapes.get(value);
      PackedConv2d convolution = convolutions.get(value);
      long image = shape.imageBytes() + shapes.get(node.inputs().get(0)).imageBytes();
      if (shape.features()
          || node instanceof Node.GlobalPool
          || image * batch <= CACHE
          || (convolution != null && convolution.bytes() > CACHE)) {
        break;
      }
      largest = Math.max(largest, image);
      end = value + 1;
    }
    int images = largest == 0 ? batch : (int) Math.max(1, CACHE / largest);
    return images >= batch ? NONE : new Groups(end, images);
  }
}
