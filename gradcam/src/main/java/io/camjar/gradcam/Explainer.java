package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.InputSize;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Tensors;
import io.camjar.engine.threads.ThreadCount;
import io.camjar.gradcam.Explanation.Shown;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.PreparedPicture;
import io.camjar.gradcam.image.Preprocessed;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.layers.ClassifierLayers;
import io.camjar.gradcam.layers.LayerChoice;
import io.camjar.gradcam.layers.LayerSelection;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.Progress;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.provenance.Assumption;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Explains what a network sees. Immutable, and safe for any number of threads at once: everything a
 * call computes belongs to that call.
 *
 * <pre>{@code
 * Explainer explainer = Explainer.of(network).withLayers("layer3", "layer4");
 * Explanation e = explainer.explain(Path.of("dog.jpg"), Target.top1());
 * BufferedImage overlay = e.overlay();
 * float[] map = e.map("layer4").raw();
 * }</pre>
 *
 * <p>All layers come from one forward, and for each class from one backward that stops at the
 * deepest layer.
 */
public final class Explainer {
  /** What records call an image that came without a name. */
  private static final String UNNAMED = "image";

  private final Network network;

  /** Complete when the file's checksum is, which is computed while images are. */
  private final CompletableFuture<ModelInfo> model;

  private final Readout readout;
  private final Preset preset;
  private final MapOptions options;
  private final LayerChoice layers;
  private final Progress progress;
  private final @Nullable CamMethod beside;

  private Explainer(
      Network network,
      CompletableFuture<ModelInfo> model,
      Readout readout,
      Preset preset,
      MapOptions options,
      LayerChoice layers,
      Progress progress,
      @Nullable CamMethod beside) {
    this.network = network;
    this.model = model;
    this.readout = readout;
    this.preset = preset;
    this.options = options;
    this.layers = layers;
    this.progress = progress;
    this.beside = beside;
  }

  /** Grad-CAM at the last block, torchvision's preprocessing, classes without names. */
  public static Explainer of(Network network) {
    Architecture architecture = network.architecture();
    return new Explainer(
        network,
        CompletableFuture.completedFuture(info(architecture, "memory", null, List.of(), List.of())),
        Readout.of(Labels.unnamed(architecture.classes())),
        Preset.usual("torchvision", "nothing else is known")
            .withChannels(architecture.inChannels()),
        MapOptions.STANDARD,
        LayerChoice.usual(network),
        Progress.NONE,
        null);
  }

  /**
   * The same for a network that was built from a weights file: with the file's class names, the
   * preprocessing that suits it, and its name and checksum in the record.
   */
  public static Explainer of(Network network, Checkpoint checkpoint) {
    Architecture architecture = network.architecture();
    CompletableFuture<ModelInfo> info =
        CompletableFuture.supplyAsync(
            () ->
                info(
                    architecture,
                    checkpoint.source(),
                    checkpoint.sha256(),
                    checkpoint.ignored(),
                    checkpoint.assumptions()));
    Explainer plain = of(network);
    StatedModel stated = StatedModel.of(checkpoint);
    return new Explainer(
        network,
        info,
        stated.readout(),
        stated.preset(),
        plain.options,
        plain.layers,
        plain.progress,
        plain.beside);
  }

  private static ModelInfo info(
      Architecture architecture,
      String source,
      @Nullable String sha256,
      List<String> ignored,
      List<Assumption> assumed) {
    return new ModelInfo(
        architecture.name(),
        architecture.headLabel(),
        architecture.classes(),
        source,
        sha256,
        ignored,
        assumed);
  }

  /**
   * The same with these names of the classes; two names for a single output are its two sides.
   *
   * @throws CamjarException if there are more or fewer than classes
   */
  public Explainer withLabels(Labels names) {
    return withReadout(readout.with(new Decision<>(names, Decision.By.OPTION, "given")));
  }

  /**
   * The same with outputs of this meaning, whatever the file says.
   *
   * @throws CamjarException if a single output is to be read as a softmax, which is always 1
   */
  public Explainer withOutputs(Outputs meaning) {
    return withReadout(readout.reading(new Decision<>(meaning, Decision.By.OPTION, "asked for")));
  }

  /** The same, reading logits like this. */
  public Explainer withReadout(Readout way) {
    return new Explainer(network, model, way, preset, options, layers, progress, beside);
  }

