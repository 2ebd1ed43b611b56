package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.op.Shape;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One backward over a {@link Forward}: gradients by value.
 *
 * <p>A value's gradient is complete when the backward reaches the step that computes it, because
 * all that read the value come later in the order of the forward. It is then nobody else's, unless
 * it is asked for, and is overwritten where that saves memory.
 *
 * @param <T> the backend's tensors
 */
public final class Backward<T> implements Kept.Source {
  private final Forward<T> pass;
  private final Schedule<T> schedule;
  private final Layout<T> layout;
  private final @Nullable Object[] gradients;

  /** Which values a gradient must reach. */
  private final boolean[] wanted;

  /** Where residual blocks start, what has come through their branches, and their shortcuts. */
  private final @Nullable Object[] branches;

  private final @Nullable Object[] shortcuts;

  /** What hooks have asked of gradients so far, and of those apart. */
  private final Summaries summaries;

  private final Summaries branchSummaries;
  private final Summaries shortcutSummaries;
  private final Map<String, INDArray> parameters = new LinkedHashMap<>();

  /** Gradients of parameters of which nobody has asked for an array yet. */
  private final Map<String, Numbers> numbers = new LinkedHashMap<>();

  /** Whether a value's gradient has passed the value's ReLU already. */
  private final boolean[] masked;

  private @Nullable Object workspace;

  /** Values in c order in memory of the layout's. */
  private record Numbers(float[] values, long[] shape) {}

  /**
   * A backward that has not begun.
   *
   * @param results whose gradients it starts from
   * @throws io.camjar.engine.CamjarException if the pass keeps nothing for these
   */
  Backward(Forward<T> pass, Set<String> results) {
    this.pass = pass;
    this.schedule = pass.schedule();
    this.wanted = schedule.wantedBy(results);
    this.layout = schedule.layout();
    this.gradients = new Object[schedule.values()];
    this.branches = new Object[schedule.values()];
    this.shortcuts = new Object[schedule.values()];
    this.summaries = new Summaries(schedule.values());
    this.branchSummaries = new Summaries(schedule.values());
    this.shortcutSummaries = new Summaries(schedule.values());
    this.masked = new boolean[schedule.values()];
    this.workspace = layout.acquire();
  }

  /** What the pass does. */
  public Schedule<T> schedule() {
    return schedule;
  }

  /** What its layout keeps for one pass at a time. */
  public @Nullable Object workspace() {
    return workspace;
  }

  /** Sets the gradient of a result, which is borrowed. */
  void start(int graphValue, INDArray gradient) {
    int value = pass.lowered(graphValue);
    T loaded = layout.load(value, gradient, workspace);
    gradients[value] = loaded == gradient ? layout.copy(value, loaded) : loaded;
  }

  /** Goes back to the deepest value or parameter that is asked for. */
  void run() {
    for (int value = schedule.values() - 1; value >= 0; value--) {
      join(value);
      T dy = gradientSoFar(value);
      if (dy != null) {
        show(value, dy);
      }
      Step<T> step = schedule.step(value);
      if (dy != null && step != null && schedule.passes(value, wanted)) {
        List<Integer> apart = setApart(value, step);
        step.backward(this, value, dy);
        for (int start : apart) {
          exchange(value, start);
        }
      }
      if (!schedule.asks(value)) {
        free(value, gradients);
      }
    }
    layout.release(workspace);
    workspace = null;
  }

  private void show(int value, T dy) {
    for (String path : schedule.watched().gradients(value)) {
      Shape shape = schedule.graphShape(schedule.lowered().graph().value(path));
      pass.watcher().gradient(path, Seen.of(layout, value, dy, shape, summaries, -1));
    }
  }

