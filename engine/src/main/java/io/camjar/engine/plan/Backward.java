package io.camjar.engine.plan;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.trace.Gradients;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One backward over a {@link Forward}: gradients by value.
 *
 * <p>A value's gradient is complete when the backward reaches the node that computes it, because
 * all that read the value come later in the order of the forward. It is then nobody else's, unless
 * it is asked for, and is overwritten where that saves memory.
 */
final class Backward {
  private final Forward pass;
  private final Schedule schedule;
  private final Memory memory;
  private final Gradients parameters;
  private final @Nullable Blocked[] gradients;

  /** Whether a value's gradient has passed the value's ReLU already. */
  private final boolean[] masked;

  /**
   * A backward that has not begun.
   *
   * @param memory its own while it runs
   * @param parameters takes the gradients of parameters
   */
  Backward(Forward pass, Memory memory, Gradients parameters) {
    this.pass = pass;
    this.schedule = pass.schedule();
    this.memory = memory;
    this.parameters = parameters;
    this.gradients = new Blocked[schedule.values()];
    this.masked = new boolean[schedule.values()];
  }

  Schedule schedule() {
    return schedule;
  }

  Memory memory() {
    return memory;
  }

  Threads threads() {
    return pass.threads();
  }

  /** Memory for the gradient of the logits, to be filled by the caller. */
  Blocked logits() {
    int last = schedule.values() - 1;
    Blocked gradient = take(last);
    gradients[last] = gradient;
    return gradient;
  }

  /** Goes back to the deepest value or parameter that is asked for. */
  void run() {
    for (int value = schedule.values() - 1; value > 0; value--) {
      Blocked dy = gradients[value];
      Node node = schedule.node(value);
      if (dy != null && node != null && schedule.passes(value)) {
        node.backward(this, value, dy);
      }
      if (!schedule.asks(value)) {
        free(value);
      }
    }
  }

  /** A value of the forward. */
  Blocked value(int value) {
    return pass.value(value);
  }

  /** What the forward of a node stored. */
  <T> T saved(int value, Class<T> type) {
    return pass.saved(value, type);
  }

  /** Whether a gradient must reach a value. */
  boolean wants(int value) {
    return schedule.wants(value);
  }

  /** What of a value's gradient passes the ReLU that made the value; maybe {@code dy} itself. */
  Blocked masked(int value, Blocked dy) {
    if (masked[value]) {
      return dy;
    }
    Blocked passed = schedule.asks(value) ? take(value) : dy;
    BlockedLoops.reluBackward(dy, pass.value(value), passed, threads());
    if (schedule.guided()) {
      BlockedLoops.relu(passed, passed, threads());
    }
    return passed;
  }

  /** Whether what a node adds to an input's gradient shall pass the input's ReLU; notes that. */
  boolean masks(int node, int input) {
    masked[input] = schedule.masks(node, input);
    return masked[input];
  }

  /** A gradient for the caller alone: itself, unless it is a value's that is asked for. */
  Blocked own(int value, Blocked gradient) {
    if (gradient != gradients[value]) {
      return gradient;
    }
    if (!schedule.asks(value)) {
      gradients[value] = null;
      return gradient;
    }
    Blocked copy = take(value);
    BlockedLoops.copy(gradient, copy, threads());
    return copy;
  }

  /** Gives back a gradient that nothing uses any more, unless it is the value's own. */
  void discard(int value, Blocked gradient) {
    if (gradient != gradients[value]) {
      give(value, gradient);
    }
  }

  /** The gradient that has reached a value so far, or null. */
  @Nullable Blocked gradientSoFar(int value) {
    return gradients[value];
  }

  /** Sets a value's gradient, whose memory is that of the one before, if there was one. */
  void set(int value, Blocked gradient) {
    gradients[value] = gradient;
  }

  /** Adds a gradient that nothing else uses to that of a value, if one is wanted there. */
  void add(int value, Blocked gradient) {
    Blocked sum = gradients[value];
    if (!schedule.wants(value)) {
      give(value, gradient);
    } else if (sum == null) {
      gradients[value] = gradient;
    } else {
      BlockedLoops.add(sum, gradient, sum, threads());
      give(value, gradient);
    }
  }

  /** Hands over the gradient of a parameter. */
  void parameter(String name, INDArray gradient) {
    parameters.parameter(name, gradient);
  }

  /** Hands over the gradient of a parameter. */
  void parameter(String name, double[] gradient) {
    parameters.parameter(name, HostCopy.array(gradient, DataType.FLOAT, gradient.length));
  }

  /** The gradient of a value that was asked for. */
  Blocked gradient(int value) {
    Blocked gradient = gradients[value];
    if (gradient == null) {
      throw new IllegalStateException("no gradient has reached value " + value);
    }
    return gradient;
  }

  /** Bytes of the gradients in memory. */
  long bytes() {
    long bytes = 0;
    for (Blocked gradient : gradients) {
      bytes += gradient == null ? 0 : gradient.bytes();
    }
    return bytes;
  }

  /** Memory for a gradient of a value. */
  Blocked take(int value) {
    return pass.buffers().take(schedule.shape(value), schedule.halo(value), false);
  }

  /** Gives memory back that was taken for a value. */
  void give(int value, Blocked blocked) {
    pass.buffers().give(schedule.shape(value), schedule.halo(value), false, blocked);
  }

  private void free(int value) {
    Blocked gradient = gradients[value];
    if (gradient != null) {
      give(value, gradient);
      gradients[value] = null;
    }
  }

  /** Gives all memory back. */
  void close() {
    for (int value = 0; value < gradients.length; value++) {
      free(value);
    }
  }
}
