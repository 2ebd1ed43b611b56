package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.cli.options.Arguments;
import java.nio.file.Path;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether and into how many clusters {@code evaluate} groups maps. */
final class ClusterArguments {
  /** Where the sheets and the page go unless {@code --out} says otherwise. */
  static final Path OUT = Path.of("camjar-out");

  private static final String CHOSEN = "auto";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--clusters",
      paramLabel = "K",
      arity = "0..1",
      parameterConsumer = NumberIfThereIsOne.class,
      description =
          "Instead of the accuracy: group the images of each top-1 class by where the network looks,"
              + " into K clusters (default: as many as the silhouette suggests), as a table, sheets"
              + " and a page; --method and --layer choose the maps.")
  private @Nullable String count;

  /** Takes the next word if it is a number: {@code --clusters DIR} must not swallow the folder. */
  static final class NumberIfThereIsOne implements IParameterConsumer {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's interface
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
      boolean given = !words.isEmpty() && words.peek().matches("-?\\d{1,9}|" + CHOSEN);
      option.setValue(given ? words.pop() : CHOSEN);
    }
  }

  /** Refuses what makes no sense. */
  void check() {
    Integer asked = count();
    Arguments.require(
        spec,
        asked == null || asked >= 1,
        "--clusters is %s, but must be 1 or more".formatted(count));
  }

  /** Whether maps are to be grouped. */
  boolean wanted() {
    return count != null;
  }

  /** How many clusters a class; null to choose. */
  @Nullable Integer count() {
    return count == null || count.equals(CHOSEN) ? null : Integer.valueOf(count);
  }
}
