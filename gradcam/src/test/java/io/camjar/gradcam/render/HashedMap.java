package io.camjar.gradcam.render;

/** Maps from an integer hash, the same as in hashed.py. */
final class HashedMap {
  private HashedMap() {}

  static ScaledMap of(int height, int width) {
    float[] values = new float[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int mixed = (x * 73856093 ^ y * 19349663) * 0x9E3779B1;
        values[y * width + x] = (mixed >>> 8) / 16777215f;
      }
    }
    return new ScaledMap(height, width, values);
  }
}
