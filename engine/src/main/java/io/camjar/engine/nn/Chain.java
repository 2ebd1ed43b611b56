package io.camjar.engine.nn;

import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers one after the other, and who frees what lies between them. */
final class Chain {
  private final List<Layer> layers;

  Chain(List<Layer> layers) {
    this.layers = List.copyOf(layers);
  }

  List<Layer> layers() {
    return layers;
  }

  INDArray forward(INDArray x, Trace trace) {
    INDArray current = x;
    for (Layer layer : layers) {
      INDArray next = layer.forward(current, trace);
      if (current != x && current != next) {
        trace.release(current);
      }
      current = next;
    }
    return current;
  }

  @Nullable INDArray backward(INDArray dy, Trace trace, Gradients gradients) {
    INDArray current = dy;
    for (int i = layers.size() - 1; i >= 0; i--) {
      INDArray previous = layers.get(i).backward(current, trace, gradients);
      if (current != dy && current != previous) {
        gradients.release(current);
      }
      if (previous == null) {
        return null;
      }
      current = previous;
    }
    return current;
  }

  boolean demand(boolean upstream, Demand.Builder demand) {
    boolean wanted = upstream;
    for (Layer layer : layers) {
      wanted = layer.demand(wanted, demand);
    }
    return wanted;
  }

  long[] outputShape(long[] input, Consumer<LayerShape> visitor) {
    long[] shape = input;
    for (Layer layer : layers) {
      shape = layer.outputShape(shape, visitor);
    }
    return shape;
  }
}
