package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Shape;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A tensor of a pass where it lies; valid until the {@link Watcher} that is shown it returns. */
public final class Seen {
  private final Held<?> held;
  private final Shape shape;

  private record Held<T>(Layout<T> layout, int value, T tensor) {
    Summary summary(Measure measure, Shape shape) {
      return layout.summary(value, tensor, shape, measure);
    }

    INDArray array(Shape shape) {
      INDArray array = layout.array(value, tensor, shape);
      return layout.sharesArrays() ? array.dup('c') : array;
    }

    void store(INDArray array) {
      layout.store(value, tensor, array);
    }
  }

  private Seen(Held<?> held, Shape shape) {
    this.held = held;
    this.shape = shape;
  }

  static <T> Seen of(Layout<T> layout, int value, T tensor, Shape shape) {
    return new Seen(new Held<>(layout, value, tensor), shape);
  }

  /** Its shape, such as {@code [N, C, H, W]}. */
  public long[] shape() {
    return shape.toArray();
  }

  /** Sums, extremes and counts, computed where it lies. */
  public Summary summary(Measure measure) {
    return held.summary(measure, shape);
  }

  /** A copy, which the caller closes. */
  public INDArray array() {
    return held.array(shape);
  }

  /**
   * Puts other values in its place: the pass goes on with these.
   *
   * @param values of its shape, borrowed
   * @throws CamjarException if they have another shape
   */
  public void replace(INDArray values) {
    if (!Arrays.equals(values.shape(), shape())) {
      throw new CamjarException(
          "values of shape %s cannot take the place of %s"
              .formatted(Arrays.toString(values.shape()), Arrays.toString(shape())));
    }
    held.store(values);
  }
}
