package io.camjar.engine.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The fully connected layer: y = x w' + b. */
final class ReferenceLinear {

  private ReferenceLinear() {}

  static INDArray forward(INDArray x, INDArray weight, @Nullable INDArray bias) {
    int n = (int) x.size(0);
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    double[] a = HostCopy.doubles(x);
    double[] w = HostCopy.doubles(weight);
    double[] b = bias == null ? new double[out] : HostCopy.doubles(bias);
    double[] y = new double[n * out];
    for (int i = 0; i < n; i++) {
      for (int o = 0; o < out; o++) {
        double sum = b[o];
        for (int k = 0; k < in; k++) {
          sum += a[i * in + k] * w[o * in + k];
        }
        y[i * out + o] = sum;
      }
    }
    return HostCopy.array(y, x.dataType(), n, out);
  }

  static INDArray backwardInput(INDArray dy, INDArray weight) {
    int n = (int) dy.size(0);
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    double[] d = HostCopy.doubles(dy);
    double[] w = HostCopy.doubles(weight);
    double[] dx = new double[n * in];
    for (int i = 0; i < n; i++) {
      for (int o = 0; o < out; o++) {
        for (int k = 0; k < in; k++) {
          dx[i * in + k] += d[i * out + o] * w[o * in + k];
        }
      }
    }
    return HostCopy.array(dx, dy.dataType(), n, in);
  }

  static INDArray backwardWeight(INDArray dy, INDArray x) {
    int n = (int) dy.size(0);
    int in = (int) x.size(1);
    int out = (int) dy.size(1);
    double[] d = HostCopy.doubles(dy);
    double[] a = HostCopy.doubles(x);
    double[] dw = new double[out * in];
    for (int i = 0; i < n; i++) {
      for (int o = 0; o < out; o++) {
        for (int k = 0; k < in; k++) {
          dw[o * in + k] += d[i * out + o] * a[i * in + k];
        }
      }
    }
    return HostCopy.array(dw, x.dataType(), out, in);
  }
}
