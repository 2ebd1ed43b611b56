package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.UnknownNameException;
import io.camjar.engine.kernel.Kernels;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.ImagePoint;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.Evolution.Panel;
import io.camjar.gradcam.render.ImageSheet;
import io.camjar.gradcam.render.ImageSheet.Cell;
import io.camjar.gradcam.render.MapView;
import io.camjar.gradcam.scaling.MapStyle;
import io.camjar.weights.provenance.Assumption;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a network saw in one image: its scores, and a map for every layer and class that was asked
 * for. Immutable; holds no memory that has to be freed.
 */
public final class Explanation {
  private static final double OVERLAY_ALPHA = 0.5;
  private static final String UNSEEN = "; hatched: outside what the network saw";
  private static final String SAME = "; the same whatever class is asked for";

  private final Shown shown;
  private final ModelInfo model;
  private final Readout readout;
  private final int threads;
  private final MapOptions options;
  private final float[] logits;
  private final List<String> layers;
  private final List<ClassLabel> targets;
  private final List<CamMap> maps;
  private final Timings timings;
  private final @Nullable Explanation beside;
  private final @Nullable ClassLabel expected;
  private final @Nullable Exited exited;

  /**
   * What the same forward gave at other exits.
   *
   * @param number of the exit that was explained, counted from 1
   * @param earlier the explanations of those before it
   */
  record Exited(int number, List<Explanation> earlier) {
    private Exited withExpected(ClassLabel one) {
      return new Exited(number, earlier.stream().map(e -> e.withExpected(one)).toList());
    }
  }

  /**
   * What the network was shown.
   *
   * @param image the image's name
   * @param picture the image, the same at each call
   * @param region the part of the image that the network saw, in the image's pixels
   * @param height rows of the network's input
   * @param width columns of the network's input
   * @param preset how the image was prepared
   * @param preparation the same in parts, with who said so
   */
  record Shown(
      String image,
      Supplier<RgbImage> picture,
      Box region,
      int height,
      int width,
      String preset,
      List<Assumption> preparation) {}

  Explanation(
      Shown shown,
      ModelInfo model,
      Readout readout,
      int threads,
      MapOptions options,
      float[] logits,
      List<String> layers,
      List<ClassLabel> targets,
      List<CamMap> maps,
      Timings timings,
      @Nullable Explanation beside,
      @Nullable ClassLabel expected,
      @Nullable Exited exited) {
    this.shown = shown;
    this.model = model;
    this.readout = readout;
    this.threads = threads;
    this.options = options;
    this.logits = logits;
    this.layers = List.copyOf(layers);
    this.targets = List.copyOf(targets);
    this.maps = List.copyOf(maps);
    this.timings = timings;
    this.beside = beside;
    this.expected = expected;
    this.exited = exited;
  }

  /** The image's name, as it was given. */
  public String image() {
    return shown.image();
  }

  /** The image that was explained. */
  public RgbImage picture() {
    return shown.picture().get();
  }

  /** The part of the image that the network saw, in the image's pixels. */
  public Box region() {
    return shown.region();
  }

  /** The middle of the cell where a map is largest, on the image. */
  public ImagePoint peak(CamMap map) {
    CamMap.Peak peak = map.peak();
    Box region = region();
    return new ImagePoint(
        region.left() + (peak.column() + 0.5) * region.width() / map.width(),
        region.top() + (peak.row() + 0.5) * region.height() / map.height());
  }

  /** Whether the network saw the whole image: nothing was cropped away. */
  public boolean seesAll() {
    Box seen = shown.region();
    return seen.left() < 1
        && seen.top() < 1
        && seen.right() > picture().width() - 1
        && seen.bottom() > picture().height() - 1;
  }

  /** Rows of the network's input. */
  public int inputHeight() {
    return shown.height();
  }

  /** Columns of the network's input. */
  public int inputWidth() {
    return shown.width();
  }

  /** How the image was prepared; {@code none} where the input came prepared. */
  public String preset() {
    return shown.preset();
  }

