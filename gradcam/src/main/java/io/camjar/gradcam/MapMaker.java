package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.image.TestTimeAugmentation;
import io.camjar.gradcam.layers.ClassifierLayers;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes all maps of one input; for one call of the explainer, by one thread. */
final class MapMaker {
  private final Network network;
  private final List<ClassifierLayers> classifiers;
  private final Readout readout;
  private final MapOptions options;
  private final Progress progress;
  private final PhaseTimes times = new PhaseTimes();

  /**
   * Refuses what the method cannot do.
   *
   * @throws CamjarException if a counterfactual is asked of a method that knows no classes
   */
  MapMaker(
      Network network,
      List<ClassifierLayers> classifiers,
      Readout readout,
      MapOptions options,
      Progress progress) {
    options.requireUsable();
    this.network = network;
    this.classifiers = classifiers;
    this.readout = readout;
    this.options =
        options.smoothing().contains(Smoothing.EIGEN)
            ? options.withMethod(CamMethods.eigenSmoothed(options.method()))
            : options;
    this.progress = progress;
  }

  /**
   * What was made of one classifier.
   *
   * @param by the classifier
   * @param logits what it gave
   * @param classes what was explained
   * @param maps layer by layer, and for each layer class by class; then what they were fused into
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
  record Made(ClassifierLayers by, float[] logits, List<ClassLabel> classes, List<CamMap> maps) {}

  /** All maps, classifier by classifier. */
  List<Made> make(INDArray input, List<Target> targets) {
    try (MapPass pass = pass(input)) {
      Map<ClassifierLayers, Map<ClassLabel, Explained>> explained = new LinkedHashMap<>();
      for (ClassifierLayers classifier : classifiers) {
        Map<ClassLabel, Explained> ofOne = new LinkedHashMap<>();
        for (Target target : targets) {
          for (Explained one : target.explained(pass.logits(classifier), readout)) {
            ofOne.putIfAbsent(one.label(), one);
          }
        }
        explained.put(classifier, ofOne);
      }
      OnInput onInput = OnInput.of(input, options.style());
      List<Scored> scored =
          explained.entrySet().stream()
              .flatMap(e -> e.getValue().values().stream().map(one -> new Scored(e.getKey(), one)))
              .toList();
      List<List<CamMap>> byScore =
          options.smoothing().contains(Smoothing.AUG)
              ? smoothed(pass, input, scored, onInput)
              : maps(pass, scored, onInput);
      List<Made> made = new ArrayList<>();
      int from = 0;
      for (ClassifierLayers classifier : classifiers) {
        List<ClassLabel> labels =
            List.copyOf(explained.getOrDefault(classifier, Map.of()).keySet());
        // Without a classifier the network's outputs are features, and no logits.
        float[] logits = readout.labels().count() == 0 ? new float[0] : pass.logits(classifier);
        int to = from + labels.size();
        made.add(new Made(classifier, logits, labels, byLayer(byScore.subList(from, to))));
        from = to;
      }
      return made;
    }
  }

  /** A score of a classifier. */
  private record Scored(ClassifierLayers by, Explained score) {}

  /** How long each phase took, after what preparing the image took. */
  Timings timings(double preprocess) {
    return times.timings(preprocess);
  }

  private MapPass pass(INDArray input) {
    return new MapPass(network, classifiers, options, progress, times, input);
  }

  /** For each score the maps of all layers, and after them what they are fused into. */
  private List<List<CamMap>> maps(MapPass pass, List<Scored> scored, OnInput onInput) {
    List<List<CamMap>> byClass = new ArrayList<>();
    for (Scored one : scored) {
      List<CamMap> maps = new ArrayList<>(pass.maps(one.by(), one.score()));
      if (options.fusion() != null && !maps.isEmpty()) {
        maps.add(onInput.fuse(options.fusion(), maps));
      }
      byClass.add(maps);
    }
    return byClass;
  }

  /** The same as the mean over the augmented inputs, of which the plain one has been passed. */
  private List<List<CamMap>> smoothed(
      MapPass plain, INDArray input, List<Scored> scored, OnInput onInput) {
    List<List<MapMean>> means = new ArrayList<>();
    for (TestTimeAugmentation augmentation : TestTimeAugmentation.ALL) {
      List<List<CamMap>> byClass;
      if (augmentation.isIdentity()) {
        byClass = maps(plain, scored, onInput);
      } else {
        try (INDArray augmented = augmentation.apply(input);
            MapPass pass = pass(augmented)) {
          byClass = maps(pass, scored, onInput);
        }
      }
      for (int c = 0; c < byClass.size(); c++) {
        List<CamMap> maps = byClass.get(c);
        if (means.size() == c) {
          means.add(maps.stream().map(map -> new MapMean(map, onInput)).toList());
        }
        for (int i = 0; i < maps.size(); i++) {
          means.get(c).get(i).add(maps.get(i), augmentation);
        }
      }
    }
    return means.stream().map(ofClass -> ofClass.stream().map(MapMean::map).toList()).toList();
  }

  private static List<CamMap> byLayer(List<List<CamMap>> byClass) {
    List<CamMap> maps = new ArrayList<>();
    for (int i = 0; !byClass.isEmpty() && i < byClass.get(0).size(); i++) {
      for (List<CamMap> ofClass : byClass) {
        maps.add(ofClass.get(i));
      }
    }
    return maps;
  }
}
