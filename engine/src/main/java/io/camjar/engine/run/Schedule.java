package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of pass does, for inputs of one size: shapes, what is folded into what, which
 * gradients are wanted and how long each value lives. Made once, immutable, shared by threads.
 *
 * @param <T> the backend's tensors
 */
public final class Schedule<T> {
  private final Lowered<T> lowered;
  private final List<@Nullable Step<T>> steps;
  private final List<@Nullable Shape> graphShapes;
  private final List<@Nullable Shape> shapes;
  private final Request request;
  private final Set<Integer> given;
  private final Set<Integer> asked;
  private final Set<Integer> outputs;
  private final Watched watched;
  private final boolean[] wanted;
  private final boolean[] kept;

  /** Numbers of a channel of a value whose gradient's sum alone is asked for; 0 for each number. */
  private final int[] summed;

  /** Where gradients are shown apart, before it is known which steps there are. */
  private final Splits unresolved;

  private final Splits splits;
  private final Readers readers;
  private final int[][] done;

  /** The watched ReLU that reads a value, or -1. */
  private final int[] watchedRelus;

  private final Layout<T> layout;

  /**
   * Plans a pass.
   *
   * @param starts the shapes of the graph's values that it starts from
   * @param points the graph's values whose activations, and in a backward gradients, are kept
   * @param backward whether a backward may follow
   */
  Schedule(
      Lowered<T> lowered,
      Lowered.Size<T> size,
      Map<Integer, Shape> starts,
      Set<Integer> points,
      Request request,
      boolean backward) {
    this.lowered = lowered;
    this.request = request;
    this.given = lowered(starts.keySet());
    this.asked = lowered(points);
    this.outputs = lowered(Set.copyOf(request.results(lowered.graph()).values()));
    this.watched = Watched.of(request.watch(), lowered);
    Set<Integer> apart = new HashSet<>(asked);
    apart.addAll(watched.values());
    apart.addAll(given);
    apart.addAll(outputs);
    this.graphShapes = lowered.graph().shapes(starts);
    this.unresolved = backward && request.watch().branches() ? Splits.of(lowered) : Splits.NONE;
    this.steps = needed(lowered.fused(new Lowered.Use(apart, graphShapes, crossed(backward))));
    this.shapes = shapes();
    this.splits = unresolved.with(lowered, steps);
    this.wanted = wanted(steps, backward);
    this.readers = Readers.of(steps);
    this.kept = kept();
    this.done = done();
    this.watchedRelus = watchedRelus();
    this.summed = summed();
    this.layout = size.layout(this);
  }

  private Set<Integer> lowered(Set<Integer> graphValues) {
    return graphValues.stream().map(lowered::value).collect(Collectors.toUnmodifiableSet());
  }

  /** The steps that outputs and points depend on without those before the given values. */
  private List<@Nullable Step<T>> needed(List<@Nullable Step<T>> fused) {
    boolean[] needed = new boolean[fused.size()];
    outputs.forEach(value -> needed[value] = true);
    asked.forEach(value -> needed[value] = true);
    List<@Nullable Step<T>> some = new ArrayList<>(fused);
    for (int value = fused.size() - 1; value >= 0; value--) {
      Step<T> step = fused.get(value);
      if (!needed[value] || given.contains(value)) {
        some.set(value, null);
      } else if (step != null) {
        step.inputs().forEach(input -> needed[input] = true);
      }
    }
    return some;
  }

  /** Of several values of the graph that are one here, the first has the operation's own shape. */
  private List<@Nullable Shape> shapes() {
    List<@Nullable Shape> own = new ArrayList<>();
    steps.forEach(step -> own.add(null));
    for (int value = graphShapes.size() - 1; value >= 0; value--) {
      Shape shape = graphShapes.get(value);
      if (shape != null) {
        own.set(lowered.value(value), shape);
      }
    }
    return own;
  }

  /** From which values a gradient goes on, before anything is folded. */
  private boolean[] crossed(boolean backward) {
    List<@Nullable Step<T>> plain = lowered.steps();
    boolean[] wants = wanted(plain, backward);
    boolean[] crossed = new boolean[wants.length];
    for (int value = 0; value < crossed.length; value++) {
      Step<T> step = plain.get(value);
      crossed[value] = step != null && passes(step, wants);
    }
    return crossed;
  }

  /** Which values a gradient must reach. */
  private boolean[] wanted(List<@Nullable Step<T>> of, boolean backward) {
    return backward && request.toward().isEmpty()
        ? wantedFrom(of, asked)
        : wanted(of, backward ? request.toward().keySet() : Set.of());
  }

