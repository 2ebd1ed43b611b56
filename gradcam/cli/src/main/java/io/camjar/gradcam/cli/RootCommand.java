package io.camjar.gradcam.cli;

import io.camjar.gradcam.cli.compare.CompareCommand;
import io.camjar.gradcam.cli.convert.ConvertCommand;
import io.camjar.gradcam.cli.devices.DevicesCommand;
import io.camjar.gradcam.cli.doctor.DoctorCommand;
import io.camjar.gradcam.cli.evaluate.EvaluateCommand;
import io.camjar.gradcam.cli.explain.ExplainCommand;
import io.camjar.gradcam.cli.gradflow.GradflowCommand;
import io.camjar.gradcam.cli.inspect.InspectCommand;
import io.camjar.gradcam.cli.layers.LayersCommand;
import io.camjar.gradcam.cli.options.DebugOption;
import io.camjar.gradcam.cli.options.HelpOption;
import io.camjar.gradcam.cli.output.Version;
import io.camjar.gradcam.cli.serve.ServeCommand;
import io.camjar.gradcam.cli.train.FindLrCommand;
import io.camjar.gradcam.cli.train.TrainCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code camjar} itself: names the commands and holds what they share. */
@Command(
    name = "camjar",
    synopsisSubcommandLabel = "COMMAND",
    description = "Class activation maps in a jar: what a network saw, at any layer.",
    footer = {
      "",
      "./camjar spark explains images on Apache Spark; ./camjar spark --help lists its options."
    },
    versionProvider = Version.class)
final class RootCommand implements Runnable, DebugOption {
  private static final List<Class<?>> COMMANDS =
      List.of(
          ExplainCommand.class,
          InspectCommand.class,
          DoctorCommand.class,
          ConvertCommand.class,
          LayersCommand.class,
          EvaluateCommand.class,
          TrainCommand.class,
          FindLrCommand.class,
          ServeCommand.class,
          CompareCommand.class,
          GradflowCommand.class,
          DevicesCommand.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  @Mixin HelpOption help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  /**
   * The command line for these arguments. Describing a command takes picocli a good part of a
   * start, so a command that is first among the arguments is the only one. Otherwise all are there,
   * but those that are not among the arguments with a name and a description alone: enough for the
   * help and for suggestions.
   */
  static CommandLine commandLine(RootCommand root, String... args) {
    CommandLine commandLine = new CommandLine(root);
    List<String> words = List.of(args);
    for (Class<?> command : COMMANDS) {
      if (!words.isEmpty() && name(command).equals(words.get(0))) {
        return commandLine.addSubcommand(command);
      }
    }
    for (Class<?> command : COMMANDS) {
      commandLine.addSubcommand(words.contains(name(command)) ? command : mention(command));
    }
    return commandLine.addSubcommand(CommandLine.HelpCommand.class);
  }

  /** A command without its options. */
  private static CommandSpec mention(Class<?> command) {
    CommandSpec mention = CommandSpec.create().name(name(command));
    mention.usageMessage().description(command.getAnnotation(Command.class).description());
    return mention;
  }

  @Override
  public boolean debug() {
    return debug;
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command to run");
  }
}
