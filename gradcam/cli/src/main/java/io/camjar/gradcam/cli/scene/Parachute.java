package io.camjar.gradcam.cli.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;

/**
 * A ram-air canopy of striped cells, its cords and the jumper below.
 *
 * <p>A place on the canopy is a seam number from 0 to {@link #CELLS} (fractions lie between seams)
 * and a chord from 0, the trailing edge on top, to 1, the leading edge where the cells open.
 */
final class Parachute {
  private static final int CELLS = 9;

  /** Half the angle that the arch of the canopy spans. */
  private static final double OPENING = 1.13;

  /** The bands that a cell's shading is made of. */
  private static final int BANDS = 12;

  private static final double TILT = -0.1;
  private static final Color[] STRIPES = {
    new Color(214, 40, 40), new Color(250, 246, 236), new Color(40, 70, 160)
  };

  private final double cx;
  private final double top;
  private final double half;
  private final Jumper jumper;

  /** A canopy of half span {@code half} with its crown at ({@code cx}, {@code top}). */
  Parachute(double cx, double top, double half) {
    this.cx = cx;
    this.top = top;
    this.half = half;
    this.jumper = new Jumper(cx, top + 1.62 * half, 0.2 * half);
  }

  /** The pixels that canopy, cords and jumper cover. */
  Rectangle box() {
    Path2D outline = new Path2D.Double();
    outline.moveTo(x(0, 0), y(0, 0));
    for (int seam = 0; seam <= CELLS; seam++) {
      outline.lineTo(x(seam, 0), y(seam, 0));
      outline.lineTo(x(seam, 1), y(seam, 1));
    }
    outline.append(jumper.bounds(), true);
    return tilt().createTransformedShape(outline).getBounds();
  }

  private AffineTransform tilt() {
    return AffineTransform.getRotateInstance(TILT, cx, jumper.shoulders());
  }

  void draw(Graphics2D g) {
    AffineTransform before = g.getTransform();
    g.transform(tilt());
    drawCords(g);
    for (int cell = 0; cell < CELLS; cell++) {
      drawCell(g, cell, STRIPES[cell % STRIPES.length]);
    }
    jumper.draw(g);
    g.setTransform(before);
  }

  private static double angle(double seam) {
    return (2 * seam / CELLS - 1) * OPENING;
  }

  private double x(double seam, double chord) {
    double along = StrictMath.sin(angle(seam)) / StrictMath.sin(OPENING);
    return cx + half * along * (1 - 0.1 * chord);
  }

  private double y(double seam, double chord) {
    double flat = StrictMath.cos(angle(seam));
    double arch = 0.62 * (1 - flat) / (1 - StrictMath.cos(OPENING));
    double depth = 0.56 * (0.45 + 0.55 * flat);
    return top + half * (arch + depth * chord);
  }

  private void drawCell(Graphics2D g, int cell, Color stripe) {
    double side = StrictMath.sin(angle(cell + 0.5));
    for (int band = 0; band < BANDS; band++) {
      double from = (double) band / BANDS;
      // Bands overlap, else antialiasing leaves a line between two.
      double to = Math.min(1, (band + 1.2) / BANDS);
      Path2D patch = new Path2D.Double();
      patch.moveTo(x(cell, from), y(cell, from));
      patch.lineTo(x(cell + 1, from), y(cell + 1, from));
      patch.lineTo(x(cell + 1, to), y(cell + 1, to));
      if (band == BANDS - 1) {
        curve(patch, cell + 0.5, 0.05, cell);
      } else {
        patch.lineTo(x(cell, to), y(cell, to));
      }
      patch.closePath();
      g.setColor(Shade.lit(stripe, 1.12 - 0.5 * from * from - 0.25 * side));
      g.fill(patch);
    }
    Path2D mouth = new Path2D.Double();
    mouth.moveTo(x(cell + 0.08, 1), y(cell + 0.08, 1));
    curve(mouth, cell + 0.5, 0.05, cell + 0.92);
    curve(mouth, cell + 0.5, -0.03, cell + 0.08);
    g.setColor(Shade.lit(stripe, 0.35));
    g.fill(mouth);
    g.setStroke(new BasicStroke(1));
    g.setColor(new Color(50, 16, 16, 110));
    g.draw(new Line2D.Double(x(cell, 0), y(cell, 0), x(cell, 1), y(cell, 1)));
  }

  /** Along the leading edge to seam {@code end}, bulging down by {@code bulge} half spans. */
  private void curve(Path2D path, double middle, double bulge, double end) {
    path.quadTo(x(middle, 1), y(middle, 1) + bulge * half, x(end, 1), y(end, 1));
  }

  private void drawCords(Graphics2D g) {
    g.setColor(new Color(30, 32, 44, 190));
    for (int seam = 0; seam <= CELLS; seam++) {
      double hand = jumper.handX(seam <= CELLS / 2 ? -1 : 1);
      g.setStroke(new BasicStroke(1.2f));
      g.draw(new Line2D.Double(x(seam, 1), y(seam, 1), hand, jumper.handY()));
      g.setStroke(new BasicStroke(0.8f));
      g.draw(new Line2D.Double(x(seam, 0.5), y(seam, 0.5), hand, jumper.handY()));
    }
  }
}
