package io.camjar.gradcam.render;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text in camjar's own strokes, so that a machine without fonts draws the same.
 *
 * @param capital height of a capital letter in pixels
 * @param weight thickness of a stroke in pixels
 * @param color {@code 0xrrggbb}
 */
record Lettering(double capital, double weight, int color) {
  /** Space between letters, in tenths of a capital's height. */
  private static final double GAP = 2.5;

  private static final String ELLIPSIS = "…";

  /** A number at the end, and a word behind it. */
  private static final Pattern FIGURE = Pattern.compile(" -?\\d+\\.\\d+(, bare)?$");

  /** How many pixels {@code text} takes along a line. */
  double width(String text) {
    return plain(text).codePoints().mapToDouble(c -> Glyph.of(c).width() + GAP).sum() * scale();
  }

  /** {@code text}, or as much of its beginning as fits into {@code pixels}. */
  String fitted(String text, double pixels) {
    if (width(text) <= pixels) {
      return text;
    }
    String shorter = text;
    while (!shorter.isEmpty() && width(shorter + ELLIPSIS) > pixels) {
      shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
    }
    return shorter.stripTrailing() + ELLIPSIS;
  }

  /**
   * {@code text}, made to fit into {@code pixels}: if it ends in a figure, as in {@code class
   * 0.78}, what stands before the figure is cut, so that no name pushes the figure away.
   */
  String fittedWithFigure(String text, double pixels) {
    Matcher figure = FIGURE.matcher(text);
    if (width(text) <= pixels || !figure.find()) {
      return fitted(text, pixels);
    }
    String end = figure.group();
    return fitted(text.substring(0, figure.start()), pixels - width(end)) + end;
  }

  /** Draws {@code text} with its left edge at {@code x} and its base line at {@code baseline}. */
  void draw(Canvas canvas, String text, double x, double baseline) {
    double at = x + weight / 2;
    for (int character : plain(text).codePoints().toArray()) {
      Glyph glyph = Glyph.of(character);
      stroke(canvas, glyph, at, baseline);
      at += (glyph.width() + GAP) * scale();
    }
  }

  /** Draws {@code text} with its right edge at {@code x}. */
  void drawRight(Canvas canvas, String text, double x, double baseline) {
    draw(canvas, text, x - width(text) + GAP * scale() - weight, baseline);
  }

  /** Letters without their accents: better than a box. */
  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
  }

  private double scale() {
    return capital / 10;
  }

  private void stroke(Canvas canvas, Glyph glyph, double left, double baseline) {
    if (glyph.segments().isEmpty()) {
      return;
    }
    double reach = weight / 2 + 1;
    int x0 = (int) Math.floor(left - scale() * 3 - reach);
    int x1 = (int) Math.ceil(left + scale() * (glyph.width() + 3) + reach);
    int y0 = (int) Math.floor(baseline - scale() * 12 - reach);
    int y1 = (int) Math.ceil(baseline + scale() * 4 + reach);
    for (int y = y0; y <= y1; y++) {
      double v = (baseline - (y + 0.5)) / scale();
      for (int x = x0; x <= x1; x++) {
        double u = (x + 0.5 - left) / scale();
        double nearest = Double.MAX_VALUE;
        for (float[] segment : glyph.segments()) {
          nearest = Math.min(nearest, squaredDistance(segment, u, v));
        }
        canvas.blend(x, y, color, weight / 2 + 0.5 - Math.sqrt(nearest) * scale());
      }
    }
  }

  private static double squaredDistance(float[] segment, double x, double y) {
    double dx = segment[2] - segment[0];
    double dy = segment[3] - segment[1];
    double length = dx * dx + dy * dy;
    double along = length == 0 ? 0 : ((x - segment[0]) * dx + (y - segment[1]) * dy) / length;
    double t = Math.max(0, Math.min(1, along));
    double ex = segment[0] + t * dx - x;
    double ey = segment[1] + t * dy - y;
    return ex * ex + ey * ey;
  }
}
