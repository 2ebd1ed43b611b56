package io.camjar.engine.op;

import io.camjar.engine.kernel.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which channel a place of a block of {@code r r} places stands in, once it is laid out as one. */
public enum PixelOrder {
  /**
   * The places of a channel follow one another: channel {@code c r r + i r + j} is row {@code i},
   * column {@code j} of channel {@code c}. PyTorch's order, ONNX's {@code CRD}.
   */
  CHANNELS_FIRST,
  /**
   * The channels of a place follow one another: channel {@code (i r + j) C + c} is row {@code i},
   * column {@code j} of channel {@code c}. ONNX's {@code DCR}, and that of its SpaceToDepth.
   */
  PLACES_FIRST;

  private interface Move {
    void at(int deep, int wide);
  }

  /** What lies as channels, {@code [N, C r r, H, W]}, in this wide shape. */
  INDArray shuffled(INDArray deep, Shape wide, int factor) {
    double[] from = HostCopy.doubles(deep);
    double[] to = new double[from.length];
    visit(wide, factor, (d, w) -> to[w] = from[d]);
    return HostCopy.array(to, deep.dataType(), wide.toArray());
  }

  /** What lies as places, {@code [N, C, H r, W r]}, in this deep shape. */
  INDArray unshuffled(INDArray wide, Shape deep, int factor) {
    double[] from = HostCopy.doubles(wide);
    double[] to = new double[from.length];
    visit(Shape.of(wide), factor, (d, w) -> to[d] = from[w]);
    return HostCopy.array(to, wide.dataType(), deep.toArray());
  }

  private void visit(Shape wide, int factor, Move move) {
    int channels = wide.at(1);
    int height = wide.at(2) / factor;
    int width = wide.at(3) / factor;
    int at = 0;
    for (int image = 0; image < wide.at(0); image++) {
      for (int c = 0; c < channels; c++) {
        for (int row = 0; row < wide.at(2); row++) {
          for (int column = 0; column < wide.at(3); column++) {
            int place = row % factor * factor + column % factor;
            int channel =
                this == CHANNELS_FIRST ? c * factor * factor + place : place * channels + c;
            int plane = image * channels * factor * factor + channel;
            move.at((plane * height + row / factor) * width + column / factor, at++);
          }
        }
      }
    }
  }
}
