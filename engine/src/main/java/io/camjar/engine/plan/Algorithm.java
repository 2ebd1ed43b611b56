package io.camjar.engine.plan;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.DirectConv2d;
import io.camjar.engine.kernel.simd.PackedConv2d;
import io.camjar.engine.kernel.simd.WinogradConv2d;
import java.util.Locale;

/** How a convolution is computed. */
enum Algorithm {
  DIRECT(0),
  WINOGRAD2(2),
  WINOGRAD4(4);

  private static final String PROPERTY = "camjar.conv";

  /**
   * Tiles below which the transformed weights, each used once a tile, cost more to read than their
   * products save.
   */
  private static final int ENOUGH_TILES = 14;

  private final int tile;

  Algorithm(int tile) {
    this.tile = tile;
  }

  /** Outputs of a Winograd tile along one dimension; 0 for a direct sum. */
  int tile() {
    return tile;
  }

  /**
   * The fastest for this shape, or what the property {@code camjar.conv} forces where it applies.
   *
   * @param outH rows of the output
   * @param outW columns of the output
   * @param exact whether the result must be as near to the definition as a direct sum is: where the
   *     sign of a rectifier's input decides which way a gradient goes
   */
  static Algorithm choose(Conv2dGeometry g, int batch, int outH, int outW, boolean exact) {
    if (!WinogradConv2d.supports(g)) {
      return DIRECT;
    }
    String forced = System.getProperty(PROPERTY, "auto").trim().toUpperCase(Locale.ROOT);
    if (!forced.equals("AUTO")) {
      return named(forced);
    }
    if (!exact && WINOGRAD4.tiles(batch, outH, outW) >= ENOUGH_TILES) {
      return WINOGRAD4;
    }
    return WINOGRAD2.tiles(batch, outH, outW) >= ENOUGH_TILES ? WINOGRAD2 : DIRECT;
  }

  /** The forward laid out for this algorithm; {@code picture} for what reads a network's input. */
  PackedConv2d forward(Conv2dGeometry g, float[] oihw, boolean picture) {
    if (tile > 0) {
      return WinogradConv2d.forward(g, oihw, tile);
    }
    return picture ? DirectConv2d.forwardOfPicture(g, oihw) : DirectConv2d.forward(g, oihw);
  }

  /** The backward to the input laid out for this algorithm. */
  PackedConv2d backwardInput(Conv2dGeometry g, float[] oihw) {
    return tile > 0
        ? WinogradConv2d.backwardInput(g, oihw, tile)
        : DirectConv2d.backwardInput(g, oihw);
  }

  private static Algorithm named(String name) {
    for (Algorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    throw new CamjarException(
        "property %s must be auto, direct, winograd2 or winograd4, found '%s'"
            .formatted(PROPERTY, name.toLowerCase(Locale.ROOT)));
  }

  private int tiles(int batch, int outH, int outW) {
    return batch * ((outH + tile - 1) / tile) * ((outW + tile - 1) / tile);
  }
}
