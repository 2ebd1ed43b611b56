package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Map;

/** Convolutions and the batch norms behind them. */
final class ConvNodes {
  private ConvNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of("Conv", single(ConvNodes::conv), "BatchNormalization", single(ConvNodes::norm));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value conv(Call call) {
    boolean rows = Rows.isGiven(call);
    Constant given = call.constant(1);
    if (given.rank() != call.x().rank() || (!rows && given.rank() != 4)) {
      throw call.refuse(
          "convolves over %d dimensions, not the two of an image".formatted(given.rank() - 2));
    }
    Constant weight = rows ? Rows.window(given) : given;
    long[] shape = weight.shape();
    int groups = size(call, call.attributes().integer("group", 1));
    int out = size(call, shape[0]);
    int in = size(call, Math.multiplyExact(Math.min(shape[1], 1 << 20), groups));
    Windows windows = Windows.of(call, new int[] {size(call, shape[2]), size(call, shape[3])});
    if (in % groups != 0 || out % groups != 0) {
      throw Malformed.damaged(
          "node '%s' has %d groups of %d channels".formatted(call.node().label(), groups, out));
    }
    boolean bias = call.has(2);
    Conv2d op =
        new Conv2d(
            new Conv2dGeometry(
                in,
                out,
                windows.kernel()[0],
                windows.kernel()[1],
                windows.strides()[0],
                windows.strides()[1],
                windows.before()[0],
                windows.before()[1],
                windows.dilations()[0],
                windows.dilations()[1]),
            windows.after()[0],
            windows.after()[1],
            groups,
            bias);
    call.weight("weight", weight);
    if (bias) {
      call.weight("bias", call.constant(2));
    }
    return Rows.emit(call, op, Rows.maps(call));
  }

  private static int size(Call call, long side) {
    if (side < 1 || side > 1 << 24) {
      throw Malformed.damaged("node '%s' has a side of %d".formatted(call.node().label(), side));
    }
    return (int) side;
  }

  private static Value norm(Call call) {
    Traced x = call.x();
    if (x.rank() < 2 || x.rank() > 4) {
      throw call.refuse("normalises tensors of %d dimensions".formatted(x.rank()));
    }
    if (call.attributes().flag("training_mode", false)) {
      throw call.refuse("normalises by the batch's own statistics");
    }
    if (!call.attributes().flag("spatial", true)) {
      throw call.refuse("normalises each pixel by statistics of its own");
    }
    call.weight("weight", call.constant(1));
    call.weight("bias", call.constant(2));
    call.weight("running_mean", call.constant(3));
    call.weight("running_var", call.constant(4));
    double eps = call.attributes().real("epsilon", 1e-5);
    int features = size(call, x.shape().side(1));
    BatchNorm norm = new BatchNorm(x.rank() == 2 ? 1 : 2, features, eps, BatchNorm.MOMENTUM);
    return Rows.emit(call, norm, Rows.maps(call));
  }
}