  /**
   * Before a step runs: at its inputs that start a residual block it finds, in place of the sum of
   * all gradients so far, that of the part it belongs to.
   */
  private List<Integer> setApart(int value, Step<T> step) {
    if (schedule.splits().isEmpty()) {
      return List.of();
    }
    List<Integer> starts =
        step.inputs().stream()
            .distinct()
            .filter(input -> schedule.splits().branch(value, input) != null)
            .toList();
    starts.forEach(start -> exchange(value, start));
    return starts;
  }

  private void exchange(int value, int start) {
    Boolean branch = schedule.splits().branch(value, start);
    @Nullable Object[] part = Boolean.TRUE.equals(branch) ? branches : shortcuts;
    Object other = part[start];
    part[start] = gradients[start];
    gradients[start] = other;
    summaries.swap(start, Boolean.TRUE.equals(branch) ? branchSummaries : shortcutSummaries);
  }

  /** Where a residual block starts: shows the gradients of both parts, and adds them up. */
  private void join(int value) {
    Splits.Split split = schedule.splits().at(value);
    if (split != null) {
      join(value, split.sum(), true, branches);
      join(value, split.sum(), false, shortcuts);
    }
  }

  private void join(int value, String sum, boolean branch, @Nullable Object[] part) {
    T gradient = tensor(part, value);
    if (gradient != null) {
      part[value] = null;
      Summaries known = branch ? branchSummaries : shortcutSummaries;
      pass.watcher()
          .part(sum, branch, Seen.of(layout, value, gradient, schedule.shape(value), known, -1));
      add(value, gradient);
    }
  }

  /** A value of the forward. */
  public T value(int value) {
    return pass.value(value);
  }

  /** What the forward of a step stored. */
  public <S> S saved(int value, Class<S> type) {
    return pass.saved(value, type);
  }

  /** Whether a gradient must reach a value. */
  public boolean wants(int value) {
    return wanted[value];
  }

  /** Whether a value's gradient has passed the value's ReLU already. */
  public boolean isMasked(int value) {
    return masked[value];
  }

  /** Whether what a step adds to an input's gradient shall pass the input's ReLU; notes that. */
  public boolean masks(int step, int input) {
    masked[input] = schedule.masks(step, input);
    return masked[input];
  }

  /** A gradient for the caller alone: itself, unless it is a value's that is asked for. */
  public T own(int value, T gradient) {
    if (gradient != gradients[value]) {
      return gradient;
    }
    if (!schedule.asks(value)) {
      gradients[value] = null;
      return gradient;
    }
    return layout.copy(value, gradient);
  }

  /** Gives back a gradient that nothing uses any more, unless it is the value's own. */
  public void discard(int value, T gradient) {
    if (gradient != gradients[value]) {
      layout.free(value, gradient);
    }
  }

  /** The gradient that has reached a value so far, or null. */
  public @Nullable T gradientSoFar(int value) {
    return tensor(gradients, value);
  }

  @SuppressWarnings("unchecked") // only the layout's tensors are put in
  private @Nullable T tensor(@Nullable Object[] of, int value) {
    return (T) of[value];
  }

  /** Sets a value's gradient, whose memory is that of the one before, if there was one. */
  public void set(int value, T gradient) {
    gradients[value] = gradient;
    summaries.clear(value);
  }

  /** Adds a gradient that nothing else uses to that of a value, if one is wanted there. */
  public void add(int value, T gradient) {
    T sum = gradientSoFar(value);
    summaries.clear(value);
    if (!wanted[value]) {
      layout.free(value, gradient);
    } else {
      gradients[value] = sum == null ? gradient : layout.add(value, sum, gradient);
    }
  }

  /**
   * As {@link #add}, for a gradient that has the values of that of {@code from}, whose step runs:
   * what is known of these need not be summed up again.
   */
  public void addSame(int value, T gradient, int from) {
    boolean alone = gradientSoFar(value) == null;
    add(value, gradient);
    if (alone) {
      summaries.copy(from, value);
    }
  }

  /** Hands over the gradient of a parameter of this full name. */
  public void parameter(String name, INDArray gradient) {
    if (pass.watcher().asksParameter(name)) {
      pass.watcher().parameter(name, gradient);
    }
    parameters.put(name, gradient);
  }

