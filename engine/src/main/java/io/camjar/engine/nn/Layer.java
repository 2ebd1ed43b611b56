package io.camjar.engine.nn;

import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A differentiable function of one tensor: immutable parameters, a path, no cache.
 *
 * <p>A layer's path is its PyTorch key ({@code layer3.2.conv1}); it names the parameters in the
 * file, the layer in the tree, and the activation and the gradient of its output in a trace. Arrays
 * passed in are borrowed; a returned array is the caller's, or the argument itself where the layer
 * does nothing.
 */
public interface Layer {

  /** The layer's full name. */
  String path();

  /**
   * Computes the output and leaves in the trace what it was asked for and what backward needs.
   *
   * @throws io.camjar.engine.CamjarException if the input's shape does not fit
   */
  INDArray forward(INDArray x, Trace trace);

  /**
   * Computes the gradient with respect to the input from the gradient {@code dy} with respect to
   * the output of the trace's forward, and hands over the gradients of the parameters if they are
   * asked for.
   *
   * @return the gradient with respect to the input, or null if nothing before this layer wants one
   */
  @Nullable INDArray backward(INDArray dy, Trace trace, Gradients gradients);

  /**
   * Tells what of this layer a backward to the demanded points needs.
   *
   * @param upstream whether anything before this layer wants a gradient
   * @return whether this layer's output must receive a gradient
   */
  boolean demand(boolean upstream, Demand.Builder demand);

  /**
   * The shape of the output for an input shape; visits this layer and those inside it in data-flow
   * order.
   *
   * @throws io.camjar.engine.CamjarException if the input's shape does not fit
   */
  long[] outputShape(long[] input, Consumer<LayerShape> visitor);

  /** The layers inside this one, in data-flow order; empty for most. */
  default List<Layer> children() {
    return List.of();
  }

  /** The layer's own parameters and buffers by full name, without those of the layers inside. */
  default Map<String, INDArray> parameters() {
    return Map.of();
  }
}
