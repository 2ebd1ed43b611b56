package io.camjar.benchmarks.kernel;

import io.camjar.engine.kernel.Conv2dGeometry;

/** A convolution as its definition says it, in plain loops over {@code float[]}. */
final class NaiveConvolution {

  private NaiveConvolution() {}

  /**
   * One square image, {@code [I][side][side]}, by weights {@code [O][I][k][k]}.
   *
   * @return {@code [O][outSide][outSide]} flattened
   */
  static float[] forward(Conv2dGeometry g, float[] x, float[] weight, int side) {
    int out = g.outH(side);
    float[] y = new float[g.outChannels() * out * out];
    for (int o = 0; o < g.outChannels(); o++) {
      for (int row = 0; row < out; row++) {
        for (int column = 0; column < out; column++) {
          y[(o * out + row) * out + column] = at(g, x, weight, side, o, row, column);
        }
      }
    }
    return y;
  }

  private static float at(
      Conv2dGeometry g, float[] x, float[] weight, int side, int o, int row, int column) {
    float sum = 0;
    for (int c = 0; c < g.inChannels(); c++) {
      for (int kh = 0; kh < g.kernelH(); kh++) {
        int h = row * g.strideH() - g.padH() + kh;
        for (int kw = 0; kw < g.kernelW(); kw++) {
          int w = column * g.strideW() - g.padW() + kw;
          if (h >= 0 && h < side && w >= 0 && w < side) {
            sum +=
                x[(c * side + h) * side + w]
                    * weight[((o * g.inChannels() + c) * g.kernelH() + kh) * g.kernelW() + kw];
          }
        }
      }
    }
    return sum;
  }
}
