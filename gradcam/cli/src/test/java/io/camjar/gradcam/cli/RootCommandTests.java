package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A command is described in full only where it is asked for, of which no user sees anything. */
class RootCommandTests {
  @Test
  void helpIsThatOfCommandsInFull() {
    assertThat(of("--help").getUsageMessage())
        .isEqualTo(inFull().getUsageMessage())
        .contains("explain", "Show where in an image", "devices", "help");
  }

  @Test
  void whatIsNotAskedForHasNoOptions() {
    assertThat(hasLayerOption(of("--version"))).isFalse();
    assertThat(hasLayerOption(of("help", "inspect"))).isFalse();
    assertThat(hasLayerOption(of("help", "explain"))).isTrue();
    assertThat(hasLayerOption(inFull())).isTrue();
  }

  @Test
  void theFirstWordIsTheOnlyCommand() {
    assertThat(of("explain", "inspect").getSubcommands()).containsOnlyKeys("explain");
  }

  @Test
  void helpOnACommandTellsItsOptions() {
    assertThat(Run.of("help", "explain").out()).contains("--layer", "--method");
    assertThat(Run.of("explain", "--help").out()).isEqualTo(Run.of("help", "explain").out());
  }

  @Test
  void anOptionMayStandBeforeTheCommand() {
    Run run = Run.of("--debug", "layers", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("--arch");
  }

  @Test
  void aMistypedCommandBeforeOneIsTold() {
    Run run = Run.of("expalin", "layers", "--arch", "resnet18");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("there is no command 'expalin'; did you mean explain?");
  }

  private static CommandLine of(String... args) {
    return RootCommand.commandLine(new RootCommand(), args);
  }

  /** All commands are asked for. */
  private static CommandLine inFull() {
    List<String> words = new ArrayList<>(List.of("help"));
    words.addAll(of("help").getSubcommands().keySet());
    return of(words.toArray(String[]::new));
  }

  private static boolean hasLayerOption(CommandLine commandLine) {
    return commandLine.getSubcommands().get("explain").getCommandSpec().findOption("--layer")
        != null;
  }
}
