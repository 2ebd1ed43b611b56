package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.ShapeException;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One forward and one backward give all that was asked for, and no more is computed or kept. */
class NetworkTests {
  private static final Network NETWORK =
      Network.of(
          ResNetSpec.named("resnet18", new LinearHead(6)).withWidth(8), new SyntheticParameters());

  private static final List<String> SOME =
      List.of("layer2.0.downsample.0", "layer2.0.conv2", "layer3.1", "layer4.0.bn1", "layer4");

  @AfterAll
  static void close() {
    NETWORK.close();
  }

  private static INDArray image() {
    return SyntheticInput.images("network", 2, 3, 65, 49);
  }

  private static INDArray oneHot(int index) {
    INDArray dLogits = Nd4j.zeros(2, 6);
    dLogits.putScalar(0, index, 1);
    dLogits.putScalar(1, index, 1);
    return dLogits;
  }

  @Test
  void theSeventeenPointsOfResNet34At352() {
    Network resnet34 =
        Network.of(ResNetSpec.named("resnet34", new LinearHead(2)), new SyntheticParameters());
    List<Point> blocks = resnet34.points().blocks();
    List<String> shapes =
        resnet34.shapes(1, 352, 352).stream()
            .filter(shape -> blocks.stream().anyMatch(b -> b.path().equals(shape.path())))
            .map(shape -> Arrays.toString(shape.output()))
            .toList();
    resnet34.close();
    List<String> expected = new ArrayList<>();
    for (int[] stage : new int[][] {{4, 64, 88}, {4, 128, 44}, {6, 256, 22}, {3, 512, 11}}) {
      for (int i = 0; i < stage[0]; i++) {
        expected.add("[1, %d, %d, %d]".formatted(stage[1], stage[2], stage[2]));
      }
    }
    assertThat(shapes).isEqualTo(expected);
  }

  @Test
  void countsParametersAndWorkOfTheStandardNetworks() {
    // torchvision's counts leave the running statistics out: two more numbers a batch norm channel.
    Network resnet18 =
        Network.of(ResNetSpec.named("resnet18", new LinearHead(1000)), new SyntheticParameters());
    long running =
        resnet18.parameters().entrySet().stream()
            .filter(e -> e.getKey().contains(".running_"))
            .mapToLong(e -> e.getValue().length())
            .sum();
    List<LayerShape> shapes = resnet18.shapes(1, 224, 224);
    assertThat(shapes.stream().mapToLong(LayerShape::parameters).sum() - running)
        .isEqualTo(11_689_512);
    assertThat(shapes.stream().mapToLong(LayerShape::multiplyAccumulates).sum())
        .isEqualTo(1_814_073_344);
    assertThat(resnet18.architecture().parameterShapes().keySet())
        .containsExactlyInAnyOrderElementsOf(resnet18.parameters().keySet());
    resnet18.close();
  }

  @Test
  void tracingChangesNoScore() {
    try (INDArray x = image();
        INDArray plain = NETWORK.forward(x);
        Trace trace = NETWORK.trace(x, SOME)) {
      assertThat(trace.logits()).isEqualTo(plain);
    }
  }

  @Test
  void onePassGivesTheSameGradientsAsAPassForEachPoint() {
    try (INDArray x = image();
        Trace together = NETWORK.trace(x, SOME);
        Gradients gradients = NETWORK.backward(together, oneHot(2))) {
      for (String point : SOME) {
        try (Trace alone = NETWORK.trace(x, List.of(point));
            Gradients own = NETWORK.backward(alone, oneHot(2))) {
          assertThat(own.get(point)).as(point).isEqualTo(gradients.get(point));
          assertThat(alone.activation(point)).isEqualTo(together.activation(point));
          assertThat(own.get(point).shape()).isEqualTo(alone.activation(point).shape());
        }
      }
    }
  }

  @Test
  void oneForwardServesSeveralClasses() {
    try (INDArray x = image();
        Trace trace = NETWORK.trace(x, List.of("layer3"));
        Gradients first = NETWORK.backward(trace, oneHot(1));
        Gradients second = NETWORK.backward(trace, oneHot(4));
        Gradients again = NETWORK.backward(trace, oneHot(1))) {
      assertThat(first.get("layer3")).isEqualTo(again.get("layer3"));
      assertThat(first.get("layer3")).isNotEqualTo(second.get("layer3"));
    }
  }

  @Test
  void samplesOfABatchDoNotMix() {
    try (INDArray x = image();
        Trace both = NETWORK.trace(x, List.of("layer4"));
        Gradients gradients = NETWORK.backward(both, oneHot(3))) {
      INDArray one = x.slice(1).reshape(1, 3, 65, 49).dup();
      try (Trace alone = NETWORK.trace(one, List.of("layer4"));
          Gradients own = NETWORK.backward(alone, oneHot(3).getRows(1))) {
        assertThat(HostCopy.floats(own.get("layer4").slice(0)))
            .isEqualTo(HostCopy.floats(gradients.get("layer4").slice(1)));
      }
    }
  }

