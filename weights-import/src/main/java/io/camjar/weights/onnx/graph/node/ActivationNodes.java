package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.LogSoftmax;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.PReLU;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Softmax;
import io.camjar.weights.onnx.constant.Axes;
import io.camjar.weights.onnx.constant.Constant;
import io.camjar.weights.onnx.constant.ScalarFunctions;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Functions of single values, and softmax. */
final class ActivationNodes {
  private ActivationNodes() {}

  static final Map<String, Translator> TABLE = table();

  private static Map<String, Translator> table() {
    Map<String, Translator> all = new HashMap<>();
    for (String name : ScalarFunctions.names()) {
      all.put(name, single(ActivationNodes::scalar));
    }
    all.put("Relu", single(call -> call.emit(new ReLU(), call.x())));
    all.put("Shrink", single(ActivationNodes::shrink));
    all.put("Clip", single(ActivationNodes::clip));
    all.put("PRelu", single(ActivationNodes::prelu));
    all.put("Softmax", single(call -> softmax(call, Softmax::new)));
    all.put("LogSoftmax", single(call -> softmax(call, LogSoftmax::new)));
    return all;
  }

  private static Value scalar(Call call) {
    return call.emit(ScalarFunctions.of(call.attributes()), call.x());
  }

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  /** Limits are attributes before opset 11, inputs since; those left out do not limit. */
  private static Value clip(Call call) {
    boolean inputs = call.opset() >= 11;
    double min = Double.NEGATIVE_INFINITY;
    double max = Double.POSITIVE_INFINITY;
    if (inputs) {
      min = call.optional(1).map(Constant::scalar).orElse(min);
      max = call.optional(2).map(Constant::scalar).orElse(max);
    } else {
      min = call.attributes().real("min", min);
      max = call.attributes().real("max", max);
    }
    if (!(min <= max)) {
      throw call.refuse("clips to at least %s and at most %s".formatted(min, max));
    }
    return call.emit(new Clip(min, max), call.x());
  }

  private static Value shrink(Call call) {
    double lambd = call.attributes().real("lambd", 0.5);
    if (!(lambd >= 0)) {
      throw call.refuse("shrinks by a negative threshold, " + lambd);
    }
    return scalar(call);
  }

  private static Value prelu(Call call) {
    Traced x = call.x();
    Constant slope = call.constant(1);
    long slopes = slope.elements();
    boolean ofChannels =
        slopes == 1
            || (x.rank() > 1
                && slopes == x.shape().side(1)
                && slope.rank() <= x.rank()
                && slope.shape()[slope.rank() - Math.min(slope.rank(), x.rank() - 1)] == slopes
                && (x.rank() == 2 || slope.rank() >= x.rank() - 1));
    if (!ofChannels) {
      throw call.refuse("has slopes of another shape than one a channel");
    }
    call.weight("weight", slope.reshaped(slopes));
    return call.emit(new PReLU((int) slopes), x);
  }

  /**
   * Along one axis since opset 13. Before, all sides from the axis on, 1 by default, were one row;
   * that is the same where the others have the length 1.
   */
  private static Value softmax(Call call, IntFunction<Op> of) {
    Traced x = call.x();
    boolean rows = call.opset() < 13;
    int axis = Axes.of(call.attributes().integer("axis", rows ? 1 : -1), x.rank());
    for (int d = axis + 1; rows && d < x.rank(); d++) {
      if (!isOne(x, d)) {
        if (!isOne(x, axis)) {
          return softmaxOfRows(call, x, axis, of);
        }
        axis = d;
      }
    }
    return call.emit(of.apply(axis), x);
  }

  private static boolean isOne(Traced x, int d) {
    return x.isFixed(d) && x.shape().side(d) == 1;
  }

  /** Over all sides from an axis on together. */
  private static Value softmaxOfRows(Call call, Traced x, int axis, IntFunction<Op> of) {
    if (axis == 0) {
      throw call.refuse("is a softmax over all images together, " + x.shape());
    }
    long row = 1;
    boolean fixed = true;
    for (int d = axis; d < x.rank(); d++) {
      row *= x.shape().side(d);
      fixed &= x.isFixed(d);
    }
    if (axis > 1 && !fixed) {
      throw call.refuse("is a softmax over sides that change with the image's size");
    }
    Op flat = axis == 1 ? new Flatten() : new Reshape(List.of(-1L, row));
    Traced y = call.before(of.apply(1), call.before(flat, x));
    return PlaceNodes.shaped(call, y, new ReshapedSides(y.shapes(), x.shapes()));
  }
}
