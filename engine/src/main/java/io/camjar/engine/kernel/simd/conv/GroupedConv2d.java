package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.GroupTiles;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.TileArgs;

/**
 * A convolution in groups of few channels.
 *
 * <p>Groups lie side by side in a vector. {@link GroupTiles Tiles} are neighbouring outputs of a
 * row, whose sums stay in registers while the taps go by. Sums run over the taps and, for each,
 * over the channels of the group: as in {@link DirectConv2d}, which also adds products with zeros.
 */
public final class GroupedConv2d extends LinewiseConv2d {
  private final int perGroup;

  private GroupedConv2d(
      Conv2dGeometry g, int groups, float[] weights, boolean backward, PackMemory memory) {
    super(g, g.inChannels() / groups, weights, backward, memory);
    this.perGroup = g.inChannels() / groups;
  }

  /** Whether there are tiles for a convolution in so many groups. */
  public static boolean supports(Conv2dGeometry g, int groups) {
    return groups > 1
        && g.inChannels() == g.outChannels()
        && GroupTiles.supports(g.inChannels() / groups);
  }

  /** The forward of these weights, {@code [C, C / groups, kH, kW]}, laid out in this memory. */
  public static GroupedConv2d forward(
      Conv2dGeometry g, int groups, float[] weights, PackMemory memory) {
    return new GroupedConv2d(g, groups, weights, false, memory);
  }

  /** The backward to the input: from the gradient of the output to that of the input. */
  public static GroupedConv2d backwardInput(
      Conv2dGeometry g, int groups, float[] weights, PackMemory memory) {
    return new GroupedConv2d(g, groups, weights, true, memory);
  }

  @Override
  Line line(ConvSweep pass, TileArgs args, int columns) {
    return (a, w, init, c) -> {
      for (int done = 0; done < columns; done += GroupTiles.OUTPUTS) {
        int count = Math.min(GroupTiles.OUTPUTS, columns - done);
        int from = a + done * args.aRow;
        int add = init + done * args.initRow;
        int to = c + done * args.cRow;
        // Both vectors, whatever the block has: what fills it must be zero.
        for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
          GroupTiles.run(perGroup, count, args, from + lane, w + lane, add + lane, to + lane);
        }
      }
    };
  }
}
