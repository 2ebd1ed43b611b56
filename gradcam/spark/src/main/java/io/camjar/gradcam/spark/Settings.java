package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.method.CamMethods;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How images are explained, as plain values that go to executors.
 *
 * @param layers paths or aliases; none for the last block
 * @param classes numbers, names, or words such as {@code top2}; none for the top-1 class
 * @param method of the maps
 * @param formats some of {@code raw}, {@code scaled} and {@code png}
 * @param top how many classes are listed
 * @param labels names of the classes; none for the file's
 * @param preset how images are prepared; null for what suits the weights
 * @param height of the network's input; 0 for the preset's
 * @param width of the network's input; 0 for the preset's
 */
record Settings(
    List<String> layers,
    List<String> classes,
    String method,
    List<String> formats,
    int top,
    List<String> labels,
    @Nullable String preset,
    int height,
    int width)
    implements Serializable {
  static final List<String> FORMATS = List.of("raw", "scaled", "png");

  private static final Pattern TOP = Pattern.compile("top(\\d{1,4})");
  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4})(?:x(\\d{1,4}))?");

  /** Height and width of {@code 224} or {@code 324x224}; both 0 where nothing is said. */
  static int[] size(String text) {
    Matcher size = SIZE.matcher(text);
    if (text.isEmpty()) {
      return new int[2];
    }
    if (!size.matches()) {
      throw new CamjarException(
          "size is '%s', but must be like 224 or 324x224 (height x width)".formatted(text));
    }
    int height = Integer.parseInt(size.group(1));
    return new int[] {height, size.group(2) == null ? height : Integer.parseInt(size.group(2))};
  }

  /**
   * An explainer that does as they say.
   *
   * @param plain of the network
   * @throws CamjarException if the network has no such layer, class or labels
   */
  Explainer apply(Explainer plain) {
    for (String format : formats) {
      if (!FORMATS.contains(format)) {
        throw new CamjarException(
            "there is no format \"%s\"; there are %s"
                .formatted(format, String.join(", ", FORMATS)));
      }
    }
    Explainer explainer = plain.withMethod(CamMethods.named(method));
    if (!labels.isEmpty()) {
      explainer = explainer.withLabels(Labels.of(labels));
    }
    Preset asked =
        preset == null
            ? explainer.preset()
            : Preset.named(preset).withChannels(explainer.preset().channels());
    explainer = explainer.withPreset(height > 0 ? asked.withSize(height, width) : asked);
    explainer.preset().check();
    if (!layers.isEmpty()) {
      explainer = explainer.withLayers(layers);
    }
    for (Target target : targets(explainer.labels())) {
      target.check(explainer.readout());
    }
    explainer.check();
    return explainer;
  }

  /** The classes to explain; none for the top-1 class. */
  List<Target> targets(Labels known) {
    return classes.stream()
        .flatMap(word -> known.has(word) ? Stream.of(word) : Stream.of(word.split(",", 0)))
        .map(word -> target(word.strip(), known))
        .toList();
  }

  private static Target target(String word, Labels known) {
    Matcher top = TOP.matcher(word.toLowerCase(Locale.ROOT));
    if (known.has(word)) {
      return Target.named(word);
    }
    if (top.matches()) {
      return Target.top(Integer.parseInt(top.group(1)));
    }
    return INDEX.matcher(word).matches()
        ? Target.index(Integer.parseInt(word))
        : Target.named(word);
  }
}
