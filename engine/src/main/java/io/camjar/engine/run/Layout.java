package io.camjar.engine.run;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.op.Shape;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.SummaryWithRelu;
import io.camjar.engine.statistics.Tally;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the values of one schedule lie. Shared by threads.
 *
 * @param <T> the backend's tensors
 */
public interface Layout<T> {

  /** Memory that one pass at a time uses while it runs, or null if the backend needs none. */
  default @Nullable Object acquire() {
    return null;
  }

  /** Returns what was acquired. */
  default void release(@Nullable Object workspace) {}

  /**
   * A value that a pass starts from.
   *
   * @return a copy, or the array itself, which then stays the caller's
   */
  T load(int value, INDArray array, @Nullable Object workspace);

  /** A tensor as an array of this shape: a new one unless {@link #sharesArrays}. */
  INDArray array(int value, T tensor, Shape shape);

  /** Whether {@link #load} and {@link #array} hand on the array itself. */
  boolean sharesArrays();

  /** The feature maps of a tensor where it lies; null where there is no better way than a copy. */
  @Nullable FeatureMaps featureMaps(int value, T tensor);

  /**
   * What is known of the values of a tensor, of which nothing is kept.
   *
   * @param shape its shape as callers see it
   */
  default Summary summary(int value, T tensor, Shape shape, Measure measure) {
    return Tally.of(numbers(value, tensor, shape), measure, shape.toArray());
  }

  /** The same together with that of the values behind a ReLU. */
  default SummaryWithRelu summaryWithRelu(int value, T tensor, Shape shape, Measure measure) {
    return SummaryWithRelu.of(numbers(value, tensor, shape), measure, shape.toArray());
  }

  private double[] numbers(int value, T tensor, Shape shape) {
    INDArray array = array(value, tensor, shape);
    double[] numbers = HostCopy.doubles(array);
    if (!sharesArrays()) {
      array.close();
    }
    return numbers;
  }

  /** Overwrites the values of a tensor with those of an array of its shape. */
  void store(int value, T tensor, INDArray array);

  /** A copy for a value. */
  T copy(int value, T tensor);

  /** The sum of two tensors of a value, in place of both. */
  T add(int value, T sum, T more);

  /** Frees a tensor of a value. */
  void free(int value, T tensor);

  /** Memory for so many values of a parameter's gradient, whatever they were. */
  default float[] takeGradient(int length) {
    return new float[length];
  }

  /** Returns what {@link #takeGradient} gave, or another array of that length in its place. */
  default void giveGradient(float[] gradient) {}

  /** Bytes that a tensor takes. */
  long bytes(T tensor);
}
