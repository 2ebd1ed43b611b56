package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.gpu.math.DeviceConv2d.Scratch;
import io.camjar.engine.gpu.math.DeviceMath.Matrix;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Convolutions of 3 by 3 with stride 1 by Winograd's algorithm, F by F outputs at a time (Lavin and
 * Gray, arXiv 1509.09308). The backward to the input is the same with the weights turned round.
 */
final class DeviceWinograd {
  private static final int KERNEL = 3;

  /** What a weight is multiplied with, {@code G} of the paper, by F. */
  private static final Map<Integer, double[][]> WEIGHTS =
      Map.of(
          2,
          new double[][] {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}},
          4,
          new double[][] {
            {1 / 4., 0, 0},
            {-1 / 6., -1 / 6., -1 / 6.},
            {-1 / 6., 1 / 6., -1 / 6.},
            {1 / 24., 1 / 12., 1 / 6.},
            {1 / 24., -1 / 12., 1 / 6.},
            {0, 0, 1}
          });

  private final Device device;
  private final DeviceMath math;
  private final int f;
  private final int products;
  private final Map<String, Integer> constants;

  /**
   * Tiles of a size.
   *
   * @param f outputs along a side, 2 or 4
   */
  DeviceWinograd(Device device, int f) {
    this.device = device;
    this.math = new DeviceMath(device);
    this.f = f;
    this.products = (f + KERNEL - 1) * (f + KERNEL - 1);
    this.constants = Map.of("F", f);
  }

  /** Whether a convolution can be computed so. */
  static boolean supports(Conv2d op) {
    Conv2dGeometry g = op.geometry();
    return op.groups() == 1
        && g.kernelH() == KERNEL
        && g.kernelW() == KERNEL
        && g.strideH() == 1
        && g.strideW() == 1
        && g.dilationH() == 1
        && g.dilationW() == 1
        && g.padH() < KERNEL
        && g.padW() < KERNEL;
  }

  /** Tiles that cover an output. */
  private int tiles(Shape out) {
    return out.at(0) * Tile.groups(out.at(2), f) * Tile.groups(out.at(3), f);
  }

  /** Floats of the largest value in between. */
  long scratch(Shape in, Shape out) {
    return (long) products * tiles(out) * Math.max(in.at(1), out.at(1));
  }

  /**
   * The weights as products read them, {@code [products, outputs, inputs]}, computed in double
   * precision.
   *
   * @param oihw {@code [O, I, 3, 3]}
   * @param backward whether for the gradient of the input: its inputs are the outputs
   */
  float[] weights(float[] oihw, int outputs, int inputs, boolean backward) {
    double[][] g = WEIGHTS.get(f);
    int side = g.length;
    int area = KERNEL * KERNEL;
    int rows = backward ? inputs : outputs;
    int columns = backward ? outputs : inputs;
    float[] laid = new float[products * rows * columns];
    double[] half = new double[side * KERNEL];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int from = (backward ? column * inputs + row : row * inputs + column) * area;
        for (int i = 0; i < side; i++) {
          for (int q = 0; q < KERNEL; q++) {
            double sum = 0;
            for (int r = 0; r < KERNEL; r++) {
              int at = r * KERNEL + q;
              sum += g[i][r] * oihw[from + (backward ? area - 1 - at : at)];
            }
            half[i * KERNEL + q] = sum;
          }
        }
        for (int i = 0; i < side; i++) {
          for (int j = 0; j < side; j++) {
            double sum = 0;
            for (int q = 0; q < KERNEL; q++) {
              sum += half[i * KERNEL + q] * g[j][q];
            }
            laid[((i * side + j) * rows + row) * columns + column] = (float) sum;
          }
        }
      }
    }
    return laid;
  }

  /**
   * The convolution.
   *
   * @param weights as {@link #weights} lays them out
   * @param padH rows of zeros above
   * @param padW columns of zeros to the left
   */
  void run(
      Tensor x,
      Shape in,
      DeviceMemory weights,
      int padH,
      int padW,
      Tensor y,
      Shape out,
      Ending ending,
      Scratch scratch) {
    int inputs = in.at(1);
    int outputs = out.at(1);
    int tilesH = Tile.groups(out.at(2), f);
    int tilesW = Tile.groups(out.at(3), f);
    int tiles = tiles(out);
    Tensor v = scratch.take(products * inputs * tiles);
    try {
      device.launch(
          device.kernel("winograd", "winograd_input", constants),
          Grid.each(inputs * tiles),
          x.memory(),
          v.memory(),
          inputs * tiles,
          tiles,
          inputs,
          in.at(2),
          in.at(3),
          tilesH,
          tilesW,
          padH,
          padW);
      Tensor m = scratch.take(products * outputs * tiles);
      try {
        math.product(
            new Matrix(
                new Tensor(weights, products * outputs * inputs), inputs, 1, outputs * inputs),
            new Matrix(v, tiles, 1, inputs * tiles),
            m,
            products,
            outputs,
            tiles,
            inputs,
            Ending.NOTHING);
        List<Object> arguments = new ArrayList<>(List.of(m.memory()));
        arguments.addAll(ending.tensors(y));
        arguments.addAll(
            List.of(
                y.memory(), outputs * tiles, tiles, outputs, out.at(2), out.at(3), tilesH, tilesW));
        arguments.addAll(ending.numbers());
        device.launch(
            device.kernel("winograd", "winograd_output", constants),
            Grid.each(outputs * tiles),
            arguments.toArray());
      } finally {
        scratch.give(m);
      }
    } finally {
      scratch.give(v);
    }
  }
}
