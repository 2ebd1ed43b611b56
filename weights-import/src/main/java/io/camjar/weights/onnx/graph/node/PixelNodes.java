package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Op;
import io.camjar.engine.op.PixelOrder;
import io.camjar.engine.op.PixelShuffle;
import io.camjar.engine.op.PixelUnshuffle;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.graph.node.Value.Traced;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Channels that become places, and places that become channels. */
final class PixelNodes {
  private static final int LARGEST = 1 << 10;

  private PixelNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "DepthToSpace", single(PixelNodes::shuffle),
          "SpaceToDepth",
              single(
                  call ->
                      call.emit(
                          new PixelUnshuffle(factor(call), PixelOrder.PLACES_FIRST), maps(call))));

  private static Translator single(Translator.Single translator) {
    return translator;
  }

  private static Value shuffle(Call call) {
    String mode = call.attributes().text("mode", "DCR");
    PixelOrder order =
        switch (mode) {
          case "DCR" -> PixelOrder.PLACES_FIRST;
          case "CRD" -> PixelOrder.CHANNELS_FIRST;
          default ->
              throw Malformed.damaged(
                  "node '%s' has '%s' as mode".formatted(call.node().label(), mode));
        };
    return call.emit(new PixelShuffle(factor(call), order), maps(call));
  }

  private static Traced maps(Call call) {
    if (call.x().rank() != 4) {
      throw call.refuse("moves places of a tensor of %d dimensions".formatted(call.x().rank()));
    }
    return call.x();
  }

  private static int factor(Call call) {
    long factor = call.attributes().integer("blocksize", 0);
    if (factor < 1 || factor > LARGEST) {
      throw Malformed.damaged("node '%s' has a block of %d".formatted(call.node().label(), factor));
    }
    return (int) factor;
  }

  /**
   * A shuffle as it is written out: maps {@code [N, C, H, W]} with channels or places divided, six
   * sides in another order, and laid out as maps again, maybe with sides of 1 among theirs. As one
   * operation its values lie on the image.
   *
   * @param to the shapes that the six sides are laid out in
   * @return empty if the node's input is something else
   */
  static Optional<Value> writtenOut(Call call, List<Shape> to) {
    Optional<Transpose> turned = call.origin(call.x(), Transpose.class);
    if (turned.isEmpty() || call.x().rank() != 6) {
      return Optional.empty();
    }
    Traced divided = call.operands(call.x()).get(0);
    Traced maps = ResponseNorms.laidOut(call, divided);
    for (Way way : Way.ALL) {
      int factor = way.factor(divided.shape());
      boolean found =
          turned.get().permutation().equals(way.sides)
              && factor <= LARGEST
              && way.fits(maps.shapes(), divided.shapes(), to, factor);
      if (found) {
        Op op = way.op(factor);
        if (call.shapes(probe -> way.maps(maps.shapes().get(probe), factor)).equals(to)) {
          return Optional.of(call.emit(op, maps));
        }
        Traced y = call.before(op, maps);
        return Optional.of(PlaceNodes.shaped(call, y, new ReshapedSides(y.shapes(), to)));
      }
    }
    return Optional.empty();
  }

  /**
   * A way to write a shuffle out.
   *
   * @param shuffles whether channels become places
   * @param sides how the six sides are put in order
   */
  private record Way(boolean shuffles, PixelOrder order, List<Integer> sides) {
    private static final List<Way> ALL =
        List.of(
            new Way(true, PixelOrder.CHANNELS_FIRST, List.of(0, 1, 4, 2, 5, 3)),
            new Way(true, PixelOrder.PLACES_FIRST, List.of(0, 3, 4, 1, 5, 2)),
            new Way(false, PixelOrder.CHANNELS_FIRST, List.of(0, 1, 3, 5, 2, 4)),
            new Way(false, PixelOrder.PLACES_FIRST, List.of(0, 3, 5, 1, 2, 4)));

    private int factor(Shape divided) {
      return divided.at(shuffles ? 2 : 3);
    }

    private Op op(int factor) {
      return shuffles ? new PixelShuffle(factor, order) : new PixelUnshuffle(factor, order);
    }

    private Shape maps(Shape from, int factor) {
      return op(factor).output("", List.of(from));
    }

    /** The six sides, if they divide the maps. */
    private Shape divided(Shape maps, long factor) {
      long n = maps.side(0);
      long channels = maps.side(1);
      long height = maps.side(2);
      long width = maps.side(3);
      if (!shuffles) {
        return Shape.of(n, channels, height / factor, factor, width / factor, factor);
      }
      long fewer = channels / (factor * factor);
      return order == PixelOrder.CHANNELS_FIRST
          ? Shape.of(n, fewer, factor, factor, height, width)
          : Shape.of(n, factor, factor, fewer, height, width);
    }

    /** The sides that are not 1: PyTorch's exporter puts some of 1 in, and squeezes them out. */
    private static List<Long> longer(Shape shape) {
      return Arrays.stream(shape.toArray()).filter(side -> side > 1).boxed().toList();
    }

    /** Whether shapes are those of this way at every probe. */
    private boolean fits(List<Shape> maps, List<Shape> divided, List<Shape> to, int factor) {
      for (int probe = 0; probe < to.size(); probe++) {
        Shape from = maps.get(probe);
        // As many numbers as the maps have: so they are divided without rest.
        boolean fits =
            from.rank() == 4
                && divided.get(probe).equals(divided(from, factor))
                && longer(maps(from, factor)).equals(longer(to.get(probe)));
        if (!fits) {
          return false;
        }
      }
      return true;
    }
  }
}
