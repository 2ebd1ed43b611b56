package io.camjar.gradcam.cli.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/** A white dimpled ball, shaded pixel by pixel as a lit sphere. */
final class GolfBall {
  private static final int DIMPLES = 260;
  private static final double DIMPLE_RADIUS = 0.105;
  private static final int SAMPLES = 3;

  private final double cx;
  private final double cy;
  private final double radius;
  private final double[][] dimples = fibonacciSphere(DIMPLES);
  private final double[] light = normalized(-0.5, -0.75, 0.6);
  private final double[] half = normalized(light[0], light[1], light[2] + 1);

  /** A ball of this radius around ({@code cx}, {@code cy}). */
  GolfBall(double cx, double cy, double radius) {
    this.cx = cx;
    this.cy = cy;
    this.radius = radius;
  }

  /** The pixels it covers. */
  Rectangle box() {
    return new Rectangle(
        (int) Math.floor(cx - radius),
        (int) Math.floor(cy - radius),
        (int) Math.ceil(2 * radius),
        (int) Math.ceil(2 * radius));
  }

  /** A soft shadow on the lawn, away from the light. */
  void drawShadow(Graphics2D g) {
    AffineTransform before = g.getTransform();
    g.translate(cx + 0.28 * radius, cy + 0.9 * radius);
    g.scale(1.35, 0.38);
    g.setPaint(
        new RadialGradientPaint(
            0,
            0,
            (float) radius,
            new float[] {0, 0.55f, 1},
            new Color[] {
              new Color(0, 12, 0, 190), new Color(0, 12, 0, 130), new Color(0, 12, 0, 0)
            }));
    g.fillRect((int) -radius, (int) -radius, (int) (2 * radius), (int) (2 * radius));
    g.setTransform(before);
  }

  void draw(BufferedImage image) {
    Rectangle box = box();
    for (int y = box.y; y < box.y + box.height; y++) {
      for (int x = box.x; x < box.x + box.width; x++) {
        double[] sum = new double[4];
        for (int i = 0; i < SAMPLES * SAMPLES; i++) {
          double u = (x + (i % SAMPLES + 0.5) / SAMPLES - cx) / radius;
          double v = (y + (i / SAMPLES + 0.5) / SAMPLES - cy) / radius;
          if (u * u + v * v < 1) {
            addSample(u, v, sum);
          }
        }
        blend(image, x, y, sum);
      }
    }
  }

  /** Mixes the mean of the samples into a pixel, as far as they cover it. */
  private static void blend(BufferedImage image, int x, int y, double[] sum) {
    double cover = sum[3] / (SAMPLES * SAMPLES);
    if (cover > 0) {
      int under = image.getRGB(x, y);
      double[] mixed = new double[3];
      for (int c = 0; c < 3; c++) {
        mixed[c] = Shade.mix(Shade.channelOf(under, c), sum[c] / sum[3], cover);
      }
      image.setRGB(x, y, Shade.rgb(mixed[0], mixed[1], mixed[2]));
    }
  }

  /** Adds red, green, blue and 1 for the place ({@code u}, {@code v}) of the unit disc. */
  private void addSample(double u, double v, double[] sum) {
    double[] normal = {u, v, Math.sqrt(1 - u * u - v * v)};
    double[] dented = dent(normal);
    double diffuse = Math.max(0, dot(dented, light));
    double gloss = StrictMath.pow(Math.max(0, dot(dented, half)), 40);
    double bounce = Math.max(0, normal[1]) * 0.22;
    double ambient = 0.34 + 0.10 * normal[2];
    double lit = ambient + 0.66 * diffuse;
    sum[0] += 245 * lit + 60 * gloss + 30 * bounce;
    sum[1] += 247 * lit + 60 * gloss + 120 * bounce;
    sum[2] += 250 * lit + 60 * gloss + 10 * bounce;
    sum[3]++;
  }

  /** The normal bent towards the centre of the dimple it lies in. */
  private double[] dent(double[] n) {
    double[] nearest = dimples[0];
    for (double[] dimple : dimples) {
      if (dot(n, dimple) > dot(n, nearest)) {
        nearest = dimple;
      }
    }
    double distance = Math.sqrt(Math.max(0, 2 - 2 * dot(n, nearest)));
    if (distance > DIMPLE_RADIUS) {
      return n;
    }
    double slope = 4.2 * (distance / DIMPLE_RADIUS);
    double bend = slope * (1 - 0.35 * distance / DIMPLE_RADIUS);
    return normalized(
        n[0] + bend * (nearest[0] - n[0]),
        n[1] + bend * (nearest[1] - n[1]),
        n[2] + bend * (nearest[2] - n[2]));
  }

  /** Evenly spread points: a spiral from pole to pole, one golden angle a step. */
  private static double[][] fibonacciSphere(int count) {
    double[][] points = new double[count][];
    double golden = StrictMath.PI * (3 - Math.sqrt(5));
    for (int i = 0; i < count; i++) {
      double a = 1 - 2 * (i + 0.5) / count;
      double ring = Math.sqrt(1 - a * a);
      double b = ring * StrictMath.cos(golden * i);
      double c = ring * StrictMath.sin(golden * i);
      // Tilted, so that no pole of the spiral looks at the camera.
      points[i] = normalized(b, 0.8 * a - 0.6 * c, 0.6 * a + 0.8 * c);
    }
    return points;
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static double[] normalized(double x, double y, double z) {
    double length = Math.sqrt(x * x + y * y + z * z);
    return new double[] {x / length, y / length, z / length};
  }
}
