package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.Lanes;

/**
 * Where Winograd's tiles lie between two steps, their points transformed: {@code
 * [point][block][row][channel of the block]} of each group, a group being the rows of one register
 * tile, and the groups of a point side by side.
 */
final class TileGroups {
  /** Floats of one block of a group. */
  static final int ROWS = Lanes.MAX_ROWS * Lanes.BLOCK;

  /** Floats between two points' values beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  /** Tiles. */
  final int count;

  /** Groups, as even as can be. */
  final int groups;

  private final int blocks;

  /**
   * So many tiles.
   *
   * @param blocks of channels
   */
  TileGroups(int count, int blocks) {
    this.count = count;
    this.groups = (count + Lanes.MAX_ROWS - 1) / Lanes.MAX_ROWS;
    this.blocks = blocks;
  }

  /** The first tile of a group; of the group behind the last, the number of tiles. */
  int first(int group) {
    return (int) ((long) count * group / groups);
  }

  /** Tiles of a group. */
  int rows(int group) {
    return first(group + 1) - first(group);
  }

  /** Tiles of a group that lie before the tile {@code end}. */
  int rows(int group, int end) {
    return Math.max(0, Math.min(rows(group), end - first(group)));
  }

  /** Where the first point of a group's first tile lies. */
  int offset(int group, int block) {
    return (group * blocks + block) * ROWS;
  }

  /** Floats between two points. */
  int pitch() {
    return pitch(groups * blocks);
  }

  /** Floats between two points of so many blocks of groups. */
  static int pitch(int groups) {
    return Math.multiplyExact(groups, ROWS) + SKEW;
  }
}
