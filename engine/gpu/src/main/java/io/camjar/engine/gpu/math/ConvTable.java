package io.camjar.engine.gpu.math;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured to be the fastest way of each convolution on a device: a tile and into how many
 * parts sums are split ({@code 64x128/2}), or Winograd's algorithm ({@code f2}, {@code f4}). What a
 * table does not name is computed directly, in the tile that {@link Tile#choose} expects to be
 * best.
 *
 * <p>A table is a text: {@code device NAME}, then lines such as {@code forward 64x56x56 to 64 k3x3
 * s1x1 p1x1 d1x1 g1 b1 = f4}; {@code *} stands for all that are not named. The property {@value
 * #PROPERTY} names its file, which {@code gpu-check --tune} writes.
 */
public final class ConvTable {
  /** Names a file. */
  public static final String PROPERTY = "camjar.gpu.table";

  private static final String DEVICE = "device ";
  private static final String REST = "*";
  private static final ConvTable EMPTY = new ConvTable(Map.of());
  private static final Map<String, ConvTable> READ = new ConcurrentHashMap<>();

  private final Map<String, String> ways;

  private ConvTable(Map<String, String> ways) {
    this.ways = Map.copyOf(ways);
  }

  /** The table that the property names, where it is of this device; else an empty one. */
  static ConvTable of(Facts device) {
    String file = System.getProperty(PROPERTY, "");
    return file.isEmpty()
        ? EMPTY
        : READ.computeIfAbsent(
            file + " " + device.name(), key -> read(Path.of(file), device.name()));
  }

  /** One way for all convolutions that it can compute; the others are computed directly. */
  public static ConvTable always(String way) {
    return new ConvTable(Map.of(REST, checked(way, way)));
  }

  private static ConvTable read(Path file, String device) {
    try {
      return parse(Files.readAllLines(file), device);
    } catch (IOException e) {
      throw new CamjarException(
          "the table of convolutions %s cannot be read: %s; leave -D%s out or name another"
              .formatted(file, e.getMessage(), PROPERTY),
          e);
    }
  }

  /** A table, or an empty one if it is of another device. */
  static ConvTable parse(List<String> lines, String device) {
    Map<String, String> ways = new HashMap<>();
    for (String line : lines) {
      int equals = line.indexOf(" = ");
      if (line.startsWith(DEVICE) && !line.substring(DEVICE.length()).equals(device)) {
        return EMPTY;
      } else if (equals > 0) {
        ways.put(line.substring(0, equals), checked(line.substring(equals + 3), line));
      } else if (!line.isBlank() && !line.startsWith(DEVICE)) {
        throw new CamjarException("the table of convolutions has a line that is none: " + line);
      }
    }
    return new ConvTable(ways);
  }

  private static String checked(String way, String line) {
    if (winograd(way) == 0 && Tile.named(way) == null) {
      throw new CamjarException("the table of convolutions names no way to compute: " + line);
    }
    return way;
  }

  /** The name of a convolution of images in a table. */
  public static String name(Conv2d op, Shape in, boolean backward) {
    Conv2dGeometry g = op.geometry();
    return "%s %dx%dx%d to %d k%dx%d s%dx%d p%dx%d d%dx%d g%d b%d"
        .formatted(
            backward ? "backward" : "forward",
            in.at(1),
            in.at(2),
            in.at(3),
            g.outChannels(),
            g.kernelH(),
            g.kernelW(),
            g.strideH(),
            g.strideW(),
            g.padH(),
            g.padW(),
            g.dilationH(),
            g.dilationW(),
            op.groups(),
            in.at(0));
  }

  /** The way of a convolution, or null. */
  @Nullable String way(Conv2d op, Shape in, boolean backward) {
    return ways.isEmpty() ? null : ways.getOrDefault(name(op, in, backward), ways.get(REST));
  }

  /** Outputs of a tile of Winograd's along a side; 0 for another way. */
  static int winograd(@Nullable String way) {
    return "f2".equals(way) ? 2 : "f4".equals(way) ? 4 : 0;
  }
}
