package io.camjar.gradcam.math;

/**
 * One axis of a bilinear interpolation: for each output the two samples that it lies between,
 * {@code (1 - share) * value[low] + share * value[high]}.
 *
 * @param low the sample before each output; -1 where nothing is sampled
 * @param high the one after it; the last sample where there is none
 * @param share how far each output is from the sample before it, 0 to 1
 */
@SuppressWarnings("ArrayRecordComponent") // Read in inner loops; never compared.
public record BilinearAxis(int[] low, int[] high, float[] share) {
  /** Where an output lies among the samples, the first of which is at 0; NaN for nowhere. */
  @FunctionalInterface
  public interface Position {
    float of(int output);
  }

  /** An axis whose positions beyond the first and last sample take that sample's value. */
  public static BilinearAxis of(int samples, int outputs, Position position) {
    BilinearAxis axis = new BilinearAxis(new int[outputs], new int[outputs], new float[outputs]);
    for (int i = 0; i < outputs; i++) {
      float at = Math.max(0, Math.min(samples - 1, position.of(i)));
      axis.low[i] = Float.isNaN(at) ? -1 : (int) at;
      axis.high[i] = Math.min(axis.low[i] + 1, samples - 1);
      axis.share[i] = at - axis.low[i];
    }
    return axis;
  }

  /** How many outputs there are. */
  public int outputs() {
    return low.length;
  }
}
