package io.camjar.weights.container.preparation;

import io.camjar.weights.pickle.PyObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names of filters and paddings as libraries write them, in Pillow's and torchvision's words. */
final class Words {
  private static final List<String> FILTERS =
      List.of("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming");

  private Words() {}

  /**
   * A filter from its name, Pillow's number, or a member of {@code Resampling} or {@code
   * InterpolationMode}; {@code bilinear} where nothing is said.
   */
  static String filter(@Nullable Object value, Draft draft) {
    String word = plain(value);
    Optional<Double> number = word.isEmpty() ? PickledNumbers.scalar(value) : Optional.empty();
    if (number.isPresent()) {
      int index = number.get().intValue();
      word = index >= 0 && index < FILTERS.size() ? FILTERS.get(index) : "filter " + index;
    }
    String known = word.toLowerCase(Locale.ROOT);
    if (known.isEmpty() || FILTERS.contains(known)) {
      return known.isEmpty() ? "bilinear" : known;
    }
    // timm's "random" is for training; evaluation takes bilinear.
    if (!known.equals("random")) {
      draft.note("the file's interpolation \"%s\" is not followed, bilinear is".formatted(word));
    }
    return "bilinear";
  }

  /** A padding from the names that fastai and torchvision have for it. */
  static String padding(@Nullable Object value, String otherwise, Draft draft) {
    String word = plain(value).toLowerCase(Locale.ROOT);
    return switch (word) {
      case "zeros", "constant" -> "constant";
      case "border", "edge", "replicate" -> "edge";
      case "reflection", "reflect" -> "reflect";
      case "symmetric" -> "symmetric";
      case "" -> otherwise;
      default -> {
        draft.note("the file's padding \"%s\" is not followed, %s is".formatted(word, otherwise));
        yield otherwise;
      }
    };
  }

  /**
   * The text itself, or a member of an enumeration: most Pythons pickle it as a call of its class
   * with its value, Python 3.11 as {@code getattr} of its class and its name.
   */
  static String plain(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof PyObject object
        && object.simpleName().equals("getattr")
        && object.arguments().size() == 2) {
      return object.arguments().get(1) instanceof String name ? name : "";
    }
    if (value instanceof PyObject object && object.arguments().size() == 1) {
      return object.arguments().get(0) instanceof String text ? text : "";
    }
    return "";
  }
}
