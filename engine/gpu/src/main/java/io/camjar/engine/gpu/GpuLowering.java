package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Input;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.LogSoftmax;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Normalisation;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.run.OpStep;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Translates operations into steps on a device.
 *
 * <p>What changes no value in memory has no step: dropout that evaluates, flattening and reshaping.
 */
final class GpuLowering implements Op.Visitor<@Nullable Step<Tensor>> {
  private final Graph graph;
  private final Map<String, INDArray> parameters;
  private final boolean training;

  /** Whether parameters get gradients, so that none is folded into another. */
  private final boolean learning;

  private final Device device;
  private final List<@Nullable Step<Tensor>> steps = new ArrayList<>();
  private final List<@Nullable OpStep<Tensor>> plain = new ArrayList<>();
  private final Set<Integer> reshaped = new HashSet<>();
  private final int[] values;
  private Node node;

  GpuLowering(
      Graph graph,
      Map<String, INDArray> parameters,
      boolean training,
      boolean learning,
      Device device) {
    this.graph = graph;
    this.parameters = parameters;
    this.training = training;
    this.learning = learning;
    this.device = device;
    this.values = new int[graph.nodes().size()];
    this.node = graph.nodes().get(0);
  }

  GpuGraph lower() {
    for (int value = 0; value < values.length; value++) {
      node = graph.nodes().get(value);
      Step<Tensor> step = node.op().accept(this);
      if (step == null && !(node.op() instanceof Input)) {
        values[value] = x();
      } else {
        values[value] = steps.size();
        steps.add(step);
        plain.add(step == null ? null : plain());
      }
    }
    return new GpuGraph(graph, steps, plain, values, Set.copyOf(reshaped), device);
  }

  /** The operation on the host. */
  private OpStep<Tensor> plain() {
    return new OpStep<>(node, inputs(), Kernels.active(), parameters, training);
  }

  private List<Integer> inputs() {
    return node.inputs().stream().map(input -> values[input]).toList();
  }

  private int x() {
    return values[node.inputs().get(0)];
  }

  private INDArray parameter(String name) {
    return parameter(node, name);
  }

  private INDArray parameter(Node of, String name) {
    INDArray parameter = parameters.get(of.parameter(name));
    if (parameter == null) {
      throw new IllegalStateException(of.path() + " has no parameter " + name);
    }
    return parameter;
  }

  private Weights weights(boolean bias) {
    return new Weights(
        node.path(), parameter("weight"), bias ? parameter("bias") : null, learning, null, null);
  }

  /**
   * A product or sum; one with a number a channel that no pass changes is known and folds as a norm
   * does.
   */
  private Step<Tensor> perChannel(boolean product) {
    for (int place = 0; place < 2 && !learning; place++) {
      Node other = graph.nodes().get(node.inputs().get(1 - place));
      if (other.op() instanceof Parameter parameter && isPerChannel(parameter.shape())) {
        INDArray array = parameters.get(other.parameter(""));
        if (array == null) {
          throw new IllegalStateException("there is no parameter " + other.path());
        }
        double[] numbers = HostCopy.doubles(array);
        double[] rest = new double[numbers.length];
        Arrays.fill(rest, product ? 0 : 1);
        int x = values[node.inputs().get(place)];
        return product
            ? new AffineStep(node, numbers, rest, x, place, false)
            : new AffineStep(node, rest, numbers, x, place, false);
      }
    }
    int a = x();
    int b = values[node.inputs().get(1)];
    return product ? new MulStep(a, b) : new AddStep(a, b);
  }

  /** Whether a shape is {@code [C, 1, 1]}, one number a channel of images. */
  private static boolean isPerChannel(Shape shape) {
    int rank = shape.rank();
    return (rank == 3 || (rank == 4 && shape.side(0) == 1))
        && shape.side(rank - 1) == 1
        && shape.side(rank - 2) == 1;
  }

  /** The same numbers: no step. */
  private @Nullable Step<Tensor> sameNumbers() {
    reshaped.add(x());
    return null;
  }

  @Override
  public @Nullable Step<Tensor> other(Op op) {
    if (op instanceof Concat concat) {
      return new ConcatStep(node, inputs(), concat.axis());
    } else if (op instanceof Mul) {
      return perChannel(true);
    } else if (op instanceof Reshape) {
      return sameNumbers();
    } else if (op instanceof Softmax softmax) {
      return new SoftmaxStep(node, softmax.axis(), false, x());
    } else if (op instanceof LogSoftmax softmax) {
      return new SoftmaxStep(node, softmax.axis(), true, x());
    }
    Function function = Function.of(op);
    return function != null ? new FunctionStep(function, x()) : plain();
  }

  @Override
  public @Nullable Step<Tensor> visit(Input op) {
    return null;
  }

  @Override
  public Step<Tensor> visit(Conv2d op) {
    return new ConvStep(node, op, weights(op.bias()), x(), null, Function.NONE);
  }

  @Override
  public Step<Tensor> visit(Linear op) {
    return new LinearStep(op, weights(op.bias()), x(), null, Function.NONE);
  }

  @Override
  public Step<Tensor> visit(BatchNorm op) {
    if (learning) {
      Node at = node;
      return new NormStep(at, op, name -> parameter(at, name), training, x(), false);
    }
    Normalisation running = op.running(this::parameter);
    return new AffineStep(node, running.scale(), running.shift(), x(), 0, false);
  }

  @Override
  public @Nullable Step<Tensor> visit(ReLU op) {
    return new FunctionStep(Function.RELU, x());
  }

  @Override
  public Step<Tensor> visit(MaxPool2d op) {
    return op.isPlain() ? new MaxPoolStep(node, op.geometry(), x()) : plain();
  }

  @Override
  public Step<Tensor> visit(AvgPool2d op) {
    return new AvgPoolStep(node, op, x());
  }

  @Override
  public Step<Tensor> visit(AdaptiveAvgPool2d op) {
    return op.isPlain() ? new GlobalPoolStep(node, false, true, x()) : plain();
  }

  @Override
  public Step<Tensor> visit(AdaptiveMaxPool2d op) {
    return op.isPlain() ? new GlobalPoolStep(node, true, false, x()) : plain();
  }

  @Override
  public Step<Tensor> visit(AdaptiveConcatPool2d op) {
    return new GlobalPoolStep(node, true, true, x());
  }

  @Override
  public Step<Tensor> visit(Add op) {
    return perChannel(false);
  }

  @Override
  public @Nullable Step<Tensor> visit(Flatten op) {
    return sameNumbers();
  }

  @Override
  public @Nullable Step<Tensor> visit(Dropout op) {
    return op.isIdentity(training) ? null : plain();
  }
}
