package io.camjar.gradcam.image;

import io.camjar.engine.NearestNames;
import io.camjar.engine.Spelling;
import io.camjar.engine.UnknownNameException;
import io.camjar.weights.container.preparation.PreparationStep;
import io.camjar.weights.container.preparation.PreparationStep.Kind;
import io.camjar.weights.container.preparation.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The framings that have names; each is a list of steps for a network's size. */
final class Presets {
  /** Other words for them. */
  private static final Map<String, String> ALIASES =
      Map.of("imagenet", "torchvision", "fastai2", "fastai2-crop", "fastai", "fastai2-crop");

  private static final Map<String, Function<Size, List<PreparationStep>>> NAMED = named();

  private Presets() {}

  private static Map<String, Function<Size, List<PreparationStep>>> named() {
    Map<String, Function<Size, List<PreparationStep>>> named = new TreeMap<>();
    named.put("torchvision", size -> shortSide(size, longSide(size) * 256 / 224, "bilinear"));
    named.put("torchvision-v2", size -> shortSide(size, longSide(size) * 232 / 224, "bilinear"));
    named.put("timm", size -> shortSide(size, (int) Math.floor(longSide(size) / 0.95), "bicubic"));
    named.put("fastai1", size -> fastai1(size, "crop"));
    named.put("fastai1-squish", size -> fastai1(size, "squish"));
    named.put("fastai1-pad", size -> fastai1(size, "pad"));
    named.put("fastai2-crop", size -> List.of(PreparationStep.of(Kind.CROP_TO, size, "bilinear")));
    named.put("fastai2-squish", size -> List.of(PreparationStep.of(Kind.RESIZE, size, "bilinear")));
    for (Map.Entry<String, String> padding :
        Map.of(
                "fastai2-pad",
                "reflect",
                "fastai2-pad-zeros",
                "constant",
                "fastai2-pad-border",
                "edge")
            .entrySet()) {
      named.put(
          padding.getKey(),
          size -> List.of(PreparationStep.of(Kind.PAD_TO, size, "bilinear", padding.getValue())));
    }
    named.put("fastai2-randomresizedcrop", Presets::randomResizedCrop);
    named.put("raw255", size -> List.of(PreparationStep.of(Kind.RESIZE, size, "bilinear")));
    named.put("caffe", size -> List.of(PreparationStep.of(Kind.RESIZE, size, "bilinear")));
    return named;
  }

  private static int longSide(Size size) {
    return Math.max(size.height(), size.width());
  }

  private static List<PreparationStep> shortSide(Size size, int side, String filter) {
    return List.of(
        PreparationStep.shortSide(side, filter),
        PreparationStep.of(Kind.CENTER_CROP, size, "even"));
  }

  private static List<PreparationStep> fastai1(Size size, String method) {
    return List.of(PreparationStep.of(Kind.FASTAI1, size, method, "reflect"));
  }

  /** On a validation set: the whole image, a little larger, then the centre; val_xtra is 0.14. */
  private static List<PreparationStep> randomResizedCrop(Size size) {
    int extra = (int) Math.ceil(longSide(size) * 0.14 / 8) * 8;
    return List.of(
        PreparationStep.of(
            Kind.RESIZE, new Size(size.height() + extra, size.width() + extra), "bilinear"),
        PreparationStep.of(Kind.CENTER_CROP, size, "floor"));
  }

  static List<String> names() {
    return List.copyOf(NAMED.keySet());
  }

  /** The framing of a name that {@link #resolve} gave. */
  static Function<Size, List<PreparationStep>> framing(String name) {
    return NAMED.get(name);
  }

  /** The name whose steps these are; those for other units aside. */
  static Optional<String> nameOf(List<PreparationStep> steps, Size size) {
    return List.of(
            "torchvision",
            "torchvision-v2",
            "timm",
            "fastai1",
            "fastai1-squish",
            "fastai1-pad",
            "fastai2-crop",
            "fastai2-squish",
            "fastai2-pad",
            "fastai2-pad-zeros",
            "fastai2-pad-border",
            "fastai2-randomresizedcrop")
        .stream()
        .filter(name -> NAMED.get(name).apply(size).equals(steps))
        .findFirst();
  }

  /**
   * The preset that a word means, whatever its case, hyphens and underscores.
   *
   * @throws UnknownNameException that names the presets there are
   */
  static String resolve(String word) {
    return Spelling.find(word, NAMED.keySet())
        .or(() -> Spelling.find(word, ALIASES.keySet()).map(ALIASES::get))
        .orElseThrow(
            () ->
                new UnknownNameException(
                    "There is no preset \"%s\"%s."
                        .formatted(word, NearestNames.choice(word, names())),
                    word,
                    NearestNames.of(word, names(), 1)));
  }

  /**
   * Steps of a file, for another size of the network's input: the last step that has one gets it,
   * and a resize that is cropped from grows and shrinks with it.
   */
  static List<PreparationStep> resized(List<PreparationStep> steps, Size from, Size to) {
    if (from.equals(to)) {
      return steps;
    }
    ArrayList<PreparationStep> out = new ArrayList<>(steps);
    int last = steps.size() - 1;
    while (last >= 0 && steps.get(last).size().isEmpty()) {
      last--;
    }
    if (last < 0) {
      return steps;
    }
    out.set(last, withSize(steps.get(last), to));
    boolean cropped = steps.get(last).kind() == Kind.CENTER_CROP;
    if (cropped && last > 0) {
      out.set(last - 1, scaled(steps.get(last - 1), from, to));
    }
    return out;
  }

  private static PreparationStep withSize(PreparationStep step, Size size) {
    ArrayList<Integer> numbers = new ArrayList<>(step.numbers());
    numbers.set(0, size.height());
    numbers.set(1, size.width());
    return new PreparationStep(step.kind(), numbers, step.words());
  }

  private static PreparationStep scaled(PreparationStep step, Size from, Size to) {
    double down = (double) to.height() / from.height();
    double across = (double) to.width() / from.width();
    return switch (step.kind()) {
      case RESIZE_SHORT ->
          PreparationStep.shortSide(
              (int) Math.floor(step.numbers().get(0) * Math.max(down, across)),
              step.words().get(0));
      case RESIZE, RESIZE_INSIDE, RESIZE_OUTSIDE, SAMPLE ->
          withSize(
              step,
              new Size(
                  Math.max((int) Math.floor(step.numbers().get(0) * down), to.height()),
                  Math.max((int) Math.floor(step.numbers().get(1) * across), to.width())));
      default -> step;
    };
  }
}
