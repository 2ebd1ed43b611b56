package io.camjar.engine.check;

import io.camjar.engine.kernel.HostCopy;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Compares hand-written gradients with central differences, {@code (L(v + h) - L(v - h)) / 2h}, in
 * double precision.
 *
 * <p>The function is given as a loss that reads some variables; the checker moves one number of one
 * variable at a time and asks for the loss again, so it knows nothing of layers and can check any
 * function of arrays.
 */
public final class GradientCheck {
  private final double step;
  private final double tolerance;

  /**
   * A checker.
   *
   * @param step h, how far a number is moved; 1e-5 suits values around 1
   * @param tolerance the largest relative error that passes, against the largest gradient within
   *     the variable; 1e-6 suits smooth functions
   */
  public GradientCheck(double step, double tolerance) {
    this.step = step;
    this.tolerance = tolerance;
  }

  /** A checker with step 1e-5 and tolerance 1e-6. */
  public static GradientCheck standard() {
    return new GradientCheck(1e-5, 1e-6);
  }

  /**
   * Checks the gradients of a loss.
   *
   * @param loss computes the loss from the variables' present values
   * @param variables double arrays, by name; moved in place and put back
   * @param gradients the gradients to check, by the same names and of the same shapes
   * @return what was found; never throws for a wrong gradient
   */
  public GradientReport check(
      DoubleSupplier loss, Map<String, INDArray> variables, Map<String, INDArray> gradients) {
    // A difference of two losses cannot be told from zero below the rounding of one loss.
    double noise = Math.abs(loss.getAsDouble()) * Math.ulp(1.0) / step;
    GradientReport.Builder report = new GradientReport.Builder(tolerance, noise);
    variables.forEach(
        (name, variable) -> {
          INDArray gradient = gradients.get(name);
          requireComparable(name, variable, gradient);
          report.add(name, numeric(loss, variable), HostCopy.doubles(gradient));
        });
    return report.build();
  }

  private double[] numeric(DoubleSupplier loss, INDArray variable) {
    double[] slope = new double[Math.toIntExact(variable.length())];
    for (int i = 0; i < slope.length; i++) {
      // A number's index alone would count along the array's memory.
      long[] at = Shape.ind2subC(variable.shape(), i);
      double value = variable.getDouble(at);
      variable.putScalar(at, value + step);
      double above = loss.getAsDouble();
      variable.putScalar(at, value - step);
      double below = loss.getAsDouble();
      variable.putScalar(at, value);
      slope[i] = (above - below) / (2 * step);
    }
    return slope;
  }

  private static void requireComparable(String name, INDArray variable, INDArray gradient) {
    if (variable.dataType() != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "variable %s is %s, expected double: single precision drowns the differences"
              .formatted(name, variable.dataType()));
    }
    if (gradient == null || !Arrays.equals(variable.shape(), gradient.shape())) {
      throw new IllegalArgumentException(
          "no gradient of the shape of variable " + name + " was given");
    }
  }
}
