package io.camjar.gradcam.render;

import io.camjar.engine.statistics.Bins;
import io.camjar.gradcam.image.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What flows through a network as a sheet: a row a point, in the order of the network, and panels
 * of activations and gradients next to it. Histograms are shown as fastai's colour dimension, a
 * colour a bin, brighter where more values are.
 */
public final class FlowSheet {
  private static final int MARGIN = SheetInk.MARGIN;
  private static final int NAMES = 250;
  private static final int STRIP = 190;
  private static final int PLOT = 170;
  private static final int GAP = 22;
  private static final int HEADINGS = 58;
  private static final int FOOT = 30;
  private static final int ROW = 15;
  private static final int INK = 0x16181d;
  private static final int FAINT = 0xe6e8ec;
  private static final int BLUE = 0x1f5fa8;
  private static final int ORANGE = 0xd0622b;
  private static final int GREEN = 0x2f8f4e;
  private static final int RED = 0xc22b2b;

  private static final Lettering TITLE = new Lettering(15, 2, INK);
  private static final Lettering NOTE = new Lettering(10, 1.25, 0x767c88);
  private static final Lettering HEADING = new Lettering(10, 1.4, INK);
  private static final Lettering NAME = new Lettering(8, 1.1, INK);
  private static final Lettering BAD = new Lettering(8, 1.3, RED);
  private static final Lettering MARK = new Lettering(7, 1, 0x767c88);

  private final List<Row> rows;
  private final Canvas canvas;
  private final int top;

  /**
   * A point.
   *
   * @param name left of its row
   * @param flagged whether something is wrong there
   * @param activation what is drawn of its values
   * @param gradient what is drawn of its gradient; null if there is none
   */
  public record Row(String name, boolean flagged, Figures activation, @Nullable Figures gradient) {}

  /**
   * Figures of a tensor; what is not finite is not drawn.
   *
   * @param bins a histogram, of the same bins in every row
   * @param nearZero share of values
   * @param dead share of units
   */
  @SuppressWarnings("ArrayRecordComponent") // Drawn and dropped; never compared.
  public record Figures(
      long[] bins, double mean, double std, double norm, double nearZero, double dead) {}

  private FlowSheet(String title, List<String> notes, List<Row> rows) {
    this.rows = rows;
    this.top = SheetInk.HEADER + Math.max(0, notes.size() - 1) * 18 + HEADINGS;
    int width = 2 * MARGIN + NAMES + 2 * STRIP + 3 * PLOT + 5 * GAP;
    this.canvas = new Canvas(width, top + rows.size() * ROW + FOOT, SheetInk.PAPER);
    TITLE.draw(canvas, TITLE.fitted(title, width - 2.0 * MARGIN), MARGIN, 44);
    for (int i = 0; i < notes.size(); i++) {
      NOTE.draw(canvas, NOTE.fitted(notes.get(i), width - 2.0 * MARGIN), MARGIN, 70 + 18 * i);
    }
  }

  /** Draws the sheet; needs no fonts and no display. */
  public static RgbImage draw(String title, List<String> notes, List<Row> rows) {
    FlowSheet sheet = new FlowSheet(title, notes, List.copyOf(rows));
    sheet.names();
    int x = MARGIN + NAMES;
    sheet.strip(x, "activations", "values, powers of two", Row::activation);
    x += STRIP + GAP;
    sheet.plot(
        x,
        "mean and std",
        List.of(
            new Series("|mean|", ORANGE, row -> Math.abs(row.activation().mean())),
            new Series("std", BLUE, row -> row.activation().std())));
    x += PLOT + GAP;
    sheet.shares(x);
    x += PLOT + GAP;
    sheet.strip(x, "gradients", "values, powers of two", Row::gradient);
    x += STRIP + GAP;
    sheet.plot(
        x,
        "gradient norm and std",
        List.of(
            new Series("norm", BLUE, row -> figure(row.gradient(), Figures::norm)),
            new Series("std", ORANGE, row -> figure(row.gradient(), Figures::std))));
    return sheet.canvas.toImage();
  }

  private static double figure(@Nullable Figures of, ToDoubleFunction<Figures> which) {
    return of == null ? Double.NaN : which.applyAsDouble(of);
  }

  private record Series(String name, int color, ToDoubleFunction<Row> values) {}

