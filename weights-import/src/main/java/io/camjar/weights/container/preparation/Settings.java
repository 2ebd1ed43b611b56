package io.camjar.weights.container.preparation;

import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings of training scripts: Lightning's {@code hyper_parameters}, {@code args}, configurations.
 * They name sizes and statistics, but not how images are framed.
 */
final class Settings {
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
          "size");
  private static final List<List<String>> STATISTICS =
      List.of(
          List.of("mean", "std"),
          List.of("image_mean", "image_std"),
          List.of("img_mean", "img_std"),
          List.of("norm_mean", "norm_std"),
          List.of("pixel_mean", "pixel_std"));
  private static final Pattern SETTINGS =
      Pattern.compile(
          "(data_?module_)?(hyper_?parameters|hparams|hyperparams|args|config|cfg|opt|options"
              + "|settings|params|meta|data_config|data|transforms?|preprocess(ing|or)?"
              + "|normali[sz]e|normali[sz]ation|stats|norm|model_args|init_args)");

  private Settings() {}

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
        || STATISTICS.stream().anyMatch(pair -> pair.stream().allMatch(n -> has(value, n)));
  }

  /** What it says. */
  static Preparation of(String origin, Object value) {
    Draft draft = new Draft(origin);
    size(value).ifPresent(draft::size);
    for (List<String> pair : STATISTICS) {
      if (!draft.isNormalised() && pair.stream().anyMatch(name -> has(value, name))) {
        Values.normalization(Values.get(value, pair.get(0)), Values.get(value, pair.get(1)), draft)
            .ifPresent(draft::normalization);
      }
    }
    return draft.done();
  }

  private static boolean has(Object value, String name) {
    return !Numbers.of(Values.get(value, name)).isEmpty();
  }

  private static Optional<Size> size(Object value) {
    return SIZES.stream()
        .map(name -> Values.get(value, name))
        .map(Numbers::size)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