  /** Memory for the gradient of a parameter, to be handed over; its values are whatever. */
  public float[] gradientMemory(int length) {
    return layout.takeGradient(length);
  }

  /**
   * Hands over the gradient of a parameter of this full name.
   *
   * @param gradient of {@link #gradientMemory}, in c order
   */
  public void parameter(String name, float[] gradient, long... shape) {
    if (pass.watcher().asksParameter(name)) {
      parameter(name, HostCopy.array(gradient, shape));
      layout.giveGradient(gradient);
    } else {
      numbers.put(name, new Numbers(gradient, shape));
    }
  }

  /** Hands over the gradient of a parameter of this full name and one side. */
  public void parameter(String name, double[] gradient) {
    float[] rounded = gradientMemory(gradient.length);
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) gradient[i];
    }
    parameter(name, rounded, rounded.length);
  }

  /** The gradient of a parameter as an array of the pass's; null if there is none. */
  @Nullable INDArray parameter(String name) {
    Numbers plain = numbers.remove(name);
    if (plain != null) {
      parameters.put(name, HostCopy.array(plain.values, plain.shape));
      layout.giveGradient(plain.values);
    }
    return parameters.get(name);
  }

  /**
   * Hands the memory of a gradient over, which the pass then has no more.
   *
   * @param other memory of the same length in its place
   * @return null if the gradient is an array, and for memory of another length
   */
  float @Nullable [] exchange(String name, float[] other) {
    Numbers plain = numbers.get(name);
    if (plain == null || plain.values.length != other.length) {
      return null;
    }
    numbers.remove(name);
    layout.giveGradient(other);
    return plain.values;
  }

  /** The full names of the parameters whose gradients it has. */
  Set<String> parameterNames() {
    Set<String> names = new HashSet<>(parameters.keySet());
    names.addAll(numbers.keySet());
    return names;
  }

  /** Bytes of the gradients of parameters. */
  long parameterBytes() {
    long bytes = 0;
    for (INDArray array : parameters.values()) {
      bytes += array.length() * array.dataType().width();
    }
    for (Numbers plain : numbers.values()) {
      bytes += (long) plain.values.length * Float.BYTES;
    }
    return bytes;
  }

  @Override
  public INDArray array(int graphValue) {
    return layout.array(pass.lowered(graphValue), gradient(graphValue), pass.shape(graphValue));
  }

  @Override
  public @Nullable FeatureMaps featureMaps(int graphValue) {
    return layout.featureMaps(pass.lowered(graphValue), gradient(graphValue));
  }

  private T gradient(int graphValue) {
    T gradient = gradientSoFar(pass.lowered(graphValue));
    if (gradient == null) {
      throw new CamjarException(
          "no gradient reaches %s: the results that the backward began with do not depend on it"
              .formatted(schedule.lowered().graph().name(graphValue)));
    }
    return gradient;
  }

  /** Bytes of the gradients in memory. */
  long bytes() {
    long bytes = 0;
    for (int value = 0; value < gradients.length; value++) {
      T gradient = gradientSoFar(value);
      bytes += gradient == null ? 0 : layout.bytes(gradient);
    }
    return bytes;
  }

  private void free(int value, @Nullable Object[] of) {
    T gradient = tensor(of, value);
    if (gradient != null) {
      layout.free(value, gradient);
      of[value] = null;
    }
  }

  /** Gives all memory back. */
  void close() {
    for (int value = 0; value < gradients.length; value++) {
      free(value, gradients);
      // A backward that failed has left these.
      free(value, branches);
      free(value, shortcuts);
    }
    parameters.values().forEach(INDArray::close);
    parameters.clear();
    numbers.values().forEach(plain -> layout.giveGradient(plain.values));
    numbers.clear();
    if (workspace != null) {
      layout.release(workspace);
      workspace = null;
    }
  }
}
