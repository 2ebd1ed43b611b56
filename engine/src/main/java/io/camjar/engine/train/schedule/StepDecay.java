package io.camjar.engine.train.schedule;

import io.camjar.engine.CamjarException;

/**
 * The rate is multiplied by a factor again and again, as PyTorch's {@code StepLR}.
 *
 * @param every how many updates lie between two steps
 * @param factor of each step
 */
public record StepDecay(long every, double factor) implements LearningRateSchedule {

  /**
   * A schedule.
   *
   * @throws CamjarException if steps are less than one update apart
   */
  public StepDecay {
    if (every < 1) {
      throw new CamjarException("steps must be at least one update apart, found " + every);
    }
  }

  @Override
  public double rate(double base, long update) {
    return base * Math.pow(factor, update / every);
  }
}
