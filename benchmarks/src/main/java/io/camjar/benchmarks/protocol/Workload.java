package io.camjar.benchmarks.protocol;

import java.util.Arrays;

/** What is timed; the names are those of the results file. */
public enum Workload {
  /** Pictures in, scores out. */
  FORWARD_RESNET34("forward/resnet34"),
  /** The same through a bottleneck network. */
  FORWARD_RESNET50("forward/resnet50"),
  /** Grad-CAM of the last block, from pictures to raw maps. */
  GRADCAM_LAST_RESNET34("gradcam-last/resnet34"),
  /** Grad-CAM of the stem and all 16 blocks, from one backward. */
  GRADCAM_ALL_RESNET34("gradcam-all/resnet34"),
  /** Score-CAM of the last block: a forward for each of its 512 channels. */
  SCORECAM_LAST_RESNET34("scorecam-last/resnet34"),
  /** Forward with batch statistics, backward to all parameters, one step of plain SGD. */
  TRAIN_STEP_RESNET34("train-step/resnet34"),
  /** From the start of a process to a heat map on disk. */
  COLD_START("cold-start");

  private final String title;

  Workload(String title) {
    this.title = title;
  }

  /** The workload of this name. */
  public static Workload titled(String title) {
    return Arrays.stream(values())
        .filter(workload -> workload.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload is called " + title));
  }

  /** The name in tables and files. */
  public String title() {
    return title;
  }

  /** The network's name. */
  public String network() {
    return this == FORWARD_RESNET50 ? "resnet50" : "resnet34";
  }
}
