package io.camjar.engine.nd4jcuda;

import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.run.Backend;
import io.camjar.engine.device.Devices;
import io.camjar.engine.run.Lowered;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J's operations on ND4J's CUDA backend. What ND4J has no operation for that gives PyTorch's
 * numbers, as max-pools, runs as loops on the host.
 */
public final class CudaNd4jBackend implements Backend {

  @Override
  public String name() {
    return Devices.CUDA_ND4J;
  }

  @Override
  public int priority() {
    return 200;
  }

  @Override
  public boolean isAvailable() {
    return Devices.selected().equals(Devices.CUDA_ND4J);
  }

  @Override
  public Optional<String> lacks(Graph graph, Map<String, INDArray> parameters) {
    return Optional.empty();
  }

  @Override
  public Lowered<?> lower(Graph graph, Map<String, INDArray> parameters, boolean training) {
    return new ArrayBackend(new Nd4jKernels()).lower(graph, parameters, training);
  }
}
