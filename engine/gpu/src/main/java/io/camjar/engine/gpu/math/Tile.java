package io.camjar.engine.gpu.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a product of matrices that one group of items computes.
 *
 * @param rows outputs of a group
 * @param columns places of a group
 * @param inner taps between two barriers
 * @param itemRows outputs of an item, in fours
 * @param itemColumns places of an item, in fours
 * @param worth how fast one is for its size, the largest being 1
 */
record Tile(int rows, int columns, int inner, int itemRows, int itemColumns, double worth) {
  /** What a launch and the memory between two launches cost, in products of one unit. */
  private static final double LAUNCH = 2e5;

  /** Taps of a part, at least, where a sum is split. */
  private static final int LEAST_DEPTH = 128;

  private static final int MOST_SPLITS = 16;

  static final List<Tile> ALL =
      List.of(
          new Tile(128, 128, 8, 8, 8, 1),
          new Tile(64, 128, 8, 4, 8, 0.85),
          new Tile(128, 64, 8, 8, 4, 0.85),
          new Tile(64, 64, 16, 4, 4, 0.7),
          new Tile(32, 64, 16, 4, 4, 0.5),
          new Tile(32, 32, 16, 4, 4, 0.4));

  /**
   * A tile and into how many parts sums are split.
   *
   * @param depth taps of a part, a multiple of the tile's inner ones
   */
  record Choice(Tile tile, int splits, int depth) {}

  /** Items of a group. */
  int items() {
    return rows / itemRows * (columns / itemColumns);
  }

  Map<String, Integer> constants() {
    return Map.of(
        "TILE_M",
        rows,
        "TILE_N",
        columns,
        "TILE_K",
        inner,
        "ITEM_M",
        itemRows,
        "ITEM_N",
        itemColumns);
  }

  /** Ways of computing directly: each tile, whole and in 2 to 8 parts. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Tile tile : ALL) {
      for (int splits = 1; splits <= MOST_SPLITS / 2; splits *= 2) {
        names.add("%dx%d/%d".formatted(tile.rows, tile.columns, splits));
      }
    }
    return names;
  }

  /** The tile of such a name, {@code 64x128/2}; null if it is none. */
  static @Nullable Tile named(String way) {
    for (Tile tile : ALL) {
      if (way.matches("%dx%d/[1-9][0-9]?".formatted(tile.rows, tile.columns))) {
        return tile;
      }
    }
    return null;
  }

  /** The choice that a name stands for. */
  static Choice choice(String way, int taps) {
    Tile tile = named(way);
    if (tile == null) {
      throw new IllegalArgumentException("no tile is called " + way);
    }
    int splits = Integer.parseInt(way.substring(way.indexOf('/') + 1));
    int depth = groups(groups(taps, splits), tile.inner) * tile.inner;
    return new Choice(tile, groups(taps, depth), depth);
  }

  /** Groups along a side. */
  static int groups(int length, int tile) {
    return (length + tile - 1) / tile;
  }

  /**
   * The tile by which a product takes the least time, as far as the units that have nothing to do
   * and what is computed for nothing tell.
   *
   * @param outputs rows of the product
   * @param places columns of the product
   * @param taps its inner side
   * @param products of this shape
   * @param units compute units of the device
   */
  static Choice choose(int outputs, int places, int taps, int products, int units) {
    Choice best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Tile tile : ALL) {
      for (int splits = 1; splits <= MOST_SPLITS; splits *= 2) {
        int depth = groups(groups(taps, splits), tile.inner) * tile.inner;
        if (splits > 1 && depth < LEAST_DEPTH) {
          break;
        }
        double time = tile.time(outputs, places, depth, splits, products, units);
        if (best == null || time < least) {
          least = time;
          best = new Choice(tile, groups(taps, depth), depth);
        }
      }
    }
    if (best == null) {
      throw new IllegalStateException("there is no tile");
    }
    return best;
  }

  private double time(int outputs, int places, int depth, int splits, int products, int units) {
    double groups = (double) groups(outputs, rows) * groups(places, columns) * products * splits;
    double turns = Math.ceil(groups / units);
    double parts = splits == 1 ? 0 : LAUNCH + (double) outputs * places * products * splits / units;
    return turns * rows * columns * depth / worth + parts;
  }
}
