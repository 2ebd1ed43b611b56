package io.camjar.engine.run;

import static io.camjar.engine.run.EquivalenceCase.of;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.CELU;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.Compare;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Maximum;
import io.camjar.engine.op.Minimum;
import io.camjar.engine.op.Mul;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.PixelOrder;
import io.camjar.engine.op.PixelShuffle;
import io.camjar.engine.op.PixelUnshuffle;
import io.camjar.engine.op.Pointwise;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SELU;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Tanh;
import io.camjar.engine.op.Transpose;
import io.camjar.engine.op.Where;
import java.util.ArrayList;
import java.util.List;

/** Graphs of images: each operation alone, and in company that backends fuse it with or cannot. */
final class EquivalenceCases {
  private static final List<Op> ACTIVATIONS =
      List.of(
          Clip.relu6(),
          new Clip(0.5, 2),
          new LeakyReLU(0.1),
          new Sigmoid(),
          new Hardsigmoid(),
          new Hardswish(),
          new SiLU(),
          new GELU(false),
          new GELU(true),
          new Tanh());

  private EquivalenceCases() {}

  /** All there are, those of tokens too. */
  static List<EquivalenceCase> all() {
    List<EquivalenceCase> cases = new ArrayList<>(plain());
    cases.addAll(TokenCases.all());
    for (int columns = 1; columns <= 7; columns++) {
      String lines = "conv to lines of " + columns;
      cases.add(of(lines, conv(36, 40, 5, 1), 1, 36, columns + 1, columns));
      cases.add(of(lines + ", stride", conv(36, 40, 3, 2), 2, 36, 2 * columns, 2 * columns - 1));
    }
    cases.add(of("conv of small maps to many channels", conv(36, 290, 3, 2), 2, 36, 7, 7));
    cases.add(of("conv of smaller maps to many channels", conv(300, 290, 3, 2), 1, 300, 4, 3));
    cases.add(of("conv of one tap of small maps", conv(300, 290, 1, 1), 2, 300, 3, 5));
    for (Op op : ACTIVATIONS) {
      cases.add(of(op + " of an image", op, 2, 35, 3, 4));
      cases.add(of(op + " of features", op, 3, 33));
      cases.add(
          of(
              op + " behind convolutions",
              (graph, x) -> {
                int y = graph.op("conv", conv(3, 35, 3, 1), x);
                y = graph.op("conv2", conv(35, 35, 3, 1), graph.op("act", op, y));
                y = graph.op("sum", new Add(), y, graph.op("act2", op, y));
                y = graph.op("deep", depthwise(35, 3, 1, 1), graph.op("act3", op, y));
                return graph.op("last", conv(35, 4, 1, 1), graph.op("act4", op, y));
              },
              1,
              3,
              6,
              7));
    }
    return cases;
  }

