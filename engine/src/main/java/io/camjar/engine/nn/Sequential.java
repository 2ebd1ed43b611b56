package io.camjar.engine.nn;

import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers one after the other, themselves a layer. */
public final class Sequential implements Layer {
  private final String path;
  private final Chain chain;

  /** A chain of this name; the children carry full paths of their own. */
  public Sequential(String path, List<? extends Layer> layers) {
    this.path = path;
    this.chain = new Chain(List.copyOf(layers));
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public INDArray forward(INDArray x, Trace trace) {
    return trace.record(path, chain.forward(x, trace));
  }

  @Override
  public @Nullable INDArray backward(INDArray dy, Trace trace, Gradients gradients) {
    gradients.record(trace, path, dy);
    return chain.backward(dy, trace, gradients);
  }

  @Override
  public boolean demand(boolean upstream, Demand.Builder demand) {
    return demand.visit(path, chain.demand(upstream, demand), false);
  }

  @Override
  public long[] outputShape(long[] input, Consumer<LayerShape> visitor) {
    long[] output = chain.outputShape(input, visitor);
    visitor.accept(LayerShape.container(this, input, output));
    return output;
  }

  @Override
  public List<Layer> children() {
    return chain.layers();
  }

  @Override
  public String toString() {
    return path + ": Sequential of " + chain.layers().size();
  }
}
