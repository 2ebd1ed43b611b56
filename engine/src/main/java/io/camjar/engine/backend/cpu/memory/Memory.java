package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.Scratch;
import org.jspecify.annotations.Nullable;

/** Memory of one pass at a time that is kept for the next. */
public final class Memory {
  private final Scratch scratch = new Scratch();
  private final PackMemory packed = new PackMemory();
  private float[] plain = new float[0];
  private float[] first = new float[0];
  private float[] second = new float[0];

  /** The workspace of a pass that runs here. */
  public static Memory of(@Nullable Object workspace) {
    if (workspace instanceof Memory memory) {
      return memory;
    }
    throw new IllegalStateException("the pass has ended");
  }

  /** Memory of kernels between their phases. */
  public Scratch scratch() {
    return scratch;
  }

  /** Memory for the weights of one convolution as its kernel wants them, emptied. */
  public PackMemory packed() {
    packed.rewind();
    return packed;
  }

  /** At least this many floats for a value that is moved. */
  public float[] first(int floats) {
    if (first.length < floats) {
      first = new float[floats];
    }
    return first;
  }

  /** As many again. */
  public float[] second(int floats) {
    if (second.length < floats) {
      second = new float[floats];
    }
    return second;
  }

  /** Bytes held; while no pass has it. */
  public long bytes() {
    long floats = (long) plain.length + first.length + second.length;
    return scratch.bytes() + packed.bytes() + floats * Float.BYTES;
  }

  /** At least this many floats for the weights of one convolution as they come. */
  public float[] plain(int floats) {
    if (plain.length < floats) {
      plain = new float[floats];
    }
    return plain;
  }
}
