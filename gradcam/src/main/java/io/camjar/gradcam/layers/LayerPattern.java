package io.camjar.gradcam.layers;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Patterns of layers: {@code *} is any text and {@code ?} any letter of one part of a path, {@code
 * **} any number of parts. {@code layer3.*} are the blocks of stage 3, {@code **.conv2} every
 * second convolution.
 */
final class LayerPattern {
  private LayerPattern() {}

  static boolean isOne(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
  }

  /**
   * The layers with maps whose path or alias matches, in network order.
   *
   * @throws CamjarException if there is none
   */
  static List<String> matching(String name, Points points) {
    Pattern pattern = Pattern.compile(expression(name.toLowerCase(Locale.ROOT)));
    List<String> paths =
        points.all().stream()
            .filter(Point::spatial)
            .filter(
                point ->
                    matches(pattern, point.path())
                        || point.aliases().stream().anyMatch(alias -> matches(pattern, alias)))
            .map(Point::path)
            .toList();
    if (paths.isEmpty()) {
      throw new CamjarException(
          "no layer with maps matches '%s'; ./camjar layers lists the names there are"
              .formatted(name));
    }
    return paths;
  }

  private static boolean matches(Pattern pattern, String name) {
    return pattern.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static String expression(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char letter = glob.charAt(i);
      if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (letter == '*') {
        regex.append("[^.]*");
      } else if (letter == '?') {
        regex.append("[^.]");
      } else {
        regex.append(Pattern.quote(String.valueOf(letter)));
      }
    }
    return regex.toString();
  }
}
