package io.camjar.gradcam.render;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The strokes of one letter, in units of a tenth of a capital's height, y upwards from the base
 * line.
 *
 * <p>The letters are camjar's own, since a bare JDK on a server may have no fonts at all. Each line
 * of {@code letters.txt} holds a letter, its width, and strokes: {@code L x y x y ...} a chain of
 * lines, {@code A cx cy rx ry from to} an arc in degrees, counter-clockwise from three o'clock.
 *
 * @param width from the first stroke's middle to the last's
 * @param segments straight pieces, {@code x1 y1 x2 y2} each
 */
@SuppressWarnings("ArrayRecordComponent") // Read-only drawing data; never compared.
record Glyph(float width, List<float[]> segments) {
  private static final String RESOURCE = "letters.txt";
  private static final int ARC_STEP_DEGREES = 12;
  private static final Glyph UNKNOWN = new Glyph(5, chain(0, 0, 5, 0, 5, 9, 0, 9, 0, 0));
  private static final Map<Integer, Glyph> GLYPHS = load();

  /** The strokes of a character; a box for one that has none. */
  static Glyph of(int character) {
    return GLYPHS.getOrDefault(character, UNKNOWN);
  }

  private static Map<Integer, Glyph> load() {
    try (InputStream in = Glyph.class.getResourceAsStream(RESOURCE)) {
      String text =
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
      Map<Integer, Glyph> glyphs = new HashMap<>();
      glyphs.put((int) ' ', new Glyph(0.8f, List.of()));
      text.lines().forEach(line -> glyphs.put(line.codePointAt(0), parse(line)));
      return glyphs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Glyph parse(String line) {
    String[] word = line.split(" ");
    List<float[]> segments = new ArrayList<>();
    int at = 2;
    while (at < word.length) {
      int end = at + 1;
      while (end < word.length && !Character.isLetter(word[end].charAt(0))) {
        end++;
      }
      float[] number = new float[end - at - 1];
      for (int i = 0; i < number.length; i++) {
        number[i] = Float.parseFloat(word[at + 1 + i]);
      }
      segments.addAll(word[at].equals("A") ? arc(number) : chain(number));
      at = end;
    }
    return new Glyph(Float.parseFloat(word[1]), List.copyOf(segments));
  }

  private static List<float[]> chain(float... points) {
    List<float[]> segments = new ArrayList<>();
    for (int i = 0; i + 3 < points.length; i += 2) {
      segments.add(new float[] {points[i], points[i + 1], points[i + 2], points[i + 3]});
    }
    return segments;
  }

  private static List<float[]> arc(float[] arc) {
    int steps = (int) Math.ceil((arc[5] - arc[4]) / ARC_STEP_DEGREES);
    float[] points = new float[2 * steps + 2];
    for (int i = 0; i <= steps; i++) {
      double angle = Math.toRadians(arc[4] + (arc[5] - arc[4]) * i / steps);
      points[2 * i] = (float) (arc[0] + arc[2] * Math.cos(angle));
      points[2 * i + 1] = (float) (arc[1] + arc[3] * Math.sin(angle));
    }
    return chain(points);
  }
}
