package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Decision.By;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classes as people type them, in {@code --class} or in a request: a name, an index, {@code topK},
 * or several of them with commas; of a single output {@code positive} and {@code negative}, too. A
 * class of that very name comes first, even where the name is a number.
 */
public final class ClassArguments {
  private static final Pattern TOP = Pattern.compile("top(\\d{1,6})");
  private static final Pattern INDEX = Pattern.compile("-?\\d{1,9}");

  private static final String NEGATIVE = "negative";
  private static final String POSITIVE = "positive";

  private ClassArguments() {}

  /** Whether an argument is {@code top0}, which asks for nothing. */
  public static boolean isEmpty(String argument) {
    Matcher top = TOP.matcher(argument.toLowerCase(Locale.ROOT));
    return argument.isBlank() || (top.matches() && Integer.parseInt(top.group(1)) == 0);
  }

  /**
   * The targets that the arguments mean for a model of these classes.
   *
   * @throws io.camjar.engine.CamjarException if the model has no such class
   */
  public static List<Target> targets(List<String> arguments, Readout readout) {
    List<Target> targets =
        words(arguments, readout.labels()).stream()
            .map(word -> target(word, readout.labels()))
            .toList();
    targets.forEach(target -> target.check(readout));
    return targets;
  }

  /**
   * The one class that an argument means, whatever the image.
   *
   * @throws io.camjar.engine.CamjarException if the model has no such class
   */
  public static Target one(String argument, Readout readout) {
    Target target = target(argument.strip(), readout.labels());
    if (target instanceof Target.Top) {
      throw new CamjarException(
          "--expect is '%s', but which class an image shows is not for the network to say; give a"
                  .formatted(argument)
              + " name or an index");
    }
    target.check(readout);
    return target;
  }

  /** The class of a target of {@link #one}. */
  public static ClassLabel label(Target target, Readout readout) {
    return target.select(new float[readout.labels().outputs()], readout).get(0);
  }

  /** A single output without names has two sides where one of them is asked for. */
  public static Readout sided(List<String> arguments, Readout readout) {
    Labels labels = readout.labels();
    boolean asked = words(arguments, labels).stream().anyMatch(ClassArguments::isSide);
    return asked && labels.outputs() == 1 && labels.names().isEmpty()
        ? readout.with(
            new Decision<>(Labels.sides(NEGATIVE, POSITIVE), By.OPTION, "asked for by side"))
        : readout;
  }

  private static boolean isSide(String word) {
    return word.equalsIgnoreCase(NEGATIVE) || word.equalsIgnoreCase(POSITIVE);
  }

  /** How numbers were understood where some class's name is one. */
  public static List<String> remarks(List<String> arguments, Labels labels) {
    List<String> remarks = new ArrayList<>();
    if (labels.names().stream().anyMatch(name -> INDEX.matcher(name).matches())) {
      for (String word : words(arguments, labels)) {
        if (INDEX.matcher(word).matches()) {
          remark(word, labels).ifPresent(remarks::add);
        }
      }
    }
    return remarks;
  }

  private static Optional<String> remark(String word, Labels labels) {
    int number = Integer.parseInt(word);
    Optional<String> there =
        number >= 0 && number < labels.count()
            ? Optional.of(labels.names().get(number))
            : Optional.empty();
    if (there.isPresent() && there.get().equals(word)) {
      return Optional.empty();
    }
    if (labels.has(word)) {
      return Optional.of(
          "%s is taken for the class of that name, whose index is %d%s"
              .formatted(
                  word,
                  labels.named(word).index(),
                  there.map(name -> "; index %s is %s".formatted(word, name)).orElse("")));
    }
    return there.map(
        name -> "no class is called %s, so it is taken for an index: %s".formatted(word, name));
  }

  private static List<String> words(List<String> arguments, Labels labels) {
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.contains(",") && !labels.has(argument)) {
        List.of(argument.split(",", 0)).forEach(part -> words.add(part.strip()));
      } else {
        words.add(argument.strip());
      }
    }
    return words;
  }

  private static Target target(String word, Labels labels) {
    if (labels.names().contains(word)) {
      return Target.named(word);
    }
    String lower = word.toLowerCase(Locale.ROOT);
    Matcher top = TOP.matcher(lower);
    if (top.matches()) {
      return Target.top(Integer.parseInt(top.group(1)));
    }
    if (INDEX.matcher(word).matches() && !labels.has(word)) {
      return Target.index(Integer.parseInt(word));
    }
    if (isSide(word) && labels.outputs() == 1 && !labels.has(word)) {
      return Target.binary(lower.equals(POSITIVE));
    }
    return Target.named(word);
  }
}
