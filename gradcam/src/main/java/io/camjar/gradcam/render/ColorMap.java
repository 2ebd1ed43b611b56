package io.camjar.gradcam.render;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Colour maps of 256 entries: OpenCV's jet, which pytorch-grad-cam uses, and matplotlib's magma,
 * turbo, viridis and hsv.
 */
public enum ColorMap {
  /** Black over purple to cream; even in brightness, fastai's choice. */
  MAGMA,
  /** Blue over green to red; OpenCV's {@code COLORMAP_JET}, pytorch-grad-cam's choice. */
  JET,
  /** A smoother jet. */
  TURBO,
  /** Purple over green to yellow; even in brightness, safe for the colour-blind. */
  VIRIDIS,
  /** The colour circle, red at both ends. */
  HSV;

  private static final String RESOURCE = "colormaps.txt";

  private final byte[] table = load(name().toLowerCase(Locale.ROOT));

  /**
   * The colour map of that name, in any case of letters.
   *
   * @throws CamjarException naming the colour maps there are
   */
  public static ColorMap named(String name) {
    for (ColorMap map : values()) {
      if (map.name().equalsIgnoreCase(name)) {
        return map;
      }
    }
    throw new CamjarException(
        "There is no colour map \"%s\"; choose one of %s."
            .formatted(name, String.join(", ", names())));
  }

  /** The names that {@link #named} knows, in lower case. */
  public static List<String> names() {
    return Stream.of(values()).map(map -> map.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** Which of the 256 entries shows {@code value}, 0 to 1: {@code uint8(255 * value)}; NaN is 0. */
  public static int index(float value) {
    return (int) (255 * Math.max(0, Math.min(1, value)));
  }

  /** One channel (0 red, 1 green, 2 blue) of one entry (0 to 255), 0 to 255. */
  public int sample(int entry, int channel) {
    return table[3 * entry + channel] & 0xff;
  }

  /** One entry (0 to 255) as {@code 0xrrggbb}. */
  int rgb(int entry) {
    return sample(entry, 0) << 16 | sample(entry, 1) << 8 | sample(entry, 2);
  }

  /** All entries as hex digits, {@code rrggbb} 256 times. */
  public String hex() {
    return HexFormat.of().formatHex(table);
  }

  private static byte[] load(String name) {
    try (InputStream in = ColorMap.class.getResourceAsStream(RESOURCE)) {
      String text =
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
      String line = text.lines().filter(l -> l.startsWith(name + " ")).findFirst().orElseThrow();
      return HexFormat.of().parseHex(line.substring(name.length() + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
