package io.camjar.engine.run;

import io.camjar.engine.graph.Graph;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What one pass is for. A network has no mode: a request says whether it evaluates or trains.
 *
 * @param points whose activation and gradient are asked for, by path or alias
 * @param train whether batch norms use and update the batch's statistics, and dropout drops
 * @param learns whether the backward yields the gradients of parameters
 * @param frozen paths of layers, or of what holds layers, whose parameters get no gradient; nothing
 *     is computed for them alone
 * @param running paths of layers, or of what holds layers, whose batch norms use their running
 *     statistics and leave them as they are while others train; PyTorch's {@code module.eval()}
 * @param guided whether the backward is that of guided backpropagation (Springenberg et al. 2015,
 *     arXiv 1412.6806): a ReLU also stops negative gradients, {@code dy [y > 0] [dy > 0]}
 * @param means whether of a point's gradient {@code [N, C, H, W]} only the mean over space of each
 *     channel is asked for, as by Grad-CAM: its single values may then be others of the same means,
 *     where a backend computes these with less work. Not for points of tokens or with channels last
 * @param toward for a result, or the path of a point that is one for this pass, the points that its
 *     gradient is to reach, where not every result's is to reach them all; then only what is named
 *     here is computed
 * @param watch what is shown to a {@link Watcher} as the pass goes by
 */
public record Request(
    Set<String> points,
    boolean train,
    boolean learns,
    Set<String> frozen,
    Set<String> running,
    boolean guided,
    boolean means,
    Map<String, Set<String>> toward,
    Watch watch) {
  public Request {
    points = Set.copyOf(points);
    frozen = Set.copyOf(frozen);
    running = Set.copyOf(running);
    Map<String, Set<String>> copied = new TreeMap<>();
    toward.forEach((result, some) -> copied.put(result, Set.copyOf(some)));
    toward = Map.copyOf(copied);
  }

  /** A pass that shows nothing, the gradients of whose results reach all points. */
  public Request(Set<String> points, boolean train, boolean learns) {
    this(points, train, learns, Set.of(), Set.of(), false, false, Map.of(), Watch.NONE);
  }

  /** Evaluates, and keeps what a backward to these points needs. */
  public static Request of(Collection<String> points) {
    return new Request(new TreeSet<>(points), false, false);
  }

  /** A training step: gradients of all parameters. */
  public static Request training() {
    return new Request(Set.of(), true, true);
  }

  /** The same request with other points. */
  public Request withPoints(Collection<String> names) {
    return new Request(
        new TreeSet<>(names), train, learns, frozen, running, guided, means, toward, watch);
  }

  /** The same request with gradients of parameters, evaluating or training. */
  public Request withParameterGradients() {
    return new Request(points, train, true, frozen, running, guided, means, toward, watch);
  }

  /** The same request without gradients of the parameters below these paths. */
  public Request withFrozen(Collection<String> paths) {
    return new Request(
        points, train, learns, new TreeSet<>(paths), running, guided, means, toward, watch);
  }

  /** The same request with running statistics in the batch norms below these paths. */
  public Request withRunning(Collection<String> paths) {
    return new Request(
        points, train, learns, frozen, new TreeSet<>(paths), guided, means, toward, watch);
  }

  /** The same request with the backward of guided backpropagation. */
  public Request withGuidedBackprop() {
    return new Request(points, train, learns, frozen, running, true, means, toward, watch);
  }

  /** The same request, asking only for the means of the channels {@code [N, C, H, W]}. */
  public Request withMeans() {
    return new Request(points, train, learns, frozen, running, guided, true, toward, watch);
  }

  /**
   * Evaluates a network of several results, the gradient of each of which reaches points of its
   * own: a backward from one goes no deeper than these, and what lies between the others is not
   * kept for it.
   *
   * @param toward points by the name of the result
   */
  public static Request ofResults(Map<String, ? extends Collection<String>> toward) {
    Set<String> points = new TreeSet<>();
    Map<String, Set<String>> some = new TreeMap<>();
    toward.forEach(
        (result, names) -> {
          points.addAll(names);
          some.put(result, new TreeSet<>(names));
        });
    return new Request(points, false, false, Set.of(), Set.of(), false, false, some, Watch.NONE);
  }

  /** The same request with every name of a point replaced, such as an alias by its path. */
  public Request renamed(UnaryOperator<String> name) {
    Map<String, Set<String>> some = new TreeMap<>();
    toward.forEach((result, names) -> some.put(result, renamed(names, name)));
    Watch shown =
        new Watch(
            renamed(watch.activations(), name), renamed(watch.gradients(), name), watch.branches());
    return new Request(
        renamed(points, name),
        train,
        learns,
        renamed(frozen, name),
        renamed(running, name),
        guided,
        means,
        some,
        shown);
  }

  /** What it computes of a graph: its results, or what it names points for. */
  Map<String, Integer> results(Graph graph) {
    if (toward.isEmpty()) {
      return graph.outputs();
    }
    Map<String, Integer> some = new TreeMap<>();
    for (String name : toward.keySet()) {
      Integer result = graph.outputs().get(name);
      some.put(name, result == null ? graph.value(name) : result);
    }
    return some;
  }

  /** The same request showing this as it goes by. */
  public Request withWatch(Watch shown) {
    return new Request(points, train, learns, frozen, running, guided, means, toward, shown);
  }

  private static Set<String> renamed(Set<String> names, UnaryOperator<String> name) {
    return names.stream().map(name).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether the parameters of the layer of this path get a gradient. */
  public boolean trains(String path) {
    return learns && !isBelow(frozen, path);
  }

  /**
   * Whether the layer of this path, if it is a batch norm, uses and updates the batch's statistics.
   */
  public boolean usesBatch(String path) {
    return train && !isBelow(running, path);
  }

  private static boolean isBelow(Set<String> tops, String path) {
    return tops.stream().anyMatch(top -> path.equals(top) || path.startsWith(top + "."));
  }
}
