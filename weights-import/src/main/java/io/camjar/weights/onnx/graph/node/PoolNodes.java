package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Pad;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.List;
import java.util.Map;

/** Pools over windows and over whole images. */
final class PoolNodes {
  private PoolNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "MaxPool", single(PoolNodes::max),
          "AveragePool", single(PoolNodes::average),
          "GlobalAveragePool",
              single(call -> Rows.emit(call, new AdaptiveAvgPool2d(), image(call))),
          "GlobalMaxPool", single(call -> Rows.emit(call, new AdaptiveMaxPool2d(), image(call))));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** The node's input as maps; rows are maps one row high. */
  private static Traced image(Call call) {
    Traced x = call.x();
    if (x.rank() != 4 && !Rows.isGiven(call)) {
      throw call.refuse(
          "pools over %d dimensions, not the two of an image".formatted(x.rank() - 2));
    }
    return Rows.maps(call);
  }

  private static Value max(Call call) {
    Traced x = image(call);
    Windows windows = Windows.of(call, null);
    if (call.node().outputs().size() > 1 && !call.node().outputs().get(1).isEmpty()) {
      throw call.refuse("gives the places of its maxima too");
    }
    if (windows.isIdentity()) {
      return call.x();
    }
    boolean own = hasOwnPadding(windows);
    MaxPool2d pool =
        new MaxPool2d(geometry(call, windows, own))
            .withDilation(windows.dilations()[0], windows.dilations()[1])
            .withPaddingAfter(windows.after()[0], windows.after()[1]);
    return Rows.emit(call, pool, own ? x : padBefore(call, x, windows, Double.NEGATIVE_INFINITY));
  }

  private static Value average(Call call) {
    if (call.x().rank() == 5) {
      return ResponseNorms.meanOfDepth(call);
    }
    Traced x = image(call);
    Windows windows = Windows.of(call, null);
    if (windows.isIdentity()) {
      return call.x();
    }
    if (windows.dilations()[0] != 1 || windows.dilations()[1] != 1) {
      throw call.refuse("dilates its window");
    }
    boolean counts = windows.isPadded() && call.attributes().flag("count_include_pad", false);
    boolean own = hasOwnPadding(windows);
    if (!own && !counts) {
      throw call.refuse("pads by more than half its window and does not count the padding");
    }
    AvgPool2d pool =
        new AvgPool2d(geometry(call, windows, own))
            .withPaddingAfter(windows.after()[0], windows.after()[1]);
    return Rows.emit(
        call, counts ? pool.withCountedPadding() : pool, own ? x : padBefore(call, x, windows, 0));
  }

  /** Whether the engine's pools can have such padding themselves. */
  private static boolean hasOwnPadding(Windows windows) {
    return 2 * windows.before()[0] <= windows.kernel()[0]
        && 2 * windows.before()[1] <= windows.kernel()[1];
  }

  /**
   * Padding above and left as pixels of the image. What is below and right stays the pool's own,
   * since with {@code ceil_mode} no window may begin there.
   */
  private static Traced padBefore(Call call, Traced x, Windows windows, double value) {
    return call.before(
        new Pad(
            Pad.Mode.CONSTANT,
            List.of(0L, 0L, (long) windows.before()[0], (long) windows.before()[1]),
            List.of(0L, 0L, 0L, 0L),
            value),
        x);
  }

  private static Pool2dGeometry geometry(Call call, Windows windows, boolean padded) {
    return new Pool2dGeometry(
        windows.kernel()[0],
        windows.kernel()[1],
        windows.strides()[0],
        windows.strides()[1],
        padded ? windows.before()[0] : 0,
        padded ? windows.before()[1] : 0,
        call.attributes().flag("ceil_mode", false));
  }
}
