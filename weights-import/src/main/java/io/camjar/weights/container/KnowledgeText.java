package io.camjar.weights.container;

import io.camjar.weights.container.StatedOutputs.Kind;
import io.camjar.weights.container.preparation.Normalization;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.container.preparation.PreparationStep;
import io.camjar.weights.container.preparation.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Knowledge as the free text of a safetensors header: {@code camjar.classes} one a line, {@code
 * camjar.mean} and {@code camjar.std} separated by blanks, {@code camjar.size} (one side, or height
 * and width), {@code camjar.preparation} (its steps, separated by semicolons), {@code
 * camjar.preparation.origin}, {@code camjar.preparation.not-followed} one a line, {@code
 * camjar.epoch}, {@code camjar.outputs}.
 *
 * <p>Text that is not of that form is no error: other writers may say what they like.
 */
public final class KnowledgeText {
  private static final String CLASSES = "camjar.classes";
  private static final String MEAN = "camjar.mean";
  private static final String STD = "camjar.std";
  private static final String SIZE = "camjar.size";
  private static final String STEPS = "camjar.preparation";
  private static final String ORIGIN = "camjar.preparation.origin";
  private static final String NOT_FOLLOWED = "camjar.preparation.not-followed";
  private static final String EPOCH = "camjar.epoch";
  private static final String OUTPUTS = "camjar.outputs";

  private static final int MAX_SIDE = 16_384;

  private KnowledgeText() {}

  /** Reads what {@link #text} wrote. */
  static Knowledge of(Map<String, String> text) {
    String classes = text.getOrDefault(CLASSES, "");
    List<Double> epoch = numbers(text.getOrDefault(EPOCH, ""));
    return new Knowledge(
        classes.isEmpty() ? List.of() : List.of(classes.split("\n", -1)),
        Optional.of(preparation(text)).filter(said -> !said.isEmpty()),
        epoch.size() == 1 ? OptionalLong.of(epoch.get(0).longValue()) : OptionalLong.empty(),
        outputs(text.getOrDefault(OUTPUTS, "")),
        Optional.empty());
  }

  private static Preparation preparation(Map<String, String> text) {
    List<Double> mean = numbers(text.getOrDefault(MEAN, ""));
    List<Double> std = numbers(text.getOrDefault(STD, ""));
    boolean normalized = !mean.isEmpty() && mean.size() == std.size();
    String notes = text.getOrDefault(NOT_FOLLOWED, "");
    List<PreparationStep> steps = Preparation.parseSteps(text.getOrDefault(STEPS, ""));
    return new Preparation(
        text.getOrDefault(ORIGIN, "camjar's own metadata"),
        steps,
        size(numbers(text.getOrDefault(SIZE, ""))),
        normalized ? Optional.of(new Normalization(mean, std)) : Optional.empty(),
        notes.isEmpty() ? List.of() : List.of(notes.split("\n")));
  }

  private static Optional<Size> size(List<Double> sides) {
    boolean usable = sides.stream().allMatch(side -> side >= 1 && side <= MAX_SIDE);
    if (sides.isEmpty() || sides.size() > 2 || !usable) {
      return Optional.empty();
    }
    return Optional.of(new Size(sides.get(0).intValue(), sides.get(sides.size() - 1).intValue()));
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
    knowledge.preparation().ifPresent(said -> put(said, text));
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

  private static void put(Preparation said, Map<String, String> text) {
    said.size()
        .ifPresent(
            size ->
                text.put(
                    SIZE,
                    size.height() == size.width()
                        ? Integer.toString(size.height())
                        : size.height() + " " + size.width()));
    text.put(ORIGIN, said.origin());
    if (!said.steps().isEmpty()) {
      text.put(STEPS, said.stepsText());
    }
    if (!said.notFollowed().isEmpty()) {
      text.put(NOT_FOLLOWED, String.join("\n", said.notFollowed()));
    }
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
