package io.camjar.engine.run;

import io.camjar.engine.op.Shape;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward: the values that are in memory.
 *
 * @param <T> the backend's tensors
 */
public final class Forward<T> implements Kept.Source {
  private final Schedule<T> schedule;
  private final Layout<T> layout;
  private final @Nullable SplittableRandom random;
  private final Watcher watcher;
  private final @Nullable Object[] values;
  private @Nullable Object @Nullable [] saved;

  /** What hooks have asked of values so far. */
  private final Summaries summaries;

  private @Nullable Object workspace;

  /**
   * A forward that has not begun.
   *
   * @param random what dropout draws from; null evaluating
   * @param watcher is shown what the request watches
   */
  Forward(Schedule<T> schedule, @Nullable SplittableRandom random, Watcher watcher) {
    this.schedule = schedule;
    this.layout = schedule.layout();
    this.random = random;
    this.watcher = watcher;
    this.values = new Object[schedule.values()];
    this.summaries = new Summaries(values.length);
    this.workspace = layout.acquire();
  }

  /** What it does. */
  public Schedule<T> schedule() {
    return schedule;
  }

  /** What its layout keeps for one pass at a time. */
  public @Nullable Object workspace() {
    return workspace;
  }

  /** What dropout draws from; training only. */
  public SplittableRandom random() {
    if (random == null) {
      throw new IllegalStateException("nothing is dropped in evaluation mode");
    }
    return random;
  }

  /** Sets a value that the pass starts from. */
  void give(int value, INDArray array) {
    values[value] = layout.load(value, array, workspace);
  }

  /** Computes every value from those that were given. */
  void run() {
    for (int value = 0; value < values.length; value++) {
      Step<T> step = schedule.step(value);
      if (step != null) {
        values[value] = step.forward(this, value);
      }
      show(value);
      if (step != null) {
        for (int done : schedule.doneAfter(value)) {
          free(done);
        }
      }
    }
    layout.release(workspace);
    workspace = null;
  }

  private void show(int value) {
    for (String path : schedule.watched().activations(value)) {
      if (values[value] != null) {
        Shape shape = schedule.graphShape(schedule.lowered().graph().value(path));
        int relu = schedule.watchedRelu(value);
        watcher.activation(path, Seen.of(layout, value, value(value), shape, summaries, relu));
      }
    }
  }

  /** Is shown what the request watches. */
  Watcher watcher() {
    return watcher;
  }

  /** A value that is in memory. */
  @SuppressWarnings("unchecked") // only the layout's tensors are put in
  public T value(int value) {
    Object tensor = values[value];
    if (tensor == null) {
      throw new IllegalStateException("value " + value + " is not in memory");
    }
    return (T) tensor;
  }

  /**
   * A value for the step that reads it alone: itself, if nothing reads it any more, or a copy as
   * that step's own value.
   *
   * @param reader the value that the step computes
   */
  public T own(int value, int reader) {
    T tensor = value(value);
    for (int done : schedule.doneAfter(reader)) {
      if (done == value && !isBorrowed(value)) {
        values[value] = null;
        return tensor;
      }
    }
    return layout.copy(reader, tensor);
  }

  /** Stores what the backward of a step needs besides values. */
  public void save(int value, Object what) {
    if (saved == null) {
      saved = new Object[values.length];
    }
    saved[value] = what;
  }

  /** What was stored for a step. */
  public <S> S saved(int value, Class<S> type) {
    Object what = saved == null ? null : saved[value];
    if (what == null) {
      throw new IllegalStateException("the forward of value " + value + " saved nothing");
    }
    return type.cast(what);
  }

  @Override
  public INDArray array(int graphValue) {
    int value = lowered(graphValue);
    return layout.array(value, value(value), shape(graphValue));
  }

  /** A value of the graph as an array of the caller's own; the pass has it no more. */
  INDArray detach(int graphValue) {
    int value = lowered(graphValue);
    INDArray array = array(graphValue);
    if (layout.sharesArrays()) {
      if (schedule.isGiven(value)) {
        return array.dup('c');
      }
      values[value] = null;
    }
    return array;
  }

  @Override
  public @Nullable FeatureMaps featureMaps(int graphValue) {
    int value = lowered(graphValue);
    return layout.featureMaps(value, value(value));
  }

  /** The shape of a value of the graph. */
  Shape shape(int graphValue) {
    return schedule.graphShape(graphValue);
  }

  int lowered(int graphValue) {
    return schedule.lowered().value(graphValue);
  }

  /** Bytes of the values in memory that are the pass's own. */
  long bytes() {
    long bytes = 0;
    for (int value = 0; value < values.length; value++) {
      if (values[value] != null && !isBorrowed(value)) {
        bytes += layout.bytes(value(value));
      }
    }
    return bytes;
  }

  private boolean isBorrowed(int value) {
    return layout.sharesArrays() && schedule.isGiven(value);
  }

  private void free(int value) {
    if (values[value] != null) {
      if (!isBorrowed(value)) {
        layout.free(value, value(value));
      }
      values[value] = null;
    }
  }

  /** Gives all memory back. */
  void close() {
    for (int value = 0; value < values.length; value++) {
      free(value);
    }
    if (saved != null) {
      for (Object what : saved) {
        if (what instanceof INDArray array && !array.wasClosed()) {
          array.close();
        }
      }
      saved = null;
    }
    if (workspace != null) {
      layout.release(workspace);
      workspace = null;
    }
  }
}
