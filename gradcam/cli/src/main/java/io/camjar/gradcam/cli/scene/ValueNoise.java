package io.camjar.gradcam.cli.scene;

/** Smooth noise in the plane, several octaves deep, the same on every machine. */
final class ValueNoise {
  private final int seed;

  ValueNoise(int seed) {
    this.seed = seed;
  }

  /** Four octaves of noise, in [0, 1]. */
  double at(double x, double y) {
    double sum = 0;
    double weight = 0.5;
    for (int octave = 0; octave < 4; octave++) {
      sum += weight * smooth(x, y, octave);
      x *= 2;
      y *= 2;
      weight /= 2;
    }
    return sum / (1 - 0.0625);
  }

  private double smooth(double x, double y, int octave) {
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double u = ease(x - column);
    double v = ease(y - row);
    double top = mix(lattice(column, row, octave), lattice(column + 1, row, octave), u);
    double bottom = mix(lattice(column, row + 1, octave), lattice(column + 1, row + 1, octave), u);
    return mix(top, bottom, v);
  }

  private static double ease(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double mix(double a, double b, double t) {
    return a + (b - a) * t;
  }

  /** The murmur3 finalizer over the lattice point: a number in [0, 1). */
  private double lattice(int column, int row, int octave) {
    int h = seed + column * 0x9E3779B1 + row * 0x85EBCA77 + octave * 0xC2B2AE3D;
    h = (h ^ (h >>> 16)) * 0x85EBCA6B;
    h = (h ^ (h >>> 13)) * 0xC2B2AE35;
    return ((h ^ (h >>> 16)) >>> 8) * 0x1p-24;
  }
}
