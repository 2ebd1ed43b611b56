package io.camjar.engine.kernel.simd.winograd;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.TileArgs;
import io.camjar.engine.kernel.simd.Tiles;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * The gradient of a 3x3 convolution of stride 1 with respect to its weights by Winograd's method:
 * what {@link WinogradConv2d} computes, differentiated by the kernels (Lavin and Gray, arXiv
 * 1509.09308, section 4.3).
 *
 * <p>With {@code y = A'((G g G') * (B' d B))A} the gradient is {@code G'(sum of (A dy A') * (B' d
 * B))G}: for each point of the tiles a matrix product over all tiles, whose rows are a block of
 * inputs and whose columns are a block of outputs. Tiles are taken in groups whose transforms stay
 * in cache; the groups depend on the shapes alone and every sum runs in their order, so the bits do
 * not depend on the number of threads.
 */
public final class WinogradWeightGradient {
  /** Floats of transformed tiles in a group: 10 MB, a third of a usual last-level cache. */
  private static final int GROUP_FLOATS = 2_500_000;

  /** Tiles that one task transforms. */
  private static final int CHUNK = 16;

  /** Floats between two points' values beyond what they take, so that they fall in other sets. */
  private static final int SKEW = 16;

  private static final int TAPS = 9;

  /** Where the outputs of each place of a block of kernels lie, the taps side by side. */
  private static final int[] PLACES =
      IntStream.range(0, Lanes.BLOCK * TAPS)
          .map(i -> (i % TAPS * Lanes.BLOCK + i / TAPS) * Lanes.BLOCK)
          .toArray();

  /** Where the kernels of some outputs begin. */
  private static final int[] OUTPUTS =
      IntStream.range(0, Squares.SIDE).map(i -> i * Lanes.BLOCK * TAPS).toArray();

  private final Conv2dGeometry g;
  private final WinogradTransform transform;
  private final int size;
  private final int points;

  /** For convolutions of this shape. */
  public WinogradWeightGradient(Conv2dGeometry geometry, Winograd method) {
    WinogradConv2d.check(geometry);
    this.g = geometry;
    this.transform = method.transform();
    this.size = transform.outputs();
    this.points = transform.points();
  }

  /** The border that the forward's input needs. */
  public Halo halo(int inH, int inW) {
    int lastRow = up(g.outH(inH)) + 1 - g.padH();
    int lastColumn = up(g.outW(inW)) + 1 - g.padW();
    return new Halo(g.padH(), Math.max(0, Math.max(lastRow - inH + 1, lastColumn - inW + 1)));
  }

  /** The border that the gradient of an output of this size needs. */
  public Halo gradientHalo(int outH, int outW) {
    return new Halo(0, Math.max(up(outH) - outH, up(outW) - outW));
  }

  private int up(int outputs) {
    return (outputs + size - 1) / size * size;
  }

  /**
   * Computes the gradient.
   *
   * @param dy gradient of the output with the border that {@link #gradientHalo} asks for
   * @param x the forward's input with the border that {@link #halo} asks for
   * @param oihw set to the gradient, {@code [O, I, 3, 3]}
   */
  public void run(
      BlockedTensor dy, BlockedTensor x, FloatBuffer oihw, Scratch scratch, Threads threads) {
    if (!x.covers(halo(x.height, x.width)) || !dy.covers(gradientHalo(dy.height, dy.width))) {
      throw new IllegalArgumentException("%s or %s lacks its border".formatted(x, dy));
    }
    Run run = new Run(dy, x);
    boolean whole = run.group == run.tiles;
    int pairs = x.blocks * dy.blocks;
    scratch.reserve(
        run.sumsAt + (whole ? 0 : pairs * run.square),
        threads.count(),
        Math.max(run.square, transform.spareBlocks() * Lanes.BLOCK) + run.finishFloats());
    float[] common = scratch.common();
    for (int first = 0; first < run.tiles; first += run.group) {
      int from = first;
      int count = Math.min(run.group, run.tiles - first);
      int chunks = (count + CHUNK - 1) / CHUNK;
      threads.run(
          (x.blocks + dy.blocks) * chunks,
          (task, worker) -> {
            int at = task % chunks * CHUNK;
            run.transform(
                task / chunks, from, at, Math.min(at + CHUNK, count), common, scratch.own(worker));
          });
      if (whole) {
        threads.run(
            pairs,
            (pair, worker) -> {
              float[] own = scratch.own(worker);
              run.multiply(pair, 0, points * points, count, common, own, 0, false);
              run.finish(pair, own, 0, own, run.square, oihw);
            });
      } else {
        threads.run(
            pairs * points,
            (task, worker) -> {
              int point = task % points * points;
              int sums = run.sumsAt + task / points * run.square;
              run.multiply(
                  task / points, point, point + points, count, common, common, sums, from > 0);
            });
      }
    }
    if (!whole) {
      threads.run(
          pairs,
          (pair, worker) -> {
            int sums = run.sumsAt + pair * run.square;
            run.finish(pair, common, sums, scratch.own(worker), 0, oihw);
          });
    }
  }

