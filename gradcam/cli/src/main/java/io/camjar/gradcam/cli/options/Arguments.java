package io.camjar.gradcam.cli.options;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import io.camjar.engine.Spelling;
import java.util.Collection;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of arguments that picocli cannot do by itself; what fails is wrong usage. */
public final class Arguments {
  private Arguments() {}

  /** One of a few words, as {@code known} spells it; case, hyphens and underscores are free. */
  public static String requireKnown(
      CommandSpec spec, String option, String value, Collection<String> known) {
    return Spelling.find(value, known)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "%s does not know '%s'%s"
                        .formatted(option, value, NearestNames.choice(value, known))));
  }

  /** A word that something else understands, or refuses with a {@link CamjarException}. */
  public static void requireUsable(CommandSpec spec, Runnable use) {
    try {
      use.run();
    } catch (CamjarException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** Any condition. */
  public static void require(CommandSpec spec, boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
