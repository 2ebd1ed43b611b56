package io.camjar.engine.kernel.simd;

/** Weights transformed for {@link WinogradConv2d}: in double precision, rounded once. */
final class WinogradWeights {
  private WinogradWeights() {}

  /**
   * {@code G g G'} of every kernel, {@code [points^2][outBlocks][inBlocks * block][block]}.
   *
   * @param turn whether each kernel is turned by half a circle first, as a backward needs it
   */
  static float[] transform(WinogradTransform transform, Conv2dWeights weights, boolean turn) {
    int points = transform.points();
    double[][] g = transform.kernel();
    int depth = Lanes.padded(weights.inputs);
    int outs = Lanes.padded(weights.outputs);
    int pointPitch = Math.multiplyExact(outs, depth);
    float[] packed = new float[Math.multiplyExact(points * points, pointPitch)];
    double[][] half = new double[points][3];
    for (int o = 0; o < weights.outputs; o++) {
      for (int i = 0; i < weights.inputs; i++) {
        for (int p = 0; p < points; p++) {
          for (int c = 0; c < 3; c++) {
            half[p][c] = 0;
            for (int r = 0; r < 3; r++) {
              float w = turn ? weights.at(o, i, 2 - r, 2 - c) : weights.at(o, i, r, c);
              half[p][c] += g[p][r] * w;
            }
          }
        }
        int at = (o / Lanes.BLOCK * depth + i) * Lanes.BLOCK + o % Lanes.BLOCK;
        for (int p = 0; p < points; p++) {
          for (int q = 0; q < points; q++) {
            double sum = half[p][0] * g[q][0] + half[p][1] * g[q][1] + half[p][2] * g[q][2];
            packed[(p * points + q) * pointPitch + at] = (float) sum;
          }
        }
      }
    }
    return packed;
  }
}
