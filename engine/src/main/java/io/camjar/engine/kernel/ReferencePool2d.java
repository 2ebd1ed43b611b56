package io.camjar.engine.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Max and average pools. */
final class ReferencePool2d {

  private ReferencePool2d() {}

  static MaxPooled max(Pool2dGeometry g, INDArray x) {
    Windows windows = new Windows(g, x.shape());
    double[] in = HostCopy.doubles(x);
    double[] out = new double[windows.outputs()];
    int[] argmax = new int[out.length];
    for (int p = 0; p < windows.planes; p++) {
      for (int oh = 0; oh < windows.outH; oh++) {
        maxRow(windows, in, p, oh, out, argmax);
      }
    }
    return new MaxPooled(HostCopy.array(out, x.dataType(), windows.outShape()), argmax);
  }

  /**
   * One row of outputs: a method of its own, without calls, so that a process that has just started
   * and still interprets compiles it after few of its many calls.
   */
  private static void maxRow(
      Windows windows, double[] in, int plane, int oh, double[] out, int[] argmax) {
    Pool2dGeometry g = windows.g;
    int width = windows.width;
    int from = plane * windows.height * width;
    int first = oh * g.strideH() - g.padH();
    int top = Math.max(first, 0);
    int bottom = Math.min(first + g.kernelH(), windows.height);
    int y = (plane * windows.outH + oh) * windows.outW;
    for (int ow = 0; ow < windows.outW; ow++) {
      int start = ow * g.strideW() - g.padW();
      int left = Math.max(start, 0);
      int right = Math.min(start + g.kernelW(), width);
      int best = top * width + left;
      double most = in[from + best];
      for (int h = top; h < bottom; h++) {
        for (int w = left; w < right; w++) {
          double value = in[from + h * width + w];
          // ATen's rule: a later value must be greater, or not a number.
          if (!(value <= most) && (value > most || Double.isNaN(value))) {
            best = h * width + w;
            most = value;
          }
        }
      }
      out[y + ow] = most;
      argmax[y + ow] = best;
    }
  }

  static INDArray maxBackward(INDArray dy, int[] argmax, long... inputShape) {
    double[] d = HostCopy.doubles(dy);
    int inPlane = Math.toIntExact(inputShape[2] * inputShape[3]);
    int outPlane = Math.toIntExact(dy.size(2) * dy.size(3));
    double[] dx = new double[Math.toIntExact(inputShape[0] * inputShape[1] * inPlane)];
    for (int i = 0; i < d.length; i++) {
      dx[i / outPlane * inPlane + argmax[i]] += d[i];
    }
    return HostCopy.array(dx, dy.dataType(), inputShape);
  }

  static INDArray average(Pool2dGeometry g, INDArray x) {
    Windows windows = new Windows(g, x.shape());
    double[] in = HostCopy.doubles(x);
    double[] out = new double[windows.outputs()];
    windows.run(
        (y, plane, top, bottom, left, right) -> {
          double sum = 0;
          for (int h = top; h < bottom; h++) {
            for (int w = left; w < right; w++) {
              sum += in[plane + h * windows.width + w];
            }
          }
          out[y] = sum / ((bottom - top) * (right - left));
        });
    return HostCopy.array(out, x.dataType(), windows.outShape());
  }

  static INDArray averageBackward(Pool2dGeometry g, INDArray dy, int height, int width) {
    long[] shape = {dy.size(0), dy.size(1), height, width};
    Windows windows = new Windows(g, shape);
    double[] d = HostCopy.doubles(dy);
    double[] dx = new double[windows.planes * height * width];
    windows.run(
        (y, plane, top, bottom, left, right) -> {
          double share = d[y] / ((bottom - top) * (right - left));
          for (int h = top; h < bottom; h++) {
            for (int w = left; w < right; w++) {
              dx[plane + h * width + w] += share;
            }
          }
        });
    return HostCopy.array(dx, dy.dataType(), shape);
  }

  /** One window: the output's index, the input plane's offset, and the cells inside the image. */
  private interface Window {
    void at(int y, int plane, int top, int bottom, int left, int right);
  }

  /** Visits every window of a pool. */
  private static final class Windows {
    final Pool2dGeometry g;
    final long[] shape;
    final int planes;
    final int height;
    final int width;
    final int outH;
    final int outW;

    Windows(Pool2dGeometry g, long[] shape) {
      this.g = g;
      this.shape = shape;
      this.planes = (int) (shape[0] * shape[1]);
      this.height = (int) shape[2];
      this.width = (int) shape[3];
      this.outH = g.outH(height);
      this.outW = g.outW(width);
    }

    int outputs() {
      return planes * outH * outW;
    }

    long[] outShape() {
      return new long[] {shape[0], shape[1], outH, outW};
    }

    void run(Window window) {
      for (int p = 0; p < planes; p++) {
        for (int oh = 0; oh < outH; oh++) {
          int top = oh * g.strideH() - g.padH();
          int bottom = Math.min(top + g.kernelH(), height);
          for (int ow = 0; ow < outW; ow++) {
            int left = ow * g.strideW() - g.padW();
            int right = Math.min(left + g.kernelW(), width);
            window.at(
                (p * outH + oh) * outW + ow,
                p * height * width,
                Math.max(top, 0),
                bottom,
                Math.max(left, 0),
                right);
          }
        }
      }
    }
  }
}
