package io.camjar.engine.nn;

import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A residual block (He et al., arXiv 1512.03385): {@code relu(branch(x) + shortcut(x))}.
 *
 * <p>Inside, {@code add} names the sum before the last ReLU.
 */
public abstract class Residual implements Layer {
  private final String path;
  private final Chain branch;
  private final @Nullable Layer downsample;
  private final ReLU relu;

  /**
   * A block of these parts.
   *
   * @param branch the convolutions
   * @param downsample changes the shape of what the shortcut carries; null for the identity
   * @param relu the last ReLU
   */
  Residual(String path, List<Layer> branch, @Nullable Layer downsample, ReLU relu) {
    this.path = path;
    this.branch = new Chain(branch);
    this.downsample = downsample;
    this.relu = relu;
  }

  @Override
  public final String path() {
    return path;
  }

  @Override
  public final INDArray forward(INDArray x, Trace trace) {
    INDArray branched = branch.forward(x, trace);
    INDArray shortcut = downsample == null ? x : downsample.forward(x, trace);
    INDArray sum = trace.record(sumPath(), trace.kernels().add(branched, shortcut));
    trace.release(branched);
    if (shortcut != x) {
      trace.release(shortcut);
    }
    INDArray y = relu.forward(sum, trace);
    trace.release(sum);
    return trace.record(path, y);
  }

  @Override
  public final @Nullable INDArray backward(INDArray dy, Trace trace, Gradients gradients) {
    gradients.record(trace, path, dy);
    INDArray dSum = relu.backward(dy, trace, gradients);
    if (dSum == null) {
      return null;
    }
    gradients.record(trace, sumPath(), dSum);
    // Both arms receive dSum itself, so it is released only after both.
    INDArray dBranch = branch.backward(dSum, trace, gradients);
    INDArray dShortcut = downsample == null ? dSum : downsample.backward(dSum, trace, gradients);
    INDArray dx =
        dBranch == null || dShortcut == null ? null : trace.kernels().add(dBranch, dShortcut);
    if (dBranch != null) {
      gradients.release(dBranch);
    }
    if (dShortcut != null && dShortcut != dSum) {
      gradients.release(dShortcut);
    }
    gradients.release(dSum);
    return dx;
  }

  @Override
  public final boolean demand(boolean upstream, Demand.Builder demand) {
    boolean wanted = branch.demand(upstream, demand);
    wanted |= downsample == null ? upstream : downsample.demand(upstream, demand);
    wanted = demand.visit(sumPath(), wanted, false);
    return demand.visit(path, relu.demand(wanted, demand), false);
  }

  @Override
  public final long[] outputShape(long[] input, Consumer<LayerShape> visitor) {
    long[] output = branch.outputShape(input, visitor);
    if (downsample != null) {
      downsample.outputShape(input, visitor);
    }
    visitor.accept(new LayerShape(sumPath(), "Add", 0, 0, output, output));
    relu.outputShape(output, visitor);
    visitor.accept(LayerShape.container(this, input, output));
    return output;
  }

  @Override
  public final List<Layer> children() {
    List<Layer> children = new ArrayList<>(branch.layers());
    if (downsample != null) {
      children.add(downsample);
    }
    children.add(relu);
    return children;
  }

  /** The layers of the branch, in data-flow order. */
  public final List<Layer> branch() {
    return branch.layers();
  }

  /** What changes the shape of what the shortcut carries; null for the identity. */
  public final @Nullable Layer downsample() {
    return downsample;
  }

  /** The ReLU behind the sum. */
  public final Layer lastReLU() {
    return relu;
  }

  /** The name of the sum of branch and shortcut. */
  public final String sumPath() {
    return path + ".add";
  }

  @Override
  public final String toString() {
    return path + ": " + getClass().getSimpleName();
  }
}
