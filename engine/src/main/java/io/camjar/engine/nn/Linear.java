package io.camjar.engine.nn;

import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Fully connected layer, {@code [N, in]} to {@code [N, out]}. */
public final class Linear extends Leaf {
  private final int in;
  private final int out;
  private final INDArray weight;
  private final @Nullable INDArray bias;

  /** Takes {@code path.weight} {@code [out, in]}, and {@code path.bias} {@code [out]} if wanted. */
  public Linear(String path, int in, int out, boolean bias, Parameters parameters) {
    super(path);
    this.in = in;
    this.out = out;
    this.weight = parameters.get(path + ".weight", out, in);
    this.bias = bias ? parameters.get(path + ".bias", out) : null;
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    if (needsParameterGradients(trace)) {
      trace.keep(x);
      trace.save(path(), x);
    }
    return trace.kernels().linear(x, weight, bias);
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    return trace.kernels().linearBackwardInput(dy, weight);
  }

  @Override
  void parameterGradients(INDArray dy, Trace trace, Gradients gradients) {
    INDArray x = trace.saved(path(), INDArray.class);
    gradients.parameter(path() + ".weight", trace.kernels().linearBackwardWeight(dy, x));
    if (bias != null) {
      gradients.parameter(path() + ".bias", ChannelSums.of(dy, trace.kernels()));
    }
  }

  @Override
  long[] outputShape(long[] input) {
    if (input.length != 2 || input[1] != in) {
      throw mismatch("[N, %d]".formatted(in), input);
    }
    return new long[] {input[0], out};
  }

  @Override
  public Map<String, INDArray> parameters() {
    Map<String, INDArray> named = new LinkedHashMap<>();
    named.put(path() + ".weight", weight);
    if (bias != null) {
      named.put(path() + ".bias", bias);
    }
    return named;
  }

  @Override
  long multiplyAccumulates(long[] input, long[] output) {
    return input[0] * in * out;
  }
}
