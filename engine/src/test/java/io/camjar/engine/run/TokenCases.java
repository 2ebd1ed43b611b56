package io.camjar.engine.run;

import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Expand;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.LayerNorm2d;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Slice;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Transpose;
import java.util.ArrayList;
import java.util.List;

/** Graphs of tokens, matrices and channels-last images, of sides that fill blocks and do not. */
final class TokenCases {
  private TokenCases() {}

  static List<EquivalenceCase> all() {
    List<EquivalenceCase> cases = new ArrayList<>();
    int[][] norms = {{1, 3}, {7, 17}, {50, 96}, {197, 3}, {7, 192}};
    for (int[] side : norms) {
      cases.add(
          EquivalenceCase.of(
              "layer norm of %d tokens of %d channels".formatted(side[0], side[1]),
              LayerNorm.of(side[1], 1e-6),
              2,
              side[0],
              side[1]));
    }
    int[][] sizes = {{1, 3, 3}, {7, 96, 3}, {50, 17, 1}, {7, 192, 6}, {197, 12, 6}};
    for (int[] size : sizes) {
      cases.add(
          EquivalenceCase.of(
              "transformer of %d tokens, %d channels, %d heads"
                  .formatted(size[0], size[1], size[2]),
              (graph, x) -> transformer(graph, size[0], size[1], size[2], x),
              2,
              size[0],
              size[1]));
    }
    for (int channels : new int[] {3, 17, 96}) {
      cases.add(
          EquivalenceCase.of(
              "block of ConvNeXt of %d channels".formatted(channels),
              (graph, x) -> convNeXt(graph, channels, x),
              2,
              channels,
              3,
              5));
    }
    cases.addAll(operations());
    return cases;
  }

  private static List<EquivalenceCase> operations() {
    return List.of(
        EquivalenceCase.of("layer norm of features", LayerNorm.of(35, 1e-5), 3, 35),
        EquivalenceCase.of(
            "layer norm without parameters", new LayerNorm(List.of(35L), 1e-5, false), 2, 3, 35),
        EquivalenceCase.of("layer norm of pixels", new LayerNorm2d(35, 1e-6), 2, 35, 3, 18),
        EquivalenceCase.of("layer norm of pooled maps", TokenCases::pooled, 2, 35, 3, 4),
        EquivalenceCase.of("softmax of channels", new Softmax(1), 2, 35, 3, 4),
        EquivalenceCase.of("softmax of tokens", new Softmax(1), 2, 5, 35),
        EquivalenceCase.of("softmax of features", new Softmax(-1), 3, 35),
        EquivalenceCase.of("scaled tokens", new Scale(-0.3), 2, 5, 35),
        EquivalenceCase.of("some channels", new Slice(-1, 3, 40, 1), 2, 5, 70),
        EquivalenceCase.of("channels of images", new Slice(1, 32, 70, 1), 2, 70, 2, 3),
        EquivalenceCase.of("some tokens", new Slice(1, 1, Long.MAX_VALUE, 1), 2, 5, 35),
        EquivalenceCase.of("every other token", new Slice(1, 0, 5, 2), 2, 5, 35),
        EquivalenceCase.of("transposed tokens", Transpose.of(0, 2, 1), 2, 37, 35),
        EquivalenceCase.of("images in another order", Transpose.of(2, 0, 3, 1), 2, 35, 3, 4),
        EquivalenceCase.of("images as tokens", Reshape.of(0L, 0L, -1L), 2, 35, 3, 4),
        EquivalenceCase.of("five sides", Reshape.of(2L, 5L, 3L, 2L, -1L), 2, 35, 3, 4),
        EquivalenceCase.of(
            "moved sides", Reshape.of(0L, 5L, -1L, Reshape.axis(2), Reshape.axis(3)), 2, 35, 3, 4),
        EquivalenceCase.of(
            "channels last and back",
            (graph, x) -> {
              int y = graph.op("last", Transpose.of(0, 2, 3, 1), x);
              int z = graph.op("norm", LayerNorm.of(35, 1e-5), y);
              y = graph.op("sum", new Add(), graph.op("relu", new ReLU(), y), z);
              return graph.op("first", Transpose.of(0, 3, 1, 2), y);
            },
            2,
            35,
            3,
            4),
        EquivalenceCase.of(
            "matrices and one matrix",
            (graph, x) -> {
              int one = graph.op("one", new Parameter(Shape.of(7, 37), true));
              int y = graph.op("right", new MatMul(), x, one);
              int left = graph.op("left", new Parameter(Shape.of(1, 1, 3, 35), true));
              y = graph.op("both", new MatMul(), left, y);
              int mask = graph.op("mask", new Parameter(Shape.of(1, 1, 3, 37), true));
              return graph.op("masked", new Add(), y, mask);
            },
            2,
            4,
            35,
            7),
        EquivalenceCase.of(
            "matrices that are repeated",
            (graph, x) -> {
              int one = graph.op("some", new Parameter(Shape.of(1, 4, 7, 5), true));
              return graph.op("right", new MatMul(), x, one);
            },
            2,
            4,
            3,
            7),
        EquivalenceCase.of(
            "long sums",
            (graph, x) -> {
              int turned = graph.op("turned", Transpose.of(1, 0), x);
              return graph.op("product", new MatMul(), x, turned);
            },
            3,
            603));
  }

