package io.camjar.gradcam.layers;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Layers as Python code indexes them: {@code model.layer4[-1].conv2} is {@code layer4.2.conv2}. */
final class LayerIndex {
  private static final Pattern BRACKETS = Pattern.compile("\\[(-?\\d{1,9})\\]");
  private static final Pattern NEGATIVE = Pattern.compile("([^.]+(?:\\.[^.]+)*?)\\.-(\\d{1,9})");
  private static final Pattern MODEL = Pattern.compile("(?:self|model|net|learn\\.model)[.\\[].*");

  private LayerIndex() {}

  /**
   * The same name with dots for brackets and numbers from 0 for those from the end.
   *
   * @throws CamjarException if it counts from the end of what has fewer children
   */
  static String resolved(String name, Points points) {
    String dotted = BRACKETS.matcher(name).replaceAll(".$1");
    if (MODEL.matcher(name).matches()) {
      String bare = dotted.replaceFirst("^(self|model|net|learn\\.model)\\.", "");
      dotted = bare.isEmpty() ? dotted : bare;
    }
    for (Matcher m = NEGATIVE.matcher(dotted); m.lookingAt(); m = NEGATIVE.matcher(dotted)) {
      String parent = m.group(1);
      int count = children(parent, points);
      int index = count - Integer.parseInt(m.group(2));
      if (index < 0 || index >= count) {
        throw new CamjarException(
            count == 0
                ? "there is no layer '%s': %s has no numbered children".formatted(name, parent)
                : "there is no layer '%s': the children of %s are 0 to %d, or -1 to -%d"
                    .formatted(name, parent, count - 1, count));
      }
      dotted = parent + "." + index + dotted.substring(m.end());
    }
    return dotted;
  }

  private static int children(String parent, Points points) {
    List<String> paths = points.all().stream().map(Point::path).toList();
    String path = points.resolve(parent).path();
    int count = 0;
    while (paths.contains(path + "." + count)) {
      count++;
    }
    return count;
  }
}
