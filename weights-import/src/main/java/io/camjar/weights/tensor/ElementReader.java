package io.camjar.weights.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.DoubleConsumer;

/**
 * Visits the elements of a strided view in row-major order.
 *
 * <p>Trailing dimensions that lie without gaps are merged into runs; float32 runs are copied in
 * bulk, everything else element by element.
 */
final class ElementReader {
  private final Storage storage;
  private final long offset;
  private final long[] outerShape;
  private final long[] outerStrides;
  private final long run;
  private final long runStride;
  private final boolean empty;

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
    this.outerShape = java.util.Arrays.copyOf(shape, outer);
    this.outerStrides = java.util.Arrays.copyOf(strides, outer);
    this.empty = Shapes.elements(shape) == 0;
  }

  void copyTo(FloatBuffer out) {
    forEachRun(
        start -> {
          if (storage.dtype() == DType.FLOAT32 && runStride == 1) {
            copyFloats(start, out);
          } else {
            visit(start, value -> out.put((float) value));
          }
        });
  }

  void forEach(DoubleConsumer use) {
    forEachRun(start -> visit(start, use));
  }

  private void copyFloats(long start, FloatBuffer out) {
    long done = 0;
    while (done < run) {
      FloatBuffer span = storage.span(start + done).asFloatBuffer();
      span.limit((int) Math.min(span.limit(), run - done));
      done += span.remaining();
      out.put(span);
    }
  }

  private void visit(long start, DoubleConsumer use) {
    DType dtype = storage.dtype();
    if (runStride != 1) {
      for (long i = 0; i < run; i++) {
        ByteBuffer at = storage.span(start + i * runStride);
        use.accept(dtype.read(at, at.position()));
      }
      return;
    }
    long done = 0;
    while (done < run) {
      ByteBuffer span = storage.span(start + done);
      int n = (int) Math.min(span.remaining() / dtype.bytes(), run - done);
      int at = span.position();
      for (int i = 0; i < n; i++, at += dtype.bytes()) {
        use.accept(dtype.read(span, at));
      }
      done += n;
    }
  }

  private void forEachRun(java.util.function.LongConsumer use) {
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