  private void names() {
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      Lettering letters = row.flagged() ? BAD : NAME;
      int y = top + i * ROW;
      if (i % 2 == 1) {
        canvas.fill(MARGIN, y, NAMES - 8, ROW, 0xf6f7f9);
      }
      letters.draw(canvas, letters.fitted(row.name(), NAMES - 16.0), MARGIN + 2, y + 11.5);
    }
  }

  private interface Which {
    @Nullable Figures of(Row row);
  }

  private void strip(int left, String heading, String axis, Which which) {
    HEADING.draw(canvas, heading, left, top - HEADINGS + 20);
    int bins = 0;
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (Row row : rows) {
      Figures figures = which.of(row);
      for (int bin = 0; figures != null && bin < figures.bins().length; bin++) {
        bins = figures.bins().length;
        if (figures.bins()[bin] > 0) {
          first = Math.min(first, bin);
          last = Math.max(last, bin);
        }
      }
    }
    if (last < 0) {
      NOTE.draw(canvas, "none", left, top + 14);
      return;
    }
    int reach = Math.max(Math.abs(first - bins / 2), Math.abs(last - bins / 2));
    int from = bins / 2 - reach;
    double cell = (double) STRIP / (2 * reach + 1);
    for (int i = 0; i < rows.size(); i++) {
      Figures figures = which.of(rows.get(i));
      if (figures != null) {
        strip(figures.bins(), left, top + i * ROW, from, cell);
      }
    }
    MARK.draw(canvas, axis, left, top - HEADINGS + 36);
    mark("0", left + STRIP / 2.0);
    String end = power(reach);
    MARK.draw(canvas, "-" + end, left, top - 5);
    MARK.drawRight(canvas, end, left + STRIP, top - 5);
  }

  /** The edge of the bin that is so many bins from zero. */
  private static String power(int reach) {
    int exponent = Bins.LOWEST + reach;
    return number(Math.scalb(1.0, exponent));
  }

  private void strip(long[] bins, int left, int y, int from, double cell) {
    long most = 1;
    for (long count : bins) {
      most = Math.max(most, count);
    }
    for (int x = 0; x < STRIP; x++) {
      long count = bins[Math.min(bins.length - 1, from + (int) (x / cell))];
      float share = (float) (Math.log1p(count) / Math.log1p(most));
      canvas.fill(left + x, y, 1, ROW - 1, color(share));
    }
  }

  private static int color(float share) {
    return ColorMap.MAGMA.rgb(ColorMap.index(share));
  }

  private void plot(int left, String heading, List<Series> series) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Series one : series) {
      for (Row row : rows) {
        double value = one.values().applyAsDouble(row);
        if (value > 0 && Double.isFinite(value)) {
          low = Math.min(low, Math.log10(value));
          high = Math.max(high, Math.log10(value));
        }
      }
    }
    heading(left, heading, series);
    if (low > high) {
      NOTE.draw(canvas, "none", left, top + 14);
      return;
    }
    int from = (int) Math.floor(low);
    int to = Math.max(from + 1, (int) Math.ceil(high));
    int step = Math.max(1, (to - from + 4) / 5);
    for (int power = from; power <= to; power += step) {
      double x = left + (double) (power - from) / (to - from) * PLOT;
      canvas.fill((int) Math.round(x), top, 1, rows.size() * ROW, FAINT);
      mark(number(Math.pow(10, power)), x);
    }
    for (Series one : series) {
      double lastX = Double.NaN;
      double lastY = Double.NaN;
      for (int i = 0; i < rows.size(); i++) {
        double value = one.values().applyAsDouble(rows.get(i));
        double x = left + (Math.log10(value) - from) / (to - from) * PLOT;
        double y = top + (i + 0.5) * ROW;
        if (value > 0 && Double.isFinite(value)) {
          stroke(lastX, lastY, x, y, one.color());
          canvas.pill(x - 2.5, y - 2.5, 5, 5, 2.5, one.color());
          lastX = x;
          lastY = y;
        }
      }
    }
  }

  private void heading(int left, String heading, List<Series> series) {
    HEADING.draw(canvas, HEADING.fitted(heading, PLOT), left, top - HEADINGS + 20);
    double x = left;
    for (Series one : series) {
      canvas.pill(x, top - HEADINGS + 29, 6, 6, 3, one.color());
      MARK.draw(canvas, one.name(), x + 10, top - HEADINGS + 36);
      x += 22 + MARK.width(one.name());
    }
  }

  private void stroke(double x0, double y0, double x1, double y1, int color) {
    if (Double.isNaN(x0)) {
      return;
    }
    int dots = (int) Math.ceil(Math.hypot(x1 - x0, y1 - y0));
    for (int i = 0; i <= dots; i++) {
      double t = dots == 0 ? 0 : (double) i / dots;
      canvas.pill(x0 + t * (x1 - x0) - 0.6, y0 + t * (y1 - y0) - 0.6, 1.2, 1.2, 0.6, color);
    }
  }

  private void shares(int left) {
    List<Series> series = new ArrayList<>();
    series.add(new Series("near zero", GREEN, row -> row.activation().nearZero()));
    series.add(new Series("dead units", RED, row -> row.activation().dead()));
    heading(left, "shares", series);
    for (int i = 0; i <= 2; i++) {
      double x = left + i * PLOT / 2.0;
      canvas.fill((int) Math.round(x), top, 1, rows.size() * ROW, FAINT);
      mark(50 * i + " %", x);
    }
    for (int i = 0; i < rows.size(); i++) {
      int y = top + i * ROW;
      bar(left, y + 3, 4, rows.get(i).activation().nearZero(), GREEN);
      bar(left, y + 8, 4, rows.get(i).activation().dead(), RED);
    }
  }

  private void bar(int left, int y, int height, double share, int color) {
    canvas.pill(left, y, Math.max(0, share) * PLOT, height, 0, color);
  }

  private void mark(String text, double x) {
    MARK.draw(canvas, text, x - MARK.width(text) / 2, top - 5);
  }

  private static String number(double value) {
    return value >= 0.01 && value < 10_000
        ? String.format(Locale.ROOT, "%.3g", value)
            .replaceAll("(\\.\\d*?)0+$", "$1")
            .replaceAll("\\.$", "")
        : String.format(Locale.ROOT, "%.0e", value)
            .replaceAll("e([+-])0?", "e$1")
            .replace("e+", "e");
  }
}
