package io.camjar.engine.train.schedule;

import io.camjar.engine.CamjarException;
import java.util.OptionalDouble;

/**
 * One cycle (Smith and Topin, arXiv 1708.07120) as PyTorch's {@code OneCycleLR} with two phases and
 * cosines: the rate rises from {@code base / div} to {@code base} and falls to {@code base / div /
 * finalDiv}; the momentum falls from {@code maxMomentum} to {@code baseMomentum} and rises again.
 *
 * @param updates in all
 * @param rising the share of them in which the rate rises
 * @param div PyTorch's {@code div_factor}
 * @param finalDiv PyTorch's {@code final_div_factor}
 * @param baseMomentum the least momentum
 * @param maxMomentum the largest
 */
public record OneCycle(
    long updates,
    double rising,
    double div,
    double finalDiv,
    double baseMomentum,
    double maxMomentum)
    implements LearningRateSchedule {

  /**
   * A schedule.
   *
   * @throws CamjarException if there is no update, the rising share is not in 0 to 1, or a divisor
   *     is not above 0
   */
  public OneCycle {
    if (updates < 1 || !(rising >= 0 && rising <= 1) || !(div > 0) || !(finalDiv > 0)) {
      throw new CamjarException(
          "one cycle needs at least one update, a rising share of 0 to 1 and positive divisors,"
              + " found %d, %s, %s and %s".formatted(updates, rising, div, finalDiv));
    }
  }

  /** With PyTorch's defaults. */
  public OneCycle(long updates) {
    this(updates, 0.3, 25, 1e4, 0.85, 0.95);
  }

  @Override
  public double rate(double base, long update) {
    double start = base / div;
    return at(update, start, base, start / finalDiv);
  }

  @Override
  public OptionalDouble momentum(long update) {
    return OptionalDouble.of(at(update, maxMomentum, baseMomentum, maxMomentum));
  }

  /** Past the last update it stays there; PyTorch's own raises an error. */
  private double at(long update, double start, double middle, double end) {
    double peak = rising * updates - 1;
    double last = updates - 1.0;
    double now = Math.min(update, last);
    if (now <= peak) {
      return LearningRateSchedule.cosine(start, middle, peak == 0 ? 1 : now / peak);
    }
    return LearningRateSchedule.cosine(
        middle, end, last == peak ? 1 : (now - peak) / (last - peak));
  }
}
