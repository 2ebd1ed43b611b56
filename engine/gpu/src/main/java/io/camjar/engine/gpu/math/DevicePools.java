package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pools over windows, and sums, maxima and softmax over whole lines. */
public final class DevicePools {
  /** Items that share a line. */
  static final int GROUP = 128;

  /** Numbers of a channel that one group adds up, at most. */
  private static final int PART = 8192;

  /** Numbers that the sums of a channel take. */
  private static final int FOUR = 4;

  static final Map<String, Integer> CONSTANTS = Map.of("GROUP_SIZE", GROUP);

  private final Device device;

  /** Pools on a device. */
  public DevicePools(Device device) {
    this.device = device;
  }

  private void windows(String name, int parts, Tensor[] tensors, List<Object> rest) {
    List<Object> arguments = new ArrayList<>();
    for (Tensor tensor : tensors) {
      arguments.add(tensor.memory());
    }
    arguments.add(parts);
    arguments.addAll(rest);
    device.launch(device.kernel("pools", name, Map.of()), Grid.each(parts), arguments.toArray());
  }

  private static List<Object> window(Pool2dGeometry g, Shape x, Shape y) {
    return List.of(
        x.at(2),
        x.at(3),
        y.at(2),
        y.at(3),
        g.kernelH(),
        g.kernelW(),
        g.strideH(),
        g.strideW(),
        g.padH(),
        g.padW());
  }

  private static List<Object> average(AvgPool2d op, Shape x, Shape y) {
    List<Object> all = new ArrayList<>(window(op.geometry(), x, y));
    all.addAll(List.of(op.padBottom(), op.padRight(), op.countPadding() ? 1 : 0, op.divisor()));
    return all;
  }

  /** A max-pool. */
  public void max(Pool2dGeometry g, Tensor x, Shape in, Tensor y, Shape out) {
    windows("max_pool", y.length(), new Tensor[] {x, y}, window(g, in, out));
  }

  /** The gradient of its input. */
  public void maxBackward(Pool2dGeometry g, Tensor dy, Tensor x, Shape in, Tensor dx, Shape out) {
    windows("max_pool_backward", dx.length(), new Tensor[] {dy, x, dx}, window(g, in, out));
  }

  /** An average pool. */
  public void average(AvgPool2d op, Tensor x, Shape in, Tensor y, Shape out) {
    windows("average_pool", y.length(), new Tensor[] {x, y}, average(op, in, out));
  }

  /** The gradient of its input. */
  public void averageBackward(AvgPool2d op, Tensor dy, Shape out, Tensor dx, Shape in) {
    windows("average_pool_backward", dx.length(), new Tensor[] {dy, dx}, average(op, in, out));
  }

  private void lines(String name, int lines, Object... arguments) {
    device.launch(
        device.kernel("planes", name, CONSTANTS), new Grid(lines, 1, 1, GROUP), arguments);
  }

  private static int planes(Shape in) {
    return Math.toIntExact(in.length() / plane(in));
  }

  private static int plane(Shape in) {
    return in.at(2) * in.at(3);
  }

  /** The mean of each plane, to features from an offset on. */
  public void mean(Tensor x, Shape in, Tensor y, int features, int offset) {
    lines("global_mean", planes(in), x.memory(), y.memory(), plane(in), in.at(1), features, offset);
  }

  /** Sets the gradient of what the means were taken of. */
  public void meanBackward(Tensor dy, Tensor dx, Shape in, int features, int offset) {
    device.launch(
        device.kernel("planes", "global_mean_backward", CONSTANTS),
        Grid.each(dx.length()),
        dy.memory(),
        dx.memory(),
        dx.length(),
        plane(in),
        in.at(1),
        features,
        offset);
  }

  /** The maximum of each plane, to features from an offset on. */
  public void globalMax(Tensor x, Shape in, Tensor y, int features, int offset) {
    lines("global_max", planes(in), x.memory(), y.memory(), plane(in), in.at(1), features, offset);
  }

  /** Adds to the gradient of what the maxima were taken of. */
  public void globalMaxBackward(
      Tensor dy, Tensor x, Tensor dx, Shape in, int features, int offset) {
    lines(
        "global_max_backward",
        planes(in),
        dy.memory(),
        x.memory(),
        dx.memory(),
        plane(in),
        in.at(1),
        features,
        offset);
  }

  /** The gradient of gates: the sum over each plane of {@code dy x}. */
  public void gateBackward(Tensor dy, Tensor x, Tensor dGates) {
    lines(
        "gate_backward",
        dGates.length(),
        dy.memory(),
        x.memory(),
        dGates.memory(),
        x.length() / dGates.length());
  }

  /** Softmax along a side of so many numbers that lie so far apart, or its logarithm. */
  public void softmax(Tensor x, Tensor y, int length, int stride, boolean logarithm) {
    lines(
        "softmax", x.length() / length, x.memory(), y.memory(), length, stride, logarithm ? 1 : 0);
  }

  /** The gradient of what it was taken of. */
  public void softmaxBackward(
      Tensor dy, Tensor y, Tensor dx, int length, int stride, boolean logarithm) {
    lines(
        "softmax_backward",
        y.length() / length,
        dy.memory(),
        y.memory(),
        dx.memory(),
        length,
        stride,
        logarithm ? 1 : 0);
  }

  /** The sum of each plane in two numbers, the second what the first rounds away. */
  public void sums(Tensor x, Tensor sums) {
    int planes = sums.length() / 2;
    lines("plane_sums", planes, x.memory(), sums.memory(), x.length() / planes);
  }

  /**
   * Of each channel the sum of u, and of u times v, added up in two numbers each and at the end in
   * double precision.
   *
   * @param plane numbers of a channel in a row
   * @param scratch where the sums lie until they are read
   * @return by channel the sums of u, and those of u times v
   */
  public double[][] channelSums(
      Tensor u, Tensor v, int channels, int plane, DeviceConv2d.Scratch scratch) {
    int count = u.length() / channels;
    int parts = Tile.groups(count, PART);
    Tensor sums = scratch.take(FOUR * parts * channels);
    try {
      device.launch(
          device.kernel("planes", "channel_sums", CONSTANTS),
          new Grid(channels, parts, 1, GROUP),
          u.memory(),
          v.memory(),
          sums.memory(),
          channels,
          plane,
          count,
          PART);
      return added(read(sums), channels);
    } finally {
      scratch.give(sums);
    }
  }

  private static double[][] added(FloatBuffer numbers, int channels) {
    double[][] sums = new double[2][channels];
    for (int i = 0; i < numbers.capacity() / FOUR; i++) {
      for (int which = 0; which < 2; which++) {
        int at = FOUR * i + 2 * which;
        sums[which][i % channels] += (double) numbers.get(at) + numbers.get(at + 1);
      }
    }
    return sums;
  }

  private FloatBuffer read(Tensor tensor) {
    FloatBuffer numbers =
        ByteBuffer.allocateDirect(tensor.length() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    device.download(tensor.memory(), 0, numbers);
    return numbers;
  }

  /**
   * At each place the sum over channels of weight times value, in two numbers.
   *
   * @param weights two numbers a channel
   * @param from the first value
   */
  public void weightedSum(Tensor x, Tensor weights, Tensor sums, int from) {
    int places = sums.length() / 2;
    device.launch(
        device.kernel("planes", "weighted_sum", CONSTANTS),
        Grid.each(places),
        x.memory(),
        weights.memory(),
        sums.memory(),
        from,
        weights.length() / 2,
        places);
  }
}
