package io.camjar.weights.onnx.graph;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.weights.onnx.graph.Value.Traced;
import java.util.Map;

/** Pools over windows and over whole images. */
final class PoolNodes {
  private PoolNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "MaxPool", single(PoolNodes::max),
          "AveragePool", single(PoolNodes::average),
          "GlobalAveragePool", single(call -> call.emit(new AdaptiveAvgPool2d(), image(call))),
          "GlobalMaxPool", single(call -> call.emit(new AdaptiveMaxPool2d(), image(call))));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Traced image(Call call) {
    Traced x = call.x();
    if (x.rank() != 4) {
      throw call.refuse(
          "pools over %d dimensions, not the two of an image".formatted(x.rank() - 2));
    }
    return x;
  }

  private static Value max(Call call) {
    Traced x = image(call);
    Windows windows = Windows.of(call, null);
    if (call.node().outputs().size() > 1 && !call.node().outputs().get(1).isEmpty()) {
      throw call.refuse("gives the places of its maxima too");
    }
    if (windows.isIdentity()) {
      return x;
    }
    if (windows.dilations()[0] != 1 || windows.dilations()[1] != 1 || !windows.isEven()) {
      throw call.refuse("dilates its window or pads opposite sides differently");
    }
    return call.emit(new MaxPool2d(geometry(call, windows)), x);
  }

  private static Value average(Call call) {
    Traced x = image(call);
    Windows windows = Windows.of(call, null);
    if (windows.isIdentity()) {
      return x;
    }
    boolean counts = windows.isPadded() && call.attributes().flag("count_include_pad", false);
    if (counts || !windows.isEven()) {
      throw call.refuse("counts its padding or pads opposite sides differently");
    }
    return call.emit(new AvgPool2d(geometry(call, windows)), x);
  }

  private static Pool2dGeometry geometry(Call call, Windows windows) {
    return new Pool2dGeometry(
        windows.kernel()[0],
        windows.kernel()[1],
        windows.strides()[0],
        windows.strides()[1],
        windows.before()[0],
        windows.before()[1],
        call.attributes().flag("ceil_mode", false));
  }
}
