package io.camjar.gradcam.report;

import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.render.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a {@link Report} as one HTML file: image, maps, styles and script inside, no network (its
 * content security policy forbids it), no library.
 */
public final class HtmlReport {
  /** A page is for looking at; the maps' coordinates stay those of the full image. */
  private static final int MAX_SIDE = 1024;

  private static final double OVERLAY_ALPHA = 0.5;

  private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");

  private HtmlReport() {}

  /**
   * The page.
   *
   * @param colors the colour map chosen at first
   * @param alpha the heat's opacity at first, 0 to 1
   */
  public static String render(Report report, ColorMap colors, double alpha) {
    String picture = Base64.getEncoder().encodeToString(Png.encode(small(report.picture())));
    Map<String, String> content =
        Map.of(
            "TITLE", escape(report.title()),
            "SUBTITLE", escape(report.subtitle()),
            "FOOTER", escape(report.footer()),
            "PICTURE", "data:image/png;base64," + picture,
            "DATA", ReportData.json(report, colors, alpha),
            "STYLE", resource("report.css"),
            "SCRIPT", resource("report.js"));
    // One pass, so that a title with such a mark in it is not taken for a place.
    return PLACE
        .matcher(resource("report.html"))
        .replaceAll(place -> Matcher.quoteReplacement(content.get(place.group(1))));
  }

  /**
   * Writes the page, completely or not at all.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be written
   */
  public static void write(Report report, ColorMap colors, double alpha, Path file) {
    WholeFile.write(file, render(report, colors, alpha).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the page of an explanation, completely or not at all.
   *
   * @param colors the colour map chosen at first
   * @param alpha the heat's opacity at first, 0 to 1
   * @throws io.camjar.engine.CamjarException if the file cannot be written
   */
  public static void write(Explanation explanation, ColorMap colors, double alpha, Path file) {
    write(Reports.of(explanation, explanation.image()), colors, alpha, file);
  }

  /**
   * Writes the page of an explanation in the colours that overlays have, completely or not at all.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be written
   */
  public static void write(Explanation explanation, Path file) {
    write(explanation, ColorMap.JET, OVERLAY_ALPHA, file);
  }

  /** The styles of the page, for pages that are to look like it. */
  public static String style() {
    return resource("report.css");
  }

  private static RgbImage small(RgbImage picture) {
    double scale = (double) MAX_SIDE / Math.max(picture.width(), picture.height());
    if (scale >= 1) {
      return picture;
    }
    int width = Math.max((int) Math.round(picture.width() * scale), 1);
    int height = Math.max((int) Math.round(picture.height() * scale), 1);
    return PillowResize.resize(picture, width, height, Resample.LANCZOS);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
