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
   * The command line with the command that {@code args} begin with, or with all where they begin
   * otherwise: describing one takes picocli a good part of a start.
   */
  static CommandLine commandLine(RootCommand root, String... args) {
    CommandLine commandLine = new CommandLine(root);
    for (Class<?> command : COMMANDS) {
      if (args.length > 0 && name(command).equals(args[0])) {
        return commandLine.addSubcommand(command);
      }
    }
    COMMANDS.forEach(commandLine::addSubcommand);
    return commandLine.addSubcommand(CommandLine.HelpCommand.class);
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
