package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.Locale;

/**
 * How sheets draw headings, captions and panels.
 *
 * @param canvas where to
 * @param colors of the maps
 * @param alpha the heat's share in overlays
 */
record SheetInk(Canvas canvas, ColorMap colors, double alpha) {
  static final int PAPER = 0xffffff;
  static final int MARGIN = 36;
  static final int HEADER = 92;
  static final int CAPTION_ROW = 34;

  private static final int INK = 0x16181d;
  private static final int FAINT = 0x767c88;
  private static final int BADGE_FILL = 0x4a5060;
  private static final double RADIUS = 6;

  private static final Lettering HEADING = new Lettering(19, 2.6, INK);
  private static final Lettering NOTE = new Lettering(11, 1.35, FAINT);
  private static final Lettering TITLE = new Lettering(11, 1.6, INK);
  private static final Lettering CAPTION = new Lettering(10, 1.25, FAINT);
  private static final Lettering BADGE = new Lettering(10, 1.4, PAPER);

  /** A heading with a note below it, and at the right what the colours mean. */
  void header(String heading, String note, int top, int width) {
    int bar = Math.min(200, width / 4);
    int left = width - MARGIN - bar;
    double space = left - 2.0 * MARGIN;
    HEADING.draw(canvas, HEADING.fittedWithFigure(heading, space), MARGIN, top + 46);
    NOTE.draw(canvas, NOTE.fitted(note, space), MARGIN, top + 72);
    for (int x = 0; x < bar; x++) {
      canvas.fill(left + x, top + 32, 1, 12, colors.rgb(x * 255 / (bar - 1)));
    }
    CAPTION.draw(canvas, "0", left, top + 64);
    CAPTION.drawRight(canvas, "1", width - MARGIN, top + 64);
    String name = colors.name().toLowerCase(Locale.ROOT);
    CAPTION.draw(canvas, name, left + (bar - CAPTION.width(name)) / 2, top + 64);
  }

  /** A title at the left and a remark at the right of a line {@link #CAPTION_ROW} high. */
  void caption(String title, String remark, int left, int top, int width) {
    double space = width - CAPTION.width(remark) - 6;
    TITLE.draw(canvas, TITLE.fitted(title, space), left, top + 22);
    CAPTION.drawRight(canvas, remark, left + width, top + 22);
  }

  /** A faint line of text, cut to a width. */
  void remark(String text, int left, int top, int width) {
    CAPTION.draw(canvas, CAPTION.fittedWithFigure(text, width), left, top + 22);
  }

  /** A faint line of text with more of it at the right, which is cut if there is no room. */
  void remarks(String text, String more, int left, int top, int width) {
    remark(text, left, top, width);
    double space = width - CAPTION.width(text) - 12;
    CAPTION.drawRight(canvas, CAPTION.fitted(more, space), left + width, top + 22);
  }

  /** An image. */
  void picture(RgbImage picture, int left, int top) {
    canvas.image(picture, left, top, RADIUS);
  }

  /** A panel, and why it is empty if it is. */
  void panel(Evolution evolution, Panel panel, int left, int top) {
    picture(evolution.drawn(panel, colors, alpha), left, top);
    if (!panel.ok()) {
      badge(panel.reason(), evolution.picture(), left, top);
    }
  }

  private void badge(String reason, RgbImage picture, int left, int top) {
    String text = BADGE.fitted(reason, picture.width() - 28.0);
    double width = BADGE.width(text) + 20;
    double x = left + (picture.width() - width) / 2;
    double y = top + picture.height() / 2.0 - 13;
    canvas.pill(x, y, width, 26, 13, BADGE_FILL);
    BADGE.draw(canvas, text, x + 11, y + 18);
  }
}