  /** Which values the gradients of some results must reach. */
  private boolean[] wanted(List<@Nullable Step<T>> of, Set<String> results) {
    boolean[] wants = new boolean[of.size()];
    for (String result : results) {
      boolean[] some = wanted(of, result);
      for (int value = 0; value < wants.length; value++) {
        wants[value] |= some[value];
      }
    }
    return wants;
  }

  /** Which values the gradient of one result must reach: those between it and its points. */
  private boolean[] wanted(List<@Nullable Step<T>> of, String result) {
    Set<Integer> points = new HashSet<>();
    for (String path : request.toward().getOrDefault(result, Set.of())) {
      points.add(lowered.value(lowered.graph().value(path)));
    }
    boolean[] wants = wantedFrom(of, points);
    Integer end = request.results(lowered.graph()).get(result);
    boolean[] reached = new boolean[of.size()];
    if (end != null) {
      reached[lowered.value(end)] = true;
    }
    for (int value = of.size() - 1; value >= 0; value--) {
      Step<T> step = of.get(value);
      if (step != null && reached[value]) {
        step.inputs().forEach(input -> reached[input] = true);
      }
      wants[value] &= reached[value];
    }
    return wants;
  }

  /** The values that lead from some points and from what trains. */
  private boolean[] wantedFrom(List<@Nullable Step<T>> of, Set<Integer> points) {
    boolean[] wants = new boolean[of.size()];
    for (int value = 0; value < wants.length; value++) {
      Step<T> step = of.get(value);
      wants[value] =
          points.contains(value)
              || watched.gradients(value).length > 0
              || unresolved.startsAt(value);
      if (step != null) {
        wants[value] |= trains(step);
        for (int input : step.inputs()) {
          wants[value] |= wants[input];
        }
      }
    }
    return wants;
  }

  /**
   * Which values the gradients of some results must reach.
   *
   * @throws CamjarException if the request names other results
   */
  boolean[] wantedBy(Set<String> results) {
    if (request.toward().isEmpty()) {
      return wanted;
    }
    for (String result : results) {
      if (!request.toward().containsKey(result)) {
        throw new CamjarException(
            "no backward from %s was asked for, asked for were those from %s"
                .formatted(result, new TreeSet<>(request.toward().keySet())));
      }
    }
    return wanted(steps, results);
  }

  /** Values that outlive the forward: results, asked for, or read by the backward. */
  private boolean[] kept() {
    boolean[] keeps = new boolean[steps.size()];
    asked.forEach(value -> keeps[value] = true);
    outputs.forEach(value -> keeps[value] = true);
    for (int value = 0; value < steps.size(); value++) {
      Step<T> step = steps.get(value);
      if (step != null && passes(value)) {
        step.backwardReads(value, trains(step)).forEach(read -> keeps[read] = true);
      }
    }
    return keeps;
  }

  private int[][] done() {
    int[][] all = new int[steps.size()][];
    for (int value = 0; value < all.length; value++) {
      Step<T> step = steps.get(value);
      int reader = value;
      all[value] =
          step == null
              ? new int[0]
              : step.inputs().stream()
                  .mapToInt(Integer::intValue)
                  .filter(input -> readers.last(input) == reader && !kept[input])
                  .distinct()
                  .toArray();
    }
    return all;
  }

  private int[] watchedRelus() {
    int[] relus = new int[steps.size()];
    Arrays.fill(relus, -1);
    for (int value = 0; value < relus.length; value++) {
      Step<T> step = steps.get(value);
      if (step != null && step.isPlainRelu() && watched.activations(value).length > 0) {
        relus[step.inputs().get(0)] = value;
      }
    }
    return relus;
  }

  /**
   * Where sums over channels are enough: at points of maps whose means are asked for, and at what
   * was computed from these alone by steps that keep the sums.
   */
  private int[] summed() {
    int[] numbers = new int[steps.size()];
    for (int value = 0; value < numbers.length && request.means(); value++) {
      if (wanted[value] && watched.gradients(value).length == 0 && !splits.startsAt(value)) {
        Step<T> step = steps.get(value);
        boolean ends = step == null || !passes(step, wanted);
        boolean keeps = step != null && !ends && step.keepsSums();
        int before = keeps ? numbers[step.inputs().get(0)] : 0;
        Shape shape = shape(value);
        if (shape.rank() == 4 && (ends || before > 0)) {
          numbers[value] = shape.at(2) * shape.at(3);
        } else if (!asked.contains(value)) {
          numbers[value] = before;
        }
      }
    }
    return numbers;
  }

