package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellsTests {

  @Test
  void theQuickComparisonHasEveryWorkload() {
    assertThat(Cells.quick(2)).extracting(Task::workload).contains(Workload.values());
  }

  @Test
  void theFullOneBeginsWithTheQuickOneAndRepeatsNothing() {
    List<Task> full = Cells.full(2);

    assertThat(full).startsWith(Cells.quick(2).toArray(Task[]::new)).doesNotHaveDuplicates();
  }

  @Test
  void theFullOneCrossesWorkloadsSizesBatchesAndThreads() {
    // 5 workloads x 2 sizes x 3 batches x 2 thread counts, and one cold start.
    assertThat(Cells.full(2)).hasSize(61);
    assertThat(Cells.full(2)).contains(new Task(Workload.FORWARD_RESNET50, 352, 32, 1));
  }

  @Test
  void oneCoreHasOneThreadCount() {
    assertThat(Cells.full(1)).extracting(Task::threads).containsOnly(1);
  }
}
