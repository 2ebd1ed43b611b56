package io.camjar.weights.container;

import io.camjar.weights.container.Knowledge.Normalization;
import io.camjar.weights.container.StatedOutputs.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Knowledge as the free text of a safetensors header: {@code camjar.classes} one a line, {@code
 * camjar.mean} and {@code camjar.std} separated by blanks, {@code camjar.size}, {@code
 * camjar.epoch}, {@code camjar.outputs}.
 *
 * <p>Text that is not of that form is no error: other writers may say what they like.
 */
public final class KnowledgeText {
  private static final String CLASSES = "camjar.classes";
  private static final String MEAN = "camjar.mean";
  private static final String STD = "camjar.std";
  private static final String SIZE = "camjar.size";
  private static final String EPOCH = "camjar.epoch";
  private static final String OUTPUTS = "camjar.outputs";

  private KnowledgeText() {}

  /** Reads what {@link #text} wrote. */
  static Knowledge of(Map<String, String> text) {
    String classes = text.getOrDefault(CLASSES, "");
    List<Double> mean = numbers(text.getOrDefault(MEAN, ""));
    List<Double> std = numbers(text.getOrDefault(STD, ""));
    List<Double> size = numbers(text.getOrDefault(SIZE, ""));
    List<Double> epoch = numbers(text.getOrDefault(EPOCH, ""));
    boolean normalized = !mean.isEmpty() && mean.size() == std.size();
    return new Knowledge(
        classes.isEmpty() ? List.of() : List.of(classes.split("\n", -1)),
        normalized ? Optional.of(new Normalization(mean, std)) : Optional.empty(),
        size.size() == 1 ? OptionalInt.of(size.get(0).intValue()) : OptionalInt.empty(),
        epoch.size() == 1 ? OptionalLong.of(epoch.get(0).longValue()) : OptionalLong.empty(),
        outputs(text.getOrDefault(OUTPUTS, "")));
  }

  /** What is known, as text. */
  public static Map<String, String> text(Knowledge knowledge) {
    Map<String, String> text = new LinkedHashMap<>();
    if (!knowledge.classes().isEmpty()
        && knowledge.classes().stream().noneMatch(name -> name.contains("\n"))) {
      text.put(CLASSES, String.join("\n", knowledge.classes()));
    }
    knowledge
        .normalization()
        .ifPresent(
            normalization -> {
              text.put(MEAN, joined(normalization.mean()));
              text.put(STD, joined(normalization.std()));
            });
    knowledge.inputSize().ifPresent(size -> text.put(SIZE, Integer.toString(size)));
    knowledge.epoch().ifPresent(epoch -> text.put(EPOCH, Long.toString(epoch)));
    knowledge
        .outputs()
        .ifPresent(outputs -> text.put(OUTPUTS, word(outputs.kind()) + ", " + outputs.evidence()));
    return text;
  }

  /** {@code sigmoid, loss_func is BCEWithLogitsLoss}: the kind, then what says so. */
  private static Optional<StatedOutputs> outputs(String text) {
    String[] parts = text.split(", ", 2);
    for (Kind kind : Kind.values()) {
      if (parts[0].equals(word(kind))) {
        String evidence = parts.length == 2 ? parts[1] : OUTPUTS + " is " + parts[0];
        return Optional.of(new StatedOutputs(kind, evidence));
      }
    }
    return Optional.empty();
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String joined(List<Double> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<Double> numbers(String text) {
    List<Double> numbers = new ArrayList<>();
    for (String part : Arrays.asList(text.strip().split(" +"))) {
      if (!part.matches("-?\\d{1,18}(\\.\\d{1,18})?(E-?\\d{1,3})?")) {
        return List.of();
      }
      numbers.add(Double.valueOf(part));
    }
    return numbers;
  }
}
