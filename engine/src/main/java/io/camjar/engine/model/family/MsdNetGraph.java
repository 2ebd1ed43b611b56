package io.camjar.engine.model.family;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.model.Points;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes a multi-scale dense network down; maps of several scales are arrays of values. */
final class MsdNetGraph {
  private static final String SEQUENTIAL = "Sequential";

  private final MsdNet net;
  private final MsdNetDesign spec;
  private final boolean reference;
  private final GraphBuilder graph = new GraphBuilder();

  MsdNetGraph(MsdNet net) {
    this.net = net;
    this.spec = net.design();
    this.reference = spec.reference();
  }

  Graph build() {
    int image = graph.input(Points.INPUT);
    List<Integer> features = new ArrayList<>();
    int[] scales = {image};
    for (int block = 0; block < spec.steps().size(); block++) {
      int number = block;
      scales = scales(net.block(block), SEQUENTIAL, scales, in -> block(number, in));
      features.add(last(scales));
    }
    int logits = image;
    for (int block = 0; block < spec.steps().size(); block++) {
      int number = block;
      String name = net.classifier(block);
      String kind = reference ? "ClassifierModule" : "CifarClassifier";
      logits = graph.scope(name, kind, features.get(block), in -> classifier(number, in));
      graph.output(MsdNet.result(block), logits);
    }
    graph.output(Trace.LOGITS, logits);
    return graph.build();
  }

  private static int last(int[] scales) {
    return scales[scales.length - 1];
  }

  /** A module on maps of several scales; the coarsest that come out have its name. */
  private int[] scales(String name, String kind, int[] in, UnaryOperator<int[]> body) {
    int[][] out = new int[1][];
    graph.scope(
        name,
        kind,
        last(in),
        x -> {
          out[0] = body.apply(in);
          return last(out[0]);
        });
    return out[0];
  }

  private int[] block(int block, int[] in) {
    int[] scales = in;
    int child = 0;
    if (block == 0) {
      int image = in[0];
      scales =
          scales(reference ? "0" : "MSD_first", "MSDFirstLayer", in, x -> stem(image, outer(true)));
      child++;
    }
    List<MsdNetDesign.Step> plan = spec.plan();
    for (int number = 1; number <= plan.size(); number++) {
      MsdNetDesign.Step step = plan.get(number - 1);
      if (step.block() == block) {
        String name = reference ? Integer.toString(child++) : "MSD_layer_" + number;
        scales = scales(name, "MSDLayer", scales, x -> layer(step, x));
        if (step.reduced() > 0) {
          String transition = reference ? Integer.toString(child++) : "Transition";
          scales = scales(transition, "Transition", scales, x -> transition(step, x));
        }
      }
    }
    return scales;
  }

  /** The list in which a module holds its scales. */
  private String outer(boolean layers) {
    if (reference) {
      return layers ? "layers." : "m.";
    }
    return layers ? "subnets." : "scales.";
  }

  private int width(int scale, int channels) {
    return channels * spec.widths().get(scale);
  }

  private int[] stem(int image, String list) {
    int[] scales = new int[spec.widths().size()];
    int in = net.inChannels();
    int y = image;
    for (int scale = 0; scale < scales.length; scale++) {
      int width = width(scale, spec.channels());
      int from = in;
      boolean large = scale == 0 && spec.stem() == MsdNetDesign.Stem.IMAGENET;
      int stride = scale == 0 ? 1 : 2;
      y =
          large
              ? graph.scope(list + scale, SEQUENTIAL, y, x -> largeStem(from, width, x))
              : basic(list + scale, from, width, 3, stride, y);
      scales[scale] = y;
      in = width;
    }
    return scales;
  }

  private int largeStem(int in, int out, int x) {
    int y = graph.op("0", new Conv2d(Conv2dGeometry.square(in, out, 7, 2, 3), true), x);
    y = graph.op("2", new ReLU(), graph.op("1", BatchNorm.of2d(out), y));
    return graph.op("3", new MaxPool2d(Pool2dGeometry.square(3, 2, 1)), y);
  }

  /** A convolution, its batch norm and a ReLU. */
  private int basic(String name, int in, int out, int kernel, int stride, int x) {
    IntUnaryOperator layers = y -> norm("0", "1", "2", in, out, kernel, stride, y);
    return reference
        ? graph.scope(name, "ConvBasic", x, y -> graph.scope("net", SEQUENTIAL, y, layers))
        : graph.scope(name, SEQUENTIAL, x, layers);
  }

