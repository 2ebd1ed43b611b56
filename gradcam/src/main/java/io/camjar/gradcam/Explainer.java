package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.ResNetSpec;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import io.camjar.gradcam.Explanation.Shown;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.Preprocessed;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.Subject;
import io.camjar.gradcam.target.Score;
import io.camjar.weights.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Explains what a network sees. Immutable, and safe for any number of threads at once: everything a
 * call computes belongs to that call.
 *
 * <pre>{@code
 * Explainer explainer = Explainer.of(network).layers("layer3", "layer4");
 * Explanation e = explainer.explain(Images.read(path), Target.top1());
 * float[] map = e.map("layer4").raw();
 * }</pre>
 *
 * <p>All layers come from one forward, and for each class from one backward that stops at the
 * deepest layer.
 */
public final class Explainer {
  private final Network network;
  private final ModelInfo model;
  private final Labels labels;
  private final Preset preset;
  private final CamMethod method;
  private final List<String> layers;

  private Explainer(
      Network network,
      ModelInfo model,
      Labels labels,
      Preset preset,
      CamMethod method,
      List<String> layers) {
    this.network = network;
    this.model = model;
    this.labels = labels;
    this.preset = preset;
    this.method = method;
    this.layers = layers;
  }

  /** Grad-CAM at the last block, torchvision's preprocessing, classes without names. */
  public static Explainer of(Network network) {
    ResNetSpec spec = network.spec();
    return new Explainer(
        network,
        new ModelInfo(spec.name(), spec.head().label(), spec.classes(), "memory", null),
        Labels.unnamed(spec.classes()),
        Preset.named("torchvision").withChannels(spec.inChannels()),
        CamMethods.standard(),
        List.of(network.points().lastBlock().path()));
  }

  /**
   * The same for a network that was built from a weights file: with the file's class names, the
   * preprocessing that suits it, and its name and checksum in the record.
   */
  public static Explainer of(Network network, Checkpoint checkpoint) {
    ResNetSpec spec = network.spec();
    ModelInfo info =
        new ModelInfo(
            spec.name(),
            spec.head().label(),
            spec.classes(),
            checkpoint.source(),
            checkpoint.sha256());
    Explainer plain = of(network);
    List<String> names = checkpoint.classes();
    return new Explainer(
        network,
        info,
        names.isEmpty() ? plain.labels : Labels.of(names),
        SuggestedPreset.of(checkpoint, spec.inChannels()),
        plain.method,
        plain.layers);
  }

  /**
   * The same with these names of the classes.
   *
   * @throws CamjarException if there are more or fewer than classes
   */
  public Explainer labels(Labels names) {
    if (names.count() != labels.count()) {
      throw new CamjarException(
          "there are %d labels for a model of %d classes; give one label a class"
              .formatted(names.count(), labels.count()));
    }
    return new Explainer(network, model, names, preset, method, layers);
  }

  /** The same with this preprocessing. */
  public Explainer preset(Preset preprocessing) {
    return new Explainer(
        network,
        model,
        labels,
        preprocessing.withChannels(network.spec().inChannels()),
        method,
        layers);
  }

  /** The same with this method. */
  public Explainer method(CamMethod way) {
    return new Explainer(network, model, labels, preset, way, layers);
  }

  /**
   * The same at these layers: paths, aliases, {@code all} for the stem and every block, or an
   * integer k for the output of {@code list(model.children())[:-k]}.
   *
   * @throws CamjarException if there is no such layer, or it has no maps
   */
  public Explainer layers(String... names) {
    return layers(List.of(names));
  }

  /** The same as {@link #layers(String...)}. */
  public Explainer layers(List<String> names) {
    List<String> paths = LayerSelection.select(network, names);
    return new Explainer(network, model, labels, preset, method, paths);
  }

  /** The layers it explains, by path. */
  public List<String> layers() {
    return layers;
  }

  /** The names of the classes. */
  public Labels labels() {
    return labels;
  }

