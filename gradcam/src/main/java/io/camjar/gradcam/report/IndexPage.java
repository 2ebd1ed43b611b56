package io.camjar.gradcam.report;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.results.ImageResult;
import io.camjar.gradcam.results.ImageResult.Predicted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of contents of a run over many images: one HTML file that links each image's page,
 * overlay and record by relative addresses, with its first class and probability; rows can be
 * sorted and filtered. Its content security policy forbids every other address.
 */
public final class IndexPage {
  /** What it is called; no image's results may be. */
  public static final String FILE = "index.html";

  private static final String ROWS = "@ROWS@";
  private static final String UNKNOWN = "";
  private static final String METHODS = "methods_";

  /** Images of several maps: all layers of a method, all methods of a class, and the like. */
  private static final Pattern SHEET =
      Pattern.compile("((\\S+_)?evolution|expected|exits|methods_\\w+)\\.png");

  private IndexPage() {}

  /**
   * Writes the page, one row at a time.
   *
   * @param title the heading, plain text
   * @param subtitle one line below it, plain text
   * @param footer one line at the end, plain text
   * @param labelled whether the classes that images show are known
   * @param results in the order to list them
   */
  public static void write(
      Path file,
      String title,
      String subtitle,
      String footer,
      boolean labelled,
      Iterator<ImageResult> results)
      throws IOException {
    String page = template();
    int at = page.indexOf(ROWS);
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write(filled(page.substring(0, at), title, subtitle, footer, labelled));
      while (results.hasNext()) {
        out.write(row(results.next(), labelled));
        out.write('\n');
      }
      out.write(filled(page.substring(at + ROWS.length()), title, subtitle, footer, labelled));
    }
  }

  private static String filled(
      String part, String title, String subtitle, String footer, boolean labelled) {
    StringBuilder out = new StringBuilder();
    // One pass, so that a title with such a mark in it is not taken for a place.
    for (String piece : part.split("(?=@(?:TITLE|SUBTITLE|FOOTER|LABELLED)@)", -1)) {
      int end = piece.startsWith("@") ? piece.indexOf('@', 1) + 1 : 0;
      out.append(
          switch (piece.substring(0, end)) {
            case "@TITLE@" -> escaped(title);
            case "@SUBTITLE@" -> escaped(subtitle);
            case "@FOOTER@" -> escaped(footer);
            case "@LABELLED@" -> labelled ? "" : " hidden";
            default -> piece.substring(0, end);
          });
      out.append(piece, end, piece.length());
    }
    return out.toString();
  }

  private static String row(ImageResult result, boolean labelled) {
    Predicted predicted = result.predicted();
    ClassLabel actual = result.actual();
    String name = predicted == null ? UNKNOWN : predicted.display();
    String share = number(predicted == null ? null : predicted.probability());
    String shows = actual == null ? UNKNOWN : actual.display();
    String loss = number(result.loss());
    StringBuilder row = new StringBuilder("<tr");
    data(row, "name", result.name());
    data(row, "predicted", name);
    data(row, "share", share);
    data(row, "actual", shows);
    data(row, "loss", loss);
    row.append("><td>").append(thumbnail(result)).append("</td><td>");
    row.append(main(result)).append("</td>");
    if (result.error() != null) {
      row.append("<td class=\"wrong\" colspan=\"").append(labelled ? 4 : 2).append("\">");
      row.append(escaped(result.error())).append("</td>");
    } else {
      boolean wrong = Boolean.FALSE.equals(result.right());
      row.append(wrong ? "<td class=\"wrong\">" : "<td>").append(escaped(name)).append("</td>");
      row.append("<td class=\"num\">").append(share).append("</td>");
      if (labelled) {
        row.append("<td>").append(escaped(shows)).append("</td>");
        row.append("<td class=\"num\">").append(loss).append("</td>");
      }
    }
    row.append("<td class=\"files\">");
    result.files().stream()
        .filter(file -> file.endsWith(".html") || file.endsWith(".json") || isSheet(result, file))
        .forEach(file -> row.append(link(file, word(result, file))));
    return row.append("</td></tr>").toString();
  }

  private static void data(StringBuilder row, String key, String value) {
    row.append(" data-").append(key).append("=\"").append(escaped(value)).append('"');
  }

  /** The overlay of the deepest layer's first map. */
  private static Optional<String> overlay(ImageResult result) {
    List<ImageResult.Map> maps = result.maps();
    if (maps.isEmpty()) {
      return Optional.empty();
    }
    String last = maps.get(maps.size() - 1).layer();
    return maps.stream()
        .filter(map -> map.layer().equals(last))
        .findFirst()
        .flatMap(map -> map.files().stream().filter(file -> file.endsWith(".png")).findFirst());
  }

  private static String thumbnail(ImageResult result) {
    return overlay(result)
        .map(
            file ->
                "<a href=\"%1$s\"><img loading=\"lazy\" alt=\"overlay\" src=\"%1$s\"></a>"
                    .formatted(address(file)))
        .orElse("");
  }

  /** The image's name, which leads to its page, or else to its overlay. */
  private static String main(ImageResult result) {
    Optional<String> page =
        result.files().stream().filter(file -> file.endsWith(".html")).findFirst();
    return page.or(() -> overlay(result))
        .map(file -> link(file, result.name()))
        .orElse(escaped(result.name()));
  }

  private static boolean isSheet(ImageResult result, String file) {
    return SHEET.matcher(kind(result, file)).matches()
        && result.maps().stream().noneMatch(map -> map.files().contains(file));
  }

  /**
   * What a file's name says after the image's: {@code gradcam.json} of {@code dog_gradcam.json}.
   */
  private static String kind(ImageResult result, String file) {
    String prefix = result.name() + "_";
    return file.startsWith(prefix) ? file.substring(prefix.length()) : "";
  }

  /** What a link is called; of several methods or classes each has a name of its own. */
  private static String word(ImageResult result, String file) {
    if (file.endsWith(".html")) {
      return "page";
    }
    String kind = kind(result, file).replaceFirst("\\.\\w+$", "");
    if (file.endsWith(".json")) {
      return kind.isEmpty() ? "record" : kind + " record";
    }
    if (kind.endsWith("evolution")) {
      String method = kind.replaceFirst("_?evolution$", "");
      return method.isEmpty() ? "all layers" : method + ", all layers";
    }
    if (kind.startsWith(METHODS)) {
      return ofClass(result, kind.substring(METHODS.length()));
    }
    return kind.equals("exits") ? "all exits" : kind;
  }

  private static String ofClass(ImageResult result, String index) {
    boolean only = result.maps().stream().map(ImageResult.Map::target).distinct().count() == 1;
    return result.maps().stream()
        .map(ImageResult.Map::target)
        .filter(target -> !only && index.equals(String.valueOf(target.index())))
        .findFirst()
        .map(target -> "all methods, " + target.display())
        .orElse("all methods");
  }

  private static String link(String file, String text) {
    return "<a href=\"%s\">%s</a>".formatted(address(file), escaped(text));
  }

  /** A file of the same folder as a relative address, whatever characters its name has. */
  static String address(String file) {
    try {
      // With the dot a colon in the name begins no scheme.
      return escaped(new URI(null, null, "./" + file, null).toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(file, e);
    }
  }

  private static String number(@Nullable Double value) {
    return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String template() {
    try (InputStream in = IndexPage.class.getResourceAsStream(FILE)) {
      return new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
