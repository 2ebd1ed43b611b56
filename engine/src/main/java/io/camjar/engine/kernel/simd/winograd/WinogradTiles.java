package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.EpilogueRow;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.ReluMask;
import io.camjar.engine.kernel.simd.TileArgs;
import org.jspecify.annotations.Nullable;

/** The tiles of one run of a {@link WinogradConv2d}: where they lie, and what is done to them. */
final class WinogradTiles {
  /** How many there are, row by row and image by image. */
  final int count;

  private final WinogradTransform transform;
  private final int size;
  private final int points;
  private final int pad;
  private final int inBlocks;
  private final BlockedTensor x;
  private final BlockedTensor y;
  private final Epilogue epilogue;
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
      WinogradTransform transform,
      int pad,
      BlockedTensor x,
      BlockedTensor y,
      Epilogue epilogue,
      int workers) {
    this.transform = transform;
    this.size = transform.outputs();
    this.points = transform.points() * transform.points();
    this.pad = pad;
    this.inBlocks = x.blocks;
    this.x = x;
    this.y = y;
    this.epilogue = epilogue;
    this.across = (y.width + size - 1) / size;
    this.perImage = (y.height + size - 1) / size * across;
    this.count = y.batch * perImage;
    this.ofWorkers = new TileArgs[workers];
  }

  /**
   * Transformed inputs of some tiles.
   *
   * @param first of the tiles
   */
  record Inputs(float[] data, int first, TileGroups groups) {}

  /** Values of the transformed inputs of one tile. */
  int tileFloats() {
    return points * inBlocks * Lanes.BLOCK;
  }

  /** Room for some tiles and all input channels. */
  TileGroups inputGroups(int tiles) {
    return new TileGroups(tiles, inBlocks);
  }

  /** Floats of their transformed inputs. */
  int inputFloats(TileGroups groups) {
    return Math.multiplyExact(points, groups.pitch());
  }

  /** Room for neighbouring tiles on their way. */
  private int spareFloats() {
    return transform.spareBlocks() * Lanes.BLOCK;
  }

  /** Room for the products of so many groups of tiles and a block of channels, and to spare. */
  int outputFloats(int groups) {
    return points * TileGroups.pitch(groups) + spareFloats();
  }

  /**
   * {@code B' d B} of some groups of tiles and one block of channels.
   *
   * @param spare room for {@link #spareFloats} from {@code spareAt}
   */
  void transformInputs(
      int block, int firstGroup, int endGroup, Inputs to, float[] spare, int spareAt) {
    TileGroups groups = to.groups;
    int pitch = groups.pitch();
    for (int group = firstGroup; group < endGroup; group++) {
      int target = groups.offset(group, block);
      int end = to.first + groups.first(group + 1);
      for (int tile = to.first + groups.first(group); tile < end; ) {
        int tiles = neighbours(tile, end);
        int top = tile % perImage / across * size;
        int left = tile % across * size;
        int from = x.offset(tile / perImage, block, top - pad, left - pad);
        transform.input(x.data, from, x.rowPitch, tiles, to.data, target, pitch, spare, spareAt);
        target += tiles * Lanes.BLOCK;
        tile += tiles;
      }
    }
  }

  /** How many tiles from this one on lie in its line. */
  private int neighbours(int tile, int end) {
    return Math.min(end - tile, across - tile % across);
  }

  /** As the other, of all groups and blocks. */
  void transformInputs(Inputs to, float[] spare, int spareAt) {
    for (int block = 0; block < inBlocks; block++) {
      transformInputs(block, 0, to.groups.groups, to, spare, spareAt);
    }
  }

  /**
   * The outputs of some groups of tiles for one block of channels.
   *
   * @param worker who does it
   * @param in of these tiles and perhaps others
   * @param room for {@link #outputFloats} from {@code at}
   */
  void multiply(
      int worker,
      WinogradProducts weights,
      int block,
      int group,
      int endGroup,
      Inputs in,
      float[] room,
      int at) {
    TileArgs args = args(worker);
    TileGroups groups = in.groups;
    for (int b = 0; b < inBlocks; b++) {
      args.taps[b] = groups.offset(0, b);
    }
    args.a = in.data;
    args.c = room;
    int pitch = TileGroups.pitch(endGroup - group);
    weights.multiply(args, block, groups, group, endGroup, whole() - in.first, at, pitch);
    int spare = at + points * pitch;
    for (int g = group; g < endGroup; g++) {
      int from = at + (g - group) * TileGroups.ROWS;
      int end = in.first + groups.first(g + 1);
      for (int tile = in.first + groups.first(g); tile < end; ) {
        int tiles = neighbours(tile, end);
        storeOutputs(block, tile, tiles, room, from, pitch, spare);
        from += tiles * Lanes.BLOCK;
        tile += tiles;
      }
    }
  }

  /**
   * The first tile that does not reach to the end: of the point at infinity, the last, only the
   * last row of a tile's outputs has anything, and the lowest tiles of an image may stick out by
   * it. Known for one image, where these tiles are the last.
   */
  private int whole() {
    return y.batch > 1 || y.height % size == 0 ? count : perImage - across;
  }

  /** What all products of one worker share: made once a run, so that tasks allocate nothing. */
  private TileArgs args(int worker) {
    TileArgs args = ofWorkers[worker];
    if (args == null) {
      args = new TileArgs();
      args.aRow = Lanes.BLOCK;
      args.cRow = Lanes.BLOCK;
      args.tapLength = Lanes.BLOCK;
      args.depth = inBlocks * Lanes.BLOCK;
      args.taps = new int[inBlocks + 1];
      ofWorkers[worker] = args;
    }
    return args;
  }

  /** {@code A' m A} of neighbouring tiles, with the epilogue, stored. */
  private void storeOutputs(
      int block, int tile, int tiles, float[] m, int from, int pitch, int spare) {
    transform.output(m, from, pitch, tiles, m, spare);
    int top = tile % perImage / across * size;
    int left = tile % across * size;
    int columns = Math.min(tiles * size, y.width - left);
    for (int i = 0; i < Math.min(size, y.height - top); i++) {
      int line = spare + i * transform.line();
      EpilogueRow.store(epilogue, m, line, y, tile / perImage, block, top + i, left, columns);
      BlockedTensor mask = epilogue.mask();
      if (mask != null) {
        ReluMask.row(mask, y, tile / perImage, block, top + i, left, 1, columns);
      }
    }
  }
}