  /** The same, calling what the network came from this in records and pages. */
  public Explainer withSource(String name) {
    CompletableFuture<ModelInfo> named = model.thenApply(info -> info.withSource(name));
    return new Explainer(network, named, readout, preset, options, layers, progress, beside);
  }

  /** The same with this preprocessing. */
  public Explainer withPreset(Preset preprocessing) {
    return new Explainer(
        network,
        model,
        readout,
        preprocessing.withChannels(network.architecture().inChannels()),
        options,
        layers,
        progress,
        beside);
  }

  /** The same with this method. */
  public Explainer withMethod(CamMethod way) {
    return withOptions(options.withMethod(way));
  }

  /** The same with these options. */
  public Explainer withOptions(MapOptions ways) {
    return new Explainer(network, model, readout, preset, ways, layers, progress, beside);
  }

  /**
   * The same with the maps of a second method next to those of the first, for {@link
   * Explanation#beside}, such as what each layer responds to and what speaks for a class.
   *
   * @throws CamjarException if one of the two has no choice of layers
   */
  public Explainer withSecondMethod(CamMethod second) {
    for (CamMethod way : List.of(options.method(), second)) {
      if (way.onlyLayer() != null) {
        throw new CamjarException(
            "%s works at the layer %s alone and cannot stand next to another method"
                .formatted(way.name(), way.onlyLayer()));
      }
    }
    return new Explainer(network, model, readout, preset, options, layers, progress, second);
  }

  /** Whether this method can explain the network. */
  public boolean suits(CamMethod way) {
    return way.suits(network);
  }

  /**
   * Why no image can be explained by these methods at these layers, in one sentence; empty where
   * images can be.
   */
  public Optional<String> refusal() {
    if (readout.labels().count() == 0 && noClasses().isPresent()) {
      return noClasses();
    }
    return methods().stream()
        .flatMap(
            way ->
                layers.of(network, way.onlyLayer()).stream()
                    .flatMap(
                        by ->
                            by.layers().stream()
                                .flatMap(layer -> way.refusal(by.network(), layer).stream())))
        .findFirst();
  }

  /**
   * Refuses what every image would fail by, before one is read.
   *
   * @throws CamjarException with what {@link #refusal} says, or if the options make no sense with
   *     the method
   */
  public void check() {
    options.requireUsable();
    CamjarException.throwIf(refusal());
  }

  /** The same, telling how far it is where a method asks the network many times. */
  public Explainer withProgress(Progress listener) {
    return new Explainer(network, model, readout, preset, options, layers, listener, beside);
  }

  /**
   * The same at these layers: paths, aliases, {@code all} for the stem and every block, or an
   * integer k for the output of {@code list(model.children())[:-k]}.
   *
   * @throws CamjarException if there is no such layer, or it has no maps
   */
  public Explainer withLayers(String... names) {
    return withLayers(List.of(names));
  }

  /** The same as {@link #withLayers(String...)}. */
  public Explainer withLayers(List<String> names) {
    return with(layers.at(LayerSelection.select(network, names)));
  }

  /**
   * The same for these exits of a network that has several: one forward, and for each exit a
   * backward through its own classifier. {@link #explain} then returns the explanation of the last
   * of them, whose {@link Explanation#exits} has all. Unless layers are named, each exit is
   * explained by the maps that it reads; those named are explained by the exits behind them.
   *
   * @param numbers counted from 1; none for all
   * @throws CamjarException if there is no such exit
   */
  public Explainer withExits(int... numbers) {
    List<Exit> all = network.architecture().exits();
    if (all.isEmpty()) {
      throw new CamjarException(
          "%s has one classifier and no exits to choose from"
              .formatted(network.architecture().name()));
    }
    int[] wanted = numbers.length == 0 ? all.stream().mapToInt(Exit::number).toArray() : numbers;
    Arrays.stream(wanted).forEach(network::exit);
    return with(layers.by(Arrays.stream(wanted).sorted().distinct().boxed().toList()));
  }

  private Explainer with(LayerChoice choice) {
    return new Explainer(network, model, readout, preset, options, choice, progress, beside);
  }

  /**
   * The same for another network of the same kind: one with other parameters, or {@link
   * Network#resized}.
   *
   * @throws CamjarException if it is of another kind
   */
  public Explainer withNetwork(Network other) {
    InputSize size = other.architecture().inputSize();
    boolean resized =
        network
            .architecture()
            .resized(size.height(), size.width())
            .filter(one -> one.architecture().equals(other.architecture()))
            .isPresent();
    if (!resized && !other.architecture().equals(network.architecture())) {
      throw new CamjarException(
          "the settings are for %s, but the other network is %s"
              .formatted(network.architecture(), other.architecture()));
    }
    return new Explainer(other, model, readout, preset, options, layers, progress, beside);
  }

