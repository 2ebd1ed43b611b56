package io.camjar.engine.trace;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a pass must keep and what its backward must compute: nothing more.
 *
 * <p>Made once for a set of points by walking the network in data-flow order; immutable and shared
 * by all passes that ask for the same.
 */
public final class Demand {
  private final Set<String> points;
  private final Set<String> inputGradients;
  private final boolean parameterGradients;

  private Demand(Set<String> points, Set<String> inputGradients, boolean parameterGradients) {
    this.points = points;
    this.inputGradients = inputGradients;
    this.parameterGradients = parameterGradients;
  }

  /** The demand of a forward that nobody looks back on. */
  public static Demand nothing() {
    return new Demand(Set.of(), Set.of(), false);
  }

  /** The points whose activation and gradient are asked for, by path. */
  public Set<String> points() {
    return points;
  }

  /** Whether this point's activation and gradient are asked for. */
  public boolean wants(String path) {
    return points.contains(path);
  }

  /** Whether the gradient must flow through this layer to its input. */
  public boolean needsInputGradient(String path) {
    return inputGradients.contains(path);
  }

  /** Whether gradients of weights are asked for. */
  public boolean parameterGradients() {
    return parameterGradients;
  }

  /** Collects a demand while walking the layers in data-flow order. */
  public static final class Builder {
    private final Set<String> points;
    private final Set<String> inputGradients = new LinkedHashSet<>();
    private final boolean parameterGradients;

    /** Starts from the points that are asked for, by path. */
    public Builder(Collection<String> points, boolean parameterGradients) {
      this.points = Set.copyOf(points);
      this.parameterGradients = parameterGradients;
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
      return upstream || points.contains(path) || (parameterGradients && hasParameters);
    }

    /** The finished demand. */
    public Demand build() {
      return new Demand(points, Set.copyOf(inputGradients), parameterGradients);
    }
  }
}
