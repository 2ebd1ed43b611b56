package io.camjar.engine.model;

import static io.camjar.engine.Agreement.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Golden;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.model.resnet.BasicBlock;
import io.camjar.engine.model.resnet.Bottleneck;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.AdaptiveMaxPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Session;
import io.camjar.engine.run.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every layer against PyTorch: forward, gradient of the input, gradients of the parameters, and in
 * training the running statistics.
 *
 * <p>Made by {@code src/test/python/make_layer_goldens.py}.
 */
class LayerParityTests {
  private static final double TOLERANCE = 2e-6;
  private static final List<String> LAYERS =
      List.of(
          "Conv2d",
          "BatchNorm2d",
          "BatchNorm1d",
          "ReLU",
          "SiLU",
          "MaxPool2d",
          "AdaptiveAvgPool2d",
          "AdaptiveMaxPool2d",
          "AdaptiveConcatPool2d",
          "Linear",
          "Dropout",
          "BasicBlock",
          "Bottleneck");

  @TestFactory
  Stream<DynamicTest> layersComputeWhatPyTorchComputes() {
    return LAYERS.stream()
        .flatMap(
            kind -> {
              Golden golden = Golden.read("layers/" + kind);
              return golden.facts("case").stream()
                  .map(words -> new Case(kind, golden, words))
                  .map(c -> DynamicTest.dynamicTest(kind + " " + c.name(), c::check));
            });
  }

  /** One layer with its arguments, its parameters and what PyTorch made of them. */
  private static final class Case {
    private static final String PATH = "layer";

    private final String kind;
    private final Golden golden;
    private final String name;
    private final Map<String, Integer> options = new HashMap<>();
    private final Map<String, INDArray> parameters;

    Case(String kind, Golden golden, List<String> words) {
      this.kind = kind;
      this.golden = golden;
      this.name = words.get(0);
      for (int i = 1; i < words.size(); i += 2) {
        options.put(words.get(i), Integer.parseInt(words.get(i + 1)));
      }
      this.parameters =
          under("parameter/")
              .collect(
                  Collectors.toMap(
                      key -> PATH + "." + key, key -> golden.array(name + "/parameter/" + key)));
    }

    String name() {
      return name;
    }

    void check() {
      GraphBuilder builder = new GraphBuilder();
      builder.output("y", layer(builder, builder.input("x")));
      Graph graph = builder.build();
      Map<String, INDArray> loaded = graph.load(Parameters.of(parameters));
      boolean training = option("train") == 1;
      Session<?> session =
          Backends.open(new ArrayBackend(Kernels.active()), graph, loaded, training);
      Request request = new Request(Set.of("x"), training, true);
      try (INDArray x = golden.array(name + "/input");
          INDArray dy = golden.array(name + "/cotangent");
          Trace trace =
              session.trace(Map.of("x", x), request, training ? new SplittableRandom(0) : null);
          Gradients gradients = trace.backward(Map.of("y", dy))) {
        assertClose(golden, name + "/output", trace.output("y"), TOLERANCE);
        assertClose(golden, name + "/gradient", gradients.get("x"), TOLERANCE);
        under("parameterGradient/").forEach(key -> checkParameterGradient(key, gradients));
        assertThat(gradients.parameterNames())
            .containsExactlyInAnyOrderElementsOf(
                under("parameterGradient/").map(key -> PATH + "." + key).toList());
        under("after/")
            .forEach(
                key ->
                    assertClose(
                        golden,
                        name + "/after/" + key,
                        Objects.requireNonNull(loaded.get(PATH + "." + key)),
                        TOLERANCE));
      }
    }

    private void checkParameterGradient(String key, Gradients gradients) {
      INDArray gradient = gradients.parameter(PATH + "." + key);
      assertClose(golden, name + "/parameterGradient/" + key, gradient, TOLERANCE);
    }

    private Stream<String> under(String folder) {
      return golden.namesUnder(name + "/" + folder);
    }

    private int option(String key) {
      return options.get(key);
    }

    private int layer(GraphBuilder graph, int x) {
      if (kind.equals("BasicBlock")) {
        return new BasicBlock(option("in"), option("planes"), option("stride"), Shortcut.CONV)
            .build(graph, PATH, x);
      } else if (kind.equals("Bottleneck")) {
        int planes = option("planes");
        return new Bottleneck(option("in"), planes, 4 * planes, option("stride"), Shortcut.CONV)
            .build(graph, PATH, x);
      }
      return graph.op(PATH, op(), x);
    }

    private Op op() {
      return switch (kind) {
        case "Conv2d" -> new Conv2d(convolution(), option("bias") == 1);
        case "BatchNorm2d" -> BatchNorm.of2d(option("features"));
        case "BatchNorm1d" -> BatchNorm.of1d(option("features"));
        case "ReLU" -> new ReLU();
        case "SiLU" -> new SiLU();
        case "MaxPool2d" ->
            new MaxPool2d(
                Pool2dGeometry.square(option("kernel"), option("stride"), option("padding")));
        case "AdaptiveAvgPool2d" -> new AdaptiveAvgPool2d();
        case "AdaptiveMaxPool2d" -> new AdaptiveMaxPool2d();
        case "AdaptiveConcatPool2d" -> new AdaptiveConcatPool2d();
        case "Linear" -> new Linear(option("in"), option("out"), option("bias") == 1);
        case "Dropout" -> new Dropout(0.5);
        default -> throw new IllegalArgumentException(kind);
      };
    }

    private Conv2dGeometry convolution() {
      int kernel = option("kernel");
      int stride = option("stride");
      int padding = option("padding");
      int dilation = option("dilation");
      return new Conv2dGeometry(
          option("in"),
          option("out"),
          kernel,
          kernel,
          stride,
          stride,
          padding,
          padding,
          dilation,
          dilation);
    }
  }
}
