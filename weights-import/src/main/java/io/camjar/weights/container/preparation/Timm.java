package io.camjar.weights.container.preparation;

import io.camjar.weights.container.preparation.PreparationStep.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * timm's data configuration: {@code pretrained_cfg} of a model and the arguments of the training
 * script, which go before it.
 *
 * <p>Sources: timm, {@code timm/data/config.py} ({@code resolve_data_config}), {@code
 * timm/data/transforms_factory.py} ({@code transforms_imagenet_eval}): crop modes {@code center},
 * {@code squash} and {@code border}.
 */
final class Timm {
  /** torchvision's and timm's default: 224 of 256. */
  private static final double CROP_PCT = 0.875;

  private Timm() {}

  /** Whether a value is such a configuration. */
  static boolean isConfiguration(Object value) {
    return Values.get(value, "input_size") != null
        && (Values.has(value, "crop_pct")
            || Values.has(value, "interpolation")
            || Values.has(value, "mean"));
  }

  /**
   * The configuration that the first source which has a name gives it.
   *
   * @param origin where it stands
   */
  static Preparation of(String origin, List<Object> sources) {
    Draft draft = new Draft(origin);
    Function<String, @Nullable Object> first =
        name ->
            sources.stream()
                .map(source -> Values.get(source, name))
                .filter(value -> value != null && !"".equals(value))
                .findFirst()
                .orElse(null);
    Optional<Normalization> known =
        Values.normalization(first.apply("mean"), first.apply("std"), draft);
    known.ifPresent(draft::normalization);
    Optional<Size> size = size(sources);
    Optional<Double> share = PickledNumbers.scalar(first.apply("crop_pct"));
    String mode = Words.plain(first.apply("crop_mode"));
    Object interpolation = first.apply("interpolation");
    if (size.isEmpty()) {
      if (share.isPresent() || interpolation != null) {
        draft.note("crop_pct and interpolation are not followed without an input size");
      }
      return draft.done();
    }
    if (share.isEmpty() && interpolation == null && mode.isEmpty()) {
      draft.size(size.get());
      return draft.done();
    }
    double pct = share.filter(s -> s > 0).orElse(CROP_PCT);
    if (pct > 1 || size.get().height() / pct > Size.LARGEST) {
      draft.note("crop_pct %s is not followed, %s is".formatted(pct, CROP_PCT));
      pct = CROP_PCT;
    }
    // Where nothing is said timm takes bicubic (resolve_data_config).
    String filter = Words.filter(interpolation == null ? "bicubic" : interpolation, draft);
    frame(draft, size.get(), pct, mode, filter, known.orElse(Normalization.NONE));
    List<Double> test = PickledNumbers.of(first.apply("test_input_size"));
    if (!test.isEmpty() && !PickledNumbers.size(first.apply("test_input_size")).equals(size)) {
      draft.note(
          "the file's test_input_size is not followed, as timm does unless told; --size %d takes it"
              .formatted(test.get(test.size() - 1).intValue()));
    }
    return draft.done();
  }

  private static Optional<Size> size(List<Object> sources) {
    for (Object source : sources) {
      for (String name : List.of("input_size", "img_size")) {
        Optional<Size> size = PickledNumbers.size(Values.get(source, name));
        if (size.isPresent()) {
          return size;
        }
      }
    }
    return Optional.empty();
  }

  private static void frame(
      Draft draft, Size size, double pct, String mode, String filter, Normalization statistics) {
    Size scaled =
        new Size((int) Math.floor(size.height() / pct), (int) Math.floor(size.width() / pct));
    switch (mode) {
      case "squash" -> {
        draft.add(PreparationStep.of(Kind.RESIZE, scaled, filter));
        draft.add(PreparationStep.of(Kind.CENTER_CROP, size, "even"));
      }
      case "border" -> {
        draft.add(PreparationStep.of(Kind.RESIZE_INSIDE, scaled, filter));
        List<Integer> numbers = new ArrayList<>(List.of(size.height(), size.width()));
        for (int c = 0; c < 3; c++) {
          double mean = statistics.mean().get(Math.min(c, statistics.mean().size() - 1));
          numbers.add((int) Math.max(0, Math.min(255, Math.rint(255 * mean))));
        }
        draft.add(new PreparationStep(Kind.CENTER_CROP, numbers, List.of("even")));
      }
      default -> {
        if (!mode.isEmpty() && !mode.equals("center")) {
          draft.note("the crop mode \"%s\" is not followed, center is".formatted(mode));
        }
        // For rectangles timm leaves the filter to ResizeKeepRatio's default.
        draft.add(
            scaled.height() == scaled.width()
                ? PreparationStep.shortSide(scaled.height(), filter)
                : PreparationStep.of(Kind.RESIZE_OUTSIDE, scaled, "bilinear"));
        draft.add(PreparationStep.of(Kind.CENTER_CROP, size, "even"));
      }
    }
  }
}
