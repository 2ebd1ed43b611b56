package io.camjar.engine.kernel.simd;

import org.jspecify.annotations.Nullable;

/** The tiles of one run of a {@link WinogradConv2d}: where they lie, and what is done to them. */
final class WinogradTiles {
  /** Floats between two points' values beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  /** How many there are, row by row and image by image. */
  final int count;

  private final WinogradTransform transform;
  private final int size;
  private final int points;
  private final int pad;
  private final int inBlocks;
  private final Blocked x;
  private final Blocked y;
  private final Finish finish;
  private final int across;
  private final int perImage;
  private final @Nullable TileArgs[] ofWorkers;

  /**
   * The tiles of an output.
   *
   * @param pad rows of zeros above the input
   * @param workers how many may work on them at once
   */
  WinogradTiles(
      WinogradTransform transform, int pad, Blocked x, Blocked y, Finish finish, int workers) {
    this.transform = transform;
    this.size = transform.outputs();
    this.points = transform.points() * transform.points();
    this.pad = pad;
    this.inBlocks = x.blocks;
    this.x = x;
    this.y = y;
    this.finish = finish;
    this.across = (y.width + size - 1) / size;
    this.perImage = (y.height + size - 1) / size * across;
    this.count = y.batch * perImage;
    this.ofWorkers = new TileArgs[workers];
  }

  /**
   * Transformed inputs of {@code count} tiles from tile {@code first}, {@code
   * [points^2][inBlocks][count][block]}.
   */
  record Inputs(float[] data, int first, int count) {}

  /** Products of a tile and a pair of channels. */
  int points() {
    return points;
  }

  /** Floats of the transformed inputs of so many tiles. */
  int inputFloats(int tiles) {
    return points * inputPitch(tiles);
  }

  /** Room for the products of so many tiles and a block of channels, and for one tile more. */
  int outputFloats(int tiles) {
    return points * (outputPitch(tiles) + Lanes.BLOCK);
  }

  /** Floats between two points of transformed inputs. */
  private int inputPitch(int tiles) {
    return inBlocks * tiles * Lanes.BLOCK + SKEW;
  }

  /** Floats between two points of products. */
  private static int outputPitch(int tiles) {
    return tiles * Lanes.BLOCK + SKEW;
  }

  /**
   * {@code B' d B} of one block of channels.
   *
   * @param spare room for one tile from {@code spareAt}
   */
  void transformInputs(int block, Inputs to, float[] spare, int spareAt) {
    int pitch = inputPitch(to.count);
    for (int t = 0; t < to.count; t++) {
      int tile = to.first + t;
      int from =
          x.offset(
              tile / perImage,
              block,
              tile % perImage / across * size - pad,
              tile % across * size - pad);
      int target = (block * to.count + t) * Lanes.BLOCK;
      transform.input(x.data, from, x.rowPitch, to.data, target, pitch, spare, spareAt);
    }
  }

  /** As the other, of all blocks. */
  void transformInputs(Inputs to, float[] spare, int spareAt) {
    for (int block = 0; block < inBlocks; block++) {
      transformInputs(block, to, spare, spareAt);
    }
  }

  /**
   * The outputs of some tiles for one block of channels.
   *
   * @param worker who does it
   * @param first of the tiles
   * @param in of these tiles and perhaps others
   * @param room for the products from {@code at}
   */
  void multiply(
      int worker,
      WinogradProducts weights,
      int block,
      int first,
      int tiles,
      Inputs in,
      float[] room,
      int at) {
    TileArgs args = args(worker);
    for (int b = 0; b < inBlocks; b++) {
      args.taps[b] = b * in.count * Lanes.BLOCK;
    }
    args.a = in.data;
    args.c = room;
    int skip = (first - in.first) * Lanes.BLOCK;
    int pitch = outputPitch(tiles);
    int whole = whole(first, tiles);
    weights.multiply(args, block, tiles, whole, skip, inputPitch(in.count), at, pitch);
    for (int t = 0; t < tiles; t++) {
      storeOutputs(block, first + t, room, at + t * Lanes.BLOCK, pitch, at + points * pitch);
    }
  }

  /**
   * How many of some tiles reach to the end: of the point at infinity, the last, only the last row
   * of a tile's outputs has anything, and the lowest tiles of a picture may stick out by it.
   * Counted for one picture, where these tiles are the last.
   */
  private int whole(int first, int tiles) {
    if (y.batch > 1 || y.height % size == 0) {
      return tiles;
    }
    return Math.max(0, Math.min(tiles, perImage - across - first));
  }

  /** What all products of one worker share: made once a run, so that tasks allocate nothing. */
  private TileArgs args(int worker) {
    TileArgs args = ofWorkers[worker];
    if (args == null) {
      args = new TileArgs();
      args.tapLength = Lanes.BLOCK;
      args.depth = inBlocks * Lanes.BLOCK;
      args.taps = new int[inBlocks + 1];
      ofWorkers[worker] = args;
    }
    return args;
  }

  /** {@code A' m A} of one tile, finished and stored. */
  private void storeOutputs(int block, int tile, float[] m, int from, int pitch, int spare) {
    transform.output(m, from, pitch, m, spare);
    int top = tile % perImage / across * size;
    int left = tile % across * size;
    int columns = Math.min(size, y.width - left);
    for (int i = 0; i < Math.min(size, y.height - top); i++) {
      int line = spare + i * size * Lanes.BLOCK;
      FinishRow.store(finish, m, line, y, tile / perImage, block, top + i, left, columns);
      Blocked gate = finish.gate();
      if (gate != null) {
        Gate.row(gate, y, tile / perImage, block, top + i, left, 1, columns);
      }
    }
  }
}
