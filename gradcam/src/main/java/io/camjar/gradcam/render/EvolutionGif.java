package io.camjar.gradcam.render;

import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Evolution.Panel;
import java.util.ArrayList;
import java.util.List;

/**
 * The maps of an {@link Evolution} one after the other, as an endless animation; several evolutions
 * of the same layers, of other classes or methods, run side by side.
 */
public final class EvolutionGif {
  private static final int PAPER = 0xffffff;
  private static final int INK = 0x16181d;
  private static final int FAINT = 0x767c88;
  private static final int RAIL = 0xd9dce2;

  private static final Lettering TITLE = new Lettering(12, 1.7, INK);
  private static final Lettering CAPTION = new Lettering(11, 1.35, FAINT);

  private static final int MAX_SIDE = 420;
  private static final int MAX_WIDTH = 2 * MAX_SIDE + MAX_SIDE / 2;
  private static final int MIN_WIDTH = 240;
  private static final int MARGIN = 14;
  private static final int HEADER = 44;
  private static final int FOOTER = 50;

  private static final int HUNDREDTHS_A_FRAME = 55;
  private static final int HUNDREDTHS_AT_THE_END = 220;

  private EvolutionGif() {}

  /**
   * The bytes of a GIF file.
   *
   * @param alpha the heat's share in each overlay, 0 to 1
   * @throws io.camjar.engine.CamjarException if there is nothing to show
   */
  public static byte[] encode(Evolution evolution, ColorMap colors, double alpha) {
    return encode(List.of(evolution), colors, alpha);
  }

  /**
   * The bytes of a GIF file that shows several evolutions side by side.
   *
   * @param alpha the heat's share in each overlay, 0 to 1
   * @throws io.camjar.engine.CamjarException if there is nothing to show, or the numbers of panels
   *     differ
   */
  public static byte[] encode(List<Evolution> evolutions, ColorMap colors, double alpha) {
    int count = Evolution.layersOf(evolutions);
    int side = Math.min(MAX_SIDE, MAX_WIDTH / evolutions.size());
    List<Evolution> fitted = evolutions.stream().map(e -> e.fitted(side, side)).toList();
    List<RgbImage> frames = new ArrayList<>();
    List<Integer> delays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(frame(fitted, i, colors, alpha));
      delays.add(i == count - 1 ? HUNDREDTHS_AT_THE_END : HUNDREDTHS_A_FRAME);
    }
    return Gif.encode(frames, delays);
  }

  private static RgbImage frame(
      List<Evolution> evolutions, int index, ColorMap colors, double alpha) {
    int width = evolutions.stream().mapToInt(EvolutionGif::width).sum();
    int height = evolutions.stream().mapToInt(e -> e.picture().height()).max().orElseThrow();
    Canvas canvas = new Canvas(width, HEADER + height + FOOTER, PAPER);
    int left = 0;
    for (Evolution evolution : evolutions) {
      strip(canvas, evolution, index, left, colors, alpha);
      left += width(evolution);
    }
    return canvas.toImage();
  }

  private static int width(Evolution evolution) {
    return Math.max(evolution.picture().width(), MIN_WIDTH) + 2 * MARGIN;
  }

  private static void strip(
      Canvas canvas, Evolution evolution, int index, int left, ColorMap colors, double alpha) {
    RgbImage picture = evolution.picture();
    Panel panel = evolution.panels().get(index);
    int width = width(evolution);
    int from = left + MARGIN;
    double space = width - 2.0 * MARGIN;
    TITLE.draw(canvas, TITLE.fitted(evolution.heading(), space), from, 28);
    RgbImage drawn = evolution.drawn(panel, colors, alpha);
    canvas.image(drawn, left + (width - picture.width()) / 2, HEADER, 0);
    int below = HEADER + picture.height();
    rail(canvas, index, evolution.panels().size(), from, below + 10, space);
    String right = panel.ok() ? panel.size() : panel.reason();
    double rest = space - CAPTION.width(right) - 6;
    TITLE.draw(canvas, TITLE.fitted(panel.title(), rest), from, below + 37);
    CAPTION.drawRight(canvas, right, from + space, below + 37);
  }

  /** How far along the network the frame is. */
  private static void rail(
      Canvas canvas, int index, int count, double left, int top, double width) {
    double step = width / count;
    for (int i = 0; i < count; i++) {
      canvas.pill(left + i * step, top, step - 3, 4, 2, i <= index ? INK : RAIL);
    }
  }
}
