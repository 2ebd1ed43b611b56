package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CliTests {
  @Test
  void versionGoesToStandardOutput() {
    Run run = Run.of("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("camjar 0.").contains("Java ");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpListsTheCommands() {
    Run run = Run.of("help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("COMMAND", "help");
  }

  @Test
  void noCommandIsWrongUsage() {
    Run run = Run.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Say which command to run", "./camjar help");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anUnknownCommandIsWrongUsageAndTheNearestIsOffered() {
    Run run = Run.of("hepl");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'hepl'", "did you mean help");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    assertThat(Run.of("--colour").exitCode()).isEqualTo(2);
  }

  @Test
  void helpOnAnUnknownCommandIsWrongUsage() {
    assertThat(Run.of("help", "nonsense").exitCode()).isEqualTo(2);
  }
}
