package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RosterTests {
  private static final Task FORWARD = new Task(Workload.FORWARD_RESNET34, 224, 1, 2);
  private static final SourceTree LAYOUT = new SourceTree(Path.of("here"));
  private static final Build BEFORE =
      new Build("camjar-old", Path.of("there/benchmarks.jar"), Path.of("there/camjar"));

  @Test
  void anotherBuildRunsItsOwnJarWithTheSameJavaAndOptions() {
    Roster roster = new Roster(LAYOUT, Optional.of(BEFORE), false);
    Contender ours = roster.ours(FORWARD);

    List<Contender> peers = roster.peers(FORWARD);

    assertThat(peers).hasSize(1);
    assertThat(peers.get(0).label()).isEqualTo("camjar-old");
    assertThat(peers.get(0).sameAnswer()).isTrue();
    assertThat(peers.get(0).environment()).isEqualTo(ours.environment());
    assertThat(peers.get(0).command())
        .contains("there/benchmarks.jar")
        .doesNotContain(LAYOUT.benchmarksJar().toString())
        .hasSameSizeAs(ours.command());
  }

  @Test
  void withoutOneCamjarIsAlone() {
    assertThat(new Roster(LAYOUT, Optional.empty(), false).peers(FORWARD)).isEmpty();
  }
}
