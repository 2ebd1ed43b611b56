package io.camjar.engine.gpu.math;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One convolution on a device: in general a product of matrices, in groups of one input channel a
 * sum of few taps.
 */
public final class DeviceConv2d {
  private static final int MOST_CHANNELS = 1 << 16;
  private static final int MOST_OFFSET = 1 << 8;

  private final Device device;
  private final Conv2d op;
  private final Conv2dGeometry g;
  private final int groups;
  private final int perGroupIn;
  private final int perGroupOut;
  private final ConvTable table;
  private final Precision precision;

  /** DeviceMemory that is taken for a while. */
  public interface Scratch {

    /** DeviceMemory for so many floats, whatever is in it. */
    Tensor take(int length);

    /** Gives it back once what uses it is queued. */
    void give(Tensor tensor);
  }

  /** A convolution, computed as the device's table says, in the precision that is selected. */
  public DeviceConv2d(Device device, Conv2d op) {
    this(device, op, ConvTable.of(device.facts()), Precision.selected());
  }

  /** A convolution, computed as a table says. */
  public DeviceConv2d(Device device, Conv2d op, ConvTable table, Precision precision) {
    this.device = device;
    this.table = table;
    this.precision = precision;
    this.op = op;
    this.g = op.geometry();
    this.groups = op.groups();
    this.perGroupIn = g.inChannels() / groups;
    this.perGroupOut = g.outChannels() / groups;
  }

  /** Whether there is a kernel for it: a tap has a limited number of bits. */
  public static boolean supports(Conv2d op) {
    Conv2dGeometry g = op.geometry();
    return Math.max(g.inChannels(), g.outChannels()) / op.groups() <= MOST_CHANNELS
        && g.dilationH() * (g.kernelH() - 1) < MOST_OFFSET
        && g.dilationW() * (g.kernelW() - 1) < MOST_OFFSET;
  }

  /** All ways in which some convolution can be computed, as {@link ConvTable} names them. */
  public static List<String> ways() {
    List<String> ways = new ArrayList<>(List.of("f2", "f4"));
    ways.addAll(Tile.names());
    return ways;
  }

  /**
   * Outputs along a side of Winograd's tiles; 0 where it is computed directly.
   *
   * @param in of the convolution, be it its backward or not
   */
  private int winograd(Shape in, boolean backward) {
    int f = ConvTable.winograd(table.way(op, in, backward));
    if (f == 0 || precision != Precision.FLOAT32 || !DeviceWinograd.supports(op)) {
      return 0; // its sums of operands would be rounded
    }
    Shape out = op.output("convolution", List.of(in));
    long scratch =
        backward
            ? new DeviceWinograd(device, f).scratch(out, in)
            : new DeviceWinograd(device, f).scratch(in, out);
    return scratch <= Math.min(device.facts().allocation() / Float.BYTES, Integer.MAX_VALUE)
        ? f
        : 0;
  }

  /** What tells weights of this layer apart that are laid out for images of this shape. */
  private String layout(Shape in, boolean backward) {
    int f = winograd(in, backward);
    return (backward ? "backward" : "forward")
        + (f == 0 ? "" : " f" + f)
        + (isPacked(backward) ? " float16" : "");
  }

  private Precision precision(boolean backward) {
    return backward ? precision.backward() : precision;
  }

  /** Whether weights are float16, two in a word. */
  private boolean isPacked(boolean backward) {
    return precision(backward) == Precision.FLOAT16 && !isDepthwise();
  }

  /**
   * Puts weights on the device as {@link #forward} or {@link #backwardInput} of images of this
   * shape reads them.
   *
   * @param uploads where they are put, be they floats or pairs of float16
   * @param oihw {@code [O, I / groups, kH, kW]}
   */
  public DeviceMemory upload(
      Uploading uploads, Supplier<float[]> oihw, Shape in, boolean backward) {
    String layout = layout(in, backward);
    return isPacked(backward)
        ? uploads.words(layout, () -> packed(weights(oihw.get(), in, backward)))
        : uploads.floats(layout, () -> weights(oihw.get(), in, backward));
  }

  /** Where weights are put; the names tell different ones of one layer apart. */
  public interface Uploading {

    /** Floats. */
    DeviceMemory floats(String layout, Supplier<float[]> values);

