package io.camjar.engine.train.schedule;

import io.camjar.engine.CamjarException;

/**
 * The rate is multiplied by a factor when a metric that should fall has not fallen for a while, as
 * PyTorch's {@code ReduceLROnPlateau} with its relative threshold.
 */
public final class Plateau implements LearningRateSchedule {
  /** PyTorch's {@code eps}: a smaller change of the rate is none. */
  private static final double LEAST_CHANGE = 1e-8;

  private final double factor;
  private final int patience;
  private final double threshold;
  private final int cooldown;
  private final double least;
  private State state = new State(Double.POSITIVE_INFINITY, 0, 0, 0);

  /**
   * What it has seen, for a checkpoint.
   *
   * @param best the least metric so far
   * @param bad reports without a new best one
   * @param cooling reports that are still not counted
   * @param reductions how often the rate was reduced
   */
  public record State(double best, int bad, int cooling, int reductions) {}

  /**
   * A schedule.
   *
   * @param factor of each reduction, below 1
   * @param patience reports without improvement that are borne
   * @param threshold the share by which a metric must fall to be an improvement
   * @param cooldown reports after a reduction that are not counted
   * @param least no rate falls below it
   * @throws CamjarException if the factor is not above 0 and below 1
   */
  public Plateau(double factor, int patience, double threshold, int cooldown, double least) {
    if (!(factor > 0 && factor < 1)) {
      throw new CamjarException("a plateau's factor must be above 0 and below 1, found " + factor);
    }
    this.factor = factor;
    this.patience = patience;
    this.threshold = threshold;
    this.cooldown = cooldown;
    this.least = least;
  }

  /** PyTorch's defaults: a tenth after more than ten reports. */
  public Plateau() {
    this(0.1, 10, 1e-4, 0, 0);
  }

  /** Takes note of the metric, once an epoch; NaN and infinity are no improvement. */
  public void report(double metric) {
    boolean better = metric < state.best * (1 - threshold);
    double best = better ? metric : state.best;
    int bad = better ? 0 : state.bad + 1;
    int cooling = state.cooling;
    int reductions = state.reductions;
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad > patience) {
      reductions++;
      cooling = cooldown;
      bad = 0;
    }
    state = new State(best, bad, cooling, reductions);
  }

  /** What it has seen. */
  public State state() {
    return state;
  }

  /** Goes on from what another has seen. */
  public void restore(State seen) {
    state = seen;
  }

  @Override
  public double rate(double base, long update) {
    double rate = base;
    for (int i = 0; i < state.reductions; i++) {
      double reduced = Math.max(rate * factor, least);
      rate = rate - reduced > LEAST_CHANGE ? reduced : rate;
    }
    return rate;
  }
}
