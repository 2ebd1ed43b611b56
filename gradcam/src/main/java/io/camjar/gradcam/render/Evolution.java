package io.camjar.gradcam.render;

import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.Resize;
import io.camjar.gradcam.image.RgbImage;
import java.util.List;

/**
 * Maps along a network, from the first layer to the last, of one picture.
 *
 * @param picture the picture
 * @param region the rectangle of it that the network saw, in its pixels
 * @param heading what is shown, {@code golf ball 0.78} say
 * @param note how it was made, {@code Grad-CAM, resnet34, ball.png} say
 * @param panels the maps in network order
 */
public record Evolution(
    RgbImage picture, Box region, String heading, String note, List<Panel> panels) {
  /** Keeps a copy of the list. */
  public Evolution {
    panels = List.copyOf(panels);
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

  /** The same with the picture made to fit into a rectangle, never enlarged more than fourfold. */
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
    return new Evolution(
        Resize.resize(picture, width, height, Resample.LANCZOS), smaller, heading, note, panels);
  }

  /**
   * One panel as a picture: the overlay, fading to paper where the network did not look, or the
   * gray picture where there is nothing to show.
   */
  RgbImage drawn(Panel panel, ColorMap colors, double alpha) {
    if (!panel.ok()) {
      return faded(picture.gray(), Box.whole(0, 0), 0.65);
    }
    return faded(MapView.of(picture, region, panel.map()).overlay(colors, alpha), region, 0.5);
  }

  /** Mixes white into the pixels whose centres lie outside {@code kept}. */
  private static RgbImage faded(RgbImage image, Box kept, double white) {
    byte[] out = image.toBytes();
    for (int i = 0; i < out.length; i++) {
      double x = i / 3 % image.width() + 0.5;
      double y = i / 3 / image.width() + 0.5;
      if (x < kept.left() || x >= kept.right() || y < kept.top() || y >= kept.bottom()) {
        out[i] = (byte) Math.round((out[i] & 0xff) * (1 - white) + 255 * white);
      }
    }
    return RgbImage.of(image.width(), image.height(), out);
  }
}
