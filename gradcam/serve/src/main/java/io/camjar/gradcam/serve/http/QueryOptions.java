package io.camjar.gradcam.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.camjar.gradcam.serve.limits.Problem;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options in an address, in UTF-8 as browsers and the WHATWG's URL standard write them.
 * Servlets and Javalin read them in the charset of the body, which has nothing to do with the
 * address.
 */
final class QueryOptions {
  private QueryOptions() {}

  /**
   * The values of each name, in the order of the address.
   *
   * @param query what follows the question mark, as it was sent; null for none
   * @throws Problem 400 if a percent sign begins no byte
   */
  static Map<String, List<String>> of(@Nullable String query) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    if (query == null) {
      return options;
    }
    for (String part : query.split("&")) {
      if (!part.isEmpty()) {
        String[] pair = part.split("=", 2);
        options
            .computeIfAbsent(decoded(pair[0]), name -> new ArrayList<>())
            .add(pair.length == 1 ? "" : decoded(pair[1]));
      }
    }
    return options;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.bad("the address has a percent sign that begins no byte: " + text);
    }
  }
}