  /** One call: the sizes that follow from its arguments. */
  private final class Run {
    final BlockedTensor dy;
    final BlockedTensor x;
    final int across;
    final int perImage;
    final int tiles;

    /** Tiles whose transforms are in memory together. */
    final int group;

    final int inPitch;
    final int outPitch;

    /** Where the transformed gradients begin. */
    final int outAt;

    /** Where the sums of all pairs of blocks begin, if they last longer than a group. */
    final int sumsAt;

    /** Floats of the sums of one pair of blocks, {@code [points^2][inputs][outputs]}. */
    final int square = points * points * Lanes.BLOCK * Lanes.BLOCK;

    Run(BlockedTensor dy, BlockedTensor x) {
      this.dy = dy;
      this.x = x;
      this.across = (dy.width + size - 1) / size;
      this.perImage = (dy.height + size - 1) / size * across;
      this.tiles = dy.batch * perImage;
      int each = points * points * (x.blocks + dy.blocks) * Lanes.BLOCK;
      int groups = (int) (((long) each * tiles + GROUP_FLOATS - 1) / GROUP_FLOATS);
      this.group = (tiles + groups - 1) / groups;
      this.inPitch = x.blocks * group * Lanes.BLOCK + SKEW;
      this.outPitch = dy.blocks * group * Lanes.BLOCK + SKEW;
      this.outAt = points * points * inPitch;
      this.sumsAt = outAt + points * points * outPitch;
    }

    /** Transforms tiles {@code from} to {@code to - 1} of a group of a block of x or of dy. */
    void transform(int block, int first, int from, int to, float[] common, float[] spare) {
      for (int t = from; t < to; ) {
        int tile = first + t;
        int image = tile / perImage;
        int row = tile % perImage / across * size;
        int column = tile % across * size;
        int tiles = Math.min(Math.min(to - t, across - tile % across), Lanes.MAX_ROWS);
        if (block < x.blocks) {
          int source = x.offset(image, block, row - g.padH(), column - g.padW());
          int target = (block * group + t) * Lanes.BLOCK;
          transform.input(x.data, source, x.rowPitch, tiles, common, target, inPitch, spare, 0);
        } else {
          int b = block - x.blocks;
          for (int i = 0; i < tiles; i++) {
            int source = dy.offset(image, b, row, column + i * size);
            gradient(source, common, outAt + (b * group + t + i) * Lanes.BLOCK, spare);
          }
        }
        t += tiles;
      }
    }

    /** {@code A dy A'}. */
    private void gradient(int from, float[] to, int at, float[] spare) {
      int row = size * Lanes.BLOCK;
      int lines = row / Lanes.COUNT;
      transform.outputGradient(
          dy.data, from, dy.rowPitch, Lanes.COUNT, spare, 0, row, Lanes.COUNT, lines);
      for (int i = 0; i < points; i++) {
        transform.outputGradient(
            spare,
            i * row,
            Lanes.BLOCK,
            Lanes.COUNT,
            to,
            at + i * points * outPitch,
            outPitch,
            Lanes.COUNT,
            2);
      }
    }

