package io.camjar.gradcam.image;

/**
 * The filters of Pillow's {@code Image.resize}, with their support in source pixels.
 *
 * <p>Definitions: Pillow, {@code src/libImaging/Resample.c}. When shrinking, the support is
 * stretched by the scale, which is Pillow's antialiasing.
 */
public enum Resample {
  /** The source pixel under the centre of the output pixel; no antialiasing. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      throw new UnsupportedOperationException("NEAREST picks a pixel, it weighs none.");
    }
  },
  /** The mean over the source pixels that the output pixel covers. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    }
  },
  /** The triangle filter. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  },
  /** A Hamming-windowed sinc of one pixel's support. */
  HAMMING(1) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      if (distance == 0) {
        return 1;
      }
      if (distance >= 1) {
        return 0;
      }
      double angle = distance * Math.PI;
      // Pillow writes these two constants as C floats.
      return Math.sin(angle) / angle * (0.54f + 0.46f * Math.cos(angle));
    }
  },
  /** Keys' cubic with a = -0.5. */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  },
  /** A sinc windowed by a sinc three pixels wide. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  };

  private final double support;

  Resample(double support) {
    this.support = support;
  }

  /** Half the filter's width in source pixels, before it is stretched for shrinking. */
  double support() {
    return support;
  }

  /** The filter's value at {@code x} source pixels from the centre. */
  abstract double weight(double x);

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle;
  }
}
