package io.camjar.gradcam;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.Progress;
import io.camjar.gradcam.method.Recall;
import io.camjar.gradcam.method.Subject;
import io.camjar.gradcam.target.Score;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One forward pass that is walked back once a score. */
final class MapPass implements AutoCloseable {
  private final Network network;
  private final List<String> layers;
  private final MapOptions options;
  private final Progress progress;
  private final PhaseTimes times;
  private final INDArray input;
  private final Trace trace;
  private final float[] logits;
  private final float[][] activations;
  private final Recall recall = new Recall();

  /**
   * Runs the forward.
   *
   * @param input {@code [1, C, H, W]}; borrowed until this is closed
   * @param times what each phase takes is added there
   */
  MapPass(
      Network network,
      List<String> layers,
      MapOptions options,
      Progress progress,
      PhaseTimes times,
      INDArray input) {
    this.network = network;
    this.layers = layers;
    this.options = options;
    this.progress = progress;
    this.times = times;
    this.input = input;
    long start = System.nanoTime();
    this.trace = network.trace(input, layers);
    this.logits = HostCopy.floats(trace.logits());
    times.addForward(start);
    this.activations =
        layers.stream()
            .map(layer -> HostCopy.floats(trace.activation(layer)))
            .toArray(float[][]::new);
  }

  /** Scores before softmax, one a class. */
  float[] logits() {
    return logits;
  }

  /** The maps of one score, one a layer. */
  List<CamMap> maps(Explained explained) {
    Score asked = options.method().score(explained.score(), logits);
    Score score = options.counterfactual() ? asked.negated() : asked;
    Subject subject = new Subject(network, input, logits, score, recall, progress);
    long start = System.nanoTime();
    float[][] gradients = new float[layers.size()][0];
    if (options.method().usesGradients()) {
      gradients = gradients(score);
      times.addBackward(start);
      start = System.nanoTime();
    }
    List<CamMap> maps = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      LayerSample sample = sample(i, gradients[i]);
      maps.add(
          new CamMap(
              sample.layer(),
              explained.label(),
              options.method().map(sample, subject),
              options.style()));
    }
    times.addMapping(start);
    return maps;
  }

  private float[][] gradients(Score score) {
    try (INDArray seed = HostCopy.array(score.gradient(logits), 1, logits.length);
        Gradients gradients = network.backward(trace, seed)) {
      return layers.stream()
          .map(layer -> HostCopy.floats(gradients.get(layer)))
          .toArray(float[][]::new);
    }
  }

  private LayerSample sample(int layer, float[] gradient) {
    String path = layers.get(layer);
    long[] shape = trace.activation(path).shape();
    return new LayerSample(
        path, (int) shape[1], (int) shape[2], (int) shape[3], activations[layer], gradient);
  }

  @Override
  public void close() {
    trace.close();
  }
}
