package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import java.util.Arrays;
import java.util.List;

/**
 * Maps along a network, from the first layer to the last, of one image.
 *
 * @param picture the image
 * @param region the rectangle of it that the network saw, in its pixels
 * @param heading what is shown, {@code golf ball 0.78} say
 * @param note how it was made, {@code Grad-CAM, resnet34, ball.png} say
 * @param panels the maps in network order
 * @param laidOver whether maps are laid over the image; else they are shown bare
 */
public record Evolution(
    RgbImage picture,
    Box region,
    String heading,
    String note,
    List<Panel> panels,
    boolean laidOver) {
  private static final int EMPTY = 0xe4;

  /** Keeps a copy of the list. */
  public Evolution {
    panels = List.copyOf(panels);
  }

  /** Maps laid over the image. */
  public Evolution(RgbImage picture, Box region, String heading, String note, List<Panel> panels) {
    this(picture, region, heading, note, panels, true);
  }

  /** The same under another heading. */
  public Evolution headed(String other) {
    return new Evolution(picture, region, other, note, panels, laidOver);
  }

  /** The same with another note. */
  public Evolution noted(String other) {
    return new Evolution(picture, region, heading, other, panels, laidOver);
  }

  /** The same without the image under the maps. */
  public Evolution bare() {
    return new Evolution(picture, region, heading + ", bare", note, panels, false);
  }

  /**
   * One map.
   *
   * @param title the layer's name
   * @param map its values; only its sides are used when the status is not {@code ok}
   * @param status {@code ok}, or in words why there is nothing to show, as in the record
   */
  public record Panel(String title, ScaledMap map, String status) {
    boolean ok() {
      return status.equals("ok");
    }

    /** The map's size as a caption. */
    String size() {
      return map.height() + " × " + map.width();
    }

    /** Why there is nothing to show, for readers. */
    String reason() {
      return status.equals("non-finite") ? "values not finite" : status.replace('-', ' ');
    }
  }

  /**
   * How many layers these evolutions have, all of them the same number.
   *
   * @throws CamjarException if there are none, or the numbers differ
   */
  static int layersOf(List<Evolution> evolutions) {
    List<Integer> counts = evolutions.stream().map(e -> e.panels().size()).distinct().toList();
    if (counts.size() != 1 || counts.get(0) == 0) {
      throw new CamjarException(
          "To be shown together, evolutions need the same number of layers, one or more; these have"
              + " "
              + counts
              + ".");
    }
    return counts.get(0);
  }

  /** The same with the image made to fit into a rectangle, never enlarged more than fourfold. */
  Evolution fitted(int maxWidth, int maxHeight) {
    double scale =
        Math.min(
            4,
            Math.min((double) maxWidth / picture.width(), (double) maxHeight / picture.height()));
    int width = Math.max((int) Math.round(picture.width() * scale), 1);
    int height = Math.max((int) Math.round(picture.height() * scale), 1);
    double x = (double) width / picture.width();
    double y = (double) height / picture.height();
    Box smaller =
        new Box(region.left() * x, region.top() * y, region.right() * x, region.bottom() * y);
    RgbImage resized = PillowResize.resize(picture, width, height, Resample.LANCZOS);
    return new Evolution(resized, smaller, heading, note, panels, laidOver);
  }

  /**
   * One panel as an image: the overlay, or the gray image where there is nothing to show; bare maps
   * are plain gray where there is nothing to show. What the network did not see looks the same in
   * all of them, see {@link Unseen}.
   */
  RgbImage drawn(Panel panel, ColorMap colors, double alpha) {
    if (!panel.ok()) {
      return Unseen.outside(laidOver ? faded(picture.gray(), 0.65) : empty(), region);
    }
    MapView view = MapView.of(picture, region, panel.map());
    return laidOver ? view.overlay(colors, alpha) : view.heatMap(colors);
  }

  private RgbImage empty() {
    byte[] out = picture.toBytes();
    Arrays.fill(out, (byte) EMPTY);
    return RgbImage.of(picture.width(), picture.height(), out);
  }

  /** The image itself with what the network did not see shown as such. */
  RgbImage seen() {
    return Unseen.outside(picture, region);
  }

  /** Mixes white into all pixels. */
  private static RgbImage faded(RgbImage image, double white) {
    byte[] out = image.toBytes();
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) Math.round((out[i] & 0xff) * (1 - white) + 255 * white);
    }
    return RgbImage.of(image.width(), image.height(), out);
  }
}
