package io.camjar.engine.model;

/** Rules that the specification and the builder share. */
final class Blocks {
  private Blocks() {}

  /** Stride of a stage's first block: 1 in layer1, after which the map halves at each stage. */
  static int stride(int stage) {
    return stage == 1 ? 1 : 2;
  }

  /** Whether the first block of a stage changes the shape of what its shortcut carries. */
  static boolean needsDownsample(int stage, int in, int out) {
    return stride(stage) != 1 || in != out;
  }
}
