package io.camjar.benchmarks.gpu;

import io.camjar.benchmarks.kernel.ConvolutionShape;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.math.ConvTable;
import io.camjar.engine.gpu.math.DeviceConv2d;
import io.camjar.engine.gpu.math.Ending;
import io.camjar.engine.gpu.math.Precision;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One convolution on a device, whose tensors are there: forward, and backward to the input. */
final class DeviceConvolution
    implements AutoCloseable, DeviceConv2d.Scratch, DeviceConv2d.Uploading {
  private final Device device;
  private final ConvolutionShape shape;
  private final Conv2d op;
  private final DeviceConv2d conv;
  private final Shape in;
  private final Shape out;
  private final List<DeviceMemory> held = new ArrayList<>();
  private final List<Tensor> unused = new ArrayList<>();
  private final Tensor x;
  private final Tensor y;
  private final Tensor dy;
  private final Tensor dx;
  private final DeviceMemory forwardWeights;
  private final DeviceMemory backwardWeights;
  private final DeviceMemory forwardTaps;
  private final DeviceMemory backwardTaps;

  /** With synthetic numbers. */
  DeviceConvolution(Device device, ConvolutionShape shape, int batch) {
    this(device, shape, batch, null);
  }

  /**
   * In a way that is not the table's.
   *
   * @param way as {@link ConvTable} names it; null for the table's
   */
  DeviceConvolution(Device device, ConvolutionShape shape, int batch, @Nullable String way) {
    this.device = device;
    this.shape = shape;
    this.op = new Conv2d(shape.geometry(), false);
    this.conv =
        way == null
            ? new DeviceConv2d(device, op)
            : new DeviceConv2d(device, op, ConvTable.always(way), Precision.FLOAT32);
    this.in = Shape.of(batch, shape.inChannels(), shape.side(), shape.side());
    this.out = op.output("convolution", List.of(in));
    try (INDArray image = images("x", in);
        INDArray gradient = images("dy", out);
        INDArray weight = weights()) {
      this.x = tensor(HostCopy.floats(image));
      this.dy = tensor(HostCopy.floats(gradient));
      float[] values = HostCopy.floats(weight);
      this.forwardWeights = conv.upload(this, () -> values, in, false);
      this.backwardWeights = conv.upload(this, () -> values, in, true);
      this.y = take(Math.toIntExact(out.length()));
      this.dx = take(Math.toIntExact(in.length()));
      this.forwardTaps = words(conv.taps(false));
      this.backwardTaps = words(conv.taps(true));
    } catch (RuntimeException e) {
      // Out of memory, perhaps: the next convolution may be smaller.
      close();
      throw e;
    }
  }

  private static INDArray images(String name, Shape shape) {
    return SyntheticInput.images(name, shape.at(0), shape.at(1), shape.at(2), shape.at(3));
  }

  private INDArray weights() {
    return new SyntheticParameters()
        .get("w", shape.outChannels(), shape.inChannels(), shape.kernel(), shape.kernel());
  }

  private Tensor tensor(float[] values) {
    Tensor tensor = take(values.length);
    device.upload(tensor.memory(), values);
    return tensor;
  }

  private DeviceMemory words(int[] values) {
    DeviceMemory memory = device.allocate((long) values.length * Integer.BYTES);
    held.add(memory);
    device.upload(memory, values);
    return memory;
  }

  @Override
  public DeviceMemory floats(String layout, Supplier<float[]> values) {
    return tensor(values.get()).memory();
  }

  @Override
  public DeviceMemory words(String layout, Supplier<int[]> values) {
    return words(values.get());
  }

  /** Its name in a table. */
  String name(boolean backward) {
    return ConvTable.name(op, in, backward);
  }

  /** The output, queued. */
  void forward() {
    conv.forward(x, in, forwardWeights, forwardTaps, y, out, Ending.NOTHING, this);
  }

  /** The gradient of the input, queued. */
  void backwardInput() {
    conv.backwardInput(dy, out, backwardWeights, backwardTaps, dx, in, Ending.NOTHING, this);
  }

  /** How far both are from the CPU's kernels, of the largest value. */
  double error() {
    forward();
    backwardInput();
    try (INDArray image = images("x", in);
        INDArray gradient = images("dy", out);
        INDArray weight = weights();
        INDArray expected = Kernels.active().conv2d(shape.geometry(), image, weight, null);
        INDArray expectedBack =
            Kernels.active()
                .conv2dBackwardInput(
                    shape.geometry(), gradient, weight, shape.side(), shape.side())) {
      return Math.max(
          Accuracy.relativeMax(read(y), HostCopy.floats(expected)),
          Accuracy.relativeMax(read(dx), HostCopy.floats(expectedBack)));
    }
  }

  private float[] read(Tensor tensor) {
    try (INDArray array = HostCopy.uninitialized(tensor.length())) {
      device.download(tensor.memory(), 0, HostCopy.buffer(array));
      return HostCopy.floats(array);
    }
  }

  @Override
  public Tensor take(int length) {
    for (Tensor tensor : unused) {
      if (tensor.length() == length) {
        unused.remove(tensor);
        return tensor;
      }
    }
    DeviceMemory memory = device.allocate((long) length * Float.BYTES);
    held.add(memory);
    return new Tensor(memory, length);
  }

  @Override
  public void give(Tensor tensor) {
    unused.add(tensor);
  }

  @Override
  public void close() {
    held.forEach(device::free);
  }
}