  private static int pooled(GraphBuilder graph, int x) {
    int y = graph.op("pool", new AdaptiveAvgPool2d(), x);
    return graph.op("norm", new LayerNorm2d(35, 1e-6), y);
  }

  /** A class token, positions, a block and a head as timm's vision transformers have them. */
  private static int transformer(
      GraphBuilder graph, int tokens, int width, int heads, int patches) {
    int token = graph.op("cls_token", new Parameter(Shape.of(1, 1, width), true));
    token = graph.op("cls_tokens", new Expand(List.of(0L, 1L, (long) width)), token, patches);
    int x = graph.op("tokens", new Concat(1), token, patches);
    int places = graph.op("pos_embed", new Parameter(Shape.of(1, tokens + 1L, width), true));
    x = graph.op("pos_drop", new Add(), x, places);
    int y = graph.op("norm1", LayerNorm.of(width, 1e-6), x);
    int qkv = graph.op("qkv", new Linear(width, 3 * width, true), y);
    int q = part(graph, "q", 0, width, heads, Transpose.of(0, 2, 1, 3), qkv);
    int k = part(graph, "k", 1, width, heads, Transpose.of(0, 2, 3, 1), qkv);
    int v = part(graph, "v", 2, width, heads, Transpose.of(0, 2, 1, 3), qkv);
    y = graph.op("scale", new Scale(1 / Math.sqrt(width / (double) heads)), q);
    y = graph.op("softmax", new Softmax(3), graph.op("product", new MatMul(), y, k));
    y = graph.op("context", new MatMul(), y, v);
    y = graph.op("heads", Transpose.of(0, 2, 1, 3), y);
    y = graph.op("joined", Reshape.of(0L, 0L, (long) width), y);
    y = graph.op("proj", new Linear(width, width, true), y);
    int gamma = graph.op("gamma", new Parameter(Shape.of(width), true));
    x = graph.op("add1", new Add(), x, graph.op("ls1", new Mul(), y, gamma));
    y = graph.op("norm2", LayerNorm.of(width, 1e-6), x);
    y = graph.op("fc1", new Linear(width, 2 * width, true), y);
    y = graph.op("fc2", new Linear(2 * width, width, true), graph.op("act", new GELU(false), y));
    x = graph.op("add2", new Add(), x, y);
    y = graph.op("class", new Slice(1, 0, 1, 1), graph.op("norm", LayerNorm.of(width, 1e-6), x));
    y = graph.op("pool", Reshape.of(0L, (long) width), y);
    return graph.op("head", new Linear(width, 4, true), y);
  }

  private static int part(
      GraphBuilder graph, String name, int part, int width, int heads, Transpose order, int qkv) {
    long from = (long) part * width;
    int y = graph.op(name + "_slice", new Slice(2, from, from + width, 1), qkv);
    y = graph.op(name + "_heads", Reshape.of(0L, 0L, (long) heads, (long) width / heads), y);
    return graph.op(name, order, y);
  }

  private static int convNeXt(GraphBuilder graph, int width, int x) {
    Conv2dGeometry seven = Conv2dGeometry.square(width, width, 7, 1, 3);
    int y = graph.op("conv", new Conv2d(seven, true).withGroups(width), x);
    y = graph.op("last", Transpose.of(0, 2, 3, 1), y);
    y = graph.op("norm", LayerNorm.of(width, 1e-6), y);
    y = graph.op("fc1", new Linear(width, 2 * width, true), y);
    y = graph.op("fc2", new Linear(2 * width, width, true), graph.op("act", new GELU(false), y));
    y = graph.op("first", Transpose.of(0, 3, 1, 2), y);
    int scale = graph.op("layer_scale", new Parameter(Shape.of(width, 1, 1), true));
    return graph.op("add", new Add(), graph.op("mul", new Mul(), scale, y), x);
  }
}
