package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.math.DeviceMath;
import io.camjar.engine.gpu.math.DevicePools;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.gpu.memory.Arena;
import io.camjar.engine.gpu.memory.Lent;
import io.camjar.engine.gpu.memory.Uploads;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Layout;
import io.camjar.engine.run.Schedule;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Values of a schedule on the device, each in c order. */
final class GpuLayout implements Layout<Tensor> {
  private final GpuGraph graph;
  private final Schedule<Tensor> schedule;
  private final Arena arena;

  GpuLayout(GpuGraph graph, Schedule<Tensor> schedule, Arena arena) {
    this.graph = graph;
    this.schedule = schedule;
    this.arena = arena;
  }

  /** The layout of a schedule that runs here. */
  static GpuLayout of(Schedule<Tensor> schedule) {
    return (GpuLayout) schedule.layout();
  }

  Device device() {
    return graph.device();
  }

  DeviceMath math() {
    return graph.math();
  }

  DevicePools pools() {
    return graph.pools();
  }

  Uploads uploads() {
    return graph.uploads();
  }

  Arena arena() {
    return arena;
  }

  /** The shape of an operation's input or output, by the graph's number. */
  Shape graphShape(int graphValue) {
    return schedule.graphShape(graphValue);
  }

  Shape shape(int value) {
    return schedule.shape(value);
  }

  /** Memory for a value or its gradient. */
  Tensor take(int value) {
    return arena.take(Math.toIntExact(schedule.shape(value).length()));
  }

  /** Memory for a value or its gradient, filled; given back where that fails. */
  Tensor filled(int value, Consumer<Tensor> fill) {
    Tensor tensor = take(value);
    try {
      fill.accept(tensor);
      return tensor;
    } catch (RuntimeException e) {
      arena.give(tensor);
      throw e;
    }
  }

  /** Where the device records, a pass's commands are queued when it ends. */
  @Override
  public @Nullable Object acquire() {
    if (!device().records()) {
      return null;
    }
    arena.begin();
    device().begin();
    return device();
  }

  @Override
  public void release(@Nullable Object workspace) {
    if (workspace != null) {
      try {
        device().end();
      } finally {
        arena.end();
      }
    }
  }

  @Override
  public Tensor load(int value, INDArray array, @Nullable Object workspace) {
    return filled(value, tensor -> store(value, tensor, array));
  }

  @Override
  public void store(int value, Tensor tensor, INDArray array) {
    device().upload(tensor.memory(), HostCopy.floats(array));
  }

  @Override
  public INDArray array(int value, Tensor tensor, Shape shape) {
    INDArray array = HostCopy.uninitialized(shape.toArray());
    device().download(tensor.memory(), 0, HostCopy.buffer(array));
    return array;
  }

  /** Floats that were computed into memory that is given back, as an array of this shape. */
  INDArray computed(Consumer<Tensor> fill, long... shape) {
    INDArray array = HostCopy.uninitialized(shape);
    try (Lent lent = arena.lend(Math.toIntExact(array.length()), fill)) {
      device().download(lent.tensor().memory(), 0, HostCopy.buffer(array));
      return array;
    } catch (RuntimeException e) {
      array.close();
      throw e;
    }
  }

  @Override
  public boolean sharesArrays() {
    return false;
  }

  @Override
  public @Nullable FeatureMaps featureMaps(int value, Tensor tensor) {
    Shape shape = shape(value);
    return shape.rank() == 4 && !graph.isReshaped(value)
        ? new GpuFeatureMaps(this, tensor, shape)
        : null;
  }

  @Override
  public Tensor copy(int value, Tensor tensor) {
    return filled(value, copy -> math().copy(tensor, copy));
  }

  @Override
  public Tensor add(int value, Tensor sum, Tensor more) {
    math().add(sum, more, sum);
    free(value, more);
    return sum;
  }

  @Override
  public void free(int value, Tensor tensor) {
    arena.give(tensor);
  }

  @Override
  public long bytes(Tensor tensor) {
    return (long) tensor.length() * Float.BYTES;
  }
}