  @Test
  void theBackwardStopsAtTheDeepestPointAndComputesNoWeightGradients() {
    CountingKernels kernels = new CountingKernels();
    try (INDArray x = image();
        Trace trace = NETWORK.trace(x, List.of("layer4.1"), kernels.counted());
        Gradients gradients = NETWORK.backward(trace, oneHot(0))) {
      assertThat(gradients.get("layer4.1").shape()).containsExactly(2, 64, 3, 2);
      assertThat(kernels.inputs.get()).as("convolutions run back").isZero();
      // Nothing but the point itself and what lies above it is kept.
      assertThat(trace.keptBytes()).isLessThan(4 * 2 * (64 * 6 + 64 + 64 + 6) + 1);
    }
    try (INDArray x = image();
        Trace trace = NETWORK.trace(x, List.of("layer4.0.conv2"), kernels.counted());
        Gradients gradients = NETWORK.backward(trace, oneHot(0))) {
      assertThat(gradients.parameterNames()).isEmpty();
      assertThat(kernels.inputs.get()).as("the two of layer4.1").isEqualTo(2);
      assertThat(kernels.weights.get()).isZero();
    }
  }

  @Test
  void eightThreadsComputeTheBitsOfOne() throws Exception {
    try (INDArray x = image()) {
      float[] expected = explain(x);
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        Callable<float[]> task = () -> explain(x);
        List<Callable<float[]>> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          tasks.add(task);
        }
        for (Future<float[]> result : threads.invokeAll(tasks)) {
          assertThat(result.get()).isEqualTo(expected);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static float[] explain(INDArray x) {
    try (Trace trace = NETWORK.trace(x, SOME);
        Gradients gradients = NETWORK.backward(trace, oneHot(5))) {
      return HostCopy.floats(gradients.get("layer2.0.conv2"));
    }
  }

  @Test
  void trainingYieldsAGradientForEveryParameter() {
    Network network =
        Network.of(
            ResNetSpec.named("resnet18", SequentialHead.fastai1(32, 3)).withWidth(4),
            new SyntheticParameters());
    try (INDArray x = image();
        Trace trace = network.traceTraining(x, List.of(), new SplittableRandom(1));
        Gradients gradients = network.backward(trace, Nd4j.ones(2, 3))) {
      assertThat(gradients.parameterNames())
          .containsExactlyInAnyOrderElementsOf(
              network.parameters().keySet().stream()
                  .filter(name -> !name.contains(".running_"))
                  .toList());
      gradients
          .parameterNames()
          .forEach(
              name ->
                  assertThat(gradients.parameter(name).shape())
                      .isEqualTo(network.parameters().get(name).shape()));
    }
    network.close();
  }

  @Test
  void aClosedTraceHandsNothingOut() {
    INDArray x = image();
    Trace trace = NETWORK.trace(x, SOME);
    INDArray activation = trace.activation("layer4");
    trace.close();
    trace.close();
    assertThat(activation.wasClosed()).isTrue();
    assertThat(x.wasClosed()).as("the caller's image").isFalse();
    assertThatThrownBy(() -> trace.activation("layer4")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shapesThatDoNotFitAreRefusedInOneSentence() {
    assertThatThrownBy(() -> NETWORK.forward(Nd4j.zeros(1, 1, 64, 64)))
        .hasMessage("resnet18 expects images of shape [N, 3, H, W], found [1, 1, 64, 64]")
        .isInstanceOfSatisfying(
            ShapeException.class,
            e -> {
              assertThat(e.path()).isEqualTo("input");
              assertThat(e.expected()).isEqualTo("[N, 3, H, W]");
              assertThat(e.found()).isEqualTo("[1, 1, 64, 64]");
            });
    try (INDArray x = image();
        Trace trace = NETWORK.trace(x, List.of("layer4"))) {
      assertThatThrownBy(() -> NETWORK.backward(trace, Nd4j.zeros(1, 6)))
          .isInstanceOf(ShapeException.class)
          .hasMessage("the gradient of the scores has shape [1, 6], expected [2, 6]");
      assertThatThrownBy(() -> trace.activation("layer1"))
          .hasMessageContaining("layer1 was not traced");
    }
  }

  /** Counts the backward convolutions of a pass. */
  private static final class CountingKernels {
    final AtomicInteger inputs = new AtomicInteger();
    final AtomicInteger weights = new AtomicInteger();

    Kernels counted() {
      inputs.set(0);
      weights.set(0);
      return (Kernels)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Kernels.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("conv2dBackwardInput")) {
                  inputs.incrementAndGet();
                } else if (method.getName().equals("conv2dBackwardWeight")) {
                  weights.incrementAndGet();
                }
                return method.invoke(new Nd4jKernels(), arguments);
              });
    }
  }

  @Test
  void oneValueAChannelIsRefusedInTrainingBeforeAnyStatisticMoves() {
    // PyTorch: "Expected more than 1 value per channel when training".
    Network network =
        Network.of(
            ResNetSpec.named("resnet18", new LinearHead(2)).withWidth(4),
            new SyntheticParameters());
    try (INDArray one = SyntheticInput.images("one", 1, 3, 32, 32);
        INDArray two = SyntheticInput.images("two", 2, 3, 32, 32)) {
      double[] before = HostCopy.doubles(network.parameters().get("bn1.running_var"));
      SplittableRandom random = new SplittableRandom(1);
      for (Callable<Trace> training :
          List.<Callable<Trace>>of(
              () -> network.traceTraining(one, List.of(), random),
              () -> network.traceTraining(one, List.of("layer4"), random),
              () -> network.traceTraining(one, Request.training(), random, new Nd4jKernels()))) {
        assertThatThrownBy(training::call)
            .isInstanceOf(CamjarException.class)
            .hasMessageContaining("more than one value a channel at layer4.0.bn1");
      }
      assertThat(HostCopy.doubles(network.parameters().get("bn1.running_var"))).isEqualTo(before);
      network.traceTraining(two, List.of(), random).close();
      assertThat(HostCopy.doubles(network.parameters().get("layer4.1.bn2.running_var")))
          .doesNotContain(Double.NaN);
    }
    network.close();
  }

  @Test
  void aClosedNetworkSaysSo() {
    Network network =
        Network.of(
            ResNetSpec.named("resnet18", new LinearHead(2)).withWidth(4),
            new SyntheticParameters());
    network.close();
    network.close();
    try (INDArray x = image()) {
      assertThatThrownBy(() -> network.forward(x))
          .isInstanceOf(CamjarException.class)
          .hasMessageStartingWith("this resnet18 is closed");
      assertThatThrownBy(() -> network.trace(x, SOME)).hasMessageContaining("is closed");
    }
  }

  @Test
  void picturesOfAnotherTypeThanTheParametersAreRefused() {
    try (INDArray x = image();
        INDArray doubles = x.castTo(DataType.DOUBLE)) {
      assertThatThrownBy(() -> NETWORK.forward(doubles))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("found DOUBLE; use castTo(DataType.FLOAT)");
      assertThatThrownBy(() -> NETWORK.trace(doubles, SOME, new Nd4jKernels()))
          .hasMessageContaining("found DOUBLE");
    }
  }

  /** A reader of freed memory answers with scores like any other. */
  @Test
  void closedArraysAreRefused() {
    INDArray closed = image();
    closed.close();
    assertThatThrownBy(() -> NETWORK.forward(closed)).hasMessageContaining("after it was closed");
    try (INDArray x = image();
        Trace trace = NETWORK.trace(x, SOME)) {
      INDArray seed = Nd4j.ones(DataType.FLOAT, 2, 6);
      seed.close();
      assertThatThrownBy(() -> NETWORK.backward(trace, seed)).hasMessageContaining("closed");
      INDArray activation = trace.activation("layer4");
      trace.close();
      assertThatThrownBy(() -> HostCopy.floats(activation)).hasMessageContaining("closed");
    }
  }

  @Test
  void gradientsOfAnotherTypeThanTheParametersAreRefused() {
    try (INDArray x = image();
        Trace trace = NETWORK.trace(x, SOME);
        INDArray doubles = Nd4j.ones(DataType.DOUBLE, 2, 6)) {
      assertThatThrownBy(() -> NETWORK.backward(trace, doubles))
          .isInstanceOf(CamjarException.class)
          .hasMessage(
              "the gradient of the scores is DOUBLE, but the scores are FLOAT; use castTo(DataType.FLOAT)");
    }
  }

  @Test
  void parametersAreOfOneType() {
    SyntheticParameters floats = new SyntheticParameters();
    Parameters mixed =
        new Parameters() {
          @Override
          public boolean has(String path) {
            return floats.has(path);
          }

          @Override
          public INDArray get(String path, long... shape) {
            INDArray array = floats.get(path, shape);
            return path.equals("fc.bias") ? array.castTo(DataType.DOUBLE) : array;
          }
        };
    assertThatThrownBy(() -> Network.of(NETWORK.architecture(), mixed))
        .isInstanceOf(CamjarException.class)
        .hasMessage(
            "tensor fc.bias is DOUBLE, but conv1.weight is FLOAT; parameters are of one type");
  }

  @Test
  void aNetworkMayHaveNoParameters() {
    SmallArchitecture pools =
        new SmallArchitecture(
            "pools",
            List.of("act"),
            (graph, x) ->
                graph.op(
                    "flat",
                    new Flatten(),
                    graph.op("pool", new AdaptiveAvgPool2d(), graph.op("act", new ReLU(), x))));
    try (Network network = Network.of(pools, Parameters.of(Map.of()));
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 3, 4, 5);
        INDArray means = network.forward(x)) {
      assertThat(HostCopy.floats(means)).containsExactly(1, 1, 1);
    }
  }
}
