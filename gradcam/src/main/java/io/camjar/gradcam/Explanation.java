package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.Evolution.Panel;
import io.camjar.gradcam.render.MapView;
import io.camjar.gradcam.target.Softmax;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What a network saw in one picture: its scores, and a map for every layer and class that was asked
 * for. Immutable; holds no memory that has to be freed.
 */
public final class Explanation {
  private final Shown shown;
  private final ModelInfo model;
  private final Labels labels;
  private final int threads;
  private final String method;
  private final float[] logits;
  private final List<String> layers;
  private final List<ClassLabel> targets;
  private final List<CamMap> maps;
  private final Timings timings;

  /**
   * What the network was shown.
   *
   * @param image the picture's name
   * @param picture the picture
   * @param region the part of the picture that the network saw, in the picture's pixels
   * @param height rows of the network's input
   * @param width columns of the network's input
   * @param preset how the picture was prepared
   */
  record Shown(String image, RgbImage picture, Box region, int height, int width, String preset) {}

  Explanation(
      Shown shown,
      ModelInfo model,
      Labels labels,
      int threads,
      String method,
      float[] logits,
      List<String> layers,
      List<ClassLabel> targets,
      List<CamMap> maps,
      Timings timings) {
    this.shown = shown;
    this.model = model;
    this.labels = labels;
    this.threads = threads;
    this.method = method;
    this.logits = logits;
    this.layers = List.copyOf(layers);
    this.targets = List.copyOf(targets);
    this.maps = List.copyOf(maps);
    this.timings = timings;
  }

  /** The picture's name, as it was given. */
  public String image() {
    return shown.image();
  }

  /** The picture that was explained. */
  public RgbImage picture() {
    return shown.picture();
  }

  /** The part of the picture that the network saw, in the picture's pixels. */
  public Box region() {
    return shown.region();
  }

  /** Rows of the network's input. */
  public int inputHeight() {
    return shown.height();
  }

  /** Columns of the network's input. */
  public int inputWidth() {
    return shown.width();
  }

  /** How the picture was prepared; {@code none} where the input came prepared. */
  public String preset() {
    return shown.preset();
  }

  /** The network. */
  public ModelInfo model() {
    return model;
  }

  /** The method the maps were made with. */
  public String method() {
    return method;
  }

  /** How many threads did the arithmetic. */
  public int threads() {
    return threads;
  }

  /** Scores before softmax, one a class; a copy. */
  public float[] logits() {
    return logits.clone();
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
    throw new CamjarException(
        layers.contains(layer)
            ? "class %d was not explained, explained were %s"
                .formatted(classIndex, targets.stream().map(ClassLabel::index).toList())
            : "layer %s was not asked for; the nearest of those asked for are %s"
                .formatted(layer, String.join(", ", NearestNames.of(layer, layers, 3))));
  }

  /**
   * The maps of one class along the network, to be drawn.
   *
   * @param path the layers, in the order they are to be shown
   * @throws CamjarException if one of the layers, or the class, was not asked for
   */
  public Evolution evolution(ClassLabel target, List<String> path) {
    String heading =
        String.format(Locale.ROOT, "%s %.2f", target.display(), Softmax.of(logits)[target.index()]);
    String note = "%s, %s, %s".formatted(method, model.architecture(), shown.image());
    List<Panel> panels =
        path.stream()
            .map(layer -> map(layer, target.index()))
            .map(map -> new Panel(map.layer(), map.toScaledMap(), map.status().text()))
            .toList();
    return new Evolution(shown.picture(), shown.region(), heading, note, panels);
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

  /** A map on the picture, to be drawn. */
  public MapView view(CamMap map) {
    return MapView.of(shown.picture(), shown.region(), map.toScaledMap());
  }

  /** The likeliest classes, the likeliest first; all classes if there are fewer. */
  public List<Prediction> top(int count) {
    double[] probabilities = Softmax.of(logits);
    return Target.descending(logits)
        .limit(count)
        .mapToObj(i -> new Prediction(labels.at(i), logits[i], probabilities[i]))
        .toList();
  }

  /** The same explanation with other timings, when more than the explainer was measured. */
  public Explanation withTimings(Timings ms) {
    return new Explanation(
        shown, model, labels, threads, method, logits, layers, targets, maps, ms);
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
}
