package io.camjar.gradcam.flow.page;

import io.camjar.gradcam.report.HtmlReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gradient flow as one HTML file in the manner of {@link HtmlReport}: figures, styles and script
 * inside, no network, no library. One that follows a training reads its figures from a script next
 * to it instead, again and again, which browsers allow a page that was opened as a file.
 *
 * @param title the heading
 * @param subtitle one line below it
 * @param footer one line at the end
 */
public record FlowPage(String title, String subtitle, String footer) {
  private static final Pattern PLACE = Pattern.compile("@([A-Z]+)@");

  /** The page with its figures. */
  public String render(FlowData data) {
    return page(data.json(false, null), "");
  }

  /**
   * The page that follows a run.
   *
   * @param script the name of a file next to it that holds {@link #script}
   */
  public String following(String script) {
    return page("{\"follow\":%s}".formatted(FlowData.text(script)), " 'self' file:");
  }

  /**
   * What a page that follows reads.
   *
   * @param name the script's own
   * @param live whether more will come
   */
  public static String script(FlowData data, String name, boolean live) {
    return "camjarFlow(" + data.json(live, name) + ");\n";
  }

  private String page(String data, String sources) {
    Map<String, String> content =
        Map.of(
            "TITLE", escape(title),
            "SUBTITLE", escape(subtitle),
            "FOOTER", escape(footer),
            "DATA", data,
            "SOURCES", sources,
            "STYLE", HtmlReport.style(),
            "MORE", resource("flow.css"),
            "SCRIPT", resource("flow.js"));
    // One pass, so that a title with such a mark in it is not taken for a place.
    return PLACE
        .matcher(resource("flow.html"))
        .replaceAll(place -> Matcher.quoteReplacement(content.get(place.group(1))));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in = FlowPage.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
