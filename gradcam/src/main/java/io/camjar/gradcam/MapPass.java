package io.camjar.gradcam;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import io.camjar.gradcam.MapOptions.Kept;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.Progress;
import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.method.Recall;
import io.camjar.gradcam.method.Subject;
import io.camjar.gradcam.target.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
  private final Recall recall = new Recall();

  /** The outputs of layers that are kept, once for all classes. */
  private final Map<String, float[]> activations = new HashMap<>();

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
  }

  /** Scores before softmax, one a class. */
  float[] logits() {
    return logits;
  }

  /** The maps of one score, one a layer. */
  List<CamMap> maps(Explained explained) {
    Score asked = options.method().score(explained.score(), logits);
    Score score = options.counterfactual() ? asked.negated() : asked;
    Subject subject =
        new Subject(network, input, logits, score, options.counterfactual(), recall, progress);
    if (!options.method().usesGradients() && !options.kept().contains(Kept.GRADIENT)) {
      return maps(explained.label(), subject, null);
    }
    long start = System.nanoTime();
    try (INDArray seed = HostCopy.array(score.gradient(logits), 1, logits.length);
        Gradients gradients = network.backward(trace, seed)) {
      times.addBackward(start);
      return maps(explained.label(), subject, gradients);
    }
  }

  private List<CamMap> maps(ClassLabel label, Subject subject, @Nullable Gradients gradients) {
    long start = System.nanoTime();
    List<CamMap> maps = new ArrayList<>();
    for (String layer : layers) {
      LayerSample sample =
          LayerSample.of(
              layer, activation(layer), gradients == null ? null : gradient(layer, gradients), 0);
      RawMap map = options.method().map(sample, subject);
      maps.add(new CamMap(layer, label, map, options.style(), kept(sample)));
    }
    times.addMapping(start);
    return maps;
  }

  private FeatureMaps activation(String layer) {
    return network
        .architecture()
        .patches(layer)
        .map(grid -> PatchMaps.of(trace.activation(layer), grid))
        .orElseGet(() -> trace.featureMaps(layer));
  }

  private FeatureMaps gradient(String layer, Gradients gradients) {
    return network
        .architecture()
        .patches(layer)
        .map(grid -> PatchMaps.of(gradients.get(layer), grid))
        .orElseGet(() -> gradients.featureMaps(layer));
  }

  private CamMap.@Nullable Arrays kept(LayerSample sample) {
    if (options.kept().isEmpty()) {
      return null;
    }
    return new CamMap.Arrays(
        sample.channels(),
        sample.height(),
        sample.width(),
        options.kept().contains(Kept.ACTIVATION)
            ? activations.computeIfAbsent(sample.layer(), layer -> sample.activations())
            : null,
        options.kept().contains(Kept.GRADIENT) ? sample.gradients() : null);
  }

  @Override
  public void close() {
    trace.close();
  }
}
