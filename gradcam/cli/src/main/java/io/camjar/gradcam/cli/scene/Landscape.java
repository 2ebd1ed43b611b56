package io.camjar.gradcam.cli.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.QuadCurve2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/** An evening sky over a lawn: what the objects stand before. */
final class Landscape {
  private static final double[] ZENITH = {92, 146, 144};
  private static final double[] GLOW = {241, 178, 133};

  private final int size;
  private final int horizon;

  /** A square landscape whose lawn begins at row {@code horizon}. */
  Landscape(int size, int horizon) {
    this.size = size;
    this.horizon = horizon;
  }

  void draw(BufferedImage image) {
    ValueNoise clouds = new ValueNoise(7);
    ValueNoise soil = new ValueNoise(11);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        image.setRGB(x, y, y < horizon ? sky(clouds, x, y) : ground(soil, x, y));
      }
    }
  }

  private int sky(ValueNoise clouds, int x, int y) {
    double low = y / (double) horizon;
    double cover = clouds.at(x / 235.0, y / 94.0);
    double cloud = 0.62 * Math.max(0, Math.min(1, (cover - 0.34) * 3.6));
    double tone = 250 - 37 * clouds.at(x / 90.0 + 31, y / 50.0 + 17);
    double[] colour = new double[3];
    for (int c = 0; c < 3; c++) {
      colour[c] = Shade.mix(Shade.mix(ZENITH[c], GLOW[c], low), tone, cloud);
    }
    return Shade.rgb(colour[0], colour[1], colour[2]);
  }

  private int ground(ValueNoise soil, int x, int y) {
    double near = near(y);
    double patch = 0.75 + 0.5 * soil.at(x / (20 + 60 * near), y / (8 + 30 * near));
    return Shade.rgb(
        Shade.mix(96, 52, near) * patch,
        Shade.mix(142, 112, near) * patch,
        Shade.mix(62, 30, near) * patch);
  }

  /** 0 at the horizon, 1 at the lower edge. */
  private double near(int y) {
    return (y - horizon) / (double) (size - horizon);
  }

  /** Blades of grass whose roots lie in rows {@code from} to {@code to}, the far ones first. */
  void drawGrass(Graphics2D g, int from, int to, int seed) {
    Random random = new Random(seed);
    for (int y = from; y < to; y++) {
      double near = near(y);
      float width = (float) (0.6 + 1.3 * near);
      g.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      int blades = (int) (size / (2.5 + 3 * near));
      for (int i = 0; i < blades; i++) {
        drawBlade(g, random, y, 3 + 16 * near);
      }
    }
  }

  private void drawBlade(Graphics2D g, Random random, int root, double length) {
    double x = random.nextDouble() * size;
    double lean = (random.nextDouble() - 0.5) * length;
    double tall = length * (0.6 + 0.7 * random.nextDouble());
    double light = 0.55 + 0.75 * random.nextDouble();
    double dry = random.nextDouble() * 0.35;
    g.setColor(
        new Color(
            Shade.rgb(
                Shade.mix(70, 150, dry) * light,
                Shade.mix(140, 160, dry) * light,
                Shade.mix(38, 60, dry) * light)));
    g.draw(
        new QuadCurve2D.Double(x, root, x + lean * 0.2, root - tall * 0.6, x + lean, root - tall));
  }
}
