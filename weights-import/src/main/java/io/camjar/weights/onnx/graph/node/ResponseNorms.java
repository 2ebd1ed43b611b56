package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.LocalResponseNorm;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Pad;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.Power;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.onnx.constant.Attributes;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * PyTorch's {@code LocalResponseNorm} as its exporter writes it out: the mean of squares over
 * neighbouring channels is an average pool of maps {@code [N, 1, C, H, W]}, whose depth are the
 * channels.
 */
final class ResponseNorms {
  /** Brings the depth next to the columns, and back. */
  private static final Transpose DEPTH = Transpose.of(0, 1, 3, 2, 4);

  private ResponseNorms() {}

  /** An average pool over the first of three sides alone. */
  static Value meanOfDepth(Call call) {
    Traced x = call.x();
    Attributes node = call.attributes();
    int[] kernel = node.sizes("kernel_shape", 3, 0);
    int[] strides = node.sizes("strides", 3, 1);
    int[] pads = node.sizes("pads", 6, 0);
    boolean alongDepth =
        kernel[0] > 0
            && strides[0] > 0
            && kernel[1] == 1
            && kernel[2] == 1
            && strides[1] == 1
            && strides[2] == 1
            && Arrays.stream(pads).allMatch(pad -> pad == 0)
            && !node.has("dilations")
            && List.of("NOTSET", "VALID", "").contains(node.text("auto_pad", "NOTSET"));
    if (!alongDepth || !x.isFixed(1)) {
      throw call.refuse("pools over 3 dimensions, not the two of an image");
    }
    Pool2dGeometry window = window(kernel[0], strides[0], node.flag("ceil_mode", false));
    long planes = x.shape().side(1);
    Op merged = new Reshape(List.of(0L, -1L, Reshape.axis(3), Reshape.axis(4)));
    Op parted = new Reshape(List.of(0L, planes, -1L, Reshape.axis(2), Reshape.axis(3)));
    Traced rows = call.before(merged, call.before(DEPTH, x));
    Traced means = call.before(new AvgPool2d(window), rows);
    return call.emit(DEPTH, call.before(parted, means));
  }

  private static Pool2dGeometry window(int size, int stride, boolean ceil) {
    return new Pool2dGeometry(size, 1, stride, 1, 0, 0, ceil);
  }

  /**
   * {@code x / (k + alpha mean)^beta} as the one operation that it is.
   *
   * @return empty if the node's divisor is something else
   */
  static Optional<Value> writtenOut(Call call) {
    if (!call.isTraced(0) || !call.isTraced(1)) {
      return Optional.empty();
    }
    Traced x = call.traced(0);
    Traced power = call.traced(1);
    double beta = 1;
    Traced base = power;
    Optional<Power> exponent = call.origin(power, Power.class);
    if (exponent.isPresent() || isRoot(call, power)) {
      beta = exponent.map(Power::exponent).orElse(0.5);
      base = call.operands(power).get(0);
    }
    Optional<Part> sum = Part.of(call, base, Add.class);
    Optional<Part> product = sum.flatMap(part -> Part.of(call, part.other, Mul.class));
    Optional<Integer> size = product.flatMap(part -> neighbours(call, x, part.other));
    if (size.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        call.emit(
            new LocalResponseNorm(
                size.get(), product.orElseThrow().number, beta, sum.orElseThrow().number),
            x));
  }

  private static boolean isRoot(Call call, Traced value) {
    return call.origin(value, Pointwise.class)
        .filter(op -> op.function() == Pointwise.Function.SQRT)
        .isPresent();
  }

  /**
   * A sum or product of a value and a number.
   *
   * @param number the number
   * @param other the value
   */
  private record Part(double number, Traced other) {
    static Optional<Part> of(Call call, Traced value, Class<? extends Op> kind) {
      if (call.origin(value, kind).isEmpty()) {
        return Optional.empty();
      }
      List<Traced> operands = call.operands(value);
      for (int i = 0; i < 2; i++) {
        Traced other = operands.get(1 - i);
        Optional<Double> number = call.number(operands.get(i));
        if (number.isPresent() && other.shapes().equals(value.shapes())) {
          return Optional.of(new Part(number.get(), other));
        }
      }
      return Optional.empty();
    }
  }

  /** Of how many neighbouring channels a value is the mean square, if it is one. */
  private static Optional<Integer> neighbours(Call call, Traced x, Traced mean) {
    Traced pooled = laidOut(call, mean);
    Optional<Traced> means = before(call, pooled, DEPTH::equals).flatMap(v -> reshaped(call, v));
    Optional<AvgPool2d> pool = means.flatMap(v -> call.origin(v, AvgPool2d.class));
    if (pool.isEmpty() || x.rank() != 4) {
      return Optional.empty();
    }
    Traced rows = call.operands(means.orElseThrow()).get(0);
    int size = pool.get().geometry().kernelH();
    Optional<Traced> squares =
        reshaped(call, rows)
            .flatMap(v -> before(call, v, DEPTH::equals))
            .flatMap(v -> framed(call, v, size))
            .map(v -> laidOut(call, v))
            .filter(v -> isSquare(call, v, x));
    boolean fits = pool.get().equals(new AvgPool2d(window(size, 1, false)));
    for (int probe = 0; probe < call.probes(); probe++) {
      Shape maps = x.shapes().get(probe);
      Shape turned = Shape.of(maps.side(0), maps.side(2), maps.side(1), maps.side(3));
      fits &=
          mean.shapes().get(probe).equals(maps)
              && pooled.shapes().get(probe).side(1) == 1
              && means.orElseThrow().shapes().get(probe).equals(turned)
              && rows.shapes().get(probe).equals(turned.with(2, turned.side(2) + size - 1));
    }
    return fits ? squares.map(v -> size) : Optional.empty();
  }

  /** The operand of a value's operation, if that is such a one. */
  private static Optional<Traced> before(Call call, Traced value, Predicate<Op> kind) {
    return call.origin(value, Op.class).filter(kind).map(op -> call.operands(value).get(0));
  }

  private static Optional<Traced> reshaped(Call call, Traced value) {
    return before(call, value, Reshape.class::isInstance);
  }

  /** The value before reshapes. */
  static Traced laidOut(Call call, Traced value) {
    Traced before = value;
    for (Optional<Traced> next = Optional.of(value); next.isPresent(); ) {
      before = next.get();
      next = reshaped(call, before);
    }
    return before;
  }

  /** What has zeros around its depth, as many as a window of this size needs around each place. */
  private static Optional<Traced> framed(Call call, Traced value, int size) {
    if (size == 1) {
      return Optional.of(value);
    }
    List<Long> first = List.of(0L, 0L, size / 2L, 0L, 0L);
    List<Long> last = List.of(0L, 0L, (size - 1) / 2L, 0L, 0L);
    Pad frame = new Pad(Pad.Mode.CONSTANT, first, last, 0);
    return before(call, value, frame::equals);
  }

  private static boolean isSquare(Call call, Traced value, Traced x) {
    return value.shapes().equals(x.shapes())
        && call.origin(value, Mul.class).isPresent()
        && call.operands(value).stream().allMatch(factor -> factor.number() == x.number());
  }
}
