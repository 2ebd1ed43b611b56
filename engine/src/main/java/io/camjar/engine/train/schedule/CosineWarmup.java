package io.camjar.engine.train.schedule;

import io.camjar.engine.CamjarException;

/**
 * A linear warm-up and then half a cosine (Loshchilov and Hutter, arXiv 1608.03983), as PyTorch's
 * {@code LinearLR} followed by {@code CosineAnnealingLR}.
 *
 * @param warmup updates of the warm-up; may be 0
 * @param updates in all
 * @param start the share of the rate with which the warm-up begins
 * @param least the rate at the end, the same for all groups
 */
public record CosineWarmup(long warmup, long updates, double start, double least)
    implements LearningRateSchedule {

  /**
   * A schedule.
   *
   * @throws CamjarException if the warm-up is negative or as long as the whole
   */
  public CosineWarmup {
    if (warmup < 0 || updates <= warmup) {
      throw new CamjarException(
          "a cosine needs more updates than its warm-up, found %d and %d"
              .formatted(updates, warmup));
    }
  }

  @Override
  public double rate(double base, long update) {
    if (update < warmup) {
      return base * (start + (1 - start) * update / warmup);
    }
    double t = Math.min(1, (double) (update - warmup) / (updates - warmup));
    return LearningRateSchedule.cosine(base, least, t);
  }
}
