package io.camjar.engine.statistics;

/**
 * The L2 norms of what an update of one parameter is about.
 *
 * @param parameter its values before the update
 * @param gradient what the update is made of, before it is clipped
 * @param update what the optimiser adds to the values, before a hook replaces it
 */
public record UpdateNorms(double parameter, double gradient, double update) {

  /** log10 of the update's norm to the parameter's: about -3 is usual. */
  public double logRatio() {
    return Math.log10(update / parameter);
  }
}
