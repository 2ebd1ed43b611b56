package io.camjar.gradcam.cli.scene;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Who hangs on a parachute, both hands on the risers. */
final class Jumper {
  private static final Color SUIT = new Color(34, 42, 74);
  private static final Color BOOTS = new Color(24, 26, 36);
  private static final Color HARNESS = new Color(214, 60, 40);
  private static final Color SKIN = new Color(228, 186, 156);
  private static final Color HELMET = new Color(240, 240, 244);

  private final double cx;
  private final double shoulders;
  private final double unit;

  /**
   * A jumper about {@code 4.7 * unit} tall whose shoulders are at ({@code cx}, {@code shoulders}).
   */
  Jumper(double cx, double shoulders, double unit) {
    this.cx = cx;
    this.shoulders = shoulders;
    this.unit = unit;
  }

  double shoulders() {
    return shoulders;
  }

  /** Where the left (-1) or right (1) hand is. */
  double handX(int side) {
    return cx + 0.75 * unit * side;
  }

  double handY() {
    return shoulders - 0.5 * unit;
  }

  Rectangle2D bounds() {
    return new Rectangle2D.Double(cx - 1.2 * unit, shoulders - 0.8 * unit, 2.4 * unit, 5 * unit);
  }

  void draw(Graphics2D g) {
    for (int side = -1; side <= 1; side += 2) {
      limb(g, SUIT, 0.42, 0.52 * side, 0.62, 0.95 * side, 0.1);
      limb(g, SUIT, 0.36, 0.95 * side, 0.1, 0.75 * side, -0.6);
      limb(g, SUIT, 0.55, 0.3 * side, 2.2, 0.5 * side, 3.0);
      limb(g, SUIT, 0.45, 0.5 * side, 3.0, 0.36 * side, 3.8);
      limb(g, BOOTS, 0.42, 0.36 * side, 3.9, 0.52 * side, 3.98);
    }
    oval(g, SUIT, 0.35, 1.36, 2.2);
    oval(g, HARNESS, 0.7, 0.6, 1.0);
    limb(g, BOOTS, 0.14, -0.55, 1.9, 0.55, 1.9);
    oval(g, SKIN, -0.42, 0.72, 0.86);
    g.setColor(HELMET);
    g.fill(
        new Arc2D.Double(
            cx - 0.43 * unit,
            shoulders - 0.6 * unit,
            0.86 * unit,
            0.95 * unit,
            0,
            180,
            Arc2D.CHORD));
  }

  /** A rounded stroke; all lengths in units, from the point between the shoulders. */
  private void limb(
      Graphics2D g, Color colour, double width, double x0, double y0, double x1, double y1) {
    g.setColor(colour);
    g.setStroke(
        new BasicStroke((float) (width * unit), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(
        new Line2D.Double(
            cx + x0 * unit, shoulders + y0 * unit, cx + x1 * unit, shoulders + y1 * unit));
  }

  private void oval(Graphics2D g, Color colour, double top, double width, double height) {
    g.setColor(colour);
    g.fill(
        new Ellipse2D.Double(
            cx - width / 2 * unit, shoulders + top * unit, width * unit, height * unit));
  }
}
