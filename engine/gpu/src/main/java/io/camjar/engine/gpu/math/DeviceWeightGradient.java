package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The gradient of a convolution's weights on a device: in general a product of matrices whose sums
 * run over all places of all images, in groups of one input channel a sum for each weight. Sums are
 * made in parts of a limited number of places, which keeps them exact, and parts are added in their
 * order: the same numbers each time.
 */
public final class DeviceWeightGradient {
  /** Places of a part, at most, where memory allows. */
  private static final int DEEPEST = 4096;

  /** Floats of all parts together, about. */
  private static final int MOST_PARTS = 1 << 24;

  /** Groups of items along the last side of a grid. */
  private static final int MOST_GROUPS = 65_535;

  private final Device device;
  private final Conv2d op;
  private final Conv2dGeometry g;
  private final int perGroupIn;
  private final int perGroupOut;
  private final int deepest;

  /** Of a convolution. */
  public DeviceWeightGradient(Device device, Conv2d op) {
    this(device, op, DEEPEST);
  }

  /**
   * Of a convolution, in parts of another size.
   *
   * @param deepest places of a part, at most
   */
  DeviceWeightGradient(Device device, Conv2d op, int deepest) {
    this.device = device;
    this.op = op;
    this.g = op.geometry();
    this.perGroupIn = g.inChannels() / op.groups();
    this.perGroupOut = g.outChannels() / op.groups();
    this.deepest = deepest;
  }

  /**
   * Computes it.
   *
   * @param taps of the convolution, as {@link DeviceConv2d#taps} has them forward
   * @param dw {@code [O, I / groups, kH, kW]}, overwritten
   */
  public void run(
      Tensor dy,
      Shape out,
      Tensor x,
      Shape in,
      DeviceMemory taps,
      Tensor dw,
      DeviceConv2d.Scratch scratch) {
    if (perGroupIn == 1) {
      depthwise(dy, out, x, in, dw);
      return;
    }
    int places = out.at(0) * out.at(2) * out.at(3);
    int count = perGroupIn * g.kernelH() * g.kernelW();
    Tile.Choice choice =
        Tile.choose(perGroupOut, count, places, op.groups(), device.facts().units());
    Tile tile = choice.tile();
    int most = Math.max(1, Math.min(MOST_PARTS / dw.length(), MOST_GROUPS / op.groups()));
    int depth = Math.max(Math.min(choice.depth(), deepest), Tile.groups(places, most));
    depth = Tile.groups(depth, tile.inner()) * tile.inner();
    int parts = Tile.groups(places, depth);
    Tensor result = parts > 1 ? scratch.take(parts * dw.length()) : dw;
    try {
      List<Object> arguments =
          new ArrayList<>(List.of(dy.memory(), x.memory(), taps, result.memory()));
      arguments.addAll(
          List.of(places, count, depth, op.groups(), perGroupIn, perGroupOut, in.at(2), in.at(3)));
      arguments.addAll(List.of(out.at(2), out.at(3), g.strideH(), g.strideW(), g.padH(), g.padW()));
      arguments.add(dw.length());
      device.launch(
          device.kernel("gradient", "weight_gradient", tile.constants()),
          new Grid(
              Tile.groups(count, tile.columns()),
              Tile.groups(perGroupOut, tile.rows()),
              op.groups() * parts,
              tile.items()),
          arguments.toArray());
      if (parts > 1) {
        List<Object> rest = new ArrayList<>(List.of(result.memory(), parts));
        rest.addAll(Ending.NOTHING.tensors(dw));
        rest.addAll(List.of(dw.memory(), dw.length(), 1, 1));
        rest.addAll(Ending.NOTHING.numbers());
        device.launch(
            device.kernel("depthwise", "finish", Map.of()), Grid.each(dw.length()), rest.toArray());
      }
    } finally {
      if (parts > 1) {
        scratch.give(result);
      }
    }
  }

  private void depthwise(Tensor dy, Shape out, Tensor x, Shape in, Tensor dw) {
    device.launch(
        device.kernel("planes", "depthwise_weight_gradient", DevicePools.CONSTANTS),
        new Grid(dw.length(), 1, 1, DevicePools.GROUP),
        dy.memory(),
        x.memory(),
        dw.memory(),
        out.at(0),
        g.outChannels(),
        perGroupOut,
        in.at(2),
        in.at(3),
        out.at(2),
        out.at(3),
        g.kernelH(),
        g.kernelW(),
        g.strideH(),
        g.strideW(),
        g.padH(),
        g.padW(),
        g.dilationH(),
        g.dilationW());
  }
}
