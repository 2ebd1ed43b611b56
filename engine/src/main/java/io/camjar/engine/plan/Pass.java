package io.camjar.engine.plan;

import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.Finish;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import org.jspecify.annotations.Nullable;

/** One forward pass: the values that are in memory. */
final class Pass {
  private final Program program;
  private final Buffers buffers;
  private final Threads threads;
  private final @Nullable Blocked[] values;

  Pass(Program program, Buffers buffers, Threads threads) {
    this.program = program;
    this.buffers = buffers;
    this.threads = threads;
    this.values = new Blocked[program.values()];
  }

  Program program() {
    return program;
  }

  Buffers buffers() {
    return buffers;
  }

  /** Memory for the input, to be filled by the caller. */
  Blocked input() {
    Blocked input = buffers.take(program.shape(0), program.halo(0), true);
    values[0] = input;
    return input;
  }

  /** Computes every value from the input. */
  void run(Scratch scratch) {
    for (int value = 1; value < values.length; value++) {
      Node node = program.node(value);
      if (node != null) {
        Blocked y = take(value);
        values[value] = y;
        compute(value, node, y, scratch);
        for (int done : program.doneAfter(value)) {
          free(done);
        }
      }
    }
  }

  private void compute(int value, Node node, Blocked y, Scratch scratch) {
    if (node instanceof Node.Conv conv) {
      Program.Convolution convolution = program.forward(value);
      Integer r = conv.residual();
      Finish finish = new Finish(convolution.bias(), r == null ? null : value(r), conv.relu());
      convolution.packed().run(value(conv.x()), y, finish, scratch, threads);
    } else if (node instanceof Node.Affine affine) {
      BlockedLoops.affine(value(affine.x()), pad(affine.scale()), pad(affine.shift()), y, threads);
    } else if (node instanceof Node.Relu relu) {
      BlockedLoops.relu(value(relu.x()), y, threads);
    } else if (node instanceof Node.Add add) {
      BlockedLoops.add(value(add.branch()), value(add.shortcut()), y, threads);
    } else if (node instanceof Node.MaxPool pool) {
      new BlockedPools(pool.geometry()).max(value(pool.x()), y, threads);
    } else if (node instanceof Node.AvgPool pool) {
      new BlockedPools(pool.geometry()).average(value(pool.x()), y, threads);
    } else if (node instanceof Node.GlobalPool pool) {
      pool.forward(value(pool.x()), y, threads);
    }
  }

  static float[] pad(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Finish.pad(floats);
  }

  private Blocked take(int value) {
    return buffers.take(program.shape(value), program.halo(value), false);
  }

  /** A value that is in memory. */
  Blocked value(int value) {
    Blocked blocked = values[value];
    if (blocked == null) {
      throw new IllegalStateException("value " + value + " is not in memory");
    }
    return blocked;
  }

  /** The last value: the scores. */
  Blocked scores() {
    return value(values.length - 1);
  }

  /** Bytes of the values in memory. */
  long bytes() {
    long bytes = 0;
    for (Blocked value : values) {
      bytes += value == null ? 0 : value.bytes();
    }
    return bytes;
  }

  private void free(int value) {
    Blocked blocked = values[value];
    if (blocked != null) {
      buffers.give(program.shape(value), program.halo(value), value == 0, blocked);
      values[value] = null;
    }
  }

  /** Gives all memory back. */
  void close() {
    for (int value = 0; value < values.length; value++) {
      free(value);
    }
  }
}
