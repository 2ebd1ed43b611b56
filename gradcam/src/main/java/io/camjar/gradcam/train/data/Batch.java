package io.camjar.gradcam.train.data;

/**
 * Images ready to be learned from.
 *
 * @param values {@code [N, 3, side, side]}, normalised
 * @param classes of the N images
 * @param side in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // tensors without their library; never compared
public record Batch(float[] values, int[] classes, int side) {

  /** How many images there are; images that could not be read are left out. */
  public int count() {
    return classes.length;
  }
}