  /** What the answer depends on and could have been otherwise, with who said so. */
  public List<Assumption> assumed() {
    return Stream.of(model.assumed(), shown.preparation(), readout.assumed())
        .flatMap(List::stream)
        .toList();
  }

  /** From a raw map to the values that are shown. */
  public MapStyle style() {
    return options.style();
  }

  /** The network. */
  public ModelInfo model() {
    return model;
  }

  /** The method's name alone. */
  public String methodName() {
    return options.method().name();
  }

  /** The method the maps were made with, and what of its options is not standard. */
  public String method() {
    return options.describe();
  }

  /** Whether the maps depend on the class that is explained; those of mean activations do not. */
  public boolean classDiscriminative() {
    return options.method().classDiscriminative();
  }

  /** What a reader of the maps must know about the method, in one sentence. */
  public Optional<String> caution() {
    return options.method().caution();
  }

  /**
   * The same input explained by a second method, if {@link Explainer#withSecondMethod} asked for
   * one.
   */
  public Optional<Explanation> beside() {
    return Optional.ofNullable(beside);
  }

  /** Which exit's scores these are, counted from 1; empty where the network has one. */
  public OptionalInt exit() {
    return exited == null ? OptionalInt.empty() : OptionalInt.of(exited.number());
  }

  /**
   * The explanations by all exits that were asked for, in network order, this one last; this one
   * alone where the network has one.
   */
  public List<Explanation> exits() {
    return exited == null
        ? List.of(this)
        : Stream.concat(exited.earlier().stream(), Stream.of(this)).toList();
  }

  /** How many threads did the arithmetic. */
  public int threads() {
    return threads;
  }

  /** What the network gives, before softmax or sigmoid; a copy. */
  public float[] logits() {
    return logits.clone();
  }

  /** How these are read: the classes' names, and what a share is. */
  public Readout readout() {
    return readout;
  }

  /** The layers that were asked for, by path, in the order asked for. */
  public List<String> layers() {
    return layers;
  }

  /** The classes that were explained. */
  public List<ClassLabel> targets() {
    return targets;
  }

  /** All maps: layer by layer, and for each layer class by class. */
  public List<CamMap> maps() {
    return maps;
  }

  /**
   * A layer's map for the first class.
   *
   * @throws CamjarException if that layer was not asked for
   */
  public CamMap map(String layer) {
    return map(layer, targets.get(0).index());
  }

  /**
   * A layer's map for a class.
   *
   * @throws CamjarException if that layer or class was not asked for
   */
  public CamMap map(String layer, int classIndex) {
    for (CamMap map : maps) {
      if (map.layer().equals(layer) && map.target().index() == classIndex) {
        return map;
      }
    }
    if (layers.contains(layer)) {
      throw new CamjarException(
          "class %d was not explained, explained were %s"
              .formatted(classIndex, targets.stream().map(ClassLabel::index).toList()));
    }
    throw new UnknownNameException(
        "layer %s was not asked for; asked for were %s".formatted(layer, String.join(", ", layers)),
        layer,
        NearestNames.of(layer, layers, 1));
  }

  /**
   * The maps of one class along the network, to be drawn.
   *
   * @param path the layers, in the order they are to be shown
   * @throws CamjarException if one of the layers, or the class, was not asked for
   */
  public Evolution evolution(ClassLabel target, List<String> path) {
    boolean ofClass = classDiscriminative();
    String heading =
        ofClass
            ? "%s %s".formatted(target.display(), readout.figure(logits, target.index(), 2))
            : method() + ", any class";
    String note = note();
    List<Panel> panels =
        path.stream()
            .map(layer -> map(layer, target.index()))
            .map(map -> panel(map, map.layer()))
            .toList();
    return new Evolution(picture(), shown.region(), heading, ofClass ? note : note + SAME, panels);
  }

  /** Sheets have no room for folders. */
  private String fileName() {
    return shown.image().replaceFirst("^.*[/\\\\](?=.)", "");
  }

  /** The method, the network and the image, as sheets name them. */
  public String note() {
    return method() + ", " + ofImage();
  }

