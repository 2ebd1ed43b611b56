package io.camjar.gradcam.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.gradcam.files.FileFormat;
import io.camjar.gradcam.render.ColorMap;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One image of a request, and what is wanted of it.
 *
 * <p>The image is in {@code image_bytes}, as TensorFlow Serving's models have it, in {@code image}
 * or {@code data}, as KServe's samples for TorchServe and Triton do, or in {@code b64} itself. Of
 * those samples come also {@code target}, the class that is explained, and {@code key}, which the
 * prediction repeats.
 *
 * @param image an image file's bytes
 * @param name what the record calls it
 * @param layers as {@code --layer} takes them; empty for the last block
 * @param classes as {@code --class} takes them; empty for the most likely one
 * @param methods one, but for a page
 * @param exits of a network that has several, counted from 1; empty for all
 * @param formats which files come along
 * @param colors of the maps; null for the usual ones
 * @param alpha the heat's share in overlays; null for the usual one
 * @param key what the client tells its instances apart by; null where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // a file's content; never compared
public record Instance(
    byte[] image,
    String name,
    List<String> layers,
    List<String> classes,
    List<String> methods,
    List<Integer> exits,
    Set<FileFormat> formats,
    @Nullable ColorMap colors,
    @Nullable Double alpha,
    @Nullable JsonNode key) {
  private static final String B64 = "b64";
  private static final String KEY = "key";
  private static final String CLASS = "class";
  private static final String TARGET = "target";

  /** Where the image may be; the first is the one that is named in messages. */
  private static final List<String> IMAGES = List.of("image_bytes", "image", "data", B64);

  private static final List<String> OPTIONS =
      List.of("layer", "class", "method", "exit", "format", "name", "colormap", "alpha");
  private static final int LONGEST_NAME = 200;

  /**
   * An element of {@code instances}.
   *
   * @param number its place, from 0
   * @throws CamjarException if it is none
   */
  static Instance of(JsonNode node, int number) {
    if (!node.isObject()) {
      throw new CamjarException(
          "an instance is an object with image_bytes, but this one is %s"
              .formatted(node.getNodeType().toString().toLowerCase(java.util.Locale.ROOT)));
    }
    Iterator<String> names = node.fieldNames();
    while (names.hasNext()) {
      requireOption(names.next(), true);
    }
    if (node.has(CLASS) && node.has(TARGET)) {
      throw new CamjarException("class and target are one thing; send one of them");
    }
    String asked = node.has(TARGET) ? TARGET : CLASS;
    return of(
        bytes(node),
        number,
        node.get(KEY),
        option -> words(node.get(option.equals(CLASS) ? asked : option), option));
  }

  /** What gives the words of an option. */
  @FunctionalInterface
  private interface Options {
    List<String> of(String option);
  }

  /**
   * An image that is a request's whole body.
   *
   * @param query options as the address has them
   * @throws CamjarException if an option is unknown or makes no sense
   */
  static Instance of(byte[] image, Map<String, List<String>> query) {
    query.keySet().forEach(option -> requireOption(option, false));
    return of(image, 0, null, option -> split(query.getOrDefault(option, List.of()), option));
  }

  private static Instance of(byte[] image, int number, @Nullable JsonNode key, Options options) {
    String alpha = one(options, "alpha");
    String colors = one(options, "colormap");
    String name = one(options, "name");
    if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
      throw new CamjarException("name must have 1 to %d characters".formatted(LONGEST_NAME));
    }
    List<String> methods = options.of("method");
    List<String> words = options.of("format");
    Set<FileFormat> formats = EnumSet.noneOf(FileFormat.class);
    words.forEach(word -> formats.add(FileFormat.named(word)));
    return new Instance(
        image,
        name == null ? "instance" + number : name,
        options.of("layer"),
        options.of("class"),
        methods.isEmpty() ? List.of("gradcam") : methods,
        exits(options.of("exit")),
        words.isEmpty() ? Set.of(FileFormat.PNG) : formats,
        colors == null ? null : ColorMap.named(colors),
        alpha == null ? null : share(alpha),
        key);
  }

  /** What the names of its files begin with: its name, of which no path remains. */
  String stem() {
    String base =
        name.replaceFirst("^.*[/\\\\]", "").replaceFirst("(?<=.)\\.[A-Za-z0-9]{1,5}$", "");
    String plain = base.replaceAll("[^\\p{L}\\p{N}._-]+", "-").replaceFirst("^\\.+", "");
    return plain.isEmpty() ? "image" : plain;
  }

  private static void requireOption(String option, boolean inJson) {
    boolean ofSamples =
        inJson && (IMAGES.contains(option) || option.equals(KEY) || option.equals(TARGET));
    if (!ofSamples && !OPTIONS.contains(option)) {
      List<String> known = new ArrayList<>(OPTIONS);
      if (inJson) {
        known.add(0, IMAGES.get(0));
      }
      throw new CamjarException(
          "an instance has no '%s'%s".formatted(option, NearestNames.choice(option, known)));
    }
  }

  private static byte[] bytes(JsonNode node) {
    List<String> there = IMAGES.stream().filter(node::has).toList();
    if (there.size() > 1) {
      throw new CamjarException("an instance has one image, but this one has %s".formatted(there));
    }
    JsonNode text = there.isEmpty() ? null : node.get(there.get(0));
    if (text != null && text.isObject()) {
      text = text.get(B64);
    }
    if (text == null || !text.isTextual()) {
      throw new CamjarException(
          "an instance needs its image as {\"image_bytes\": {\"b64\": \"...\"}}");
    }
    try {
      return Base64.getMimeDecoder().decode(requireBase64(text.textValue()));
    } catch (IllegalArgumentException e) {
      throw new CamjarException(there.get(0) + " is not base64", e);
    }
  }

  /** The decoder for several lines takes every other character for a break between two. */
  private static String requireBase64(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/'
              || c == '='
              || c == '\n'
              || c == '\r';
      if (!digit) {
        throw new IllegalArgumentException("at " + i);
      }
    }
    return text;
  }

  private static List<String> words(@Nullable JsonNode value, String option) {
    if (value == null || value.isNull()) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      if (!one.isTextual() && !one.isNumber()) {
        throw new CamjarException(
            "%s must be a word, a number or a list of them".formatted(option));
      }
      words.add(one.asText());
    }
    return split(words, option);
  }

  /** Commas part layers, methods and formats; the names of classes may have some. */
  private static List<String> split(List<String> values, String option) {
    List<String> words = new ArrayList<>();
    for (String value : values) {
      boolean whole = option.equals("class") || option.equals("name");
      for (String word : whole ? List.of(value) : List.of(value.split(",", -1))) {
        if (word.isBlank()) {
          throw new CamjarException("%s has an empty word".formatted(option));
        }
        words.add(word.strip());
      }
    }
    return words;
  }

  private static @Nullable String one(Options options, String option) {
    List<String> words = options.of(option);
    if (words.size() > 1) {
      throw new CamjarException("%s must be one word".formatted(option));
    }
    return words.isEmpty() ? null : words.get(0);
  }

  private static List<Integer> exits(List<String> words) {
    for (String word : words) {
      if (!word.equalsIgnoreCase("all") && !word.matches("[1-9]\\d{0,3}")) {
        throw new CamjarException(
            "exit is '%s'; give the number of an exit, counted from 1, or all".formatted(word));
      }
    }
    return words.stream().anyMatch("all"::equalsIgnoreCase)
        ? List.of()
        : words.stream().map(Integer::valueOf).toList();
  }

  private static double share(String word) {
    try {
      double value = Double.parseDouble(word);
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new CamjarException("alpha is '%s', but must be a number".formatted(word), e);
    }
    throw new CamjarException("alpha is %s, but must lie in 0 to 1".formatted(word));
  }
}