  /** Those that ND4J's kernels are held to as well. */
  static List<EquivalenceCase> plain() {
    return List.of(
        of("conv", conv(3, 5, 3, 1), 2, 3, 9, 7),
        of("conv of many channels", conv(35, 33, 3, 2), 1, 35, 9, 7),
        of("conv in groups", conv(4, 6, 3, 1).withGroups(2), 2, 4, 5, 7),
        of("groups of a block", conv(128, 64, 3, 1).withGroups(2), 1, 128, 5, 6),
        of("groups across blocks", conv(96, 144, 3, 2).withGroups(4), 2, 96, 6, 5),
        of("groups of few channels", conv(70, 35, 3, 1).withGroups(35), 2, 70, 4, 5),
        of("groups within a vector", conv(48, 48, 3, 1).withGroups(12), 2, 48, 4, 9),
        of("groups of a vector", conv(32, 32, 3, 2).withGroups(2), 1, 32, 7, 18),
        of("groups of one tap within a vector", conv(40, 40, 1, 1).withGroups(5), 1, 40, 3, 8),
        of("groups of one input", conv(20, 40, 3, 2).withGroups(20), 2, 20, 7, 6),
        of("groups of one tap", conv(64, 96, 1, 2).withGroups(2), 1, 64, 5, 7),
        of(
            "groups padded unevenly",
            conv(8, 8, 3, 2).withGroups(4).withPaddingAfter(2, 0),
            1,
            8,
            6,
            7),
        of("depthwise", depthwise(35, 3, 1, 1), 2, 35, 9, 17),
        of("depthwise, stride", depthwise(64, 3, 2, 1), 1, 64, 9, 12),
        of("depthwise 5x5, stride", depthwise(33, 5, 2, 1), 2, 33, 11, 8),
        of("depthwise 7x7", depthwise(33, 7, 1, 1), 1, 33, 7, 8),
        of("depthwise lines of tiles", depthwise(35, 3, 1, 1), 2, 35, 4, 14),
        of("depthwise lines of tiles, stride", depthwise(33, 3, 2, 1), 2, 33, 5, 30),
        of("depthwise 5x5 lines of tiles", depthwise(40, 5, 1, 1), 1, 40, 6, 7),
        of("depthwise 5x5 lines of tiles, stride", depthwise(33, 5, 2, 1), 1, 33, 7, 29),
        of("depthwise 7x7 lines of tiles", depthwise(33, 7, 1, 1), 1, 33, 5, 16),
        of("depthwise, dilation", depthwise(8, 3, 1, 2), 2, 8, 9, 11),
        of("depthwise 1x1", depthwise(8, 1, 1, 1), 2, 8, 3, 2),
        of("depthwise 1x1, stride", depthwise(8, 1, 2, 1), 2, 8, 5, 6),
        of("depthwise, stride beyond the kernel", depthwise(35, 2, 3, 1), 1, 35, 8, 9),
        of("depthwise, stride and dilation", depthwise(33, 3, 2, 2), 2, 33, 9, 12),
        of(
            "as many means as classes",
            (graph, x) -> {
              int y = graph.op("conv", conv(3, 5, 3, 1), x);
              y = graph.op("flat", new Flatten(), graph.op("pool", new AdaptiveAvgPool2d(), y));
              return graph.op("fc", new Linear(5, 5, true), y);
            },
            3,
            3,
            4,
            5),
        of("depthwise of an image", depthwise(3, 5, 3, 1), 2, 3, 12, 10),
        of("depthwise padded unevenly", depthwise(40, 3, 2, 1).withPaddingAfter(2, 0), 2, 40, 6, 9),
        of("depthwise features", depthwise(35, 3, 1, 1), 3, 35, 1, 1),
        of(
            "inverted residual",
            (graph, x) -> {
              int y = graph.op("expand", conv(8, 48, 1, 1), x);
              y = graph.op("relu", new ReLU(), y);
              int shortcut = y;
              Conv2d deep = new Conv2d(depthwise(48, 5, 1, 1).geometry(), false).withGroups(48);
              y = graph.op("bn", BatchNorm.of2d(48), graph.op("depthwise", deep, y));
              y = graph.op("relu2", new ReLU(), graph.op("add", new Add(), y, shortcut));
              y = graph.op("project", conv(48, 8, 1, 1), y);
              return graph.op("sum", new Add(), y, x);
            },
            2,
            8,
            6,
            9),
        of(
            "channels of odd parts",
            (graph, x) -> {
              int a = graph.op("a", unbiased(3, 35, 3), x);
              int b = graph.op("b", unbiased(3, 5, 1), x);
              int c = graph.op("c", unbiased(3, 32, 1), x);
              int y = graph.op("concat", new Concat(1), a, b, c, a);
              y = graph.op("bn", BatchNorm.of2d(107), y);
              return graph.op("last", conv(107, 3, 1, 1), graph.op("relu", new ReLU(), y));
            },
            2,
            3,
            5,
            6),
        of(
            "channels of parts that begin within a block",
            (graph, x) -> {
              int a = graph.op("a", unbiased(3, 16, 3), x);
              int b = graph.op("b", unbiased(3, 40, 1), x);
              int c = graph.op("c", unbiased(3, 12, 1), x);
              int y = graph.op("concat", new Concat(1), a, b, c, a);
              y = graph.op("relu", new ReLU(), graph.op("bn", BatchNorm.of2d(84), y));
              int z = graph.op("halves", new Concat(1), y, c, c, a, a);
              return graph.op("last", conv(140, 3, 1, 1), z);
            },
            2,
            3,
            5,
            6),
        of(
            "dense block",
            (graph, x) -> {
              int y = graph.op("stem", unbiased(3, 64, 3), x);
              List<Integer> all = new ArrayList<>(List.of(y));
              int channels = 64;
              for (int i = 0; i < 3; i++) {
                int[] parts = all.stream().mapToInt(Integer::intValue).toArray();
                y = graph.op("concat" + i, new Concat(-3), parts);
                y = graph.op("bn" + i, BatchNorm.of2d(channels), y);
                y =
                    graph.op(
                        "conv" + i, unbiased(channels, 32, 3), graph.op("relu" + i, new ReLU(), y));
                all.add(y);
                channels += 32;
              }
              y = graph.op("norm", BatchNorm.of2d(32), y);
              y = graph.op("pool", new AdaptiveAvgPool2d(), graph.op("relu", new ReLU(), y));
              int two = graph.op("pool2", new AdaptiveMaxPool2d(), all.get(0));
              return graph.op("flat", new Flatten(), graph.op("both", new Concat(1), y, two));
            },
            2,
            3,
            4,
            5),
        of(
            "a chain of concatenations of whole blocks",
            (graph, x) -> {
              int y = graph.op("stem", new ReLU(), graph.op("conv", unbiased(3, 64, 3), x));
              int early = y;
              for (int i = 0; i < 3; i++) {
                int a = graph.op("a" + i, unbiased(64 + 32 * i, 16, 1), y);
                int b = graph.op("b" + i, unbiased(64 + 32 * i, 16, 3), y);
                y = graph.op("concat" + i, new Concat(1), y, a, b);
                y = graph.op("alone" + i, new Concat(1), y);
              }
              int z = graph.op("again", new Concat(1), early, y, early);
              z = graph.op("last", conv(288, 5, 1, 1), graph.op("relu", new ReLU(), z));
              return graph.op("sum", new Add(), z, graph.op("late", conv(160, 5, 3, 1), y));
            },
            1,
            3,
            6,
            7),
        of(
            "places behind one another",
            (graph, x) -> graph.op("c", new Concat(2), x, x),
            2,
            3,
            4,
            5),
        of(
            "squeeze and excitation",
            (graph, x) -> {
              int y = graph.op("conv", conv(3, 40, 3, 1), x);
              int s = graph.op("pool", new AdaptiveAvgPool2d(), y);
              s = graph.op("fc1", conv(40, 6, 1, 1), s);
              s = graph.op("fc2", conv(6, 40, 1, 1), graph.op("act", new SiLU(), s));
              s = graph.op("gate", new Sigmoid(), s);
              y = graph.op("mul", new Mul(), s, y);
              y = graph.op("square", new Mul(), y, y);
              y = graph.op("again", new Mul(), y, graph.op("max", new AdaptiveMaxPool2d(), y));
              return graph.op("last", conv(40, 3, 1, 1), y);
            },
            2,
            3,
            5,
            4),
        of(
            "scale and shift of each channel",
            (graph, x) -> {
              int y = graph.op("conv", conv(3, 35, 3, 1), x);
              int scale = graph.op("layer_scale", new Parameter(Shape.of(35, 1, 1), true));
              y = graph.op("mul", new Mul(), scale, y);
              y = graph.op("relu", new ReLU(), y);
              int shift = graph.op("shift", new Parameter(Shape.of(1, 35, 1, 1), false));
              y = graph.op("add", new Add(), y, shift);
              y = graph.op("gelu", new GELU(false), y);
              int all = graph.op("all", new Parameter(Shape.of(1), true));
              return graph.op("last", conv(35, 3, 1, 1), graph.op("product", new Mul(), y, all));
            },
            2,
            3,
            5,
            4),
        of(
            "tokens",
            (graph, x) -> {
              int y = graph.op("fc", new Linear(35, 40, true), x);
              int places = graph.op("pos", new Parameter(Shape.of(1, 5, 40), true));
              y = graph.op("add", new Add(), y, places);
              y = graph.op("act", new GELU(true), y);
              int z = graph.op("fc2", new Linear(40, 40, true), y);
              y = graph.op("sum", new Add(), y, z);
              int weights =
                  graph.op(
                      "scores", new MatMul(), y, graph.op("t", new Transpose(List.of(0, 2, 1)), z));
              y = graph.op("mix", new MatMul(), graph.op("softmax", new Softmax(-1), weights), y);
              return graph.op("head", new Linear(40, 3, false), y);
            },
            2,
            5,
            35),
        of(
            "larger and smaller of two",
            (graph, x) -> {
              int a = graph.op("a", conv(3, 35, 3, 1), x);
              int b = graph.op("b", conv(3, 35, 1, 1), x);
              int y = graph.op("max", new Maximum(), a, b);
              y = graph.op("itself", new Maximum(), y, y);
              y = graph.op("min", new Minimum(), y, graph.op("c", conv(35, 35, 3, 1), y));
              int mean = graph.op("pool", new AdaptiveAvgPool2d(), y);
              y = graph.op("above", new Maximum(), y, mean);
              return graph.op("last", conv(35, 4, 1, 1), graph.op("relu", new ReLU(), y));
            },
            2,
            3,
            5,
            7),
        of(
            "one of two values as a third says",
            (graph, x) -> {
              int a = graph.op("a", conv(3, 35, 3, 1), x);
              int b = graph.op("b", conv(3, 35, 1, 1), x);
              int larger = graph.op("larger", new Compare(Compare.Relation.GREATER), a, b);
              int y =
                  graph.op(
                      "where",
                      new Where(),
                      larger,
                      a,
                      graph.op("neg", new Pointwise(Pointwise.Function.NEG), b));
              int mean = graph.op("pool", new AdaptiveAvgPool2d(), y);
              int less = graph.op("less", new Compare(Compare.Relation.LESS), y, mean);
              y = graph.op("limit", new Where(), less, mean, y);
              return graph.op("last", conv(35, 4, 1, 1), graph.op("relu", new ReLU(), y));
            },
            2,
            3,
            5,
            7),
        of(
            "channels as places and back",
            (graph, x) -> {
              int y = graph.op("conv", conv(3, 36, 3, 1), x);
              y = graph.op("shuffle", new PixelShuffle(2, PixelOrder.CHANNELS_FIRST), y);
              y = graph.op("act", SELU.standard(), graph.op("conv2", conv(9, 5, 3, 1), y));
              y = graph.op("unshuffle", new PixelUnshuffle(2, PixelOrder.PLACES_FIRST), y);
              return graph.op("last", conv(20, 4, 1, 1), graph.op("act2", new CELU(0.3), y));
            },
            2,
            3,
            5,
            7),
        of("conv padded unevenly", conv(35, 6, 3, 2).withPaddingAfter(2, 0), 2, 35, 6, 8),
        of("linear", new Linear(7, 4, true), 3, 7),
        of("linear of one image", new Linear(7, 4, true), 1, 7),
        of(
            "classifier of one image",
            (graph, x) -> {
              int y = graph.op("relu", new ReLU(), graph.op("conv", conv(3, 35, 3, 2), x));
              y = graph.op("flat", new Flatten(), y);
              y =
                  graph.op(
                      "relu1", new ReLU(), graph.op("fc1", new Linear(35 * 12, 1100, true), y));
              int z = graph.op("fc2", new Linear(1100, 1100, false), y);
              y = graph.op("relu2", new ReLU(), graph.op("sum", new Add(), y, z));
              return graph.op("fc3", new Linear(1100, 4, true), y);
            },
            1,
            3,
            5,
            8),
        of("batch norm of an image", new BatchNorm(2, 3, 1e-3, 0.3), 2, 3, 5, 4),
        of("batch norm of features", BatchNorm.of1d(35), 4, 35),
        of("relu of an image", new ReLU(), 2, 3, 5, 7),
        of("silu of an image", new SiLU(), 2, 3, 5, 7),
        of("silu of features", new SiLU(), 3, 33),
        of("max-pool of an image", new MaxPool2d(Pool2dGeometry.square(3, 2, 1)), 2, 3, 7, 6),
        of("average pool", new AvgPool2d(Pool2dGeometry.square(2, 2, 0)), 1, 33, 6, 4),
        of("global average", new AdaptiveAvgPool2d(), 2, 3, 5, 4),
        of("global maximum", new AdaptiveMaxPool2d(), 2, 33, 5, 4),
        of("concat pool", new AdaptiveConcatPool2d(), 2, 3, 5, 4),
        of("dropout", new Dropout(0.5), 3, 35),
        of("relu of a row", new ReLU(), 37),
        of("silu of tokens", new SiLU(), 2, 5, 33),
        of("relu of five sides", new ReLU(), 2, 3, 5, 1, 3),
        of("dropout of tokens", new Dropout(0.5), 3, 7, 35),
        of("stochastic depth of images", Dropout.ofRows(0.5), 5, 35, 3, 2),
        of("stochastic depth of one place", Dropout.ofRows(0.5), 5, 35, 1, 1),
        of("stochastic depth of tokens", Dropout.ofRows(0.5), 5, 7, 35),
        of("stochastic depth of features", Dropout.ofRows(0.5), 5, 35),
        of("stochastic depth of five sides", Dropout.ofRows(0.5), 5, 3, 5, 1, 3),
        of("dropout of five sides", new Dropout(0.5), 2, 3, 5, 1, 3),
        of("flattened image", new Flatten(), 2, 35, 3, 4),
        of("flattened features", new Flatten(), 3, 35),
        of(
            "classifier of maps",
            (graph, x) -> {
              int y = graph.op("conv", conv(3, 35, 3, 2), x);
              y = graph.op("relu", new ReLU(), y);
              y = graph.op("flat", new Flatten(), graph.op("drop", new Dropout(0.5), y));
              y = graph.op("fc1", new Linear(35 * 12, 6, true), y);
              return graph.op("fc2", new Linear(6, 4, true), graph.op("relu2", new ReLU(), y));
            },
            2,
            3,
            5,
            8),
        of(
            "pooled maps in convolutions",
            (graph, x) -> {
              int y = graph.op("pool", new AdaptiveAvgPool2d(), x);
              int a = graph.op("conv1", conv(35, 33, 1, 1), y);
              int b = graph.op("conv3", conv(35, 33, 3, 1), y);
              y = graph.op("sum", new Add(), graph.op("relu", new ReLU(), a), b);
              y = graph.op("again", new AdaptiveMaxPool2d(), y);
              return graph.op("fc", new Linear(33, 3, true), graph.op("flat", new Flatten(), y));
            },
            3,
            35,
            4,
            5),
        of(
            "groups within a network",
            (graph, x) -> {
              Conv2d first = new Conv2d(Conv2dGeometry.square(3, 6, 3, 1, 1), false);
              int y = graph.op("bn", BatchNorm.of2d(6), graph.op("conv", first, x));
              y = graph.op("relu", new ReLU(), y);
              Conv2d second = new Conv2d(Conv2dGeometry.square(6, 6, 3, 1, 1), false);
              int deep = graph.op("grouped", second.withGroups(3), y);
              deep = graph.op("bn2", BatchNorm.of2d(6), deep);
              y = graph.op("relu2", new ReLU(), graph.op("add", new Add(), deep, y));
              y = graph.op("flat", new Flatten(), graph.op("pool", new AdaptiveAvgPool2d(), y));
              return graph.op("fc", new Linear(6, 4, true), y);
            },
            2,
            3,
            5,
            6),
        of("a value read twice", (graph, x) -> graph.op("sum", new Add(), x, x), 2, 3, 4, 5),
        of(
            "swish network with two results",
            (graph, x) -> {
              Conv2d first = new Conv2d(Conv2dGeometry.square(3, 8, 3, 1, 1), false);
              int y = graph.op("conv", first, x);
              y = graph.op("act", new SiLU(), graph.op("bn", BatchNorm.of2d(8), y));
              int branch = graph.op("relu", new ReLU(), graph.op("conv2", conv(8, 8, 3, 1), y));
              int sum = graph.op("add", new Add(), y, branch);
              graph.output("exit", sum);
              y = graph.op("pool", new AdaptiveAvgPool2d(), graph.op("act2", new SiLU(), sum));
              return graph.op("fc", new Linear(8, 4, false), graph.op("flat", new Flatten(), y));
            },
            2,
            3,
            9,
            8));
  }

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    return new Conv2d(Conv2dGeometry.square(in, out, kernel, stride, kernel / 2), true);
  }

  private static Conv2d unbiased(int in, int out, int kernel) {
    return new Conv2d(Conv2dGeometry.square(in, out, kernel, 1, kernel / 2), false);
  }

  private static Conv2d depthwise(int channels, int kernel, int stride, int dilation) {
    int pad = kernel / 2 * dilation;
    Conv2dGeometry g =
        new Conv2dGeometry(
            channels, channels, kernel, kernel, stride, stride, pad, pad, dilation, dilation);
    return new Conv2d(g, true).withGroups(channels);
  }
}
