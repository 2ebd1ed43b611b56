package io.camjar.weights.container.preparation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One step from an image to a network's input, with the numbers and words that its kind defines.
 *
 * @param kind what is done
 * @param numbers sizes in pixels, heights before widths
 * @param words filters as Pillow names them ({@code bilinear}), paddings as torchvision names them
 *     ({@code constant edge reflect symmetric}), and what else the kind defines
 */
public record PreparationStep(Kind kind, List<Integer> numbers, List<String> words) {
  /** What is done. */
  public enum Kind {
    /** Both sides to {@code height width}, proportions lost; {@code filter}. */
    RESIZE,
    /** The short side to {@code side}, the long one truncated; {@code filter}. */
    RESIZE_SHORT,
    /** As large as fits into {@code height width}, sides rounded half to even; {@code filter}. */
    RESIZE_INSIDE,
    /** As small as covers {@code height width}, sides rounded half to even; {@code filter}. */
    RESIZE_OUTSIDE,
    /**
     * The centre, {@code height width [red green blue]}: where the image is smaller it is padded
     * with that colour or black; {@code even} rounds offsets half to even as torchvision does,
     * {@code floor} as fastai 2 and transformers do; a second word is another padding.
     */
    CENTER_CROP,
    /**
     * The largest centred part of the shape {@code height width}, resized to it; {@code filter}.
     */
    CROP_TO,
    /** Padded to the shape {@code height width}, resized to it; {@code filter padding}. */
    PAD_TO,
    /**
     * PyTorch's {@code grid_sample} of floats to {@code height width}, averaged down first where it
     * shrinks more than twofold: fastai 2's transforms of batches; {@code corners} with {@code
     * align_corners}, {@code centres} without.
     */
    SAMPLE,
    /** fastai 1's {@code apply_tfms} to {@code height width}; {@code crop|pad|squish padding}. */
    FASTAI1,
    /** Padded by {@code left top right bottom [red green blue]}; {@code padding}. */
    PAD,
    /** Made gray. */
    GRAY
  }

  public PreparationStep {
    numbers = List.copyOf(numbers);
    words = List.copyOf(words);
  }

  /** A step of a kind with two sides. */
  public static PreparationStep of(Kind kind, Size size, String... words) {
    return new PreparationStep(kind, List.of(size.height(), size.width()), List.of(words));
  }

  /** The short side to a length. */
  public static PreparationStep shortSide(int side, String filter) {
    return new PreparationStep(Kind.RESIZE_SHORT, List.of(side), List.of(filter));
  }

  /** The size that an image has after this step, where that is always the same. */
  public Optional<Size> size() {
    return switch (kind) {
      case RESIZE, CENTER_CROP, CROP_TO, PAD_TO, SAMPLE, FASTAI1 ->
          Optional.of(new Size(numbers.get(0), numbers.get(1)));
      default -> Optional.empty();
    };
  }

  /** For readers. */
  public String inWords() {
    String sides = numbers.size() < 2 ? "" : numbers.get(0) + " x " + numbers.get(1);
    String word = words.isEmpty() ? "" : words.get(0);
    return switch (kind) {
      case RESIZE -> "resized to %s (%s)".formatted(sides, word);
      case RESIZE_SHORT -> "short side to %d (%s)".formatted(numbers.get(0), word);
      case RESIZE_INSIDE -> "fitted into %s (%s)".formatted(sides, word);
      case RESIZE_OUTSIDE -> "made to cover %s (%s)".formatted(sides, word);
      case CENTER_CROP -> "middle " + sides;
      case CROP_TO -> "cropped to the shape of %s and resized to it (%s)".formatted(sides, word);
      case PAD_TO ->
          "padded (%s) to the shape of %s and resized to it (%s)"
              .formatted(words.get(1), sides, word);
      case SAMPLE -> "resized to %s (grid_sample)".formatted(sides);
      case FASTAI1 -> "fastai 1's %s to %s".formatted(word, sides);
      case PAD ->
          "padded (%s) by %s"
              .formatted(
                  word,
                  numbers.subList(0, 4).stream()
                      .map(String::valueOf)
                      .collect(Collectors.joining(", ")));
      case GRAY -> "made gray";
    };
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return Stream.of(
            Stream.of(kind.name().toLowerCase(Locale.ROOT)),
            numbers.stream().map(String::valueOf),
            words.stream())
        .flatMap(parts -> parts)
        .collect(Collectors.joining(" "));
  }

  /** Reads what {@link #text} wrote; nothing if it is something else. */
  static Optional<PreparationStep> parse(String text) {
    String[] parts = text.strip().split(" +");
    List<Integer> numbers = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      if (part.matches("\\d{1,5}")) {
        numbers.add(Integer.valueOf(part));
      } else {
        words.add(part);
      }
    }
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().equalsIgnoreCase(parts[0]))
        .filter(kind -> numbers.size() >= numbersOf(kind) && words.size() >= wordsOf(kind))
        .map(kind -> new PreparationStep(kind, numbers, words))
        .findFirst();
  }

  private static int numbersOf(Kind kind) {
    return switch (kind) {
      case GRAY -> 0;
      case RESIZE_SHORT -> 1;
      case PAD -> 4;
      default -> 2;
    };
  }

  private static int wordsOf(Kind kind) {
    return switch (kind) {
      case GRAY -> 0;
      case PAD_TO, FASTAI1 -> 2;
      default -> 1;
    };
  }

  @Override
  public String toString() {
    return text();
  }
}
