package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes all maps of one input; for one call of the explainer, by one thread. */
final class MapMaker {
  private final Network network;
  private final List<String> layers;
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
      List<String> layers,
      Readout readout,
      MapOptions options,
      Progress progress) {
    options.requireUsable();
    this.network = network;
    this.layers = layers;
    this.readout = readout;
    this.options =
        options.smoothing().contains(Smoothing.EIGEN)
            ? options.withMethod(CamMethods.eigenSmoothed(options.method()))
            : options;
    this.progress = progress;
  }

  /**
   * What was made.
   *
   * @param logits what the network gave
   * @param classes what was explained
   * @param maps layer by layer, and for each layer class by class; then what they were fused into
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
  record Made(float[] logits, List<ClassLabel> classes, List<CamMap> maps) {}

  Made make(INDArray input, List<Target> targets) {
    try (MapPass pass = pass(input)) {
      Map<ClassLabel, Explained> explained = new LinkedHashMap<>();
      for (Target target : targets) {
        for (Explained one : target.explained(pass.logits(), readout)) {
          explained.putIfAbsent(one.label(), one);
        }
      }
      OnInput onInput = OnInput.of(input, options.style());
      List<List<CamMap>> byClass =
          options.smoothing().contains(Smoothing.AUG)
              ? smoothed(pass, input, explained.values(), onInput)
              : maps(pass, explained.values(), onInput);
      // Without a classifier the network's outputs are features, and no logits.
      float[] logits = readout.labels().count() == 0 ? new float[0] : pass.logits();
      return new Made(logits, List.copyOf(explained.keySet()), byLayer(byClass));
    }
  }

  /** How long each phase took, after what preparing the picture took. */
  Timings timings(double preprocess) {
    return times.timings(preprocess);
  }

  private MapPass pass(INDArray input) {
    return new MapPass(network, layers, options, progress, times, input);
  }

  /** For each score the maps of all layers, and after them what they are fused into. */
  private List<List<CamMap>> maps(MapPass pass, Collection<Explained> explained, OnInput onInput) {
    List<List<CamMap>> byClass = new ArrayList<>();
    for (Explained one : explained) {
      List<CamMap> maps = new ArrayList<>(pass.maps(one));
      if (options.fusion() != null) {
        maps.add(onInput.fuse(options.fusion(), maps));
      }
      byClass.add(maps);
    }
    return byClass;
  }

  /** The same as the mean over the augmented inputs, of which the plain one has been passed. */
  private List<List<CamMap>> smoothed(
      MapPass plain, INDArray input, Collection<Explained> explained, OnInput onInput) {
    List<List<MapMean>> means = new ArrayList<>();
    for (Augmentation augmentation : Augmentation.ALL) {
      List<List<CamMap>> byClass;
      if (augmentation.isIdentity()) {
        byClass = maps(plain, explained, onInput);
      } else {
        try (INDArray augmented = augmentation.apply(input);
            MapPass pass = pass(augmented)) {
          byClass = maps(pass, explained, onInput);
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
