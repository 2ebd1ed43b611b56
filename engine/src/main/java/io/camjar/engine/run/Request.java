package io.camjar.engine.run;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one pass is for. A network has no mode: a request says whether it evaluates or trains.
 *
 * @param points whose activation and gradient are asked for, by path or alias
 * @param train whether batch norms use and update the batch's statistics, and dropout drops
 * @param learns whether the backward yields the gradients of parameters
 * @param frozen paths of layers, or of what holds layers, whose parameters get no gradient; nothing
 *     is computed for them alone
 * @param guided whether the backward is that of guided backpropagation (Springenberg et al. 2015,
 *     arXiv 1412.6806): a ReLU also stops negative gradients, {@code dy [y > 0] [dy > 0]}
 */
public record Request(
    Set<String> points, boolean train, boolean learns, Set<String> frozen, boolean guided) {
  public Request {
    points = Set.copyOf(points);
    frozen = Set.copyOf(frozen);
  }

  /** Evaluates, and keeps what a backward to these points needs. */
  public static Request of(Collection<String> points) {
    return new Request(new TreeSet<>(points), false, false, Set.of(), false);
  }

  /** A training step: gradients of all parameters. */
  public static Request training() {
    return new Request(Set.of(), true, true, Set.of(), false);
  }

  /** The same request with other points. */
  public Request withPoints(Collection<String> names) {
    return new Request(new TreeSet<>(names), train, learns, frozen, guided);
  }

  /** The same request with gradients of parameters, evaluating or training. */
  public Request withParameterGradients() {
    return new Request(points, train, true, frozen, guided);
  }

  /** The same request without gradients of the parameters below these paths. */
  public Request withFrozen(Collection<String> paths) {
    return new Request(points, train, learns, new TreeSet<>(paths), guided);
  }

  /** The same request with the backward of guided backpropagation. */
  public Request withGuidedBackprop() {
    return new Request(points, train, learns, frozen, true);
  }

  /** Whether the parameters of the layer of this path get a gradient. */
  public boolean trains(String path) {
    return learns
        && frozen.stream().noneMatch(top -> path.equals(top) || path.startsWith(top + "."));
  }
}
