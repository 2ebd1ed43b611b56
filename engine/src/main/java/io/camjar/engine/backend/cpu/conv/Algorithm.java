package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.CamjarException;
import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.Tiles;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.kernel.simd.winograd.Winograd;
import io.camjar.engine.kernel.simd.winograd.WinogradConv2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.threads.Threads;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a convolution is computed. */
enum Algorithm {
  DIRECT(null),
  WINOGRAD2(Winograd.F2),
  WINOGRAD3(Winograd.F3),
  WINOGRAD4(Winograd.F4),
  WINOGRAD4ROWS(Winograd.F4_ROWS),
  WINOGRAD4TAPS(Winograd.F4_TAPS);

  private static final String PROPERTY = "camjar.conv";

  /**
   * Floats of a convolution's transformed weights up to which they are made in {@link
   * MemoryMode#LOW} all the same: 2.5 MiB, which 128 channels to 128 in tiles of 4x4 need.
   */
  private static final int BUDGET = 5 << 17;

  /**
   * Tiles below which the transformed weights, each used once a tile, cost more to read than their
   * products save.
   */
  private static final int ENOUGH_TILES = 14;

  /** Weights that no core's cache keeps from one pass to the next. */
  private static final int HEAVY = 1 << 17;

  /** Tiles up to which reading heavy weights takes longer than transforming them. */
  private static final int FEW_TILES = 20;

  /**
   * The same where each thread walks all weights for a stripe of tiles: with 32 registers, up to
   * {@link #WALKED} of them.
   */
  private static final int STRIPE_TILES = 56;

  /** Weights of which each thread walks all. */
  private static final int WALKED = 1 << 18;

  /**
   * Tiles of 3x3 from which F3, between F2 and F4 in products and in weights to read, pays for
   * heavy weights that F4 would read too many of.
   */
  private static final int ENOUGH_NINES = 20;

  /** Tiles from which F4 pays for heavy weights although each is used so seldom. */
  private static final int LEAST_TILES = 3;

  /** Tiles of a map so small that one block of outputs is computed directly. */
  private static final int SMALL_TILES = 16;

  /** Outputs of 16 a tile must have on average for that: as many products are for nothing else. */
  private static final int FULL = 12;

  private final @Nullable Winograd winograd;

  Algorithm(@Nullable Winograd winograd) {
    this.winograd = winograd;
  }

  /** How by Winograd's method; null for a direct sum. */
  @Nullable Winograd winograd() {
    return winograd;
  }

  /**
   * For a forward of inference: the fastest for this shape; a direct convolution where it reads a
   * network's input of few channels, whose small blocks no other can read.
   *
   * @param y the output
   * @param image whether it reads such an input
   * @param exact whether the result must be as near to the definition as a direct convolution is:
   *     where the sign of a ReLU's input decides which way a gradient goes
   */
  static Algorithm inference(
      Conv2d op, BlockedShape y, boolean image, boolean exact, MemoryMode mode) {
    Algorithm forced = forced();
    boolean direct = image || (forced == null && hasFewOutputs(op.geometry(), y));
    return direct ? DIRECT : choose(op, y, exact, forced, mode);
  }

  /**
   * For a forward of training and the gradient of its weights, which goes the same way. Few outputs
   * are no reason for a direct convolution here.
   *
   * @param y the output
   * @param image as in {@link #inference}
   */
  static Algorithm training(Conv2d op, BlockedShape y, boolean image) {
    return image ? DIRECT : choose(op, y, false, forced(), MemoryMode.alone());
  }

  /**
   * For a backward to the input.
   *
   * @param dx the gradient that is computed
   */
  static Algorithm backward(Conv2d op, BlockedShape dx, MemoryMode mode) {
    return choose(op, dx, false, forced(), mode);
  }

  /**
   * Whether so few channels come out that to transform what comes in costs more than the products
   * that it saves: one block of them on a small map, or one vector from one vector on any. Goes by
   * one image, so that it gets the same bits whatever images are computed with it.
   */
  private static boolean hasFewOutputs(Conv2dGeometry g, BlockedShape y) {
    boolean small = WINOGRAD4.tiles(1, y.height(), y.width()) <= SMALL_TILES;
    boolean oneVector =
        Tiles.HALVES
            && y.width() > Tiles.FEW_ROWS
            && Math.max(g.inChannels(), g.outChannels()) <= Lanes.COUNT;
    return (Lanes.hasManyRegisters() && small && g.outChannels() <= Lanes.BLOCK) || oneVector;
  }

