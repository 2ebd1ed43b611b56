package io.camjar.gradcam;

/** Milliseconds of each phase, summed over the passes of one explanation. */
final class PhaseTimes {
  private double forward;
  private double backward;
  private double mapping;

  void addForward(long start) {
    forward += Timings.since(start);
  }

  void addBackward(long start) {
    backward += Timings.since(start);
  }

  void addMapping(long start) {
    mapping += Timings.since(start);
  }

  /** All of them, after what preparing the image took. */
  Timings timings(double preprocess) {
    return new Timings(0, preprocess, forward, backward, mapping, 0);
  }
}
