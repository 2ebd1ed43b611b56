package io.camjar.weights.onnx.graph.node;

import java.util.ArrayList;
import java.util.List;

/**
 * A size of the input at which shapes are computed. Sides that grow from one probe to another
 * depend on the batch or on the image's size; all others are fixed.
 *
 * @param batch images
 * @param height rows of an image
 * @param width columns of an image
 */
public record Probe(int batch, int height, int width) {

  /** The next size of odd sides, which each halving rounds. */
  public Probe odd() {
    return new Probe(batch, height | 1, width | 1);
  }

  /**
   * The sizes to compute with: the first, more images, and larger images where the model leaves
   * their size open.
   *
   * @param first the size that the model was made for, or one that it leaves free to choose
   */
  public static List<Probe> around(Probe first, boolean freeHeight, boolean freeWidth) {
    List<Probe> probes = new ArrayList<>();
    probes.add(first);
    probes.add(new Probe(first.batch + 3, first.height, first.width));
    if (freeHeight) {
      probes.add(new Probe(first.batch, first.height + 32, first.width));
    }
    if (freeWidth) {
      probes.add(new Probe(first.batch, first.height, first.width + 64));
    }
    return probes;
  }
}
