package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.Finish;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One backward over a {@link Pass}: gradients by value.
 *
 * <p>A value's gradient is complete when the walk reaches the node that computes it, because all
 * that read the value come later in the order of the forward.
 */
final class WalkBack {
  private final Pass pass;
  private final Program program;
  private final Set<Integer> asked;
  private final Scratch scratch;
  private final Threads threads;
  private final @Nullable Blocked[] gradients;

  /** Whether a value's gradient has passed its rectifier already. */
  private final boolean[] gated;

  WalkBack(Pass pass, Set<Integer> asked, Scratch scratch, Threads threads) {
    this.pass = pass;
    this.program = pass.program();
    this.asked = asked;
    this.scratch = scratch;
    this.threads = threads;
    this.gradients = new Blocked[program.values()];
    this.gated = new boolean[program.values()];
  }

  /** Memory for the gradient of the scores, to be filled by the caller. */
  Blocked scores() {
    int last = program.values() - 1;
    Blocked gradient = take(last);
    gradients[last] = gradient;
    return gradient;
  }

  /** Walks back to the deepest value that is asked for. */
  void run() {
    for (int value = program.values() - 1; value > 0; value--) {
      Blocked dy = gradients[value];
      Node node = program.node(value);
      if (dy != null && node != null && program.passes(value)) {
        step(value, node, dy);
      }
      if (dy != null && !asked.contains(value)) {
        free(value);
      }
    }
  }

  private void step(int value, Node node, Blocked dy) {
    if (node instanceof Node.Conv conv) {
      convolution(value, conv, dy);
    } else if (node instanceof Node.Relu relu) {
      add(relu.x(), rectified(value, dy));
    } else if (node instanceof Node.Affine affine) {
      Blocked dx = take(affine.x());
      float[] scale = Pass.pad(affine.scale());
      BlockedLoops.affine(dy, scale, new float[scale.length], dx, threads);
      add(affine.x(), dx);
    } else if (node instanceof Node.Add add) {
      for (int input : add.inputs()) {
        if (program.wants(input)) {
          Blocked copy = take(input);
          BlockedLoops.copy(dy, copy, threads);
          add(input, copy);
        }
      }
    } else if (node instanceof Node.MaxPool pool) {
      Blocked dx = take(pool.x());
      new BlockedPools(pool.geometry()).maxBackward(dy, pass.value(pool.x()), dx, threads);
      add(pool.x(), dx);
    } else if (node instanceof Node.AvgPool pool) {
      Blocked dx = take(pool.x());
      new BlockedPools(pool.geometry()).averageBackward(dy, dx, threads);
      add(pool.x(), dx);
    } else if (node instanceof Node.GlobalPool pool) {
      Blocked dx = take(pool.x());
      pool.backward(dy, pass.value(pool.x()), dx, threads);
      add(pool.x(), dx);
    }
  }

  private void convolution(int value, Node.Conv conv, Blocked dy) {
    Blocked sums = conv.relu() && !gated[value] ? rectified(value, dy) : dy;
    int x = conv.x();
    if (program.wants(x)) {
      Blocked dx = take(x);
      gated[x] = program.gates(value, x);
      Finish finish = new Finish(null, gradients[x], false, gated[x] ? pass.value(x) : null);
      program.backward(value).run(sums, dx, finish, scratch, threads);
      free(x);
      gradients[x] = dx;
    }
    Integer residual = conv.residual();
    if (residual != null && program.wants(residual)) {
      add(residual, sums == dy ? owned(value, dy) : sums);
    } else if (sums != dy) {
      give(value, sums);
    }
  }

  /** What of a value's gradient passes the rectifier that made the value; for nobody else. */
  private Blocked rectified(int value, Blocked dy) {
    if (gated[value]) {
      return owned(value, dy);
    }
    Blocked passed = take(value);
    BlockedLoops.reluBackward(dy, pass.value(value), passed, threads);
    return passed;
  }

  /** A value's gradient for nobody else: itself, if nobody asked for it. */
  private Blocked owned(int value, Blocked dy) {
    if (!asked.contains(value)) {
      gradients[value] = null;
      return dy;
    }
    Blocked copy = take(value);
    BlockedLoops.copy(dy, copy, threads);
    return copy;
  }

  /** Adds a gradient that nothing else uses. */
  private void add(int value, Blocked gradient) {
    Blocked sum = gradients[value];
    if (sum == null) {
      gradients[value] = gradient;
    } else {
      BlockedLoops.add(sum, gradient, sum, threads);
      give(value, gradient);
    }
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

  private Blocked take(int value) {
    return pass.buffers().take(program.shape(value), program.halo(value), false);
  }

  private void give(int value, Blocked blocked) {
    pass.buffers().give(program.shape(value), program.halo(value), false, blocked);
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
