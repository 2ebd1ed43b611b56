package io.camjar.engine.plan;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedNorms;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.Finish;
import io.camjar.engine.nn.Normalisation;
import io.camjar.engine.threads.Threads;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The forward of one training step: every value, kept for the way back. */
final class TrainingPass {
  private final TrainingProgram program;
  private final Buffers buffers;
  private final TrainingMemory memory;
  private final Threads threads;
  private final @Nullable Blocked[] values;
  private final @Nullable Normalisation[] norms;

  TrainingPass(TrainingProgram program, Buffers buffers, TrainingMemory memory, Threads threads) {
    this.program = program;
    this.buffers = buffers;
    this.memory = memory;
    this.threads = threads;
    this.values = new Blocked[program.values()];
    this.norms = new Normalisation[program.values()];
  }

  TrainingProgram program() {
    return program;
  }

  Buffers buffers() {
    return buffers;
  }

  TrainingMemory memory() {
    return memory;
  }

  Threads threads() {
    return threads;
  }

  /** Memory for the input, to be filled by the caller. */
  Blocked input() {
    Blocked input = buffers.take(program.shape(0), program.halo(0), true);
    values[0] = input;
    return input;
  }

  /** Computes every value from the input. */
  void run() {
    for (int value = 1; value < values.length; value++) {
      Node node = program.node(value);
      if (node != null) {
        Blocked y = buffers.take(program.shape(value), program.halo(value), false);
        values[value] = y;
        compute(value, node, y);
      }
    }
  }

  private void compute(int value, Node node, Blocked y) {
    if (node instanceof Node.Conv conv) {
      Integer r = conv.residual();
      Finish finish =
          new Finish(bias(conv.weights().bias()), r == null ? null : value(r), conv.relu());
      program.convolution(value).forward(value(conv.x()), y, finish, memory, threads);
    } else if (node instanceof Node.Norm norm) {
      normalise(value, norm, y);
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
    } else {
      throw new IllegalStateException("no training of " + node);
    }
  }

  private void normalise(int value, Node.Norm norm, Blocked y) {
    Blocked x = value(norm.x());
    Normalisation n =
        norm.layer().ofBatch(BlockedNorms.moments(x, threads), program.shape(value).perChannel());
    norms[value] = n;
    Integer r = norm.residual();
    BlockedNorms.normalise(
        x,
        Pass.pad(n.scale()),
        Pass.pad(n.shift()),
        r == null ? null : value(r),
        norm.relu(),
        y,
        threads);
  }

  private static float @Nullable [] bias(@Nullable INDArray bias) {
    return bias == null ? null : Finish.pad(HostCopy.floats(bias));
  }

  /** A value that was computed. */
  Blocked value(int value) {
    Blocked blocked = values[value];
    if (blocked == null) {
      throw new IllegalStateException("value " + value + " is not in memory");
    }
    return blocked;
  }

  /** What a batch norm did. */
  Normalisation norm(int value) {
    Normalisation norm = norms[value];
    if (norm == null) {
      throw new IllegalStateException("value " + value + " is not normalised");
    }
    return norm;
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

  /** Gives all memory back. */
  void close() {
    for (int value = 0; value < values.length; value++) {
      Blocked blocked = values[value];
      if (blocked != null) {
        buffers.give(program.shape(value), program.halo(value), value == 0, blocked);
        values[value] = null;
      }
    }
  }
}
