package io.camjar.engine.nn;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional convolution, {@code [N, I, H, W]} to {@code [N, O, oH, oW]}: stride, zero padding
 * and dilation; one group.
 */
public final class Conv2d extends Leaf {
  private final Conv2dGeometry geometry;
  private final INDArray weight;
  private final @Nullable INDArray bias;

  /**
   * Takes {@code path.weight} {@code [O, I, kH, kW]}, and {@code path.bias} {@code [O]} if wanted.
   */
  public Conv2d(String path, Conv2dGeometry geometry, boolean bias, Parameters parameters) {
    super(path);
    this.geometry = geometry;
    this.weight =
        parameters.get(
            path + ".weight",
            geometry.outChannels(),
            geometry.inChannels(),
            geometry.kernelH(),
            geometry.kernelW());
    this.bias = bias ? parameters.get(path + ".bias", geometry.outChannels()) : null;
  }

  /**
   * As the other constructor, for callers that read a group count from a description.
   *
   * @throws CamjarException unless {@code groups} is 1
   */
  public Conv2d(
      String path, Conv2dGeometry geometry, int groups, boolean bias, Parameters parameters) {
    this(path, requireOneGroup(path, geometry, groups), bias, parameters);
  }

  private static Conv2dGeometry requireOneGroup(String path, Conv2dGeometry geometry, int groups) {
    if (groups != 1) {
      throw new CamjarException(
          ("%s (Conv2d) has %d groups, but only convolutions of one group are supported:"
                  + " ResNeXt and depthwise networks cannot be run")
              .formatted(path, groups));
    }
    return geometry;
  }

  /** The convolution's shape. */
  public Conv2dGeometry geometry() {
    return geometry;
  }

  @Override
  INDArray output(INDArray x, Trace trace) {
    if (needsInputGradient(trace) || needsParameterGradients(trace)) {
      boolean keep = needsParameterGradients(trace);
      if (keep) {
        trace.keep(x);
      }
      trace.save(path(), new Saved((int) x.size(2), (int) x.size(3), keep ? x : null));
    }
    return trace.kernels().conv2d(geometry, x, weight, bias);
  }

  @Override
  INDArray inputGradient(INDArray dy, Trace trace) {
    Saved saved = trace.saved(path(), Saved.class);
    return trace.kernels().conv2dBackwardInput(geometry, dy, weight, saved.height, saved.width);
  }

  @Override
  void parameterGradients(INDArray dy, Trace trace, Gradients gradients) {
    INDArray x = trace.saved(path(), Saved.class).requireInput();
    gradients.parameter(path() + ".weight", trace.kernels().conv2dBackwardWeight(geometry, dy, x));
    if (bias != null) {
      gradients.parameter(path() + ".bias", ChannelSums.of(dy, trace.kernels()));
    }
  }

  @Override
  long[] outputShape(long[] input) {
    if (input.length == 4 && input[1] == geometry.inChannels()) {
      int outH = geometry.outH((int) input[2]);
      int outW = geometry.outW((int) input[3]);
      if (outH > 0 && outW > 0) {
        return new long[] {input[0], geometry.outChannels(), outH, outW};
      }
    }
    throw mismatch(
        "[N, %d, H, W] not smaller than its %dx%d kernel"
            .formatted(geometry.inChannels(), geometry.kernelH(), geometry.kernelW()),
        input);
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
    return output[0] * output[2] * output[3] * geometry.weights();
  }

  /**
   * The input's size for the backward to it, and the input itself for the backward to the weight.
   */
  private record Saved(int height, int width, @Nullable INDArray input) {
    INDArray requireInput() {
      if (input == null) {
        throw new IllegalStateException("the forward did not keep the input");
      }
      return input;
    }
  }
}
