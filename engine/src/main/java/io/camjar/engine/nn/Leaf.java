package io.camjar.engine.nn;

import io.camjar.engine.CamjarException;
import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer without layers inside: what they all do with the trace stands here once. */
abstract class Leaf implements Layer {
  private final String path;

  Leaf(String path) {
    this.path = path;
  }

  @Override
  public final String path() {
    return path;
  }

  @Override
  public final INDArray forward(INDArray x, Trace trace) {
    outputShape(x.shape()); // refuses what does not fit
    return trace.record(path, output(x, trace));
  }

  @Override
  public final @Nullable INDArray backward(INDArray dy, Trace trace, Gradients gradients) {
    gradients.record(trace, path, dy);
    if (needsParameterGradients(trace)) {
      parameterGradients(dy, trace, gradients);
    }
    return needsInputGradient(trace) ? inputGradient(dy, trace) : null;
  }

  @Override
  public final boolean demand(boolean upstream, Demand.Builder demand) {
    return demand.visit(path, upstream, !parameters().isEmpty());
  }

  @Override
  public final long[] outputShape(long[] input, Consumer<LayerShape> visitor) {
    long[] output = outputShape(input);
    visitor.accept(
        new LayerShape(
            path,
            getClass().getSimpleName(),
            count(),
            multiplyAccumulates(input, output),
            input.clone(),
            output.clone()));
    return output;
  }

  /** The forward; saves what {@link #inputGradient} needs if {@link #needsInputGradient}. */
  abstract INDArray output(INDArray x, Trace trace);

  /** The backward to the input. */
  abstract INDArray inputGradient(INDArray dy, Trace trace);

  /** The backward to the parameters; layers without parameters have nothing to do. */
  void parameterGradients(INDArray dy, Trace trace, Gradients gradients) {}

  /** Multiply-accumulates of one forward. */
  long multiplyAccumulates(long[] input, long[] output) {
    return 0;
  }

  private long count() {
    return parameters().values().stream().mapToLong(INDArray::length).sum();
  }

  /** The shape of the output; throws if the input does not fit. */
  abstract long[] outputShape(long[] input);

  final boolean needsInputGradient(Trace trace) {
    return trace.demand().needsInputGradient(path);
  }

  final boolean needsParameterGradients(Trace trace) {
    return trace.demand().trains(path);
  }

  /** The error for an input that does not fit. */
  final CamjarException mismatch(String expected, long... found) {
    return new CamjarException(
        "%s (%s) expected an input of shape %s, found %s"
            .formatted(path, getClass().getSimpleName(), expected, Arrays.toString(found)));
  }

  @Override
  public final String toString() {
    return path + ": " + getClass().getSimpleName();
  }
}
