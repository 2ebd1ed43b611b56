package io.camjar.engine.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolution as its definition says it: one loop a dimension. */
final class ReferenceConv2d {

  private ReferenceConv2d() {}

  static INDArray forward(Conv2dGeometry g, INDArray x, INDArray weight, @Nullable INDArray bias) {
    Walk walk = new Walk(g, (int) x.size(0), (int) x.size(2), (int) x.size(3));
    double[] in = HostCopy.doubles(x);
    double[] w = HostCopy.doubles(weight);
    double[] out = new double[walk.outputs()];
    if (bias != null) {
      double[] b = HostCopy.doubles(bias);
      int plane = walk.outH * walk.outW;
      for (int i = 0; i < out.length; i++) {
        out[i] = b[i / plane % g.outChannels()];
      }
    }
    walk.run((y, xi, wi) -> out[y] += in[xi] * w[wi]);
    return HostCopy.array(out, x.dataType(), walk.n, g.outChannels(), walk.outH, walk.outW);
  }

  static INDArray backwardInput(
      Conv2dGeometry g, INDArray dy, INDArray weight, int height, int width) {
    Walk walk = new Walk(g, (int) dy.size(0), height, width);
    double[] d = HostCopy.doubles(dy);
    double[] w = HostCopy.doubles(weight);
    double[] dx = new double[walk.n * g.inChannels() * height * width];
    walk.run((y, xi, wi) -> dx[xi] += d[y] * w[wi]);
    return HostCopy.array(dx, dy.dataType(), walk.n, g.inChannels(), height, width);
  }

  static INDArray backwardWeight(Conv2dGeometry g, INDArray dy, INDArray x) {
    Walk walk = new Walk(g, (int) x.size(0), (int) x.size(2), (int) x.size(3));
    double[] d = HostCopy.doubles(dy);
    double[] in = HostCopy.doubles(x);
    double[] dw = new double[Math.toIntExact(g.weights())];
    walk.run((y, xi, wi) -> dw[wi] += d[y] * in[xi]);
    return HostCopy.array(
        dw, x.dataType(), g.outChannels(), g.inChannels(), g.kernelH(), g.kernelW());
  }

  /** What is done with the indices of one product of an output, an input and a weight. */
  private interface Tap {
    void at(int y, int x, int w);
  }

  /**
   * Visits every product of a convolution; forward and both backwards differ only in what they add.
   */
  private static final class Walk {
    final Conv2dGeometry g;
    final int n;
    final int height;
    final int width;
    final int outH;
    final int outW;

    Walk(Conv2dGeometry g, int n, int height, int width) {
      this.g = g;
      this.n = n;
      this.height = height;
      this.width = width;
      this.outH = g.outH(height);
      this.outW = g.outW(width);
    }

    int outputs() {
      return n * g.outChannels() * outH * outW;
    }

    void run(Tap tap) {
      for (int i = 0; i < n; i++) {
        for (int o = 0; o < g.outChannels(); o++) {
          for (int c = 0; c < g.inChannels(); c++) {
            plane(tap, i * g.outChannels() + o, i * g.inChannels() + c, o * g.inChannels() + c);
          }
        }
      }
    }

    private void plane(Tap tap, int outPlane, int inPlane, int weightPlane) {
      for (int oh = 0; oh < outH; oh++) {
        for (int ow = 0; ow < outW; ow++) {
          int y = (outPlane * outH + oh) * outW + ow;
          for (int kh = 0; kh < g.kernelH(); kh++) {
            int h = oh * g.strideH() - g.padH() + kh * g.dilationH();
            if (h < 0 || h >= height) {
              continue;
            }
            for (int kw = 0; kw < g.kernelW(); kw++) {
              int w = ow * g.strideW() - g.padW() + kw * g.dilationW();
              if (w >= 0 && w < width) {
                tap.at(
                    y,
                    (inPlane * height + h) * width + w,
                    (weightPlane * g.kernelH() + kh) * g.kernelW() + kw);
              }
            }
          }
        }
      }
    }
  }
}
