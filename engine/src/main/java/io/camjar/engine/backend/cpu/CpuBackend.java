package io.camjar.engine.backend.cpu;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.parameter.ParameterStore;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.Lowered;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Vector API: operations fused, weights packed, activations in blocks of channels. An operation
 * that it has no kernel for runs on arrays, between two copies.
 */
public final class CpuBackend implements Backend {

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public boolean isAvailable() {
    // Nothing that needs the vector module is loaded before this test.
    return Kernels.active().name().equals("simd");
  }

  @Override
  public Optional<String> lacks(Graph graph, Map<String, INDArray> parameters) {
    if (!ParameterStore.of(parameters).areAll(DataType.FLOAT)) {
      return Optional.of("computes in single precision");
    }
    return Optional.empty();
  }

  @Override
  public Lowered<BlockedTensor> lower(
      Graph graph, Map<String, INDArray> parameters, boolean training) {
    return new CpuLowering(graph, parameters, training, training).lower();
  }

  @Override
  public Lowered<BlockedTensor> lowerLearning(Graph graph, Map<String, INDArray> parameters) {
    return new CpuLowering(graph, parameters, false, true).lower();
  }
}
