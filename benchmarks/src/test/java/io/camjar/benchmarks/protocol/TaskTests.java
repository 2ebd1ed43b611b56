package io.camjar.benchmarks.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskTests {

  @ParameterizedTest
  @EnumSource(Workload.class)
  void survivesTheWayToAnotherProcess(Workload workload) {
    Task task = new Task(workload, 352, 8, 2);

    assertThat(Task.parse(task.toString())).isEqualTo(task);
  }

  @Test
  void readsAsTheResultsFileNamesIt() {
    assertThat(new Task(Workload.GRADCAM_ALL_RESNET34, 224, 1, 2))
        .hasToString("gradcam-all/resnet34 224 1 2");
  }

  @Test
  void garbageIsRefused() {
    assertThatThrownBy(() -> Task.parse("forward/resnet34 224"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Task.parse("forward/nothing 224 1 1"))
        .hasMessageContaining("forward/nothing");
  }
}