  /** Whether a watcher is shown a value, which it may replace. */
  public boolean showsActivation(int value) {
    return watched.activations(value).length > 0;
  }

  private boolean trains(Step<T> step) {
    String path = step.learns();
    return path != null && request.trains(path);
  }

  /** What the pass is for. */
  public Request request() {
    return request;
  }

  /** The graph as its backend computes it. */
  public Lowered<T> lowered() {
    return lowered;
  }

  /** Where its values lie. */
  public Layout<T> layout() {
    return layout;
  }

  /** How many values there are. */
  public int values() {
    return steps.size();
  }

  /** The step that computes a value; null if it is given, folded into another or not needed. */
  public @Nullable Step<T> step(int value) {
    return steps.get(value);
  }

  /** The shape of a value. */
  public Shape shape(int value) {
    return known(shapes.get(value), value);
  }

  /** What is shown of its values. */
  Watched watched() {
    return watched;
  }

  /** The ReLU of a value whose activation is shown too; -1 if there is none. */
  int watchedRelu(int value) {
    return watchedRelus[value];
  }

  /** Where gradients are shown apart. */
  Splits splits() {
    return splits;
  }

  /** The shape of a value of the graph. */
  public Shape graphShape(int value) {
    return known(graphShapes.get(value), value);
  }

  private static Shape known(@Nullable Shape shape, int value) {
    if (shape == null) {
      throw new IllegalStateException("nothing of value " + value + " is known");
    }
    return shape;
  }

  /** Whether the pass starts from this value. */
  public boolean isGiven(int value) {
    return given.contains(value);
  }

  /** Whether a value's activation and gradient are asked for. */
  public boolean asks(int value) {
    return asked.contains(value);
  }

  /** Whether a gradient must reach a value. */
  public boolean wants(int value) {
    return wanted[value];
  }

  /**
   * How many neighbouring numbers of a value, those of a channel, may get any gradients of the same
   * sum; 0 if each must get its own.
   */
  public int summed(int value) {
    return summed[value];
  }

  /** Whether the parameters of a step get a gradient. */
  public boolean trains(int value) {
    Step<T> step = steps.get(value);
    return step != null && trains(step);
  }

  /** Whether a gradient goes on from a value, to what it was computed from or to parameters. */
  public boolean passes(int value) {
    return passes(value, wanted);
  }

  /** Whether a gradient goes on from a value, where only some are to be reached. */
  boolean passes(int value, boolean[] wants) {
    Step<T> step = steps.get(value);
    return step != null && passes(step, wants);
  }

  private boolean passes(Step<T> step, boolean[] wants) {
    return trains(step) || step.inputs().stream().anyMatch(input -> wants[input]);
  }

  /**
   * Whether the gradient that a step adds to one of its inputs is the last there and may pass the
   * input's ReLU right away: nobody asks for what is before it.
   */
  boolean masks(int step, int input) {
    Step<T> computed = steps.get(input);
    return readers.first(input) == step
        && computed != null
        && computed.relu()
        && passes(input)
        && !asked.contains(input)
        && watched.gradients(input).length == 0
        && !splits.startsAt(input)
        && !request.guided();
  }

  /** Whether a value stays in memory as long as another one of the forward. */
  public boolean outlives(int value, int other) {
    return kept[value] || (!kept[other] && readers.last(value) >= readers.last(other));
  }

  /** The values that nothing behind this one reads, and that are not kept. */
  int[] doneAfter(int value) {
    return done[value];
  }

  /** Which steps read a value first and last, in the order of the forward. */
  private static final class Readers {
    private final int[] first;
    private final int[] last;

    private Readers(int values) {
      this.first = new int[values];
      this.last = new int[values];
    }

    /** The readers of each value. */
    static Readers of(List<? extends @Nullable Step<?>> steps) {
      Readers readers = new Readers(steps.size());
      for (int value = 0; value < steps.size(); value++) {
        Step<?> step = steps.get(value);
        if (step != null) {
          for (int input : step.inputs()) {
            // No step computes value 0, an input, so 0 means nobody yet.
            readers.first[input] = readers.first[input] == 0 ? value : readers.first[input];
            readers.last[input] = value;
          }
        }
      }
      return readers;
    }

    /** The first step that reads a value; 0 if none does. */
    int first(int value) {
      return first[value];
    }

    /** The last step that reads a value; 0 if none does. */
    int last(int value) {
      return last[value];
    }
  }
}
