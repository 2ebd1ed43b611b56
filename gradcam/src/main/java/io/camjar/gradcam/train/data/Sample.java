package io.camjar.gradcam.train.data;

import java.io.IOException;

/**
 * An image of a data set, not yet read.
 *
 * @param name path inside the data set, such as {@code train/cat/1.jpg}
 * @param classIndex of the class that it shows
 * @param source of the file's bytes
 */
public record Sample(String name, int classIndex, Source source) {

  /** Where bytes come from; used by several threads. */
  @FunctionalInterface
  public interface Source {
    /** All bytes of the file. */
    byte[] read() throws IOException;
  }
}