  /**
   * The fastest for this shape, or the forced one where it applies. In {@link MemoryMode#LOW}
   * weights that would grow beyond a budget are transformed by the products, or not at all.
   */
  private static Algorithm choose(
      Conv2d op, BlockedShape y, boolean exact, @Nullable Algorithm forced, MemoryMode mode) {
    Conv2dGeometry g = op.geometry();
    if (!op.isPlain() || !WinogradConv2d.supports(g)) {
      return DIRECT;
    }
    if (forced != null) {
      return forced;
    }
    Algorithm fastest = fastest(g, y, exact);
    return mode == MemoryMode.LOW && fastest.transformed(g) > BUDGET
        ? fastest.untransformed()
        : fastest;
  }

  private static Algorithm fastest(Conv2dGeometry g, BlockedShape y, boolean exact) {
    int batch = y.batch();
    int outH = y.height();
    int outW = y.width();
    if (!exact) {
      int tiles = WINOGRAD4.tiles(batch, outH, outW);
      boolean full = batch * outH * outW >= FULL * tiles && tiles >= LEAST_TILES;
      boolean many = Lanes.hasManyRegisters();
      int few = many && g.weights() <= WALKED ? STRIPE_TILES : FEW_TILES;
      boolean heavy = tiles <= few && g.weights() >= HEAVY;
      if (!heavy && tiles >= ENOUGH_TILES) {
        return WINOGRAD4;
      }
      if (heavy && many && (full || tiles >= ENOUGH_TILES)) {
        return WINOGRAD4ROWS;
      }
      int nines = WINOGRAD3.tiles(batch, outH, outW);
      if (heavy && !many && nines >= ENOUGH_NINES) {
        return WINOGRAD3;
      }
    }
    return WINOGRAD2.tiles(batch, outH, outW) >= ENOUGH_TILES ? WINOGRAD2 : DIRECT;
  }

  /**
   * The forward laid out for this algorithm; {@code image} for what reads a network's input of few
   * channels, whose small blocks only a direct sum can read.
   */
  PackedConv2d forward(Conv2d op, float[] oihw, boolean image) {
    return winograd != null
        ? WinogradConv2d.forward(op.geometry(), oihw, winograd)
        : DirectConvolution.forward(op, oihw, image, new PackMemory(), Threads.shared());
  }

  /** The backward to the input laid out for this algorithm. */
  PackedConv2d backwardInput(Conv2d op, float[] oihw) {
    return winograd != null
        ? WinogradConv2d.backwardInput(op.geometry(), oihw, winograd)
        : DirectConvolution.backwardInput(op, oihw, new PackMemory(), Threads.shared());
  }

  /** The fastest without transformed weights: 16 registers have no products for F4's. */
  private Algorithm untransformed() {
    boolean four = this == WINOGRAD4 || this == WINOGRAD4ROWS;
    return four && Lanes.hasManyRegisters() ? WINOGRAD4TAPS : DIRECT;
  }

  /** Whether the weights are transformed before the products. */
  boolean transforms() {
    return this != DIRECT && this != WINOGRAD4TAPS;
  }

  /** Floats of all weights, transformed. */
  private long transformed(Conv2dGeometry g) {
    long kernels = g.weights() / 9;
    return switch (this) {
      case DIRECT, WINOGRAD4TAPS -> 0;
      case WINOGRAD2 -> 16 * kernels;
      case WINOGRAD3 -> 25 * kernels;
      case WINOGRAD4 -> 36 * kernels;
      case WINOGRAD4ROWS -> 18 * kernels;
    };
  }

  /** What the property {@code camjar.conv} forces; null where it leaves the choice. */
  private static @Nullable Algorithm forced() {
    String name = System.getProperty(PROPERTY, "auto").trim().toUpperCase(Locale.ROOT);
    if (name.equals("AUTO")) {
      return null;
    }
    for (Algorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    throw new CamjarException(
        ("property %s must be auto, direct, winograd2, winograd3, winograd4, winograd4rows or "
                + "winograd4taps, found '%s'")
            .formatted(PROPERTY, name.toLowerCase(Locale.ROOT)));
  }

  private int tiles(int batch, int outH, int outW) {
    int tile = winograd == null ? 1 : winograd.outputs();
    return batch * ((outH + tile - 1) / tile) * ((outW + tile - 1) / tile);
  }
}
