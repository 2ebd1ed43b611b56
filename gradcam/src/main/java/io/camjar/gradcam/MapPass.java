package io.camjar.gradcam;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.gradcam.MapOptions.Kept;
import io.camjar.gradcam.layers.ClassifierLayers;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.PatchMaps;
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

/** One forward, and a backward for each score of each classifier. */
final class MapPass implements AutoCloseable {
  private final Network network;
  private final MapOptions options;
  private final Progress progress;
  private final PhaseTimes times;
  private final INDArray input;
  private final Trace trace;

  /** What is known of the image, whatever the score, by classifier. */
  private final Map<ClassifierLayers, Recall> recalls = new HashMap<>();

  /** The outputs of layers that are kept, once for all classes. */
  private final Map<String, float[]> activations = new HashMap<>();

  /**
   * Runs the forward.
   *
   * @param classifiers those that maps will be asked of
   * @param input {@code [1, C, H, W]}; borrowed until this is closed
   * @param times what each phase takes is added there
   */
  MapPass(
      Network network,
      List<ClassifierLayers> classifiers,
      MapOptions options,
      Progress progress,
      PhaseTimes times,
      INDArray input) {
    this.network = network;
    this.options = options;
    this.progress = progress;
    this.times = times;
    this.input = input;
    long start = System.nanoTime();
    Request request = request(classifiers);
    boolean means =
        options.method().readsGradientMeansOnly()
            && !options.kept().contains(Kept.GRADIENT)
            && request.points().stream().allMatch(this::hasChannelsFirst);
    this.trace = network.trace(input, means ? request.withMeans() : request);
    classifiers.forEach(this::logits);
    times.addForward(start);
  }

  private boolean hasChannelsFirst(String layer) {
    return network.architecture().patches(layer).isEmpty();
  }

  /** For every exit a backward that goes no deeper than its layers. */
  private static Request request(List<ClassifierLayers> classifiers) {
    Map<String, List<String>> toward = new HashMap<>();
    for (ClassifierLayers one : classifiers) {
      if (one.exit() == null) {
        return Request.of(one.layers());
      }
      toward.put(one.exit().output(), one.layers());
    }
    return Request.ofResults(toward);
  }

  private static String output(ClassifierLayers classifier) {
    Exit exit = classifier.exit();
    return exit == null ? Trace.LOGITS : exit.output();
  }

  /** Scores before softmax, one a class. */
  float[] logits(ClassifierLayers classifier) {
    return HostCopy.floats(trace.output(output(classifier)));
  }

  /** The maps of one score of a classifier, one a layer. */
  List<CamMap> maps(ClassifierLayers classifier, Explained explained) {
    float[] logits = logits(classifier);
    Score asked = options.method().score(explained.score(), logits);
    Score score = options.counterfactual() ? asked.negated() : asked;
    Recall recall = recalls.computeIfAbsent(classifier, c -> new Recall());
    Subject subject =
        new Subject(
            classifier.network(), input, logits, score, options.counterfactual(), recall, progress);
    boolean back = options.method().usesGradients() || options.kept().contains(Kept.GRADIENT);
    if (!back || classifier.layers().isEmpty()) {
      return maps(classifier, explained.label(), subject, null);
    }
    long start = System.nanoTime();
    try (INDArray seed = HostCopy.array(score.gradient(logits), 1, logits.length);
        Gradients gradients = trace.backward(Map.of(output(classifier), seed))) {
      times.addBackward(start);
      return maps(classifier, explained.label(), subject, gradients);
    }
  }

  private List<CamMap> maps(
      ClassifierLayers classifier,
      ClassLabel label,
      Subject subject,
      @Nullable Gradients gradients) {
    long start = System.nanoTime();
    List<CamMap> maps = new ArrayList<>();
    for (String layer : classifier.layers()) {
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
