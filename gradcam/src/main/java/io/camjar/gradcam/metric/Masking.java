package io.camjar.gradcam.metric;

/** Changes of an input, pixel by pixel over all its channels. */
final class Masking {
  private Masking() {}

  /** Every channel times the map. */
  static float[] times(float[] input, float[] map) {
    float[] product = new float[input.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = input[i] * map[i % map.length];
    }
    return product;
  }

  /** The input with the pixels {@code order[0]} to {@code order[count - 1]} taken from another. */
  static float[] replaced(float[] input, float[] other, int[] order, int count) {
    float[] changed = input.clone();
    for (int k = 0; k < count; k++) {
      for (int i = order[k]; i < changed.length; i += order.length) {
        changed[i] = other[i];
      }
    }
    return changed;
  }
}