  /** The layers it explains, by path; the only one there is where the method has no choice. */
  public List<String> layers() {
    String only = options.method().onlyLayer();
    return only == null ? layers.paths() : List.of(only);
  }

  /** How maps are made and shown. */
  public MapOptions options() {
    return options;
  }

  /** The network's kind, and where it came from. */
  public ModelInfo model() {
    return model.join();
  }

  /** The names of the classes. */
  public Labels labels() {
    return readout.labels();
  }

  /** How logits are read: the classes' names, and what a share is. */
  public Readout readout() {
    return readout;
  }

  /** The preprocessing. */
  public Preset preset() {
    return preset;
  }

  /**
   * What every answer depends on and could have been otherwise, with who said so: where the network
   * lies in the file, how images are prepared, what outputs mean.
   */
  public List<Assumption> assumed() {
    return StatedModel.assumed(model().assumed(), preset, readout);
  }

  /**
   * Explains an image file; without a target, its top-1 class.
   *
   * @throws io.camjar.gradcam.image.ImageException if it cannot be read
   */
  public Explanation explain(Path file, Target... targets) {
    DecodedImage image = Images.read(file, ReadOptions.STANDARD);
    return explain(file.toString(), image, List.of(targets));
  }

  /**
   * Explains the bytes of an image file, as an upload has them; without a target, its top-1 class.
   *
   * @throws io.camjar.gradcam.image.ImageException if they are no image that can be read
   */
  public Explanation explain(byte[] file, Target... targets) {
    return explain(UNNAMED, Images.read(file, UNNAMED, ReadOptions.STANDARD), List.of(targets));
  }

  /**
   * Explains an image file that is read from a stream to its end; the stream is left open. Without
   * a target, its top-1 class.
   *
   * @throws io.camjar.gradcam.image.ImageException if it is no image that can be read
   */
  public Explanation explain(InputStream file, Target... targets) {
    return explain(UNNAMED, Images.read(file, UNNAMED, ReadOptions.STANDARD), List.of(targets));
  }

  /**
   * Explains an image of Java's; without a target, its top-1 class.
   *
   * @throws io.camjar.gradcam.image.ImageException if its samples have no known range
   */
  public Explanation explain(BufferedImage image, Target... targets) {
    return explain(RgbImage.of(image), targets);
  }

  /** Explains an image; without a target, its top-1 class. */
  public Explanation explain(RgbImage picture, Target... targets) {
    return explain(UNNAMED, picture, List.of(targets));
  }

  /**
   * Explains an image.
   *
   * @param name what the record calls it
   * @throws CamjarException if the model has no such class
   */
  public Explanation explain(String name, RgbImage picture, List<Target> targets) {
    return explain(name, picture, List.of(), targets);
  }

  /**
   * Explains an image from a file; the record tells how it was read.
   *
   * @param name what the record calls it
   * @throws CamjarException if the model has no such class
   */
  public Explanation explain(String name, DecodedImage image, List<Target> targets) {
    return explain(name, image.image(), image.assumptions(), targets);
  }

  private Explanation explain(
      String name, RgbImage picture, List<Assumption> reading, List<Target> targets) {
    List<Target> asked = checked(targets);
    long start = System.nanoTime();
    Preset preset = preset();
    Preprocessed prepared = preset.apply(picture);
    double preprocess = Timings.since(start);
    Shown shown =
        new Shown(
            name,
            () -> picture,
            prepared.region(),
            prepared.height(),
            prepared.width(),
            preset.name(),
            Stream.concat(reading.stream(), preset.assumptions().stream()).toList());
    try (INDArray input = prepared.toINDArray()) {
      return explain(shown, input, asked, Timings.NONE.withPreprocess(preprocess));
    }
  }

  /**
   * What the network gives for an image, before softmax or sigmoid, by a forward alone: {@link
   * Readout#ranked} reads it. Empty where the network has no classifier.
   */
  public float[] logits(RgbImage image) {
    if (readout.labels().count() == 0) {
      return new float[0];
    }
    try (INDArray input = preset().apply(image).toINDArray();
        INDArray logits = network.forward(input)) {
      return HostCopy.floats(logits);
    }
  }

