package io.camjar.gradcam.cli.errors;

import io.camjar.engine.NearestNames;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers wrong usage with one sentence and where to read on. */
public final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    StringBuilder text = new StringBuilder("camjar: ").append(sentence(exception));
    if (exception instanceof UnmatchedArgumentException unmatched) {
      List<String> near = suggestions(unmatched, command);
      if (!near.isEmpty()) {
        text.append("; did you mean ").append(String.join(" or ", near)).append('?');
      }
    }
    command.getErr().println(text);
    command.getErr().println("Try ./" + helpCommand(command));
    command.getErr().flush();
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException exception) {
    String message = exception.getMessage();
    if (message == null) {
      return "these arguments make no sense";
    }
    if (exception instanceof UnmatchedArgumentException unmatched
        && !unmatched.isUnknownOption()
        && !exception.getCommandLine().getSubcommands().isEmpty()) {
      return "there is no command '%s'".formatted(unmatched.getUnmatched().get(0));
    }
    // Picocli names Java's types.
    return message
        .strip()
        .replaceFirst("^Error: ", "")
        .replaceFirst("' is not an? (?:int|long)$", "' is not a whole number")
        .replaceFirst("' is not a (?:float|double)$", "' is not a number");
  }

  private static List<String> suggestions(
      UnmatchedArgumentException unmatched, CommandLine command) {
    if (unmatched.isUnknownOption()) {
      return unmatched.getSuggestions().stream().limit(3).toList();
    }
    return command.getSubcommands().isEmpty()
        ? List.of()
        : NearestNames.of(unmatched.getUnmatched().get(0), command.getSubcommands().keySet(), 2);
  }

  private static String helpCommand(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent == null
        ? command.getCommandName() + " help"
        : parent.getCommandName() + " help " + command.getCommandName();
  }
}
