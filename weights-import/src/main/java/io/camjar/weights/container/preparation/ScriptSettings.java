package io.camjar.weights.container.preparation;

import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of training scripts: Lightning's {@code hyper_parameters}, {@code args}, configurations.
 * They name sizes and statistics, but not how images are framed.
 */
final class ScriptSettings {
  private static final List<String> SIZES =
      List.of(
          "img_size",
          "image_size",
          "input_size",
          "imgsz",
          "im_size",
          "img_dim",
          "crop_size",
          "resolution",
          "input_shape",
          "image_shape",
          "resize",
          "size_test",
          "test_size",
          "size");
  private static final List<List<String>> SIDES =
      List.of(
          List.of("img_height", "img_width"),
          List.of("image_height", "image_width"),
          List.of("input_height", "input_width"),
          List.of("img_h", "img_w"),
          List.of("height", "width"));

  /** Below, a width is one of layers. */
  private static final int SMALLEST = 16;

  private static final List<String> PAIRS =
      List.of("mean_std", "stats", "norm_stats", "normalization", "normalize");
  private static final List<List<String>> STATISTICS =
      List.of(
          List.of("mean", "std"),
          List.of("image_mean", "image_std"),
          List.of("img_mean", "img_std"),
          List.of("norm_mean", "norm_std"),
          List.of("pixel_mean", "pixel_std"),
          List.of("dataset_mean", "dataset_std"),
          List.of("data_mean", "data_std"),
          List.of("means", "stds"));
  private static final Pattern SETTINGS =
      Pattern.compile(
          "(data_?module_)?(hyper_?parameters|hparams|hyperparams|args|config|cfg|opt|options"
              + "|settings|params|meta|data_config|data|transforms?|preprocess(ing|or)?"
              + "|normali[sz]e|normali[sz]ation|stats|norm|model_args|init_args"
              + "|img_norm_cfg|data_preprocessor|input|dataset)");

  private ScriptSettings() {}

  /** Whether a name is one that settings are kept under. */
  static boolean named(String name) {
    return SETTINGS.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether a value is of a class that settings are kept in. */
  static boolean typed(Object value) {
    return value instanceof PyObject object
        && object
            .simpleName()
            .matches("Namespace|AttributeDict|DictConfig|\\w*(Config|Args|Params)");
  }

  /** Whether it names a size or statistics; {@code size} alone only under a name of settings. */
  static boolean speaks(Object value) {
    if (!(value instanceof PyDict) && !(value instanceof PyObject)) {
      return false;
    }
    return size(value).isPresent()
        || resized(value).isPresent()
        || pair(value).isPresent()
        || STATISTICS.stream().anyMatch(pair -> pair.stream().allMatch(n -> has(value, n)));
  }

  /** What it says. */
  static Preparation of(String origin, Object value) {
    Draft draft = new Draft(origin);
    Optional<Integer> resized = resized(value);
    if (resized.isPresent()) {
      Size crop = PickledNumbers.size(get(value, "val_crop_size")).orElseThrow();
      Object filter = get(value, "interpolation");
      draft.add(
          PreparationStep.shortSide(
              resized.get(), Words.filter(filter == null ? "bilinear" : filter, draft)));
      draft.add(PreparationStep.of(PreparationStep.Kind.CENTER_CROP, crop, "even"));
    } else {
      size(value).ifPresent(draft::size);
    }
    for (List<String> pair : STATISTICS) {
      if (!draft.isNormalised() && pair.stream().anyMatch(name -> has(value, name))) {
        Values.normalization(get(value, pair.get(0)), get(value, pair.get(1)), draft)
            .ifPresent(draft::normalization);
      }
    }
    if (!draft.isNormalised()) {
      pair(value)
          .flatMap(both -> Values.normalization(both.get(0), both.get(1), draft))
          .ifPresent(draft::normalization);
    }
    if (Boolean.FALSE.equals(get(value, "to_rgb"))
        || Boolean.FALSE.equals(get(value, "bgr_to_rgb"))) {
      draft.note("the file's channels are in the order blue, green, red, which --bgr gives");
    }
    return draft.done();
  }

  private static boolean has(Object value, String name) {
    return !PickledNumbers.of(get(value, name)).isEmpty();
  }

  /** The value of a name, in lower or upper case. */
  private static @Nullable Object get(Object value, String name) {
    Object lower = Values.get(value, name);
    return lower == null ? Values.get(value, name.toUpperCase(Locale.ROOT)) : lower;
  }

  /** The short side before the crop, as torchvision's reference scripts have it. */
  private static Optional<Integer> resized(Object value) {
    Optional<Size> crop = PickledNumbers.size(get(value, "val_crop_size"));
    return PickledNumbers.scalar(get(value, "val_resize_size"))
        .map(Double::intValue)
        .filter(side -> crop.isPresent() && side > 0 && side <= Size.LARGEST);
  }

  /** {@code stats: (mean, std)}: two lists of as many numbers. */
  private static Optional<List<Object>> pair(Object value) {
    for (String name : PAIRS) {
      List<Object> both = Values.items(get(value, name));
      if (both.size() == 2
          && PickledNumbers.of(both.get(0)).size() > 1
          && PickledNumbers.of(both.get(0)).size() == PickledNumbers.of(both.get(1)).size()) {
        return Optional.of(both);
      }
    }
    return Optional.empty();
  }

  private static Optional<Size> size(Object value) {
    for (List<String> sides : SIDES) {
      Optional<Double> height = PickledNumbers.scalar(get(value, sides.get(0)));
      Optional<Double> width = PickledNumbers.scalar(get(value, sides.get(1)));
      if (height.isPresent() && width.isPresent()) {
        return Optional.of(new Size(height.get().intValue(), width.get().intValue()))
            .filter(size -> size.usable() && Math.min(size.height(), size.width()) >= SMALLEST);
      }
    }
    return SIZES.stream()
        .map(name -> get(value, name))
        .map(PickledNumbers::size)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
