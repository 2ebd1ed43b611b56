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
    Groups groups = program.groups();
    if (groups.end() > 1) {
      runGroups(groups, scratch);
    }
    for (int value = groups.end(); value < values.length; value++) {
      Node node = program.node(value);
      if (node != null) {
        Blocked y = take(value);
        values[value] = y;
        compute(node, value, values, scratch);
        for (int done : program.doneAfter(value)) {
          free(done);
        }
      }
    }
  }

  private void runGroups(Groups groups, Scratch scratch) {
    int batch = program.shape(0).batch();
    for (int value = 1; value < groups.end(); value++) {
      if (program.node(value) != null && !program.staysInGroup(value)) {
        values[value] = take(value);
      }
    }
    for (int image = 0; image < batch; image += groups.images()) {
      runGroup(groups, image, Math.min(groups.images(), batch - image), scratch);
    }
    for (int value = 0; value < groups.end(); value++) {
      if (!program.keeps(value) && program.lastReader(value) < groups.end()) {
        free(value);
      }
    }
  }

  /** Computes some images; what no other node wants is in memory of their own only meanwhile. */
  private void runGroup(Groups groups, int image, int images, Scratch scratch) {
    @Nullable Blocked[] group = new Blocked[groups.end()];
    for (int value = 0; value < groups.end(); value++) {
      Blocked whole = values[value];
      group[value] = whole == null ? null : whole.images(image, images);
    }
    for (int value = 1; value < groups.end(); value++) {
      Node node = program.node(value);
      if (node == null) {
        continue;
      }
      if (program.staysInGroup(value)) {
        Shape shape = program.shape(value).withBatch(images);
        group[value] = buffers.take(shape, program.halo(value), false);
      }
      compute(node, value, group, scratch);
      for (int done : program.doneAfter(value)) {
        Blocked spare = group[done];
        if (spare != null && program.staysInGroup(done)) {
          Shape shape = program.shape(done).withBatch(images);
          buffers.give(shape, program.halo(done), false, spare);
        }
      }
    }
  }

  private void compute(Node node, int value, @Nullable Blocked[] in, Scratch scratch) {
    Blocked y = get(in, value);
    if (node instanceof Node.Conv conv) {
      Program.Convolution convolution = program.forward(value);
      Integer r = conv.residual();
      Finish finish = new Finish(convolution.bias(), r == null ? null : get(in, r), conv.relu());
      convolution.packed().run(get(in, conv.x()), y, finish, scratch, threads);
    } else if (node instanceof Node.Affine affine) {
      BlockedLoops.affine(
          get(in, affine.x()), pad(affine.scale()), pad(affine.shift()), y, threads);
    } else if (node instanceof Node.Relu relu) {
      BlockedLoops.relu(get(in, relu.x()), y, threads);
    } else if (node instanceof Node.Add add) {
      BlockedLoops.add(get(in, add.branch()), get(in, add.shortcut()), y, threads);
    } else if (node instanceof Node.MaxPool pool) {
      new BlockedPools(pool.geometry()).max(get(in, pool.x()), y, threads);
    } else if (node instanceof Node.AvgPool pool) {
      new BlockedPools(pool.geometry()).average(get(in, pool.x()), y, threads);
    } else if (node instanceof Node.GlobalPool pool) {
      pool.forward(get(in, pool.x()), y, threads);
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
    return get(values, value);
  }

  private static Blocked get(@Nullable Blocked[] values, int value) {
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