    /** Words of any contents. */
    DeviceMemory words(String layout, Supplier<int[]> values);
  }

  /** Weights of two taps in a word; a last tap without another is next to a zero. */
  private int[] packed(float[] laid) {
    int count = perGroupIn * area();
    int rows = (count + 1) / 2;
    int[] words = new int[groups * rows * perGroupOut];
    for (int i = 0; i < words.length; i++) {
      int group = i / perGroupOut / rows;
      int tap = i / perGroupOut % rows * 2;
      int at = (group * count + tap) * perGroupOut + i % perGroupOut;
      words[i] =
          Float16.packed(checked(laid[at]), tap + 1 < count ? checked(laid[at + perGroupOut]) : 0);
    }
    return words;
  }

  private static float checked(float weight) {
    if (Math.abs(weight) >= Float16.INFINITE) {
      throw new CamjarException(
          "a weight is %s, but float16 ends at 65504; use --precision tf32 or float32"
              .formatted(weight));
    }
    return weight;
  }

  private float[] weights(float[] oihw, Shape in, boolean backward) {
    int f = winograd(in, backward);
    if (f > 0) {
      return new DeviceWinograd(device, f).weights(oihw, g.outChannels(), g.inChannels(), backward);
    }
    return backward ? backwardWeights(oihw) : forwardWeights(oihw);
  }

  /** Whether {@link #layOut} can do it: others than plain floats are computed on the host alone. */
  public boolean laysOut(Shape in, boolean backward) {
    return winograd(in, backward) == 0 && !isPacked(backward);
  }

  /**
   * Lays weights out on the device as {@link #upload} has them.
   *
   * @param oihw {@code [O, I / groups, kH, kW]}
   * @param laid overwritten
   */
  public void layOut(Tensor oihw, Tensor laid, boolean backward) {
    DeviceMath math = new DeviceMath(device);
    if (isDepthwise()) {
      math.copy(oihw, laid);
    } else if (backward) {
      math.transpose(oihw, laid, perGroupIn, area());
    } else {
      math.transpose(oihw, laid, perGroupOut, perGroupIn * area());
    }
  }

  private boolean isDepthwise() {
    return perGroupIn == 1;
  }

  private int area() {
    return g.kernelH() * g.kernelW();
  }

  private float[] forwardWeights(float[] oihw) {
    if (isDepthwise()) {
      return oihw;
    }
    int count = perGroupIn * area();
    float[] laid = new float[oihw.length];
    for (int o = 0; o < g.outChannels(); o++) {
      int group = o / perGroupOut;
      for (int k = 0; k < count; k++) {
        laid[(group * count + k) * perGroupOut + o % perGroupOut] = oihw[o * count + k];
      }
    }
    return laid;
  }

  private float[] backwardWeights(float[] oihw) {
    if (isDepthwise()) {
      return oihw;
    }
    int area = area();
    float[] laid = new float[oihw.length];
    for (int o = 0; o < g.outChannels(); o++) {
      for (int c = 0; c < perGroupIn; c++) {
        for (int t = 0; t < area; t++) {
          laid[(o * area + t) * perGroupIn + c] = oihw[(o * perGroupIn + c) * area + t];
        }
      }
    }
    return laid;
  }

  /** The taps of {@link #forward} or {@link #backwardInput}, channel by channel. */
  public int[] taps(boolean backward) {
    int[] taps = new int[(backward ? perGroupOut : perGroupIn) * area()];
    for (int k = 0; k < taps.length; k++) {
      int dh = k / g.kernelW() % g.kernelH() * g.dilationH();
      int dw = k % g.kernelW() * g.dilationW();
      taps[k] = (k / area()) << 16 | dh << 8 | dw;
    }
    return taps;
  }

  /**
   * The output.
   *
   * @param weights as {@link #upload} put them there
   * @param taps as {@link #taps} has them
   */
  public void forward(
      Tensor x,
      Shape in,
      DeviceMemory weights,
      DeviceMemory taps,
      Tensor y,
      Shape out,
      Ending ending,
      Scratch scratch) {
    if (isDepthwise()) {
      List<Object> arguments = new ArrayList<>(List.of(x.memory(), weights));
      arguments.addAll(ending.tensors(y));
      arguments.addAll(depthwise(y, in, out));
      arguments.addAll(ending.numbers());
      device.launch(
          device.kernel("depthwise", "depthwise", Map.of()),
          Grid.each(y.length()),
          arguments.toArray());
      return;
    }
    int f = winograd(in, false);
    if (f > 0) {
      new DeviceWinograd(device, f)
          .run(x, in, weights, g.padH(), g.padW(), y, out, ending, scratch);
    } else {
      product(false, x, in, weights, taps, y, out, perGroupIn, perGroupOut, ending, scratch);
    }
  }

