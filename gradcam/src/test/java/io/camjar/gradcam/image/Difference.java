package io.camjar.gradcam.image;

import static org.assertj.core.api.Assertions.assertThat;

/** How far two pictures of one size are apart. */
public final class Difference {
  private Difference() {}

  /** The mean difference of two samples, 0 to 255: other processors round sums differently. */
  public static double mean(RgbImage a, RgbImage b) {
    assertThat(b.width()).isEqualTo(a.width());
    assertThat(b.height()).isEqualTo(a.height());
    byte[] left = a.toBytes();
    byte[] right = b.toBytes();
    long sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += Math.abs((left[i] & 0xff) - (right[i] & 0xff));
    }
    return (double) sum / left.length;
  }
}
