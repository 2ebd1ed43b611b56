package io.camjar.weights.onnx.graph.node;

import java.util.ArrayList;
import java.util.List;

/**
 * A size of the input at which shapes are computed. Sides that grow from one probe to another
 * depend on the batch or on the image's size; all others are fixed. The last is much larger to both
 * sides, since a side grows in steps where strides have divided it.
 *
 * @param batch images
 * @param height rows of an image
 * @param width columns of an image
 */
public record Probe(int batch, int height, int width) {

  /** Rows and columns of the largest probe, about. */
  private static final int LARGE = 4096;

  /**
   * Rows that the next probe has more, and half of the columns. What divides the first size by
   * blocks of up to 6 places, of maps at a thirty-second of it too, divides the others.
   */
  private static final int MORE = 32 * 60;

  /** Images that the second probe has more than the first. */
  static final int MORE_IMAGES = 3;

  /** The next size of odd sides, which each halving rounds. */
  public Probe odd() {
    return new Probe(batch, height | 1, width | 1);
  }

  /**
   * The sizes to compute with: the first, more images, and larger and much larger images where the
   * model leaves their size open.
   *
   * @param first the size that the model was made for, or one that it leaves free to choose
   */
  public static List<Probe> around(Probe first, boolean freeHeight, boolean freeWidth) {
    List<Probe> probes = new ArrayList<>();
    probes.add(first);
    probes.add(new Probe(first.batch + MORE_IMAGES, first.height, first.width));
    if (freeHeight) {
      probes.add(new Probe(first.batch, first.height + MORE, first.width));
    }
    if (freeWidth) {
      probes.add(new Probe(first.batch, first.height, first.width + 2 * MORE));
    }
    if (freeHeight || freeWidth) {
      int height = freeHeight ? large(first.height) : first.height;
      int width = freeWidth ? large(first.width) : first.width;
      probes.add(new Probe(first.batch, height, width));
    }
    return probes;
  }

  /** A multiple of a side, which is divided by what divides the side. */
  private static int large(int side) {
    return Math.max(2, (LARGE + side - 1) / side) * side;
  }
}
