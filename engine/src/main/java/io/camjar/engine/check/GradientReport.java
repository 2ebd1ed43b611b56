package io.camjar.engine.check;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link GradientCheck} found, a line a variable.
 *
 * @param lines in the order of the variables
 */
public record GradientReport(List<Line> lines) {

  public GradientReport {
    lines = List.copyOf(lines);
  }

  /** Whether every gradient agrees, and at least one was compared. */
  public boolean passed() {
    return !lines.isEmpty() && lines.stream().allMatch(Line::passed);
  }

  /** The largest relative error of all variables. */
  public double worstError() {
    return lines.stream().mapToDouble(Line::relativeError).max().orElse(Double.NaN);
  }

  /**
   * One variable.
   *
   * @param variable its name
   * @param worstIndex where the two gradients differ most, in c order
   * @param expected the numerical gradient there
   * @param found the checked gradient there
   * @param relativeError their difference relative to the variable's largest gradient
   * @param passed whether that is within the tolerance
   */
  public record Line(
      String variable,
      int worstIndex,
      double expected,
      double found,
      double relativeError,
      boolean passed) {

    @Override
    public String toString() {
      return "%s: relative error %.3g at %d, expected %.9g, found %.9g: %s"
          .formatted(variable, relativeError, worstIndex, expected, found, passed ? "ok" : "WRONG");
    }
  }

  /** Collects lines. */
  static final class Builder {
    private final double tolerance;
    private final double noise;
    private final List<Line> lines = new ArrayList<>();

    /** A builder; {@code noise} is the absolute error that rounding alone can cause. */
    Builder(double tolerance, double noise) {
      this.tolerance = tolerance;
      this.noise = noise;
    }

    void add(String variable, double[] expected, double[] found) {
      double scale = Math.max(noise / tolerance, Double.MIN_NORMAL);
      int worst = 0;
      for (int i = 0; i < expected.length; i++) {
        scale = Math.max(scale, Math.max(Math.abs(expected[i]), Math.abs(found[i])));
        double error = Math.abs(expected[i] - found[i]);
        // A NaN is the worst, and the first of several stays it.
        if (Double.compare(error, Math.abs(expected[worst] - found[worst])) > 0) {
          worst = i;
        }
      }
      double relative = Math.abs(expected[worst] - found[worst]) / scale;
      lines.add(
          new Line(
              variable, worst, expected[worst], found[worst], relative, relative <= tolerance));
    }

    GradientReport build() {
      return new GradientReport(lines);
    }
  }
}