    /** The products of some points of a pair of blocks, summed over a group. */
    void multiply(
        int pair,
        int point,
        int end,
        int count,
        float[] common,
        float[] sums,
        int at,
        boolean more) {
      TileArgs args = new TileArgs();
      args.a = common;
      args.aRow = 1;
      args.aStep = Lanes.BLOCK;
      args.taps = new int[2];
      args.w = common;
      args.c = sums;
      args.cRow = Lanes.BLOCK;
      for (int p = point; p < end; p++) {
        for (int from = 0; from < count; from += TileArgs.PART) {
          args.depth = Math.min(TileArgs.PART, count - from);
          args.tapLength = args.depth;
          if (more || from > 0) {
            args.init = sums;
            args.initRow = Lanes.BLOCK;
          } else {
            args.init = TileArgs.ZEROS;
            args.initRow = 0;
          }
          int a = p * inPitch + (pair % x.blocks * group + from) * Lanes.BLOCK;
          int w = outAt + p * outPitch + (pair / x.blocks * group + from) * Lanes.BLOCK;
          int c = at + p * Lanes.BLOCK * Lanes.BLOCK;
          int done = 0;
          while (done < Lanes.BLOCK) {
            int tile = TileArgs.rows(Lanes.BLOCK - done);
            int to = c + done * Lanes.BLOCK;
            Tiles.run(tile, args, a + done, w, args.initRow == 0 ? 0 : to, to);
            done += tile;
          }
        }
      }
    }

    int finishFloats() {
      return (3 * points + 2 * TAPS) * Lanes.BLOCK * Lanes.BLOCK;
    }

    /** {@code G' u G} of the sums of a pair of blocks, to where its weights lie. */
    void finish(int pair, float[] sums, int at, float[] own, int spare, FloatBuffer oihw) {
      int plane = Lanes.BLOCK * Lanes.BLOCK;
      int lines = plane / Lanes.COUNT;
      for (int q = 0; q < points; q++) {
        transform.kernelGradient(
            sums,
            at + q * plane,
            points * plane,
            Lanes.COUNT,
            own,
            spare + q * plane,
            points * plane,
            Lanes.COUNT,
            lines);
      }
      int kernels = spare + 3 * points * plane;
      for (int r = 0; r < 3; r++) {
        transform.kernelGradient(
            own,
            spare + r * points * plane,
            plane,
            Lanes.COUNT,
            own,
            kernels + 3 * r * plane,
            plane,
            Lanes.COUNT,
            lines);
      }
      int ins = Math.min(Lanes.BLOCK, x.channels - pair % x.blocks * Lanes.BLOCK);
      int outs = Math.min(Lanes.BLOCK, dy.channels - pair / x.blocks * Lanes.BLOCK);
      int output = pair / x.blocks * Lanes.BLOCK;
      int input = pair % x.blocks * Lanes.BLOCK;
      if (Squares.fit() && ins == Lanes.BLOCK && outs == Lanes.BLOCK) {
        turn(own, kernels, spare);
        for (int o = 0; o < outs; o++) {
          int from = spare + o * PLACES.length;
          oihw.put(((output + o) * x.channels + input) * TAPS, own, from, PLACES.length);
        }
        return;
      }
      int row = kernels + TAPS * plane;
      for (int o = 0; o < outs; o++) {
        for (int tap = 0; tap < TAPS; tap++) {
          int from = kernels + tap * plane + o;
          for (int i = 0; i < ins; i++) {
            own[row + i * TAPS + tap] = own[from + i * Lanes.BLOCK];
          }
        }
        oihw.put(((output + o) * x.channels + input) * TAPS, own, row, ins * TAPS);
      }
    }

    /** {@code [9][inputs][outputs]} to {@code [outputs][inputs][9]}. */
    private static void turn(float[] own, int kernels, int to) {
      int spare = kernels + TAPS * Lanes.BLOCK * Lanes.BLOCK;
      for (int out = 0; out < Lanes.BLOCK; out += Squares.SIDE) {
        for (int place = 0; place < PLACES.length; place += Squares.SIDE) {
          int at = to + out * PLACES.length + place;
          int from = kernels + out;
          Squares.transpose(
              own, from, PLACES, place, own, spare, own, at, OUTPUTS, 0, Squares.SIDE);
        }
      }
    }
  }
}
