package io.camjar.benchmarks.compare;

import static io.camjar.benchmarks.protocol.Workload.COLD_START;
import static io.camjar.benchmarks.protocol.Workload.FORWARD_RESNET34;
import static io.camjar.benchmarks.protocol.Workload.FORWARD_RESNET50;
import static io.camjar.benchmarks.protocol.Workload.GRADCAM_ALL_RESNET34;
import static io.camjar.benchmarks.protocol.Workload.GRADCAM_LAST_RESNET34;
import static io.camjar.benchmarks.protocol.Workload.SCORECAM_LAST_RESNET34;
import static io.camjar.benchmarks.protocol.Workload.TRAIN_STEP_RESNET34;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which tasks a comparison has, the most telling first: what no longer fits in the time is last.
 */
final class Cells {
  private static final int COLD_START_SIDE = 224;

  /** What is not repeated at other sizes and batches. */
  private static final Set<Workload> ONCE = Set.of(COLD_START, SCORECAM_LAST_RESNET34);

  private Cells() {}

  /** One task for each promise that the project makes; none that takes seconds a run. */
  static List<Task> promises(int cores) {
    return List.of(
        new Task(FORWARD_RESNET34, 224, 1, cores),
        new Task(COLD_START, COLD_START_SIDE, 1, cores),
        new Task(GRADCAM_LAST_RESNET34, 224, 1, cores),
        new Task(GRADCAM_ALL_RESNET34, 352, 1, cores),
        new Task(FORWARD_RESNET34, 224, 8, cores),
        new Task(FORWARD_RESNET34, 352, 1, cores),
        new Task(FORWARD_RESNET50, 224, 1, cores),
        new Task(TRAIN_STEP_RESNET34, 224, 8, cores));
  }

  /** Each network that is no ResNet: its forward, and Grad-CAM of its default layer. */
  static List<Task> families(int cores) {
    return Workload.ofFamilies().stream()
        .map(workload -> new Task(workload, 224, 1, cores))
        .toList();
  }

  /**
   * Those of {@link #promises}, Score-CAM, then all other sizes and batches, on all cores and one.
   */
  static List<Task> full(int cores) {
    List<Task> tasks = new ArrayList<>(promises(cores));
    tasks.add(new Task(SCORECAM_LAST_RESNET34, 224, 1, cores));
    for (int batch : List.of(1, 8, 32)) {
      for (int threads : cores > 1 ? List.of(cores, 1) : List.of(1)) {
        for (int size : List.of(224, 352)) {
          for (Workload workload : Workload.values()) {
            Task task = new Task(workload, size, batch, threads);
            if (!ONCE.contains(workload) && !workload.isOfFamily() && !tasks.contains(task)) {
              tasks.add(task);
            }
          }
        }
      }
    }
    return tasks;
  }
}
