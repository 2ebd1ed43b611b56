package io.camjar.gradcam.serve.protocol;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Point;
import io.camjar.gradcam.ClassArguments;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.ExplanationRecord.Top;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.Timings;
import io.camjar.gradcam.files.FileChoice;
import io.camjar.gradcam.files.FileFormat;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.serve.limits.PixelMemory;
import io.camjar.gradcam.serve.models.ServedModel;
import java.util.ArrayList;
import java.util.List;

/** From an instance to what the library makes of it. */
final class Explaining {
  /** Each takes a backward or several images; whoever wants more asks several times. */
  private static final int MOST_MAPS = 1000;

  private static final double ALPHA_OF_CLASSES = 0.5;
  private static final double ALPHA_OF_ACTIVATIONS = 0.45;

  private Explaining() {}

  /** What is done with an image before the next one is. */
  @FunctionalInterface
  interface Use<T> {
    T of(DecodedImage image, double loadMs);
  }

  /** Decodes an instance's image, within the memory that there is for pixels. */
  static <T> T decoded(RequestResources job, Instance instance, Use<T> use) {
    job.deadline().check();
    try (PixelMemory.Reserved reserved = job.pixels().reserve(instance.image(), job.deadline())) {
      long start = System.nanoTime();
      DecodedImage image = Images.read(instance.image(), "the image", ReadOptions.STANDARD);
      double load = Timings.since(start);
      job.deadline().check();
      return use.of(image, load);
    }
  }

  /** The most likely classes. */
  static List<Top> classified(RequestResources job, DecodedImage image) {
    Explainer explainer = job.lease().model().explainer();
    float[] logits = explainer.logits(image.image());
    if (logits.length == 0) {
      return List.of();
    }
    return explainer.readout().ranked(logits).stream()
        .limit(io.camjar.gradcam.ExplanationRecord.TOP)
        .map(Top::of)
        .toList();
  }

  /** The explanations, one a method. */
  static List<Explanation> explained(
      RequestResources job, Instance instance, DecodedImage image, double loadMs) {
    ServedModel model = job.lease().model();
    List<Explanation> made = new ArrayList<>();
    for (String method : instance.methods()) {
      Explainer explainer =
          model
              .explainer()
              .withMethod(CamMethods.named(method))
              .withProgress((task, done, total) -> job.deadline().check());
      explainer =
          explainer.withReadout(ClassArguments.sided(instance.classes(), explainer.readout()));
      if (!instance.layers().isEmpty()) {
        explainer = at(explainer, instance.layers());
      }
      boolean severalExits = !model.network().architecture().exits().isEmpty();
      if (severalExits || !instance.exits().isEmpty()) {
        explainer =
            explainer.withExits(instance.exits().stream().mapToInt(Integer::intValue).toArray());
      }
      List<Target> targets = targets(explainer, instance);
      requireFew(explainer, targets, instance.methods().size());
      Explanation explanation = explainer.explain(instance.name(), image, targets);
      made.add(explanation.withTimings(explanation.timings().withLoad(loadMs)));
      job.deadline().check();
    }
    return made;
  }

  /** Whoever asks over HTTP has no command line that could list the layers. */
  private static Explainer at(Explainer explainer, List<String> layers) {
    try {
      return explainer.withLayers(layers);
    } catch (CamjarException e) {
      throw new CamjarException(
          e.getMessage().replaceFirst("[;,] \\./camjar layers lists.*$", ""), e);
    }
  }

  private static List<Target> targets(Explainer explainer, Instance instance) {
    if (explainer.labels().count() == 0) {
      if (!instance.classes().isEmpty()) {
        throw new CamjarException(
            "the model has no classifier, so there are no classes; leave class out");
      }
      return List.of(Target.noClass());
    }
    if (instance.classes().isEmpty()) {
      return List.of(Target.top1());
    }
    for (String word : instance.classes()) {
      if (ClassArguments.isEmpty(word)) {
        throw new CamjarException(
            "class is '%s'; give an index, a name or topK with K from 1".formatted(word));
      }
    }
    return ClassArguments.targets(instance.classes(), explainer.readout());
  }

  private static void requireFew(Explainer explainer, List<Target> targets, int methods) {
    long classes =
        explainer.labels().count() == 0
            ? 1
            : targets.stream()
                .flatMap(
                    target ->
                        target
                            .select(new float[explainer.labels().outputs()], explainer.readout())
                            .stream())
                .count();
    long maps = classes * explainer.layers().size() * methods;
    if (maps > MOST_MAPS) {
      throw new CamjarException(
          "the instance asks for %d maps, more than %d; ask for fewer layers or classes"
              .formatted(maps, MOST_MAPS));
    }
  }

  /** What files of an explanation are called and look like. */
  static FileChoice choice(RequestResources job, Instance instance) {
    CamMethod method = CamMethods.named(instance.methods().get(0));
    boolean ofClass = method.classDiscriminative();
    ColorMap colors =
        instance.colors() != null ? instance.colors() : ofClass ? ColorMap.JET : ColorMap.MAGMA;
    double alpha =
        instance.alpha() != null
            ? instance.alpha()
            : ofClass ? ALPHA_OF_CLASSES : ALPHA_OF_ACTIVATIONS;
    boolean all =
        method.onlyLayer() == null && instance.layers().stream().anyMatch("all"::equalsIgnoreCase);
    if (!all && instance.formats().equals(java.util.Set.of(FileFormat.GIF))) {
      throw new CamjarException("format gif is an animation through all layers; ask for layer all");
    }
    return new FileChoice(
        instance.stem(),
        instance.formats(),
        colors,
        alpha,
        all
            ? job.lease().model().network().points().blocks().stream().map(Point::path).toList()
            : List.of());
  }
}
