package io.camjar.engine.gpu.math;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Element by element, channel by channel, and products of matrices. */
public final class DeviceMath {
  private static final String VALUES = "values";
  private static final int TILE = 64;
  private static final int ITEMS = 256;

  private final Device device;

  /** Arithmetic on a device. */
  public DeviceMath(Device device) {
    this.device = device;
  }

  /** The device. */
  public Device device() {
    return device;
  }

  private void each(String text, String name, int parts, Object... arguments) {
    device.launch(device.kernel(text, name, Map.of()), Grid.each(parts), arguments);
  }

  /** {@code y = u + v}; {@code y} may be either. */
  public void add(Tensor u, Tensor v, Tensor y) {
    each(VALUES, "add", y.length(), u.memory(), v.memory(), y.memory(), y.length());
  }

  /** {@code y = u v}. */
  public void multiply(Tensor u, Tensor v, Tensor y) {
    each(VALUES, "multiply", y.length(), u.memory(), v.memory(), y.memory(), y.length());
  }

  /** {@code y = x}. */
  public void copy(Tensor x, Tensor y) {
    device.copy(x.memory(), y.memory(), (long) x.length() * Float.BYTES);
  }

  /** {@code y = value}. */
  public void fill(Tensor y, float value) {
    each(VALUES, "fill", y.length(), y.memory(), y.length(), value);
  }

  /** {@code y = f(x)}. */
  public void apply(Function f, Tensor x, Tensor y) {
    each(
        VALUES,
        "activation",
        y.length(),
        x.memory(),
        y.memory(),
        y.length(),
        f.number(),
        f.a(),
        f.b());
  }

  /** {@code dx = dy f'(x)}. */
  public void applyBackward(Function f, Tensor dy, Tensor x, Tensor dx) {
    each(
        VALUES,
        "activation_backward",
        dx.length(),
        dy.memory(),
        x.memory(),
        dx.memory(),
        dx.length(),
        f.number(),
        f.a(),
        f.b());
  }

  /** {@code dx = dy [y > 0]}, guided also {@code [dy > 0]}; {@code dx} may be {@code dy}. */
  public void reluBackward(Tensor dy, Tensor y, Tensor dx, boolean guided) {
    each(
        VALUES,
        "relu_backward",
        dx.length(),
        dy.memory(),
        y.memory(),
        dx.memory(),
        dx.length(),
        guided ? 1 : 0);
  }

  /** {@code y = f(x scale[c] + shift[c])}, {@code plane} numbers a channel. */
  public void affine(Tensor x, Tensor scale, Tensor shift, Tensor y, int plane, Function f) {
    each(
        VALUES,
        "affine",
        y.length(),
        x.memory(),
        scale.memory(),
        shift.memory(),
        y.memory(),
        y.length(),
        scale.length(),
        plane,
        f.number(),
        f.a(),
        f.b());
  }

  /** {@code dx = dy scale[c]}. */
  public void scale(Tensor dy, Tensor scale, Tensor dx, int plane) {
    each(
        VALUES,
        "scale",
        dx.length(),
        dy.memory(),
        scale.memory(),
        dx.memory(),
        dx.length(),
        scale.length(),
        plane);
  }

  /**
   * {@code dx = dy f[c] + x f[C + c] + f[2 C + c]}.
   *
   * @param factors three a channel, those of one kind behind one another
   */
  public void combine(Tensor dy, Tensor x, Tensor factors, Tensor dx, int plane) {
    each(
        VALUES,
        "combine",
        dx.length(),
        dy.memory(),
        x.memory(),
        factors.memory(),
        dx.memory(),
        dx.length(),
        factors.length() / 3,
        plane);
  }

  /** Transposes matrices that lie one behind the other. */
  public void transpose(Tensor from, Tensor to, int rows, int columns) {
    each(VALUES, "transpose", to.length(), from.memory(), to.memory(), to.length(), rows, columns);
  }

  /** {@code y = x gate}, one gate a plane of so many numbers. */
  public void gate(Tensor x, Tensor gates, Tensor y) {
    each(
        VALUES,
        "gate",
        y.length(),
        x.memory(),
        gates.memory(),
        y.memory(),
        y.length(),
        y.length() / gates.length());
  }

  /** Puts rows of a part into the rows of a whole, from an offset on. */
  public void place(Tensor part, Tensor whole, int partRow, int wholeRow, int offset) {
    each(
        VALUES,
        "place",
        part.length(),
        part.memory(),
        whole.memory(),
        part.length(),
        partRow,
        wholeRow,
        offset);
  }

  /** Takes rows of a part out of the rows of a whole. */
  public void slice(Tensor whole, Tensor part, int partRow, int wholeRow, int offset) {
    each(
        VALUES,
        "slice",
        part.length(),
        whole.memory(),
        part.memory(),
        part.length(),
        partRow,
        wholeRow,
        offset);
  }

  /** A matrix whose elements lie these strides apart, in batches. */
  public record Matrix(Tensor values, int rowStride, int columnStride, int batchStride) {}

  /**
   * {@code y = u v}, [rows, inner] by [inner, columns], with an ending whose bias is one a column.
   */
  public void product(
      Matrix u, Matrix v, Tensor y, int batch, int rows, int columns, int inner, Ending ending) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(u.values.memory());
    arguments.add(v.values.memory());
    arguments.addAll(ending.tensors(y).subList(0, 2));
    arguments.addAll(
        List.of(
            y.memory(),
            rows,
            columns,
            inner,
            u.rowStride,
            u.columnStride,
            u.batchStride,
            v.rowStride,
            v.columnStride,
            v.batchStride));
    arguments.addAll(ending.numbers());
    device.launch(
        device.kernel("linear", "matmul", Map.of()),
        new Grid(Tile.groups(columns, TILE), Tile.groups(rows, TILE), batch, ITEMS),
        arguments.toArray());
  }

  /** Floats on the device. */
  public Tensor upload(float[] values) {
    DeviceMemory memory = device.allocate((long) values.length * Float.BYTES);
    device.upload(memory, values);
    return new Tensor(memory, values.length);
  }
}
