package io.camjar.gradcam.cli.explain;

import io.camjar.gradcam.CamMap;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Expected;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.image.ImagePoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a user reads after an image was explained. */
final class ExplanationSummary {
  private static final int CLASSES = 3;
  private static final int FILES = 4;

  /** The ends of names of files that show the whole of an explanation rather than one map. */
  private static final List<String> WHOLE =
      List.of(
          "_evolution.png",
          "_evolution_beside.png",
          "_exits.png",
          "_expected.png",
          "_methods_any.png",
          ".gif",
          ".html",
          ".json");

  private static final Pattern METHODS = Pattern.compile("_methods_\\d+\\.png$");
  private static final Pattern BLOCK = Pattern.compile("layer(\\d)(?:\\.(\\d{1,3}))?");
  private static final int BLOCKS = 1000;

  private ExplanationSummary() {}

  /** So many layers are told of one by one; of more, the deepest. */
  private static final int LAYERS = 4;

  /**
   * Prints the classes with the largest scores, what maps say of each class, and the files.
   *
   * @param explanations one a method
   */
  static void print(
      PrintWriter out, List<Explanation> explanations, List<Path> files, Source source) {
    Explanation first = explanations.get(0);
    out.printf("%s: %s%n", first.image(), predicted(first));
    first.expected().ifPresent(one -> out.println("  " + expectation(first, one)));
    rightExits(first, source).ifPresent(out::println);
    for (Explanation explanation : explanations) {
      String method = explanations.size() == 1 ? "" : explanation.methodName() + ": ";
      for (Explanation one : explanation.exits()) {
        String exit = one.exit().isPresent() ? "exit %d: ".formatted(one.exit().getAsInt()) : "";
        if (one.layers().isEmpty()) {
          out.printf("  %s%s, before every layer that was asked for%n", exit, predicted(one));
        }
        for (String layer : told(one)) {
          printLayer(out, one, layer, source, method + exit);
        }
      }
    }
    out.printf("  wrote %s%n", list(files));
  }

  /** How easy the image is: which exits name the class that it shows. */
  private static Optional<String> rightExits(Explanation explanation, Source source) {
    ClassLabel actual = source.actual();
    if (actual == null || explanation.exits().size() < 2) {
      return Optional.empty();
    }
    List<String> right =
        explanation.exits().stream()
            .filter(one -> one.top(1).get(0).target().index() == actual.index())
            .map(one -> String.valueOf(one.exit().orElseThrow()))
            .toList();
    return Optional.of(
        "  %d of %d exits answer %s%s"
            .formatted(
                right.size(),
                explanation.exits().size(),
                actual.display(),
                right.isEmpty() ? "" : ": " + String.join(", ", right)));
  }

  private static void printLayer(
      PrintWriter out, Explanation explanation, String layer, Source source, String method) {
    for (ClassLabel target : explanation.targets()) {
      CamMap map = explanation.map(layer, target.index());
      if (!explanation.classDiscriminative()) {
        out.printf(
            "  %sany class at %s: %s%n", method, layer, verdict(explanation, map, peak -> ""));
        break;
      }
      String verdict = verdict(explanation, map, peak -> source.remark(target, peak));
      out.printf("  %s%s at %s: %s%n", method, target.display(), layer, verdict);
    }
  }

  /** A few layers as they were asked for; of many the last in the order of the network. */
  private static List<String> told(Explanation explanation) {
    List<String> layers = explanation.layers();
    if (layers.size() <= LAYERS) {
      return layers;
    }
    return List.of(
        explanation.maps().stream()
            .min(
                Comparator.comparingInt((CamMap map) -> map.height() * map.width())
                    .thenComparing(map -> depth(map.layer()), Comparator.reverseOrder()))
            .map(CamMap::layer)
            .filter(layers::contains)
            .orElse(layers.get(layers.size() - 1)));
  }

  /** Orders blocks: 4.2 of {@code layer4.2} as a number; a whole stage comes after its blocks. */
  private static double depth(String layer) {
    Matcher block = BLOCK.matcher(layer);
    if (!block.lookingAt()) {
      return 0;
    }
    int stage = Integer.parseInt(block.group(1));
    int index = block.group(2) == null ? BLOCKS - 1 : Integer.parseInt(block.group(2));
    return stage + (double) index / BLOCKS;
  }

  private static String expectation(Explanation explanation, Expected expected) {
    if (expected.right()) {
      return "as expected: " + share(explanation, expected.target());
    }
    return "expected %s, which comes %d%s of %d classes; the maps of both follow"
        .formatted(
            share(explanation, expected.target()),
            expected.rank(),
            ordinal(expected.rank()),
            explanation.readout().labels().count());
  }

  private static String ordinal(int number) {
    boolean teen = number / 10 % 10 == 1;
    return teen || number % 10 > 3 || number % 10 == 0
        ? "th"
        : List.of("st", "nd", "rd").get(number % 10 - 1);
  }

  private static String predicted(Explanation explanation) {
    if (explanation.logits().length == 0) {
      return "no classifier";
    }
    return explanation.top(CLASSES).stream()
        .map(prediction -> share(explanation, prediction.target()))
        .collect(Collectors.joining(", "));
  }

  private static String share(Explanation explanation, ClassLabel target) {
    String figure = explanation.readout().figure(explanation.logits(), target.index(), 3);
    return target.display() + " " + figure;
  }

  private static String verdict(
      Explanation explanation, CamMap map, Function<ImagePoint, String> remark) {
    return switch (map.status()) {
      case OK -> {
        if (map.isEven()) {
          yield "the same everywhere, so no place stands out";
        }
        ImagePoint peak = explanation.peak(map);
        yield String.format(
            Locale.ROOT,
            "strongest at x %.0f, y %.0f of the image%s%s%s",
            peak.x(),
            peak.y(),
            peak.isOn(explanation.picture()) ? "" : ", in the border that pads it",
            remark.apply(peak),
            map.isFaint()
                ? ", but its largest value is %.1e and the map dark: --scale minmax shows it"
                    .formatted(map.max())
                : "");
      }
      case NO_POSITIVE_EVIDENCE -> "no positive evidence";
      case NON_FINITE -> "not finite: NaN or infinity in the weights, the input or on the way";
    };
  }

  private static String list(List<Path> files) {
    if (files.isEmpty()) {
      return "nothing";
    }
    if (files.size() <= FILES) {
      return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
    String named =
        files.stream()
            .map(file -> file.getFileName().toString())
            .filter(name -> WHOLE.stream().anyMatch(name::endsWith) || METHODS.matcher(name).find())
            .collect(Collectors.joining(", "));
    return "%d files to %s%s"
        .formatted(
            files.size(), files.get(0).getParent(), named.isEmpty() ? "" : ", among them " + named);
  }
}
