package io.camjar.gradcam.cli;

import io.camjar.gradcam.Labels;
import io.camjar.gradcam.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code --class} may say: an index, a name, {@code topK}, or several of them with commas. */
final class ClassArguments {
  private static final Pattern TOP = Pattern.compile("top(\\d{1,6})");
  private static final Pattern INDEX = Pattern.compile("-?\\d{1,9}");

  private ClassArguments() {}

  /** Whether an argument is {@code top0}, which asks for nothing. */
  static boolean isEmpty(String argument) {
    Matcher top = TOP.matcher(argument.toLowerCase(Locale.ROOT));
    return argument.isBlank() || (top.matches() && Integer.parseInt(top.group(1)) == 0);
  }

  /**
   * The targets that the arguments mean for a model of these classes.
   *
   * @throws io.camjar.engine.CamjarException if the model has no such class
   */
  static List<Target> targets(List<String> arguments, Labels labels) {
    List<Target> targets = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.contains(",") && !labels.has(argument)) {
        for (String part : argument.split(",", 0)) {
          targets.add(target(part.strip()));
        }
      } else {
        targets.add(target(argument));
      }
    }
    targets.forEach(target -> target.check(labels));
    return targets;
  }

  private static Target target(String argument) {
    Matcher top = TOP.matcher(argument.toLowerCase(Locale.ROOT));
    if (top.matches()) {
      return Target.top(Integer.parseInt(top.group(1)));
    }
    return INDEX.matcher(argument).matches()
        ? Target.index(Integer.parseInt(argument))
        : Target.named(argument);
  }
}
