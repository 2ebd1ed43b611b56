package io.camjar.benchmarks.protocol;

/** Something that can do the tasks. */
public interface Engine {
  /** Its name with its version. */
  String name();

  /**
   * Loads the network and the images.
   *
   * @throws Exception if this engine cannot do it; the message says why
   */
  Prepared prepare(Task task) throws Exception;
}
