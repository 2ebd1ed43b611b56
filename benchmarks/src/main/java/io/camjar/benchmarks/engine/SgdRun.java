package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Steps of plain SGD on the cross-entropy of one batch, again and again. */
final class SgdRun extends NetworkRun {
  private final SplittableRandom random = new SplittableRandom(0);

  SgdRun(Network network, INDArray pictures) {
    super(network, pictures);
  }

  @Override
  public float[] answer() {
    float[] losses = new float[Task.COMPARED_STEPS];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (float) step();
    }
    return losses;
  }

  @Override
  public void run() {
    step();
  }

  private static void descend(Map<String, INDArray> parameters, Gradients gradients) {
    for (String name : gradients.parameterNames()) {
      INDArray gradient = gradients.parameter(name);
      gradient.muli(Task.LEARNING_RATE);
      parameters.get(name).subi(gradient);
    }
  }

  private double step() {
    try (Trace trace = network.traceTraining(pictures, List.of(), random)) {
      BatchLoss loss = BatchLoss.of(HostCopy.floats(trace.logits()), Task.CLASSES);
      try (INDArray dLogits = HostCopy.array(loss.gradient(), pictures.size(0), Task.CLASSES);
          Gradients gradients = network.backward(trace, dLogits)) {
        network.update(parameters -> descend(parameters, gradients));
      }
      return loss.mean();
    }
  }
}
