package io.camjar.engine.backend.cpu;

import io.camjar.engine.backend.cpu.conv.ConvWeights;
import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Forms;
import io.camjar.engine.backend.cpu.step.ActivationStep;
import io.camjar.engine.backend.cpu.step.AddStep;
import io.camjar.engine.backend.cpu.step.AffineStep;
import io.camjar.engine.backend.cpu.step.AvgPoolStep;
import io.camjar.engine.backend.cpu.step.ConcatStep;
import io.camjar.engine.backend.cpu.step.ConvStep;
import io.camjar.engine.backend.cpu.step.CpuStep;
import io.camjar.engine.backend.cpu.step.DropoutStep;
import io.camjar.engine.backend.cpu.step.ExtremeStep;
import io.camjar.engine.backend.cpu.step.GlobalPoolStep;
import io.camjar.engine.backend.cpu.step.LayerNormStep;
import io.camjar.engine.backend.cpu.step.MatMulStep;
import io.camjar.engine.backend.cpu.step.MaxPoolStep;
import io.camjar.engine.backend.cpu.step.MoveStep;
import io.camjar.engine.backend.cpu.step.MulStep;
import io.camjar.engine.backend.cpu.step.NormStep;
import io.camjar.engine.backend.cpu.step.ReluStep;
import io.camjar.engine.backend.cpu.step.ScaleStep;
import io.camjar.engine.backend.cpu.step.SliceStep;
import io.camjar.engine.backend.cpu.step.SoftmaxStep;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.simd.Activation;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
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
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LayerNorm2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Maximum;
import io.camjar.engine.op.Minimum;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Normalisation;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Transpose;
import io.camjar.engine.parameter.ParameterStore;
import io.camjar.engine.run.OpStep;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Translates operations into steps on blocked activations.
 *
 * <p>What changes no value in memory has no step: dropout that evaluates, and the flattening of
 * features that a pool left {@code [N, F, 1, 1]}.
 */
final class CpuLowering implements Op.Visitor<@Nullable Step<BlockedTensor>> {
  private final Graph graph;
  private final ParameterStore parameters;
  private final boolean training;

  /** Whether parameters get gradients, so that none is folded into another. */
  private final boolean learning;

  private final List<@Nullable Step<BlockedTensor>> steps = new ArrayList<>();
  private final List<@Nullable OpStep<BlockedTensor>> plain = new ArrayList<>();
  private final List<@Nullable Form> forms = new ArrayList<>();
  private final int[] values;
  private Node node;

  CpuLowering(Graph graph, Map<String, INDArray> parameters, boolean training, boolean learning) {
    this.graph = graph;
    this.parameters = ParameterStore.of(parameters);
    this.training = training;
    this.learning = learning;
    this.values = new int[graph.nodes().size()];
    this.node = graph.nodes().get(0);
  }

  CpuGraph lower() {
    @Nullable Form[] others = Forms.of(graph);
    for (int value = 0; value < values.length; value++) {
      node = graph.nodes().get(value);
      Step<BlockedTensor> step = node.op().accept(this);
      if (step == null && !(node.op() instanceof Input)) {
        values[value] = x();
      } else {
        values[value] = steps.size();
        steps.add(step);
        plain.add(step == null ? null : plain());
        boolean features = step instanceof CpuStep own && leavesFeatures(own);
        forms.add(features ? Form.FEATURES : others[value]);
      }
    }
    return new CpuGraph(graph, steps, plain, values, forms, learning);
  }

  private boolean leavesFeatures(CpuStep step) {
    return step instanceof GlobalPoolStep
        || (step.isPointwise() && step.inputs().stream().allMatch(this::isFeatures));
  }

  private boolean isFeatures(int value) {
    return forms.get(value) == Form.FEATURES;
  }

  /** The operation on arrays. */
  private OpStep<BlockedTensor> plain() {
    return new OpStep<>(node, inputs(), Kernels.active(), parameters, training);
  }

  private List<Integer> inputs() {
    return node.inputs().stream().map(input -> values[input]).toList();
  }

