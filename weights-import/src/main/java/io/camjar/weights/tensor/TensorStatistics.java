package io.camjar.weights.tensor;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code inspect} prints of a tensor; computed from the file's bytes, without ND4J.
 *
 * <p>A NaN among the values makes mean, std, min and max NaN, as in NumPy.
 *
 * @param mean the average; NaN for an empty tensor
 * @param std the population standard deviation
 * @param min the smallest value
 * @param max the largest value
 * @param nonFinite how many values are NaN or infinite
 */
public record TensorStatistics(double mean, double std, double min, double max, long nonFinite) {

  /** The statistics of one tensor. */
  public static TensorStatistics of(TensorEntry tensor) {
    Sums sums = new Sums();
    if (tensor.dtype() == DType.FLOAT32 && tensor.isContiguous()) {
      tensor.forEachFloats(sums::addAll);
    } else {
      tensor.forEach(sums::add);
    }
    return sums.statistics();
  }

  /** The statistics of all tensors by name, in order, computed on all processors. */
  public static Map<String, TensorStatistics> ofAll(StateDict tensors) {
    List<TensorEntry> entries = List.copyOf(tensors.entries());
    List<TensorStatistics> all = entries.parallelStream().map(TensorStatistics::of).toList();
    Map<String, TensorStatistics> byName = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      byName.put(entries.get(i).name(), all.get(i));
    }
    return byName;
  }

  /**
   * Sums around the first value, in double: one pass, and no cancellation where values lie close
   * together far from zero.
   */
  private static final class Sums {
    private static final int BLOCK = 1 << 12;

    private long count;
    private long nonFinite;
    private double shift;
    private double sum;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    void add(double value) {
      if (count++ == 0) {
        shift = Double.isFinite(value) ? value : 0;
      }
      nonFinite += Double.isFinite(value) ? 0 : 1;
      double distance = value - shift;
      sum += distance;
      squares += distance * distance;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }

    /** As {@link #add} of each, by blocks: the hot loop works on locals only. */
    void addAll(FloatBuffer values) {
      if (count == 0 && values.hasRemaining()) {
        float first = values.get(values.position());
        shift = Float.isFinite(first) ? first : 0;
      }
      float[] block = new float[Math.min(BLOCK, values.remaining())];
      while (values.hasRemaining()) {
        int n = Math.min(block.length, values.remaining());
        values.get(block, 0, n);
        addBlock(block, n);
      }
    }

    private void addBlock(float[] block, int n) {
      double from = shift;
      double blockSum = 0;
      double blockSquares = 0;
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        float value = block[i];
        double distance = value - from;
        blockSum += distance;
        blockSquares += distance * distance;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      if (!Double.isFinite(blockSum)) {
        for (int i = 0; i < n; i++) {
          nonFinite += Float.isFinite(block[i]) ? 0 : 1;
        }
      }
      count += n;
      sum += blockSum;
      squares += blockSquares;
      min = Math.min(min, low);
      max = Math.max(max, high);
    }

    TensorStatistics statistics() {
      if (count == 0) {
        return new TensorStatistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
      }
      double offset = sum / count;
      double variance = Math.max(0, squares / count - offset * offset);
      double std = Double.isNaN(offset) ? Double.NaN : Math.sqrt(variance);
      return new TensorStatistics(shift + offset, std, min, max, nonFinite);
    }
  }
}
