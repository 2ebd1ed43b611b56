package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import java.util.function.IntUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalises rows of numbers by their own mean and biased variance, {@code y = (x - mean) /
 * sqrt(var + eps) * weight + bias}. With {@code xh = (x - mean) r} and {@code g = dy weight} the
 * gradient is {@code dx = r (g - mean(g) - xh mean(g xh))}.
 *
 * @param rows the rows
 * @param features how many weights there are
 * @param feature the weight of the number of an index in the tensor
 * @param eps added to the variance
 * @param affine whether there are a weight and a bias
 */
record GroupedNorm(Axis rows, int features, IntUnaryOperator feature, double eps, boolean affine) {

  INDArray forward(Frame frame) {
    INDArray x = frame.input();
    double[] y = HostCopy.doubles(x);
    double[] weight = affine ? HostCopy.doubles(frame.parameter("weight")) : null;
    double[] bias = affine ? HostCopy.doubles(frame.parameter("bias")) : null;
    for (int row = 0; row < rows.rows(); row++) {
      standardise(y, row);
      if (weight != null && bias != null) {
        int at = rows.start(row);
        for (int j = 0; j < rows.length(); j++, at += rows.inner()) {
          int f = feature.applyAsInt(at);
          y[at] = y[at] * weight[f] + bias[f];
        }
      }
    }
    return HostCopy.array(y, x.dataType(), x.shape());
  }

  void backward(Frame frame, INDArray dy) {
    double[] xh = HostCopy.doubles(frame.input());
    double[] d = HostCopy.doubles(dy);
    double[] weight = affine ? HostCopy.doubles(frame.parameter("weight")) : null;
    double[] dWeight = new double[features];
    double[] dBias = new double[features];
    for (int row = 0; row < rows.rows(); row++) {
      double r = standardise(xh, row);
      double sum = 0;
      double product = 0;
      int at = rows.start(row);
      for (int j = 0; j < rows.length(); j++, at += rows.inner()) {
        if (weight != null) {
          int f = feature.applyAsInt(at);
          dWeight[f] += d[at] * xh[at];
          dBias[f] += d[at];
          d[at] *= weight[f];
        }
        sum += d[at];
        product += d[at] * xh[at];
      }
      at = rows.start(row);
      for (int j = 0; j < rows.length(); j++, at += rows.inner()) {
        d[at] = r * (d[at] - sum / rows.length() - xh[at] * product / rows.length());
      }
    }
    if (affine && frame.wantsParameters()) {
      long[] shape = frame.parameter("weight").shape();
      frame.parameterGradient("weight", HostCopy.array(dWeight, dy.dataType(), shape));
      frame.parameterGradient("bias", HostCopy.array(dBias, dy.dataType(), shape));
    }
    if (frame.wantsInput(0)) {
      frame.inputGradient(0, HostCopy.array(d, dy.dataType(), dy.shape()));
    }
  }

  /** Makes mean 0 and variance 1 of a row; the factor that did so. */
  private double standardise(double[] x, int row) {
    double mean = 0;
    int at = rows.start(row);
    for (int j = 0; j < rows.length(); j++, at += rows.inner()) {
      mean += x[at];
    }
    mean /= rows.length();
    double variance = 0;
    at = rows.start(row);
    for (int j = 0; j < rows.length(); j++, at += rows.inner()) {
      variance += (x[at] - mean) * (x[at] - mean);
    }
    double r = 1 / Math.sqrt(variance / rows.length() + eps);
    at = rows.start(row);
    for (int j = 0; j < rows.length(); j++, at += rows.inner()) {
      x[at] = (x[at] - mean) * r;
    }
    return r;
  }
}
