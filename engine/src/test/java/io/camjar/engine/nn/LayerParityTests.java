package io.camjar.engine.nn;

import static io.camjar.engine.Agreement.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Golden;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.trace.Demand;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Request;
import io.camjar.engine.trace.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
      Layer layer = layer();
      Demand.Builder demand = new Demand.Builder(Request.training());
      layer.demand(true, demand);
      try (INDArray x = golden.array(name + "/input");
          INDArray dy = golden.array(name + "/cotangent");
          Trace trace = trace(demand.build());
          Gradients gradients = new Gradients()) {
        trace.borrow(x);
        gradients.borrow(dy);
        assertClose(golden, name + "/output", layer.forward(x, trace), TOLERANCE);
        assertClose(golden, name + "/gradient", backward(layer, dy, trace, gradients), TOLERANCE);
        under("parameterGradient/").forEach(key -> checkParameterGradient(key, gradients));
        assertThat(gradients.parameterNames())
            .containsExactlyInAnyOrderElementsOf(
                under("parameterGradient/").map(key -> PATH + "." + key).toList());
        under("after/")
            .forEach(
                key -> {
                  INDArray moved = layerParameter(layer, PATH + "." + key);
                  assertClose(golden, name + "/after/" + key, moved, TOLERANCE);
                });
      }
    }

    private static INDArray backward(Layer layer, INDArray dy, Trace trace, Gradients gradients) {
      @Nullable INDArray dx = layer.backward(dy, trace, gradients);
      if (dx == null) {
        throw new AssertionError(layer + " returned no gradient although one is wanted");
      }
      return dx;
    }

    private void checkParameterGradient(String key, Gradients gradients) {
      INDArray gradient = gradients.parameter(PATH + "." + key);
      assertClose(golden, name + "/parameterGradient/" + key, gradient, TOLERANCE);
    }

    private static INDArray layerParameter(Layer layer, String path) {
      return Stream.concat(
              layer.parameters().entrySet().stream(),
              layer.children().stream()
                  .flatMap(c -> Stream.concat(Stream.of(c), c.children().stream()))
                  .flatMap(c -> c.parameters().entrySet().stream()))
          .filter(e -> e.getKey().equals(path))
          .findFirst()
          .orElseThrow()
          .getValue();
    }

    private Stream<String> under(String folder) {
      return golden.namesUnder(name + "/" + folder);
    }

    private Trace trace(Demand demand) {
      return option("train") == 0
          ? Trace.evaluating(demand, Kernels.active())
          : Trace.training(demand, Kernels.active(), new SplittableRandom(0));
    }

    private int option(String key) {
      return options.get(key);
    }

    private Layer layer() {
      Parameters from = Parameters.of(parameters);
      return switch (kind) {
        case "Conv2d" -> new Conv2d(PATH, convolution(), option("bias") == 1, from);
        case "BatchNorm2d" -> new BatchNorm2d(PATH, option("features"), from);
        case "BatchNorm1d" -> new BatchNorm1d(PATH, option("features"), from);
        case "ReLU" -> new ReLU(PATH);
        case "MaxPool2d" ->
            new MaxPool2d(
                PATH, Pool2dGeometry.square(option("kernel"), option("stride"), option("padding")));
        case "AdaptiveAvgPool2d" -> new AdaptiveAvgPool2d(PATH);
        case "AdaptiveMaxPool2d" -> new AdaptiveMaxPool2d(PATH);
        case "AdaptiveConcatPool2d" -> new AdaptiveConcatPool2d(PATH);
        case "Linear" -> new Linear(PATH, option("in"), option("out"), option("bias") == 1, from);
        case "Dropout" -> new Dropout(PATH, 0.5);
        case "BasicBlock" ->
            new BasicBlock(
                PATH, option("in"), option("planes"), option("stride"), downsample(1, from), from);
        case "Bottleneck" ->
            new Bottleneck(
                PATH,
                option("in"),
                option("planes"),
                option("stride"),
                downsample(Bottleneck.EXPANSION, from),
                from);
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

    private @Nullable Layer downsample(int expansion, Parameters from) {
      if (option("downsample") == 0) {
        return null;
      }
      String path = PATH + ".downsample";
      int out = option("planes") * expansion;
      return new Sequential(
          path,
          List.of(
              new Conv2d(
                  path + ".0",
                  Conv2dGeometry.square(option("in"), out, 1, option("stride"), 0),
                  false,
                  from),
              new BatchNorm2d(path + ".1", out, from)));
    }
  }
}
