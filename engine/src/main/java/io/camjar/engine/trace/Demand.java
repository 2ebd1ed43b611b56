package io.camjar.engine.trace;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a pass must keep and what its backward must compute: nothing more.
 *
 * <p>Made once for a request by walking the network in data-flow order; immutable and shared by all
 * passes that ask for the same.
 */
public final class Demand {
  private final Request request;
  private final Set<String> inputGradients;

  private Demand(Request request, Set<String> inputGradients) {
    this.request = request;
    this.inputGradients = inputGradients;
  }

  /** The demand of a forward that no backward follows. */
  public static Demand nothing() {
    return new Demand(Request.of(List.of()), Set.of());
  }

  /** What was asked for, points by path. */
  public Request request() {
    return request;
  }

  /** The points whose activation and gradient are asked for, by path. */
  public Set<String> points() {
    return request.points();
  }

  /** Whether this point's activation and gradient are asked for. */
  public boolean wants(String path) {
    return request.points().contains(path);
  }

  /** Whether the gradient must flow through this layer to its input. */
  public boolean needsInputGradient(String path) {
    return inputGradients.contains(path);
  }

  /** Whether gradients of the parameters of the layer of this path are asked for. */
  public boolean trains(String path) {
    return request.trains(path);
  }

  /** Collects a demand while walking the layers in data-flow order. */
  public static final class Builder {
    private final Request request;
    private final Set<String> inputGradients = new LinkedHashSet<>();

    /** Starts from what is asked for, points by path. */
    public Builder(Request request) {
      this.request = request;
    }

    /**
     * Visits a layer.
     *
     * @param path the layer's path
     * @param upstream whether anything before the layer wants a gradient
     * @param hasParameters whether the layer has parameters of its own
     * @return whether the layer's output must receive a gradient
     */
    public boolean visit(String path, boolean upstream, boolean hasParameters) {
      if (upstream) {
        inputGradients.add(path);
      }
      return upstream || request.points().contains(path) || (hasParameters && request.trains(path));
    }

    /** The finished demand. */
    public Demand build() {
      return new Demand(request, Set.copyOf(inputGradients));
    }
  }
}