  /**
   * The gradient of the input.
   *
   * @param weights as {@link #upload} put them there
   * @param taps as {@link #taps} has them
   */
  public void backwardInput(
      Tensor dy,
      Shape out,
      DeviceMemory weights,
      DeviceMemory taps,
      Tensor dx,
      Shape in,
      Ending ending,
      Scratch scratch) {
    if (isDepthwise()) {
      List<Object> arguments = new ArrayList<>(List.of(dy.memory(), weights));
      arguments.addAll(ending.tensors(dx).subList(1, 3));
      arguments.addAll(depthwise(dx, in, out));
      arguments.add(ending.flags());
      device.launch(
          device.kernel("depthwise", "depthwise_backward", Map.of()),
          Grid.each(dx.length()),
          arguments.toArray());
      return;
    }
    int f = winograd(in, true);
    if (f > 0) {
      int last = g.kernelH() - 1;
      new DeviceWinograd(device, f)
          .run(dy, out, weights, last - g.padH(), last - g.padW(), dx, in, ending, scratch);
    } else {
      product(true, dy, out, weights, taps, dx, in, perGroupOut, perGroupIn, ending, scratch);
    }
  }

  private List<Object> depthwise(Tensor result, Shape in, Shape out) {
    return List.of(
        result.memory(),
        result.length(),
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

  private void product(
      boolean transposed,
      Tensor from,
      Shape source,
      DeviceMemory weights,
      DeviceMemory taps,
      Tensor to,
      Shape target,
      int fromChannels,
      int toChannels,
      Ending ending,
      Scratch scratch) {
    int plane = target.at(2) * target.at(3);
    int columns = target.at(0) * plane;
    int count = fromChannels * area();
    String way = table.way(op, transposed ? target : source, transposed);
    Tile.Choice choice =
        way != null && ConvTable.winograd(way) == 0
            ? Tile.choice(way, count)
            : Tile.choose(toChannels, columns, count, groups, device.facts().units());
    Tile tile = choice.tile();
    boolean split = choice.splits() > 1;
    Tensor result = split ? scratch.take(choice.splits() * to.length()) : to;
    Ending first = split ? Ending.NOTHING : ending;
    List<Object> arguments = new ArrayList<>(List.of(from.memory(), weights, taps));
    arguments.addAll(first.tensors(result));
    arguments.addAll(
        List.of(
            result.memory(),
            columns,
            count,
            choice.depth(),
            groups,
            fromChannels,
            toChannels,
            source.at(2),
            source.at(3),
            target.at(2),
            target.at(3),
            g.strideH(),
            g.strideW(),
            g.padH(),
            g.padW(),
            to.length()));
    arguments.addAll(first.numbers());
    Map<String, Integer> constants = new HashMap<>(tile.constants());
    if (transposed) {
      constants.put("TRANSPOSED", 1);
    }
    Precision rounding = precision(transposed);
    constants.putAll(rounding.constants());
    if (rounding != Precision.FLOAT32 && device.hasTensorCores()) {
      constants.put("TENSOR_CORES", 1);
    }
    try {
      device.launch(
          device.kernel("convolution", "convolve", Map.copyOf(constants)),
          new Grid(
              Tile.groups(columns, tile.columns()),
              Tile.groups(toChannels, tile.rows()),
              groups * choice.splits(),
              tile.items()),
          arguments.toArray());
      if (split) {
        List<Object> rest = new ArrayList<>(List.of(result.memory(), choice.splits()));
        rest.addAll(ending.tensors(to));
        rest.addAll(List.of(to.memory(), to.length(), target.at(1), plane));
        rest.addAll(ending.numbers());
        device.launch(
            device.kernel("depthwise", "finish", Map.of()), Grid.each(to.length()), rest.toArray());
      }
    } finally {
      if (split) {
        scratch.give(result);
      }
    }
  }
}
