package io.camjar.weights.onnx.graph.node;

import java.util.ArrayList;
import java.util.Arrays;
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

  /** Rows and columns of the largest probe, about. */
  private static final int LARGE = 4096;

  /**
   * Rows that the next probe has more, and half of the columns. What divides the first size by
   * blocks of up to 6 places, of maps at a thirty-second of it too, divides the others.
   */
  private static final int MORE = 32 * 60;

  /**
   * Rows and columns that sizes nearby have more. The first ones leave other remainders of division
   * by 2 to 7; one more row is still none where sides are halved and rounded down, but 8, 16 or 32
   * are one there.
   */
  private static final int[] STEPS = {1, 2, 3, 5, 8, 16, 32};

  /** Images that the second probe has more than the first. */
  static final int MORE_IMAGES = 3;

  /**
   * Sizes a little larger, which strides do not divide as they divide this one: what a layer pads
   * by, or a quotient of sides, can be another at each of them.
   */
  public List<Probe> nearby() {
    return Arrays.stream(STEPS)
        .mapToObj(more -> new Probe(batch, height + more, width + more))
        .toList();
  }

  /**
   * The sizes to compute with: the first, more images, and larger and much larger images where the
   * model leaves their size open. Much larger, since a side grows in steps where strides have
   * divided it.
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
