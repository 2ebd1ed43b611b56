package io.camjar.gradcam.cli;

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
    description = "Class activation maps in a jar: what a ResNet saw, at any layer.",
    versionProvider = Version.class,
    subcommands = {
      ExplainCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      LayersCommand.class,
      EvaluateCommand.class,
      CommandLine.HelpCommand.class
    })
final class RootCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  boolean debug;

  @Mixin HelpOption help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command to run");
  }
}
