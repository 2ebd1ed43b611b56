package io.camjar.gradcam.dataset;

import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import javax.imageio.ImageIO;

/** What the pages of this package are put together from. */
final class Html {
  private static final String TEMPLATE = "dataset.html";
  private static final int THUMBNAIL = 168;

  private Html() {}

  /**
   * A page.
   *
   * @param title the heading, plain text
   * @param subtitle one line below it, plain text
   * @param footer one line at the end, plain text
   * @param body markup
   */
  static String page(String title, String subtitle, String footer, String body) {
    StringBuilder out = new StringBuilder();
    // One pass, so that a title with such a mark in it is not taken for a place.
    for (String piece : template().split("(?=@(?:TITLE|SUBTITLE|FOOTER|BODY)@)", -1)) {
      int end = piece.startsWith("@") ? piece.indexOf('@', 1) + 1 : 0;
      out.append(
          switch (piece.substring(0, end)) {
            case "@TITLE@" -> text(title);
            case "@SUBTITLE@" -> text(subtitle);
            case "@FOOTER@" -> text(footer);
            case "@BODY@" -> body;
            default -> piece.substring(0, end);
          });
      out.append(piece, end, piece.length());
    }
    return out.toString();
  }

  /** Plain text as markup. */
  static String text(String plain) {
    return plain
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** An image in the page itself, as JPEG, at most {@link #THUMBNAIL} pixels a side. */
  static String image(RgbImage image, String alt) {
    double scale =
        Math.min(
            1, Math.min((double) THUMBNAIL / image.width(), (double) THUMBNAIL / image.height()));
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    RgbImage small = PillowResize.resize(image, width, height, Resample.LANCZOS);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(small.toBufferedImage(), "jpeg", bytes)) {
        throw new IllegalStateException("this Java writes no JPEG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory
    }
    return "<img alt=\"%s\" width=\"%d\" height=\"%d\" src=\"data:image/jpeg;base64,%s\">"
        .formatted(
            text(alt), width, height, Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  private static String template() {
    try (InputStream in = Html.class.getResourceAsStream(TEMPLATE)) {
      return new String(
          Objects.requireNonNull(in, TEMPLATE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