  /**
   * A product or sum; evaluating, one with a number a channel is known and folds as a norm does.
   */
  private Step<BlockedTensor> perChannel(boolean product) {
    for (int place = 0; place < 2 && !learning; place++) {
      Node other = graph.nodes().get(node.inputs().get(1 - place));
      boolean last = other.op() instanceof Parameter parameter && isLastSide(parameter.shape());
      if (last || (other.op() instanceof Parameter p && isPerChannel(p.shape()))) {
        double[] numbers = parameters.doubles(other.parameter(""));
        double[] rest = new double[numbers.length];
        Arrays.fill(rest, product ? 0 : 1);
        int x = values[node.inputs().get(place)];
        return product
            ? new AffineStep(numbers, rest, x, place, last)
            : new AffineStep(rest, numbers, x, place, last);
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

  /** Whether a shape is {@code [C]}, one number a channel of tokens. */
  private static boolean isLastSide(Shape shape) {
    return shape.rank() > 0 && shape.length() == shape.side(shape.rank() - 1);
  }

  private int x() {
    return values[node.inputs().get(0)];
  }

  private INDArray parameter(String name) {
    INDArray parameter = parameters.get(node.parameter(name));
    if (parameter == null) {
      throw new IllegalStateException(node.path() + " has no parameter " + name);
    }
    return parameter;
  }

  private LayerNormStep layerNorm(boolean last, int features, double eps, boolean affine) {
    if (!affine) {
      double[] ones = new double[features];
      Arrays.fill(ones, 1);
      float[] weight = Epilogue.pad(ones);
      float[] bias = new float[weight.length];
      return new LayerNormStep(null, last, features, eps, () -> weight, () -> bias, x());
    }
    return new LayerNormStep(
        node.path(), last, features, eps, padded("weight"), padded("bias"), x());
  }

  /** A parameter of one number a channel; read anew by each pass that has gradients of it. */
  private Supplier<float[]> padded(String name) {
    String path = node.parameter(name);
    if (learning) {
      return () -> Epilogue.pad(parameters.floats(path));
    }
    float[] numbers = Epilogue.pad(parameters.floats(path));
    return () -> numbers;
  }

  @Override
  public Step<BlockedTensor> other(Op op) {
    if (op instanceof Concat concat) {
      return new ConcatStep(inputs(), concat.axis(), null, false);
    } else if (op instanceof Mul) {
      return perChannel(true);
    } else if (op instanceof Maximum || op instanceof Minimum) {
      return new ExtremeStep(op instanceof Maximum, x(), values[node.inputs().get(1)]);
    } else if (op instanceof LayerNorm norm && norm.sides().size() == 1) {
      int features = Math.toIntExact(norm.sides().get(0));
      return layerNorm(true, features, norm.eps(), norm.affine());
    } else if (op instanceof LayerNorm2d norm) {
      return layerNorm(false, norm.features(), norm.eps(), true);
    } else if (op instanceof Softmax softmax) {
      return new SoftmaxStep(softmax.axis(), x());
    } else if (op instanceof MatMul) {
      return new MatMulStep(x(), values[node.inputs().get(1)]);
    } else if (op instanceof Scale scale) {
      return new ScaleStep((float) scale.factor(), x());
    } else if (op instanceof Transpose || op instanceof Reshape) {
      return new MoveStep(op, x());
    } else if (op instanceof Slice slice) {
      return new SliceStep(slice, x());
    }
    Activation activation = ActivationStep.of(op);
    return activation != null ? new ActivationStep(activation, op.hasKinks(), x()) : plain();
  }

  @Override
  public @Nullable Step<BlockedTensor> visit(Input op) {
    return null;
  }

  @Override
  public Step<BlockedTensor> visit(Conv2d op) {
    ConvWeights weights =
        ConvWeights.of(node.path(), parameters, false, op.geometry().outChannels(), op.bias());
    return new ConvStep(op, weights, x(), null, false, null);
  }

  @Override
  public Step<BlockedTensor> visit(Linear op) {
    Conv2d pointwise = new Conv2d(Conv2dGeometry.square(op.in(), op.out(), 1, 1, 0), op.bias());
    ConvWeights weights = ConvWeights.of(node.path(), parameters, true, op.out(), op.bias());
    return new ConvStep(pointwise, weights, x(), null, false, null);
  }

  @Override
  public Step<BlockedTensor> visit(BatchNorm op) {
    if (learning) {
      Node at = node;
      return new NormStep(
          op, node.path(), name -> parameters.get(at.parameter(name)), training, x(), null, false);
    }
    Normalisation running = op.running(this::parameter);
    return new AffineStep(running.scale(), running.shift(), x(), 0, false);
  }

  @Override
  public Step<BlockedTensor> visit(ReLU op) {
    return new ReluStep(x());
  }

  @Override
  public Step<BlockedTensor> visit(MaxPool2d op) {
    return op.isPlain() ? new MaxPoolStep(op.geometry(), x()) : plain();
  }

  @Override
  public Step<BlockedTensor> visit(AvgPool2d op) {
    return op.isPlain() ? new AvgPoolStep(op, x()) : plain();
  }

  @Override
  public Step<BlockedTensor> visit(AdaptiveAvgPool2d op) {
    return op.isPlain() ? new GlobalPoolStep(false, true, x()) : new AvgPoolStep(op, x());
  }

  @Override
  public Step<BlockedTensor> visit(AdaptiveMaxPool2d op) {
    return op.isPlain() ? new GlobalPoolStep(true, false, x()) : plain();
  }

  @Override
  public Step<BlockedTensor> visit(AdaptiveConcatPool2d op) {
    return new GlobalPoolStep(true, true, x());
  }

  @Override
  public Step<BlockedTensor> visit(Add op) {
    return perChannel(false);
  }

  @Override
  public @Nullable Step<BlockedTensor> visit(Flatten op) {
    return isFeatures(x()) && op.isPlain() ? null : new MoveStep(op, x());
  }

  @Override
  public @Nullable Step<BlockedTensor> visit(Dropout op) {
    return op.isIdentity(training) ? null : new DropoutStep(op, x());
  }
}
