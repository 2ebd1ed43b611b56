package io.camjar.gradcam.metric;

/**
 * How alike two maps of one image are.
 *
 * @param spearman rank correlation of the signed values, -1 to 1
 * @param sizes rank correlation of their absolute values, -1 to 1
 * @param ssim structural similarity of the maps as they are shown, scaled to 0..1, at the input's
 *     resolution; up to 1
 */
public record Similarity(double spearman, double sizes, double ssim) {
  /** Compares two maps of one size. */
  public static Similarity of(ShownMap a, ShownMap b) {
    return new Similarity(
        Agreement.spearman(a.signed(), b.signed()),
        Agreement.spearman(sizes(a.signed()), sizes(b.signed())),
        StructuralSimilarity.of(a.shown(), b.shown(), a.height(), a.width()));
  }

  private static float[] sizes(float[] values) {
    float[] sizes = new float[values.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(values[i]);
    }
    return sizes;
  }
}
