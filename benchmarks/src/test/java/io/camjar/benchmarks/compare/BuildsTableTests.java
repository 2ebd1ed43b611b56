package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuildsTableTests {
  private static final String HEAP = "allocates %s bytes of heap and keeps 0 bytes off-heap a run";

  private static Measurement camjar(String name, double median, double peak, String report) {
    return new Measurement(name, "", new Spread(median, median, median), peak, 0, report);
  }

  private static Result forward(double ours, double before) {
    return new Result(
        new Task(Workload.FORWARD_RESNET34, 224, 1, 2),
        camjar("camjar", ours, 90, HEAP.formatted("45,000")),
        List.of(
            camjar("camjar-old", before, 100, HEAP.formatted("50,000")),
            camjar("onnxruntime-1.0", 1, 1, "")),
        Map.of());
  }

  private static Result coldStart(double ours, double before) {
    return new Result(
        new Task(Workload.COLD_START, 224, 1, 2),
        camjar("camjar", ours, 231, ""),
        List.of(camjar("camjar-old", before, 220, "")),
        Map.of());
  }

  @Test
  void hasTheRatiosOfTimePeakMemoryAndHeap() {
    assertThat(BuildsTable.of(List.of(forward(20, 25)), "camjar-old"))
        .contains(
            "| forward/resnet34 | 224 | 1 | 2 | 20.0 ± 0.0 | 25.0 ± 0.0"
                + " | **0.800** | 0.900 | 0.900 |")
        .doesNotContain("onnxruntime");
  }

  @Test
  void namesTheTaskThatBecameSlowest() {
    assertThat(BuildsTable.of(List.of(forward(20, 25), coldStart(900, 800)), "camjar-old"))
        .contains("| cold-start | 224 | 1 | 2 | 900 ± 0 | 800 ± 0 | **1.125** | 1.050 | – |")
        .endsWith("Largest ours/before: 1.125, cold-start 224 1 2\n");
  }

  @Test
  void withoutACommonTaskItSaysSo() {
    assertThat(BuildsTable.of(Examples.results(), "camjar-old"))
        .isEqualTo("No task was timed with both this build and camjar-old.\n");
  }
}
