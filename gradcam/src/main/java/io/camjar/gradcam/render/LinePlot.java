package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Lines over two axes that begin at zero, the upright one below it if a value is, drawn with
 * camjar's own letters: plotting libraries such as XChart draw with AWT's fonts, and on a server
 * without any the JDK throws "Fontconfig head is null".
 *
 * @param title above the plot
 * @param xLabel what runs to the right, with its unit
 * @param yLabel what runs upwards, with its unit
 * @param lines what is drawn, at most {@link #MOST_LINES}
 */
public record LinePlot(String title, String xLabel, String yLabel, List<Line> lines) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 78;
  private static final int RIGHT = 24;
  private static final int TOP = 74;
  private static final int BOTTOM = 62;
  private static final int PAPER = 0xffffff;
  private static final int GRID = 0xdddddd;
  private static final int INK = 0x222222;
  private static final int[] COLORS = {
    0x1f5fa8, 0xd0622b, 0x2f8f4e, 0x7a4fa3, 0xa8891f, 0x4aa3b5, 0xb5345e, 0x6b6b6b
  };

  /** As many lines as there are colours. */
  public static final int MOST_LINES = COLORS.length;

  private static final Lettering HEADING = new Lettering(13, 1.8, INK);
  private static final Lettering TEXT = new Lettering(9, 1.2, INK);
  private static final int INTERVALS = 5;

  /**
   * One line.
   *
   * @param name in the legend
   * @param x places to the right, ascending
   * @param y heights, as many
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
  public record Line(String name, double[] x, double[] y) {
    public Line {
      if (x.length == 0 || x.length != y.length) {
        throw new IllegalArgumentException(
            "%s has %d places and %d heights".formatted(name, x.length, y.length));
      }
    }
  }

  /**
   * A plot.
   *
   * @throws IllegalArgumentException if it has no line, or too many to be told apart
   */
  public LinePlot {
    lines = List.copyOf(lines);
    if (lines.isEmpty() || lines.size() > MOST_LINES) {
      throw new IllegalArgumentException(
          "a plot has one to %d lines, not %d".formatted(MOST_LINES, lines.size()));
    }
  }

  /** The image. */
  public RgbImage draw() {
    Canvas canvas = new Canvas(WIDTH, HEIGHT, PAPER);
    double xStep = step(lines.stream().mapToDouble(line -> max(line.x())).max().orElse(1));
    Heights heights = Heights.of(lines);
    HEADING.draw(canvas, title, LEFT, 26);
    TEXT.draw(canvas, yLabel, LEFT, TOP - 12);
    TEXT.drawRight(canvas, xLabel, WIDTH - RIGHT, HEIGHT - 14);
    for (int i = 0; i <= INTERVALS; i++) {
      int x = (int) Math.round(LEFT + (double) i / INTERVALS * plotWidth());
      canvas.fill(x, TOP, 1, plotHeight(), i == 0 ? INK : GRID);
      String mark = number(i * xStep);
      TEXT.draw(canvas, mark, x - TEXT.width(mark) / 2, HEIGHT - BOTTOM + 20);
    }
    for (int i = -heights.below; i <= heights.above; i++) {
      int y = (int) Math.round(heights.at(i * heights.step));
      canvas.fill(LEFT, y, plotWidth(), 1, i == 0 ? INK : GRID);
      TEXT.drawRight(canvas, number(i * heights.step), LEFT - 8, y + 4);
    }
    double legend = LEFT;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      draw(canvas, line, xStep * INTERVALS, heights, COLORS[i]);
      Lettering name = new Lettering(9, 1.4, COLORS[i]);
      name.draw(canvas, line.name(), legend, 46);
      legend += name.width(line.name()) + 24;
    }
    return canvas.toImage();
  }

  /**
   * Several plots in one image, row by row.
   *
   * @param across how many next to each other
   */
  public static RgbImage sheet(List<LinePlot> plots, int across) {
    int down = (plots.size() + across - 1) / across;
    Canvas canvas = new Canvas(across * WIDTH, down * HEIGHT, PAPER);
    for (int i = 0; i < plots.size(); i++) {
      canvas.image(plots.get(i).draw(), i % across * WIDTH, i / across * HEIGHT, 0);
    }
    return canvas.toImage();
  }

  private static void draw(Canvas canvas, Line line, double xEnd, Heights heights, int color) {
    double[] x = new double[line.x().length];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = LEFT + line.x()[i] / xEnd * plotWidth();
      y[i] = heights.at(line.y()[i]);
      canvas.pill(x[i] - 3.5, y[i] - 3.5, 7, 7, 3.5, color);
      if (i > 0) {
        stroke(canvas, x[i - 1], y[i - 1], x[i], y[i], color);
      }
    }
  }

  /**
   * The upright axis.
   *
   * @param step between two lines of the grid
   * @param below steps below zero
   * @param above steps above zero
   */
  private record Heights(double step, int below, int above) {
    static Heights of(List<Line> lines) {
      double highest = 0;
      double lowest = 0;
      for (Line line : lines) {
        highest = Math.max(highest, max(line.y()));
        lowest = Math.min(lowest, -max(Arrays.stream(line.y()).map(y -> -y).toArray()));
      }
      double step = LinePlot.step(Math.max(highest, -lowest));
      int below = (int) Math.ceil(-lowest / step);
      return new Heights(step, below, below == 0 ? INTERVALS : (int) Math.ceil(highest / step));
    }

    /** Where a value lies, in pixels from the top. */
    double at(double value) {
      return HEIGHT - BOTTOM - (value / step + below) / (below + above) * plotHeight();
    }
  }

  /** A straight line as small dots, half a pixel apart. */
  private static void stroke(Canvas canvas, double x0, double y0, double x1, double y1, int color) {
    int dots = (int) Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0));
    for (int i = 0; i <= dots; i++) {
      double t = dots == 0 ? 0 : (double) i / dots;
      canvas.pill(x0 + t * (x1 - x0) - 1, y0 + t * (y1 - y0) - 1, 2, 2, 1, color);
    }
  }

  /** The smallest of 1, 2, 2.5 and 5 times a power of ten with which the axis holds the value. */
  static double step(double max) {
    if (!(max > 0) || Double.isInfinite(max)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(max / INTERVALS)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (factor * power * INTERVALS >= max * (1 - 1e-12)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  private static double max(double[] values) {
    double max = 0;
    for (double value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  private static int plotWidth() {
    return WIDTH - LEFT - RIGHT;
  }

  private static int plotHeight() {
    return HEIGHT - TOP - BOTTOM;
  }
}
