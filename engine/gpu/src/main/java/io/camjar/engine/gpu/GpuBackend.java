package io.camjar.engine.gpu;

import io.camjar.engine.device.Devices;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.parameter.ParameterStore;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.Lowered;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Graphs on an OpenCL or CUDA device, where {@link Devices} has chosen one. An operation that it
 * has no kernel for runs on the host, between two copies, and the log says so once.
 */
public final class GpuBackend implements Backend {
  private final Supplier<String> kind;
  private final Supplier<Device> device;

  /** On the device that the process has chosen. */
  public GpuBackend() {
    this(
        () -> DeviceCatalog.kind(Devices.selected()), () -> DeviceCatalog.open(Devices.selected()));
  }

  private GpuBackend(Supplier<String> kind, Supplier<Device> device) {
    this.kind = kind;
    this.device = device;
  }

  /**
   * On a device that the caller chooses.
   *
   * @param id as {@code --device} takes it, {@code opencl:0}
   */
  public static GpuBackend on(String id) {
    return new GpuBackend(() -> DeviceCatalog.kind(id), () -> DeviceCatalog.open(id));
  }

  /** On a device that is open. */
  static GpuBackend on(Device device) {
    return new GpuBackend(() -> device.facts().kind(), () -> device);
  }

  @Override
  public String name() {
    return kind.get();
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public boolean isAvailable() {
    return DeviceCatalog.KINDS.contains(kind.get());
  }

  @Override
  public Optional<String> lacks(Graph graph, Map<String, INDArray> parameters) {
    if (!ParameterStore.of(parameters).areAll(DataType.FLOAT)) {
      return Optional.of("computes in single precision");
    }
    return Optional.empty();
  }

  @Override
  public Lowered<Tensor> lower(Graph graph, Map<String, INDArray> parameters, boolean training) {
    return new GpuLowering(graph, parameters, training, training, device.get()).lower();
  }

  @Override
  public Lowered<Tensor> lowerLearning(Graph graph, Map<String, INDArray> parameters) {
    return new GpuLowering(graph, parameters, false, true, device.get()).lower();
  }
}
