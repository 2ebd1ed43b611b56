package io.camjar.engine.kernel.simd;

import io.camjar.engine.kernel.Conv2dGeometry;

/**
 * A convolution's weights as one direction sees them: {@code [O, I, kH, kW]} in memory, read as
 * outputs by inputs forward and as inputs by outputs backward.
 */
final class Conv2dWeights {
  final int outputs;
  final int inputs;
  private final float[] values;
  private final int outputPitch;
  private final int inputPitch;
  private final int kernelW;

  private Conv2dWeights(Conv2dGeometry g, float[] values, boolean backward) {
    int taps = g.kernelH() * g.kernelW();
    this.values = values;
    this.kernelW = g.kernelW();
    this.outputs = backward ? g.inChannels() : g.outChannels();
    this.inputs = backward ? g.outChannels() : g.inChannels();
    this.outputPitch = backward ? taps : g.inChannels() * taps;
    this.inputPitch = backward ? g.inChannels() * taps : taps;
  }

  static Conv2dWeights forward(Conv2dGeometry geometry, float[] oihw) {
    return new Conv2dWeights(geometry, oihw, false);
  }

  static Conv2dWeights backward(Conv2dGeometry geometry, float[] oihw) {
    return new Conv2dWeights(geometry, oihw, true);
  }

  float at(int output, int input, int row, int column) {
    return values[output * outputPitch + input * inputPitch + row * kernelW + column];
  }

  /**
   * The weights of a sweep, {@code [outputs / block][inputs / inBlock][rows][columns][inBlock][
   * block]}, zeros where a block is not full.
   */
  float[] pack(ConvPass pass, int inBlock) {
    int outBlocks = Lanes.blocks(outputs);
    int inBlocks = (inputs + inBlock - 1) / inBlock;
    int block = Lanes.BLOCK;
    float[] packed =
        new float
            [Math.multiplyExact(
                Math.multiplyExact(outBlocks * block, inBlocks * inBlock), pass.taps())];
    int at = 0;
    for (int ob = 0; ob < outBlocks; ob++) {
      int outs = Math.min(block, outputs - ob * block);
      for (int ib = 0; ib < inBlocks; ib++) {
        int ins = Math.min(inBlock, inputs - ib * inBlock);
        for (ConvPass.Tap row : pass.rows().taps()) {
          for (ConvPass.Tap column : pass.columns().taps()) {
            for (int i = 0; i < ins; i++) {
              for (int o = 0; o < outs; o++) {
                packed[at + i * block + o] =
                    at(ob * block + o, ib * inBlock + i, row.kernel(), column.kernel());
              }
            }
            at += inBlock * block;
          }
        }
      }
    }
    return packed;
  }
}
