package io.camjar.engine.kernel;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Element-wise work and sums over channels, for {@code [N, C]} and {@code [N, C, H, W]}. */
final class ReferenceChannels {

  private ReferenceChannels() {}

  static INDArray map(INDArray x, DoubleUnaryOperator function) {
    double[] v = HostCopy.doubles(x);
    for (int i = 0; i < v.length; i++) {
      v[i] = function.applyAsDouble(v[i]);
    }
    return HostCopy.array(v, x.dataType(), x.shape());
  }

  static INDArray zip(INDArray a, INDArray b, DoubleBinaryOperator function) {
    double[] v = HostCopy.doubles(a);
    double[] w = HostCopy.doubles(b);
    for (int i = 0; i < v.length; i++) {
      v[i] = function.applyAsDouble(v[i], w[i]);
    }
    return HostCopy.array(v, a.dataType(), a.shape());
  }

  static INDArray affine(INDArray x, double[] scale, double[] shift) {
    double[] v = HostCopy.doubles(x);
    int plane = plane(x);
    for (int i = 0; i < v.length; i++) {
      int c = i / plane % scale.length;
      v[i] = v[i] * scale[c] + shift[c];
    }
    return HostCopy.array(v, x.dataType(), x.shape());
  }

  static INDArray combine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    double[] v = HostCopy.doubles(a);
    double[] w = HostCopy.doubles(b);
    int plane = plane(a);
    for (int i = 0; i < v.length; i++) {
      int c = i / plane % p.length;
      v[i] = v[i] * p[c] + w[i] * q[c] + r[c];
    }
    return HostCopy.array(v, a.dataType(), a.shape());
  }

  static double[][] moments(INDArray x) {
    double[] v = HostCopy.doubles(x);
    int plane = plane(x);
    int channels = (int) x.size(1);
    int count = v.length / channels;
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    for (int i = 0; i < v.length; i++) {
      mean[i / plane % channels] += v[i] / count;
    }
    for (int i = 0; i < v.length; i++) {
      int c = i / plane % channels;
      variance[c] += (v[i] - mean[c]) * (v[i] - mean[c]) / count;
    }
    return new double[][] {mean, variance};
  }

  static double[][] sums(INDArray a, INDArray b) {
    double[] v = HostCopy.doubles(a);
    double[] w = HostCopy.doubles(b);
    int plane = plane(a);
    int channels = (int) a.size(1);
    double[][] sums = new double[2][channels];
    for (int i = 0; i < v.length; i++) {
      int c = i / plane % channels;
      sums[0][c] += v[i];
      sums[1][c] += v[i] * w[i];
    }
    return sums;
  }

  /** Consecutive values of one channel: H * W, or 1 for features. */
  private static int plane(INDArray x) {
    return Math.toIntExact(x.length() / (x.size(0) * x.size(1)));
  }
}
