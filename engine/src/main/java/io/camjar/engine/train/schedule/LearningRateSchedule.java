package io.camjar.engine.train.schedule;

import java.util.OptionalDouble;

/** The learning rate of each update. */
public interface LearningRateSchedule {

  /**
   * The learning rate of an update.
   *
   * @param base the rate that the group of parameters is given: the largest of a cycle
   * @param update counted from 0
   */
  double rate(double base, long update);

  /** The momentum of an update, or the first of Adam's betas, where the schedule sets it. */
  default OptionalDouble momentum(long update) {
    return OptionalDouble.empty();
  }

  /** The same rate all along. */
  static LearningRateSchedule constant() {
    return (base, update) -> base;
  }

  /** Between two values, slowest at both: {@code end + (start - end) (1 + cos(pi t)) / 2}. */
  static double cosine(double start, double end, double t) {
    return end + (start - end) / 2 * (1 + Math.cos(Math.PI * t));
  }
}
