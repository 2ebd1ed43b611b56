package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CellsTests {

  @Test
  void thePromisesHaveEveryWorkloadThatIsQuick() {
    Set<Workload> quick = EnumSet.complementOf(EnumSet.of(Workload.SCORECAM_LAST_RESNET34));
    quick.removeIf(Workload::isOfFamily);

    assertThat(Cells.promises(2))
        .extracting(Task::workload)
        .containsAll(quick)
        .doesNotContain(Workload.SCORECAM_LAST_RESNET34);
  }

  @Test
  void theFullOneBeginsWithThePromisesAndRepeatsNothing() {
    List<Task> full = Cells.full(2);

    assertThat(full).startsWith(Cells.promises(2).toArray(Task[]::new)).doesNotHaveDuplicates();
  }

  @Test
  void theFullOneCrossesWorkloadsSizesBatchesAndThreads() {
    // 5 workloads x 2 sizes x 3 batches x 2 thread counts, one Score-CAM and one cold start.
    assertThat(Cells.full(2)).hasSize(62);
    assertThat(Cells.full(2)).contains(new Task(Workload.FORWARD_RESNET50, 352, 32, 1));
  }

  @Test
  void everyFamilyHasItsForwardAndItsMap() {
    assertThat(Cells.families(2)).hasSize(16).allMatch(task -> task.workload().isOfFamily());
    assertThat(Cells.families(2))
        .extracting(task -> task.workload().forward().kind())
        .containsOnly(Workload.Kind.FORWARD);
  }

  @Test
  void oneCoreHasOneThreadCount() {
    assertThat(Cells.full(1)).extracting(Task::threads).containsOnly(1);
  }
}