  /**
   * Explains an input that is prepared already.
   *
   * @param input {@code [1, C, H, W]}, float32; stays the caller's
   * @throws CamjarException if the shape does not fit or the model has no such class
   */
  public Explanation explain(String name, INDArray input, List<Target> targets) {
    requireOneImage(input);
    List<Target> asked = checked(targets);
    int height = (int) input.size(2);
    int width = (int) input.size(3);
    PreparedPicture picture = new PreparedPicture(preset(), HostCopy.floats(input), height, width);
    Shown shown =
        new Shown(
            name, picture, Box.whole(width, height), height, width, "none", Preset.CAME_PREPARED);
    return explain(shown, input, asked, Timings.NONE);
  }

  /**
   * Explains an input that is prepared already; without a target, its top-1 class.
   *
   * @param values {@code [channels][height][width]} flattened, as many channels as the network has
   * @throws CamjarException if there are more or fewer values, or the model has no such class
   */
  public Explanation explain(
      String name, float[] values, int height, int width, Target... targets) {
    try (INDArray input =
        Tensors.of(values, 1, network.architecture().inChannels(), height, width)) {
      return explain(name, input, List.of(targets));
    }
  }

  private static void requireOneImage(INDArray input) {
    if (input.rank() != 4 || input.size(0) != 1) {
      throw new CamjarException(
          ("an explanation is of one image, [1, C, H, W], but the input is %s; explain each image"
                  + " of a batch by itself")
              .formatted(Arrays.toString(input.shape())));
    }
    if (input.dataType() != DataType.FLOAT) {
      throw new CamjarException(
          "the input is %s, but networks compute in FLOAT; convert it with castTo(DataType.FLOAT)"
              .formatted(input.dataType()));
    }
  }

  /** The targets, which the network has; of a network without a classifier, the only one. */
  private List<Target> checked(List<Target> targets) {
    if (readout.labels().count() > 0) {
      targets.forEach(target -> target.check(readout));
      return targets.isEmpty() ? List.of(Target.top1()) : targets;
    }
    CamjarException.throwIf(noClasses());
    return List.of(Target.noClass());
  }

  private List<CamMethod> methods() {
    return beside == null ? List.of(options.method()) : List.of(options.method(), beside);
  }

  /** Why a network without a classifier cannot be explained like this; empty where it can. */
  private Optional<String> noClasses() {
    for (CamMethod way : methods()) {
      if (way.classDiscriminative()) {
        return Optional.of(
            "%s has no classifier, and %s explains a class; methods that know no class are %s"
                .formatted(
                    model().source(),
                    way.name(),
                    CamMethods.names().stream()
                        .map(CamMethods::named)
                        .filter(method -> !method.classDiscriminative())
                        .map(CamMethod::name)
                        .collect(Collectors.joining(", "))));
      }
    }
    return options.kept().contains(MapOptions.Kept.GRADIENT)
        ? Optional.of(
            "%s has no classifier, so there is no score of a class and no gradient of one"
                .formatted(model().source()))
        : Optional.empty();
  }

  private Explanation explain(Shown shown, INDArray input, List<Target> targets, Timings before) {
    Explanation first = explain(shown, input, targets, before, options);
    if (beside == null) {
      return first;
    }
    MapOptions second =
        options
            .withMethod(beside)
            .withCounterfactual(options.counterfactual() && beside.classDiscriminative())
            .withKept();
    return first.withBeside(explain(shown, input, targets, before, second));
  }

  private Explanation explain(
      Shown shown, INDArray input, List<Target> targets, Timings before, MapOptions ways) {
    List<ClassifierLayers> classifiers = layers.of(network, ways.method().onlyLayer());
    MapMaker maker = new MapMaker(network, classifiers, readout, ways, progress);
    List<Explanation> made = new ArrayList<>();
    for (MapMaker.Made one : maker.make(input, targets)) {
      Exit exit = one.by().exit();
      made.add(
          new Explanation(
              shown,
              model.join(),
              readout,
              ThreadCount.get(),
              ways,
              one.logits(),
              one.by().layers(),
              one.classes(),
              one.maps(),
              maker.timings(before.preprocess()),
              null,
              null,
              exit == null ? null : new Explanation.Exited(exit.number(), List.copyOf(made))));
    }
    return made.get(made.size() - 1);
  }
}
