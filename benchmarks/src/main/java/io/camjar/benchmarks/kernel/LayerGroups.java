package io.camjar.benchmarks.kernel;

import io.camjar.benchmarks.compare.Spread;
import io.camjar.engine.backend.cpu.conv.PlannedConv2d;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import io.camjar.engine.threads.ThreadCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the time of a forward goes: a table of the convolutions of each part of a network, and what
 * bounds them.
 *
 * <p>The convolutions of a whole network run one after the other, each on weights and activations
 * of its own, so that each finds the caches as a pass leaves them; then each twice, of which the
 * second is timed. The difference is what memory costs. Epilogues, pools and the classifier are not
 * timed.
 */
public final class LayerGroups {
  private static final int SIDE = 224;
  private static final int CLASSES = 10;
  private static final int RUNS = 15;
  private static final long WARM_NANOSECONDS = 20_000_000_000L;

  private LayerGroups() {}

  /**
   * A convolution of a network, ready to run.
   *
   * @param group the part of the network that it belongs to
   * @param gigaflops as {@link LayerGroup#gigaflops}
   * @param computed as {@link LayerGroup#computed}
   */
  record Member(String group, PlannedConv2d planned, double gigaflops, double computed) {}

  /** Takes names of networks, ResNet-34 and ResNet-50 if there are none. */
  public static void main(String[] args) throws Exception {
    List<String> names = args.length == 0 ? List.of("resnet34", "resnet50") : List.of(args);
    double peak = FmaPeak.gigaflops(ThreadCount.get());
    for (String name : names) {
      for (int batch : new int[] {1, 8}) {
        System.out.printf(
            "%n%s at %d, batch %d, %d threads, FMA peak %.0f GFLOP/s%n%n",
            name, SIDE, batch, ThreadCount.get(), peak);
        System.out.println(table(measure(members(name, batch)), peak));
      }
    }
  }

  /** The groups as a Markdown table, their sum last. */
  static String table(List<LayerGroup> groups, double peak) {
    StringBuilder table =
        new StringBuilder(
            """
            | layer group | ms | GFLOP/s | multiply-adds, % | memory, % | bound by |
            |---|--:|--:|--:|--:|---|
            """);
    LayerGroup all = new LayerGroup("all", 0, 0, 0, 0);
    for (LayerGroup group : groups) {
      table.append(group.row(peak)).append('\n');
      all = all.plus(group, "all");
    }
    return table.append(all.row(peak)).toString();
  }

  /** The convolutions of a network in its order, each laid out as a pass would. */
  static List<Member> members(String name, int batch) {
    List<Member> members = new ArrayList<>();
    try (Network network =
        Network.of(ResNetSpec.named(name, new LinearHead(CLASSES)), new SyntheticParameters())) {
      Graph graph = network.graph();
      Shape images = Shape.of(batch, network.architecture().inChannels(), SIDE, SIDE);
      List<@Nullable Shape> shapes = graph.shapes(Map.of(graph.inputs().get(0), images));
      for (Node node : graph.nodes()) {
        if (node.op() instanceof Conv2d conv) {
          Shape in = Objects.requireNonNull(shapes.get(node.inputs().get(0)));
          INDArray weight =
              Objects.requireNonNull(network.parameters().get(node.parameter("weight")));
          members.add(member(node.path(), conv.geometry(), weight, in));
        }
      }
    }
    return members;
  }

  private static Member member(String path, Conv2dGeometry geometry, INDArray weight, Shape in) {
    int height = in.at(2);
    int width = in.at(3);
    PlannedConv2d planned;
    try (INDArray x = SyntheticInput.images(path, in.at(0), in.at(1), height, width)) {
      planned = PlannedConv2d.forward(geometry, x, weight);
    }
    double pairs = 2e-9 * in.at(0) * geometry.inChannels() * geometry.outChannels();
    int outH = geometry.outH(height);
    int outW = geometry.outW(width);
    double direct = pairs * outH * outW * geometry.kernelH() * geometry.kernelW();
    int tile = tile(planned.algorithm());
    double computed = tile == 0 ? direct : pairs * products(outH, tile) * products(outW, tile);
    return new Member(path.substring(0, (path + ".").indexOf('.')), planned, direct, computed);
  }

  /**
   * Products of Winograd's method in one dimension: tiles, each of two points more than outputs.
   */
  private static double products(int outputs, int tile) {
    return (double) ((outputs + tile - 1) / tile) * (tile + 2);
  }

  /** Rows and columns of outputs of a tile of Winograd's method; 0 for a direct sum. */
  static int tile(String algorithm) {
    String digit = algorithm.replaceAll("\\D", "");
    return digit.isEmpty() ? 0 : Integer.parseInt(digit);
  }

  private static List<LayerGroup> measure(List<Member> members) {
    long end = System.nanoTime() + WARM_NANOSECONDS;
    do {
      members.forEach(member -> member.planned().run());
    } while (System.nanoTime() < end);
    double[][] inPass = new double[members.size()][RUNS];
    double[][] cached = new double[members.size()][RUNS];
    for (int run = 0; run < RUNS; run++) {
      for (int i = 0; i < members.size(); i++) {
        inPass[i][run] = milliseconds(members.get(i));
      }
      for (int i = 0; i < members.size(); i++) {
        members.get(i).planned().run();
        cached[i][run] = milliseconds(members.get(i));
      }
    }
    Map<String, LayerGroup> groups = new LinkedHashMap<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      LayerGroup own =
          new LayerGroup(
              member.group(),
              Spread.of(inPass[i]).median(),
              Spread.of(cached[i]).median(),
              member.gigaflops(),
              member.computed());
      groups.merge(member.group(), own, (x, y) -> x.plus(y, x.name()));
    }
    return List.copyOf(groups.values());
  }

  private static double milliseconds(Member member) {
    long start = System.nanoTime();
    member.planned().run();
    return (System.nanoTime() - start) / 1e6;
  }
}