  private String ofImage() {
    return "%s, %s%s".formatted(model.architecture(), fileName(), seesAll() ? "" : UNSEEN);
  }

  private static Panel panel(CamMap map, String title) {
    return new Panel(title, map.toScaledMap(), map.status().text());
  }

  /**
   * What the sheet and the animation show: the evolution of each class. Where maps are the same for
   * all classes there is one, as fastai notebooks show activations: bare, then laid over the image.
   * Layers bear their paths, as everywhere.
   *
   * @param path the layers, in the order they are to be shown
   */
  public List<Evolution> evolutions(List<String> path) {
    if (classDiscriminative()) {
      return targets.stream().map(target -> evolution(target, path)).toList();
    }
    Evolution laidOver = evolution(targets.get(0), path);
    return List.of(laidOver.bare(), laidOver);
  }

  /**
   * The same of both methods, to be shown side by side, what is the same for all classes first;
   * none unless {@link Explainer#withSecondMethod} asked for a second method.
   *
   * @param path the layers, in the order they are to be shown
   */
  public List<Evolution> evolutionsBeside(List<String> path) {
    if (beside == null) {
      return List.of();
    }
    boolean secondFirst = classDiscriminative() && !beside.classDiscriminative();
    List<Explanation> both = secondFirst ? List.of(beside, this) : List.of(this, beside);
    return both.stream().flatMap(one -> one.named(path)).toList();
  }

  private Stream<Evolution> named(List<String> path) {
    Stream<Evolution> all =
        classDiscriminative()
            ? evolutions(path).stream().map(e -> e.headed(method() + ", " + e.heading()))
            : evolutions(path).stream();
    // Each column names its method.
    return all.map(one -> one.noted(ofImage()));
  }

  /**
   * The maps of one class made by several methods, to be shown side by side on one sheet, a column
   * a method; layers bear their paths in all of them.
   *
   * @param all the same image, network, layers and classes, explained by different methods
   * @throws CamjarException if the class was not asked for
   */
  public static List<Evolution> sideBySide(List<Explanation> all, ClassLabel target) {
    return all.stream().map(one -> one.column(target)).toList();
  }

  private Evolution column(ClassLabel target) {
    Evolution made = evolution(target, layers);
    List<Panel> panels =
        layers.stream().map(layer -> panel(map(layer, target.index()), layer)).toList();
    String heading = classDiscriminative() ? method() + ", " + made.heading() : made.heading();
    return new Evolution(picture(), shown.region(), heading, ofImage(), panels);
  }

