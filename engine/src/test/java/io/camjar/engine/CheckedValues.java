package io.camjar.engine;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Double values at which a backward can be compared with differences. */
public final class CheckedValues {
  private CheckedValues() {}

  /** Distinct values in random order, none near zero: pools and ReLUs have no kink nearby. */
  public static INDArray spread(long seed, long... shape) {
    int length = length(shape);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i + 0.5) * 2.4 / length - 1.2;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
    return HostCopy.array(values, DataType.DOUBLE, shape);
  }

  /** Random parameters of any name; variances are positive. */
  public static Parameters parameters() {
    SplittableRandom random = new SplittableRandom(5);
    return new Parameters() {
      @Override
      public boolean has(String path) {
        return true;
      }

      @Override
      public INDArray get(String path, long... shape) {
        boolean positive = path.endsWith("running_var") || path.endsWith(".p");
        double[] values =
            random.doubles(length(shape), positive ? 0.5 : -0.7, positive ? 1.5 : 0.7).toArray();
        return HostCopy.array(values, DataType.DOUBLE, shape);
      }
    };
  }

  private static int length(long... shape) {
    int length = 1;
    for (long side : shape) {
      length *= (int) side;
    }
    return length;
  }
}
