package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Shape;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A tensor of a pass where it lies; valid until the {@link Watcher} that is shown it returns. */
public final class Seen {
  private final Held<?> held;
  private final Shape shape;
  private final Summaries known;

  /** The values behind a ReLU that will be shown; negative if none will. */
  private final int relu;

  private record Held<T>(Layout<T> layout, int value, T tensor) {
    Summary summary(Measure measure, Shape shape) {
      return layout.summary(value, tensor, shape, measure);
    }

    SummaryWithRelu summaryWithRelu(Measure measure, Shape shape) {
      return layout.summaryWithRelu(value, tensor, shape, measure);
    }

    INDArray array(Shape shape) {
      INDArray array = layout.array(value, tensor, shape);
      return layout.sharesArrays() ? array.dup('c') : array;
    }

    void store(INDArray array) {
      layout.store(value, tensor, array);
    }
  }

  private Seen(Held<?> held, Shape shape, Summaries known, int relu) {
    this.held = held;
    this.shape = shape;
    this.known = known;
    this.relu = relu;
  }

  /**
   * A tensor.
   *
   * @param known what is known of values so far
   * @param relu the value behind a ReLU of which is noted what is found, or a negative number
   */
  static <T> Seen of(
      Layout<T> layout, int value, T tensor, Shape shape, Summaries known, int relu) {
    return new Seen(new Held<>(layout, value, tensor), shape, known, relu);
  }

  /** Its shape, such as {@code [N, C, H, W]}. */
  public long[] shape() {
    return shape.toArray();
  }

  /** Sums, extremes and counts, computed where it lies unless they are known. */
  public Summary summary(Measure measure) {
    Summary before = known.get(held.value, measure, shape);
    if (before != null) {
      return before;
    }
    if (relu < 0) {
      Summary found = held.summary(measure, shape);
      known.set(held.value, measure, shape, found);
      return found;
    }
    SummaryWithRelu found = held.summaryWithRelu(measure, shape);
    known.set(held.value, measure, shape, found.own());
    known.set(relu, measure, shape, found.relu());
    return found.own();
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
    known.clear(held.value);
    if (relu >= 0) {
      known.clear(relu);
    }
    held.store(values);
  }
}
