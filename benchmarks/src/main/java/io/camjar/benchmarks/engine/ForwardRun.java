package io.camjar.benchmarks.engine;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images in, scores out. */
final class ForwardRun extends NetworkRun {
  ForwardRun(Network network, INDArray pictures) {
    super(network, pictures);
  }

  @Override
  public float[] answer() {
    try (INDArray logits = network.forward(pictures)) {
      return HostCopy.floats(logits);
    }
  }

  @Override
  public void run() {
    network.forward(pictures).close();
  }
}
