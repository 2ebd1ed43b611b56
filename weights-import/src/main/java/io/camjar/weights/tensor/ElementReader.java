package io.camjar.weights.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/**
 * Visits the elements of a strided view in row-major order.
 *
 * <p>Trailing dimensions that lie without gaps are merged into runs; float32 runs are copied in
 * bulk, everything else element by element.
 */
final class ElementReader {
  /** Bytes of a longer run that are read together, so that no page of a mapping is looked at. */
  private static final int PIECE = 1 << 16;

  private final Storage storage;
  private final long offset;
  private final long[] outerShape;
  private final long[] outerStrides;
  private final long run;
  private final long runStride;
  private final boolean empty;
  private final ByteBuffer piece;

  ElementReader(Storage storage, long offset, long[] shape, long[] strides) {
    this.storage = storage;
    this.offset = offset;
    int outer = shape.length;
    long length = 1;
    long step = 1;
    if (outer > 0) {
      outer--;
      length = shape[outer];
      step = strides[outer];
      while (outer > 0 && strides[outer - 1] == step * length) {
        outer--;
        length *= shape[outer];
      }
    }
    this.run = length;
    this.runStride = step;
    this.outerShape = Arrays.copyOf(shape, outer);
    this.outerStrides = Arrays.copyOf(strides, outer);
    this.empty = Shapes.elements(shape) == 0;
    boolean isLong = run * storage.dtype().bytes() >= PIECE;
    this.piece = ByteBuffer.allocate(isLong ? PIECE : 0).order(storage.order());
  }

  void copyTo(FloatBuffer out) {
    if (storage.dtype() == DType.FLOAT32) {
      forEachFloats(out::put);
    } else {
      forEach(value -> out.put((float) value));
    }
  }

  /**
   * Copies the bytes of float32 runs as they are.
   *
   * @return whether that is possible: not if elements differ from what {@code out} is to hold
   */
  boolean copyFloatsTo(ByteBuffer out) {
    if (storage.dtype() != DType.FLOAT32 || runStride != 1 || storage.order() != out.order()) {
      return false;
    }
    forEachRun(
        start -> {
          ByteBuffer piece = out.slice();
          piece.limit(Math.toIntExact(run * Float.BYTES));
          storage.bytes().copyTo(start * Float.BYTES, piece);
          out.position(out.position() + piece.limit());
        });
    return true;
  }

  /**
   * All elements of a float32 view, in buffers: runs where the last stride is 1, else one by one.
   */
  void forEachFloats(Consumer<FloatBuffer> use) {
    if (runStride == 1) {
      forEachRun(start -> floats(start, use));
    } else {
      FloatBuffer one = FloatBuffer.allocate(1);
      forEach(value -> use.accept(one.clear().put(0, (float) value)));
    }
  }

  /** All elements as they are, little-endian. */
  void copyBytesTo(ByteSink out) throws IOException {
    try {
      if (runStride == 1 && storage.order() == ByteOrder.LITTLE_ENDIAN) {
        forEachRun(start -> copyRun(start, out));
      } else {
        byte[] element = new byte[storage.dtype().bytes()];
        forEachRun(start -> copyElements(start, element, out));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void copyRun(long start, ByteSink out) {
    int width = storage.dtype().bytes();
    long done = 0;
    while (done < run) {
      ByteBuffer span = storage.span(start + done);
      int n = (int) Math.min(span.remaining() / width, run - done);
      span.limit(span.position() + n * width);
      writeUnchecked(out, span);
      done += n;
    }
  }

  private void copyElements(long start, byte[] element, ByteSink out) {
    for (long i = 0; i < run; i++) {
      storage.span(start + i * runStride).get(element);
      if (storage.order() == ByteOrder.BIG_ENDIAN) {
        reverse(element);
      }
      writeUnchecked(out, ByteBuffer.wrap(element));
    }
  }

  private static void writeUnchecked(ByteSink out, ByteBuffer bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void reverse(byte[] bytes) {
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte swap = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swap;
    }
  }

  void forEach(DoubleConsumer use) {
    forEachRun(start -> visit(start, use));
  }

  private void floats(long start, Consumer<FloatBuffer> use) {
    long done = 0;
    while (done < run) {
      FloatBuffer span = ahead(start + done, run - done).asFloatBuffer();
      span.limit((int) Math.min(span.limit(), run - done));
      done += span.remaining();
      use.accept(span);
    }
  }

  /**
   * Elements from a place on, at least one and at most so many: what is long is read piece by
   * piece, what is short is looked at where it lies.
   */
  private ByteBuffer ahead(long from, long count) {
    int width = storage.dtype().bytes();
    if (run * width < PIECE) {
      return storage.span(from);
    }
    piece.clear().limit((int) Math.min(PIECE, count * width));
    storage.bytes().copyTo(from * width, piece);
    return piece.flip();
  }

  private void visit(long start, DoubleConsumer use) {
    DType dtype = storage.dtype();
    long done = 0;
    while (done < run) {
      ByteBuffer span =
          runStride == 1 ? ahead(start + done, run - done) : storage.span(start + done * runStride);
      // Elements after the first whose distance still lies inside this view.
      long step = Math.max(1, runStride * dtype.bytes());
      long within = 1 + (span.remaining() - dtype.bytes()) / step;
      int n = (int) Math.min(runStride == 0 ? Integer.MAX_VALUE : within, run - done);
      int at = span.position();
      for (int i = 0; i < n; i++) {
        use.accept(dtype.read(span, at + i * (int) (runStride * dtype.bytes())));
      }
      done += n;
    }
  }

  private void forEachRun(LongConsumer use) {
    if (empty) {
      return;
    }
    long[] index = new long[outerShape.length];
    long start = offset;
    while (true) {
      use.accept(start);
      int d = outerShape.length - 1;
      while (d >= 0) {
        start += outerStrides[d];
        if (++index[d] < outerShape[d]) {
          break;
        }
        start -= outerStrides[d] * outerShape[d];
        index[d] = 0;
        d--;
      }
      if (d < 0) {
        return;
      }
    }
  }
}
