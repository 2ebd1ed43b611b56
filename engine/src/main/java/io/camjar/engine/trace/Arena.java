package io.camjar.engine.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The off-heap arrays of one pass and who owns them.
 *
 * <p>A layer borrows its argument and returns a new array; whoever called it releases the argument
 * when it is done with it. An array that somebody keeps outlives its release and is closed with the
 * arena; an array that is borrowed from the caller is never closed here.
 */
abstract class Arena implements AutoCloseable {
  private final Set<INDArray> kept = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<INDArray> borrowed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Runnable> closers = new ArrayList<>();
  private long heldBytes;
  private boolean closed;

  /** Leaves this array to the caller: it is neither closed on release nor with the arena. */
  public void borrow(INDArray array) {
    borrowed.add(array);
  }

  /** Keeps this array until the arena is closed. */
  public void keep(INDArray array) {
    if (!borrowed.contains(array)) {
      kept.add(array);
    }
  }

  /** Frees this array at once unless it is kept or borrowed. */
  public void release(INDArray array) {
    if (!kept.contains(array) && !borrowed.contains(array)) {
      array.close();
    }
  }

  /** Holds memory of another kind until this is closed, when {@code free} is run. */
  public void hold(long bytes, Runnable free) {
    heldBytes += bytes;
    closers.add(free);
  }

  /** Bytes of all that is kept and held so far. */
  public long keptBytes() {
    long bytes = heldBytes;
    for (INDArray array : kept) {
      bytes += array.length() * array.dataType().width();
    }
    return bytes;
  }

  /** Frees everything that is kept; calling it again does nothing. */
  @Override
  public void close() {
    closed = true;
    kept.forEach(INDArray::close);
    kept.clear();
    closers.forEach(Runnable::run);
    closers.clear();
  }

  final void requireOpen(String what) {
    if (closed) {
      throw new IllegalStateException(what + " was asked for after its owner was closed");
    }
  }
}
