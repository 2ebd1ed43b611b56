package io.camjar.engine.kernel;

import java.lang.ref.Cleaner;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.FloatBuffer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A buffer of ND4J's CPU backend in memory that is as the allocator gives it. ND4J's own buffers
 * are filled with zeros even where an array is asked for uninitialised (1.0.0-M2.1): memory that is
 * filled right afterwards is written twice.
 *
 * <p>The memory is given back when the array is closed, or after nothing reaches its buffer.
 */
final class HostFloats extends FloatBuffer {
  private static final Cleaner CLEANER = Cleaner.create();

  private final transient Cleaner.Cleanable memory;

  private HostFloats(Pointer memory, long length) {
    this(memory, new FloatPointer(memory).capacity(length));
  }

  private HostFloats(Pointer memory, FloatPointer floats) {
    super(floats, FloatIndexer.create(floats), floats.capacity());
    long bytes = floats.capacity() * Float.BYTES;
    this.memory = CLEANER.register(this, new Free(memory, bytes));
    HostCopy.HELD.addAndGet(bytes);
  }

  /**
   * An array in c order of this shape, of one element at least and not a scalar; null if the
   * allocator has no such memory.
   */
  static @Nullable INDArray array(long... shape) {
    long length = 1;
    for (long size : shape) {
      length = Math.multiplyExact(length, size);
    }
    Pointer memory = Pointer.malloc(Math.multiplyExact(length, Float.BYTES));
    if (memory == null || memory.isNull()) {
      return null;
    }
    HostFloats floats = new HostFloats(memory, length);
    return Nd4j.create(floats, shape, Nd4j.getStrides(shape, 'c'), 0, 'c', DataType.FLOAT);
  }

  @Override
  protected void release() {
    super.release();
    memory.clean();
  }

  /** Frees memory; knows nothing of the buffer, which could never be collected otherwise. */
  private record Free(Pointer memory, long bytes) implements Runnable {
    @Override
    public void run() {
      Pointer.free(memory);
      HostCopy.HELD.addAndGet(-bytes);
    }
  }
}
