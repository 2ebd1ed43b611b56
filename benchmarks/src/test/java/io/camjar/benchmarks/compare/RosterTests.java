package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void camjarHasTheOptionsThatTheLauncherGivesItsCommand() throws IOException {
    Roster roster = new Roster(LAYOUT, Optional.of(BEFORE), false);
    Task step = new Task(Workload.TRAIN_STEP_RESNET34, 224, 8, 2);

    for (Task task : List.of(FORWARD, step)) {
      for (Contender camjar : List.of(roster.ours(task), roster.peers(task).get(0))) {
        assertThat(camjar.command()).containsAll(Roster.TIERS).containsAll(Roster.HEAP);
      }
    }
    Path root = Path.of(System.getProperty("camjar.root"));
    assertThat(Files.readString(root.resolve("camjar")))
        .contains("tiers=\"" + String.join(" ", Roster.TIERS) + "\"")
        .contains("heap=\"" + String.join(" ", Roster.HEAP) + "\"");
  }

  @Test
  void withoutOneCamjarIsAlone() {
    assertThat(new Roster(LAYOUT, Optional.empty(), false).peers(FORWARD)).isEmpty();
  }

  @Test
  void oneDnnTakesPartInAllOfAResNetsTasksInBothAlgorithms(@TempDir Path root) throws IOException {
    SourceTree layout = new SourceTree(root);
    Files.createDirectories(layout.models());
    Files.createFile(layout.modelsComplete());
    Roster roster = new Roster(layout, Optional.empty(), true);
    assertThat(others(roster, FORWARD)).isEmpty();

    Files.createFile(layout.oneDnn());

    assertThat(others(roster, FORWARD))
        .extracting(Contender::command)
        .containsExactly(
            List.of(layout.oneDnn().toString(), layout.models().toString(), "winograd"),
            List.of(layout.oneDnn().toString(), layout.models().toString(), "auto"));
    assertThat(roster.peers(new Task(Workload.TRAIN_STEP_RESNET34, 224, 8, 2)))
        .hasSize(2)
        .allMatch(Contender::sameAnswer)
        .allMatch(peer -> peer.environment().get("OMP_NUM_THREADS").equals("2"));
    assertThat(roster.peers(new Task(Workload.FORWARD_VGG16, 224, 1, 2))).isEmpty();
    assertThat(roster.peers(new Task(Workload.SCORECAM_LAST_RESNET34, 224, 1, 2))).isEmpty();
  }

  @Test
  void nextToOtherEnginesCamjarAlsoRunsInLittleMemoryWhereWeightsAreHeld() {
    Roster roster = new Roster(LAYOUT, Optional.empty(), true);

    assertThat(roster.peers(FORWARD).get(0).label()).isEqualTo("camjar-low");
    assertThat(roster.peers(FORWARD).get(0).command())
        .contains("-Dcamjar.memory=low")
        .containsAll(roster.ours(FORWARD).command());
    assertThat(roster.peers(new Task(Workload.TRAIN_STEP_RESNET34, 224, 8, 2)))
        .noneMatch(peer -> peer.label().equals("camjar-low"));
  }

  private static List<Contender> others(Roster roster, Task task) {
    return roster.peers(task).stream().filter(peer -> !peer.label().equals("camjar-low")).toList();
  }
}
