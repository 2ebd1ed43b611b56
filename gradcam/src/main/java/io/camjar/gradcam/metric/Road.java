package io.camjar.gradcam.metric;

import io.camjar.engine.CamjarException;
import io.camjar.engine.threads.Threads;
import java.util.List;

/**
 * Remove and debias (Rong et al. 2022, ROAD, arXiv 2202.00449): the score after the most relevant
 * pixels (MoRF) or the least relevant ones (LeRF) are removed and filled from their neighbours.
 *
 * <p>As pytorch-grad-cam's {@code metrics/road.py}: at percentile p the 100 - p % of the pixels at
 * one end are removed. Pixels go by rank, so that a map with many equal values (zeros, after ReLU)
 * loses as many as any other; there all of them are removed, and nothing is left to fill from.
 *
 * @param percentiles over which scores are averaged, each 0 to 100
 * @param noise standard deviation of the noise that is added to filled pixels
 * @param seed of the noise
 */
public record Road(List<Integer> percentiles, double noise, long seed) {
  private static final double NOISE = 0.01;

  /**
   * Scores at these percentiles.
   *
   * @throws CamjarException if there are none, or one lies outside 0 to 100
   */
  public Road {
    percentiles = List.copyOf(percentiles);
    if (percentiles.isEmpty()) {
      throw new CamjarException("ROAD needs at least one percentile");
    }
    for (int percentile : percentiles) {
      if (percentile < 0 || percentile > 100) {
        throw new CamjarException("percentiles are 0 to 100, found " + percentile);
      }
    }
  }

  /** At these percentiles, with the paper's noise. */
  public static Road at(Integer... percentiles) {
    return new Road(List.of(percentiles), NOISE, 0);
  }

  /**
   * Mean scores over the percentiles.
   *
   * @param morf with the most relevant pixels removed; low for a faithful map
   * @param lerf with the least relevant pixels removed; high for a faithful map
   */
  public record Scores(double morf, double lerf) {
    /** {@code (lerf - morf) / 2}, as pytorch-grad-cam's {@code ROADCombined}. */
    public double combined() {
      return (lerf - morf) / 2;
    }
  }

  /** Removes pixels by the map and scores what is left. */
  public Scores scores(Scorer scorer, float[] input, float[] map) {
    int[] descending = Relevance.descending(map);
    int[] ascending = new int[descending.length];
    for (int i = 0; i < ascending.length; i++) {
      ascending[i] = descending[ascending.length - 1 - i];
    }
    return new Scores(mean(scorer, input, descending), mean(scorer, input, ascending));
  }

  private double mean(Scorer scorer, float[] input, int[] order) {
    float[][] inputs = new float[percentiles.size()][];
    Threads.shared()
        .run(
            inputs.length,
            (i, worker) -> inputs[i] = without(scorer, input, order, percentiles.get(i)));
    double sum = 0;
    for (double score : scorer.scores(List.of(inputs))) {
      sum += score;
    }
    return sum / inputs.length;
  }

  private float[] without(Scorer scorer, float[] input, int[] order, int percentile) {
    boolean[] missing = new boolean[order.length];
    for (int k = 0; k < removed(order.length, percentile); k++) {
      missing[order[k]] = true;
    }
    return new NoisyLinearImputer(noise, seed).impute(input, missing, scorer.width());
  }

  /** How many of distinct values are at least their percentile, numpy's linear one. */
  static int removed(int pixels, int percentile) {
    return pixels - (int) Math.ceil((pixels - 1) * percentile / 100.0);
  }
}