  /**
   * The image, and next to one another the maps of the predicted and of the expected class at the
   * deepest layer; empty where no class was expected, where it is the predicted one, or where the
   * method's maps are the same for all classes.
   *
   * @param alpha the heat's share in overlays, 0 to 1
   */
  public Optional<RgbImage> comparison(ColorMap colors, double alpha) {
    if (expected == null || !classDiscriminative()) {
      return Optional.empty();
    }
    ClassLabel predicted = top(1).get(0).target();
    if (layers.isEmpty() || expected.index() == predicted.index()) {
      return Optional.empty();
    }
    String layer = layers.get(layers.size() - 1);
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell(view(maps.get(0)).picture(), "image", fileName(), ""));
    for (ClassLabel label : List.of(predicted, expected)) {
      Optional<CamMap> map =
          maps.stream()
              .filter(m -> m.layer().equals(layer) && m.target().index() == label.index())
              .findFirst();
      if (map.isEmpty()) {
        return Optional.empty();
      }
      String figure = readout.figure(logits, label.index(), 3);
      String status = map.get().status() == MapStatus.OK ? "" : map.get().status().text();
      String role = label.equals(expected) ? "expected" : "predicted";
      cells.add(
          new Cell(
              view(map.get()).overlay(colors, alpha),
              label.display(),
              role + " " + figure,
              status));
    }
    String heading = "Expected %s, predicted %s".formatted(expected.display(), predicted.display());
    return Optional.of(
        ImageSheet.draw(heading, note() + ", " + layer, cells, cells.size(), colors));
  }

  /** The maps of one class at all layers that were asked for, to be drawn. */
  public Evolution evolution(ClassLabel target) {
    return evolution(target, layers);
  }

  /**
   * A map at the resolution of the network's input, {@code [height][width]} flattened, 0 to 1:
   * scaled, enlarged and scaled a second time, what pytorch-grad-cam returns.
   */
  public float[] atInput(CamMap map) {
    return new OnInput(shown.height(), shown.width(), map.style()).shown(map);
  }

  /** A map on the image, to be drawn. */
  public MapView view(CamMap map) {
    return MapView.of(picture(), shown.region(), map.toScaledMap());
  }

  /**
   * The map of the first class at the last of the layers that were asked for, laid over the image.
   */
  public BufferedImage overlay() {
    return overlay(map(layers.get(layers.size() - 1)));
  }

  /** A map laid over the image, in {@link ColorMap#JET} with half of the image kept. */
  public BufferedImage overlay(CamMap map) {
    return overlay(map, ColorMap.JET, OVERLAY_ALPHA);
  }

  /**
   * A map laid over the image, at the image's own size.
   *
   * @param alpha the heat's share, 0 to 1
   * @throws CamjarException if alpha lies outside 0 to 1
   */
  public BufferedImage overlay(CamMap map, ColorMap colors, double alpha) {
    return view(map).overlay(colors, alpha).toBufferedImage();
  }

  /** A map alone, in colour, at the image's own size. */
  public BufferedImage heatMap(CamMap map, ColorMap colors) {
    return view(map).heatMap(colors).toBufferedImage();
  }

  /**
   * Why this process computes several times slower than it could, with what to do about it; empty
   * where it does not. The record has it as {@code kernelsNote}.
   */
  public Optional<String> slowKernels() {
    return Kernels.warning();
  }

  /** The most probable classes, the first first; all classes if there are fewer. */
  public List<Prediction> top(int count) {
    return readout.ranked(logits).stream().limit(count).toList();
  }

  /** The same explanation with other timings, when more than the explainer was measured. */
  public Explanation withTimings(Timings ms) {
    return new Explanation(
        shown, model, readout, threads, options, logits, layers, targets, maps, ms, beside,
        expected, exited);
  }

  /** Every exit's explanation with that of the second method by the same exit. */
  Explanation withBeside(Explanation second) {
    if (exited == null) {
      return withBeside(second, null);
    }
    List<Explanation> others = second.exits();
    List<Explanation> all = new ArrayList<>();
    for (Explanation one : exits()) {
      Exited chained = new Exited(one.exit().orElseThrow(), List.copyOf(all));
      all.add(one.withBeside(others.get(all.size()), chained));
    }
    return all.get(all.size() - 1);
  }

  private Explanation withBeside(Explanation second, @Nullable Exited chained) {
    return new Explanation(
        shown, model, readout, threads, options, logits, layers, targets, maps, timings, second,
        expected, chained);
  }

  /**
   * The same with the class that was expected, to be shown next to the predicted one.
   *
   * @throws CamjarException if the model has no such class
   */
  public Explanation withExpected(ClassLabel one) {
    readout.labels().at(one.index());
    return new Explanation(
        shown,
        model,
        readout,
        threads,
        options,
        logits,
        layers,
        targets,
        maps,
        timings,
        beside == null ? null : beside.withExpected(one),
        one,
        exited == null ? null : exited.withExpected(one));
  }

  /** What the network thinks of the class that was expected, if one was. */
  public Optional<Expected> expected() {
    return Optional.ofNullable(expected).map(one -> Expected.of(one, readout.ranked(logits)));
  }

  /** How long each phase took. */
  public Timings timings() {
    return timings;
  }

  /** The explanation in figures, with what was written to files of each map. */
  public ExplanationRecord record(Function<CamMap, List<String>> files) {
    return ExplanationRecord.of(this, files);
  }

  /** The explanation in figures. */
  public ExplanationRecord record() {
    return record(map -> List.of());
  }

  /** The explanation in figures as JSON, as {@code docs/explanation.schema.json} describes it. */
  public String toJson() {
    return record().toJson();
  }
}
