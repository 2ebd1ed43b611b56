package io.camjar.benchmarks.protocol;

/** A task that is ready to be run again and again. */
public interface Prepared extends AutoCloseable {
  /** How the engine was set up, in a few words. */
  String settings();

  /**
   * What the task computes: scores, maps or the losses of the first steps, flattened. Called once,
   * before any run.
   */
  float[] answer();

  /** Does the task once. */
  void run();

  /** What else there is to say after the runs; empty if nothing. */
  default String report() {
    return "";
  }

  @Override
  void close();
}