  /** The preprocessing. */
  public Preset preset() {
    return preset;
  }

  /** Explains a picture. */
  public Explanation explain(RgbImage picture, Target... targets) {
    return explain("picture", picture, List.of(targets));
  }

  /**
   * Explains a picture.
   *
   * @param name what the record calls it
   * @throws CamjarException if the model has no such class
   */
  public Explanation explain(String name, RgbImage picture, List<Target> targets) {
    targets.forEach(target -> target.check(labels));
    long start = System.nanoTime();
    Preprocessed prepared = preset.apply(picture);
    double preprocess = Timings.since(start);
    Shown shown =
        new Shown(
            name, picture, prepared.region(), prepared.height(), prepared.width(), preset.name());
    try (INDArray input = prepared.toINDArray()) {
      return explain(shown, input, targets, Timings.NONE.withPreprocess(preprocess));
    }
  }

  /**
   * Explains an input that is prepared already.
   *
   * @param input {@code [1, C, H, W]}, float32; stays the caller's
   * @throws CamjarException if the shape does not fit or the model has no such class
   */
  public Explanation explain(String name, INDArray input, List<Target> targets) {
    targets.forEach(target -> target.check(labels));
    int height = (int) input.size(2);
    int width = (int) input.size(3);
    RgbImage picture = preset.picture(HostCopy.floats(input), height, width);
    Shown shown = new Shown(name, picture, Box.whole(width, height), height, width, "none");
    return explain(shown, input, targets, Timings.NONE);
  }

  private Explanation explain(Shown shown, INDArray input, List<Target> targets, Timings before) {
    long start = System.nanoTime();
    try (Trace trace = network.trace(input, layers)) {
      float[] logits = HostCopy.floats(trace.logits());
      double forward = Timings.since(start);
      Set<ClassLabel> classes = new LinkedHashSet<>();
      targets.forEach(target -> classes.addAll(target.select(logits, labels)));
      Pass pass = new Pass(trace, input, logits);
      CamMap[][] byClass = classes.stream().map(pass::maps).toArray(CamMap[][]::new);
      List<CamMap> maps = new ArrayList<>();
      for (int layer = 0; layer < layers.size(); layer++) {
        for (CamMap[] ofClass : byClass) {
          maps.add(ofClass[layer]);
        }
      }
      Timings timings =
          new Timings(0, before.preprocess(), forward, pass.backward, pass.mapping, 0);
      return new Explanation(
          shown,
          model,
          labels,
          Threads.inUse(),
          method.name(),
          logits,
          layers,
          List.copyOf(classes),
          maps,
          timings);
    }
  }

  /** One forward pass that is walked back once a class. */
  private final class Pass {
    private final Trace trace;
    private final INDArray input;
    private final float[] logits;
    private final float[][] activations;
    private double backward;
    private double mapping;

    Pass(Trace trace, INDArray input, float[] logits) {
      this.trace = trace;
      this.input = input;
      this.logits = logits;
      this.activations =
          layers.stream()
              .map(layer -> HostCopy.floats(trace.activation(layer)))
              .toArray(float[][]::new);
    }

    /** The maps of one class, one a layer. */
    CamMap[] maps(ClassLabel target) {
      Score score = method.score(Score.logit(target.index()), logits);
      Subject subject = new Subject(network, input, logits, score);
      long start = System.nanoTime();
      float[][] gradients = method.usesGradients() ? gradients(score) : new float[layers.size()][0];
      backward += Timings.since(start);
      start = System.nanoTime();
      CamMap[] maps = new CamMap[layers.size()];
      for (int i = 0; i < maps.length; i++) {
        LayerSample sample = sample(i, gradients[i]);
        maps[i] =
            new CamMap(
                sample.layer(),
                target,
                sample.height(),
                sample.width(),
                method.map(sample, subject));
      }
      mapping += Timings.since(start);
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
  }
}
