package io.camjar.gradcam.method;

/** Hears how far a long computation is; called by the computing thread. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (task, done, total) -> {};

  /**
   * A step is done.
   *
   * @param task what is computed, {@code scorecam at layer4.2} say
   * @param done steps so far, 0 before the first
   * @param total steps in all
   */
  void at(String task, long done, long total);
}