  private int norm(
      String conv, String norm, String relu, int in, int out, int kernel, int stride, int x) {
    Conv2dGeometry geometry = Conv2dGeometry.square(in, out, kernel, stride, kernel / 2);
    int y = graph.op(conv, new Conv2d(geometry, !reference), x);
    return graph.op(relu, new ReLU(), graph.op(norm, BatchNorm.of2d(out), y));
  }

  private int[] layer(MsdNetDesign.Step step, int[] in) {
    int all = spec.widths().size();
    int dropped = step.inScales() - step.outScales();
    int[] out = new int[step.outScales()];
    for (int j = 0; j < out.length; j++) {
      int scale = all - out.length + j;
      int same = in[dropped + j];
      Integer finer = dropped + j == 0 ? null : in[dropped + j - 1];
      out[j] =
          graph.scope(
              outer(true) + j,
              finer == null ? "ConvNormal" : "ConvDownNormal",
              same,
              x -> joined(step.channels(), scale, x, finer));
    }
    return out;
  }

  /** The maps that came in, what the finer scale adds and what they add themselves. */
  private int joined(int channels, int scale, int same, @Nullable Integer finer) {
    int added = width(scale, spec.growth());
    if (finer == null) {
      int y = conv(0, false, channels, scale, added, same);
      return graph.op("cat", new Concat(1), same, y);
    }
    int down = conv(0, true, channels, scale - 1, added / 2, finer);
    int normal = conv(1, false, channels, scale, added / 2, same);
    return graph.op("cat", new Concat(1), same, down, normal);
  }

  private int conv(int place, boolean down, int channels, int scale, int out, int x) {
    int in = width(scale, channels);
    int stride = down ? 2 : 1;
    boolean narrow = !spec.bottlenecks().isEmpty();
    int inner = narrow ? Math.min(in, spec.bottlenecks().get(scale) * out) : in;
    if (reference) {
      IntUnaryOperator layers =
          y ->
              narrow
                  ? norm(
                      "3", "4", "5", inner, out, 3, stride, norm("0", "1", "2", in, inner, 1, 1, y))
                  : norm("0", "1", "2", in, out, 3, stride, y);
      return graph.scope(
          down ? "conv_down" : "conv_normal",
          "ConvBN",
          x,
          y -> graph.scope("net", SEQUENTIAL, y, layers));
    }
    return graph.scope(
        "conv_modules." + place,
        SEQUENTIAL,
        x,
        in0 -> {
          int y =
              narrow
                  ? norm("Bottleneck_1x1", "Bottleneck_BN", "Bottleneck_ReLU", in, inner, 1, 1, in0)
                  : in0;
          String spatial = down ? "Spatial_down" : "Spatial_forward";
          return norm(spatial, "BN_out", "ReLU_out", inner, out, 3, stride, y);
        });
  }

  private int[] transition(MsdNetDesign.Step step, int[] in) {
    int[] out = new int[in.length];
    Arrays.setAll(
        out,
        j -> {
          int scale = spec.widths().size() - in.length + j;
          int from = width(scale, step.channels() + spec.growth());
          return basic(outer(false) + j, from, width(scale, step.reduced()), 1, 1, in[j]);
        });
    return out;
  }

  private int classifier(int block, int x) {
    int in = spec.features().get(block);
    int inner = spec.hidden() == 0 ? in : spec.hidden();
    int y =
        graph.scope(
            reference ? "m" : "features",
            SEQUENTIAL,
            x,
            maps -> {
              AvgPool2d pool = new AvgPool2d(Pool2dGeometry.square(2, 2, 0));
              if (reference) {
                int first = basic("0", in, inner, 3, 2, maps);
                return graph.op("2", pool, basic("1", inner, inner, 3, 2, first));
              }
              int first = norm("0", "1", "2", in, inner, 3, 2, maps);
              return graph.op("6", pool, norm("3", "4", "5", inner, inner, 3, 2, first));
            });
    y = graph.op("flatten", new Flatten(), y);
    return graph.op(reference ? "linear" : "classifier", new Linear(inner, net.classes(), true), y);
  }
}
