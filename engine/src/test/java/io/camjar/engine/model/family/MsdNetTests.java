package io.camjar.engine.model.family;

import static io.camjar.engine.Agreement.assertClose;
import static io.camjar.engine.Agreement.relativeL2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.Golden;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.RawMaps;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.MsdNetDesign.Names;
import io.camjar.engine.model.family.MsdNetDesign.Pruning;
import io.camjar.engine.model.family.MsdNetDesign.Stem;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multi-scale dense networks under both published names against PyTorch: logits and map of every
 * exit, names and shapes.
 *
 * <p>{@code src/test/python/make_msdnet_goldens.py} makes the golden file.
 */
class MsdNetTests {
  private static final double LOGITS = 2e-5;
  private static final double MAP = 1e-4;
  private static final int CLASSES = 10;
  private static final int CLASS = 3;
  private static final Golden GOLDEN = Golden.read("networks/msdnet");
  private static final List<Integer> THREE = List.of(1, 2, 4);
  private static final List<Integer> FOUR = List.of(1, 2, 4, 4);
  private static final MsdNetDesign NARROW =
      new MsdNetDesign(
          Names.REFERENCE,
          Stem.CIFAR,
          4,
          2,
          THREE,
          THREE,
          List.of(2, 1, 2, 1),
          Pruning.MAX,
          0.5,
          8);

  private static final Map<String, MsdNetDesign> SMALL =
      Map.of(
          "reference",
          NARROW,
          "wide_bottleneck",
          new MsdNetDesign(
              Names.REFERENCE,
              Stem.CIFAR,
              6,
              4,
              THREE,
              List.of(2, 2, 3),
              List.of(3, 3),
              Pruning.MAX,
              0.5,
              8),
          "no_bottleneck",
          new MsdNetDesign(
              Names.REFERENCE,
              Stem.CIFAR,
              4,
              2,
              THREE,
              List.of(),
              List.of(2, 2),
              Pruning.MAX,
              0.5,
              8),
          "pruned_late",
          new MsdNetDesign(
              Names.REFERENCE,
              Stem.CIFAR,
              4,
              2,
              THREE,
              THREE,
              List.of(3, 2, 2),
              Pruning.MIN,
              0.5,
              8),
          "imagenet",
          new MsdNetDesign(
              Names.REFERENCE,
              Stem.IMAGENET,
              4,
              4,
              FOUR,
              FOUR,
              List.of(2, 2, 2),
              Pruning.MAX,
              0.5,
              0),
          "port",
          new MsdNetDesign(
              Names.PORT,
              Stem.CIFAR,
              4,
              2,
              THREE,
              THREE,
              List.of(2, 1, 2, 1),
              Pruning.MAX,
              0.5,
              128));

  /** At half the side the last of three scales has the size that the last of four has. */
  @Test
  void fewerScalesAreMeantForASmallerImage() {
    MsdNetDesign three =
        new MsdNetDesign(
            Names.REFERENCE, Stem.IMAGENET, 4, 4, THREE, THREE, List.of(2, 2), Pruning.MAX, 0.5, 0);
    assertThat(new MsdNet("small", three, 3, CLASSES).inputSize().height()).isEqualTo(112);
    assertThat(new MsdNet("large", SMALL.get("imagenet"), 3, CLASSES).inputSize().height())
        .isEqualTo(224);
  }

  /** Fine-tuning trains the head first: under both names no classifier belongs to the body. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "port"})
  void layersOfEveryExitAreItsHead(String name) {
    MsdNet network = new MsdNet("small", SMALL.get(name), 3, CLASSES);
    List<String> heads =
        network.graph().nodes().stream()
            .map(Node::path)
            .filter(path -> !path.isEmpty() && network.isHead(path))
            .toList();
    String classifier = name.equals("port") ? "subnets\\.[4-7]\\..*" : "classifier\\.[0-3]\\..*";
    assertThat(heads).isNotEmpty().allMatch(path -> path.matches(classifier));
    assertThat(network.graph().nodes())
        .filteredOn(node -> node.learns() && node.path().matches(classifier))
        .isNotEmpty()
        .allMatch(node -> network.isHead(node.path()));
    assertThat(network.blocks()).noneMatch(network::isHead);
  }

  static Stream<Arguments> cells() {
    return GOLDEN.facts("case").stream()
        .flatMap(c -> Stream.of("chosen", "arrays").map(b -> Arguments.of(c.get(0), c, b)));
  }

  private static MsdNet small(String name) {
    return new MsdNet("msdnet", SMALL.get(name), 3, CLASSES);
  }

  private static INDArray image(List<String> fact) {
    int height = Integer.parseInt(fact.get(1));
    return SyntheticInput.images("picture0", 1, 3, height, Integer.parseInt(fact.get(2)));
  }

  /** One forward for all exits, and for each a backward to the maps that it reads. */
  @ParameterizedTest(name = "{0} on {2}")
  @MethodSource("cells")
  void everyExitHasPyTorchsLogitsAndMap(String name, List<String> fact, String backend) {
    MsdNet net = small(name);
    Map<String, List<String>> toward = new TreeMap<>();
    net.exits().forEach(exit -> toward.put(exit.output(), List.of(exit.layer())));
    Request request = Request.ofResults(toward);
    try (Network network = Network.of(net, new SyntheticParameters());
        INDArray x = image(fact);
        Trace trace =
            backend.equals("chosen")
                ? network.trace(x, request)
                : network.trace(x, request, Kernels.active());
        INDArray seed = Nd4j.zeros(1, CLASSES).putScalar(0, CLASS, 1)) {
      assertThat(net.exits()).hasSize(Integer.parseInt(fact.get(3)));
      for (Exit exit : net.exits()) {
        int k = exit.number();
        assertClose(GOLDEN, name + "/logits" + k, trace.output(exit.output()), LOGITS);
        try (Gradients gradients = network.backward(trace, exit, seed)) {
          float[] map =
              RawMaps.gradCam(trace.activation(exit.layer()), gradients.get(exit.layer()));
          assertThat(relativeL2(map, GOLDEN.values(name + "/map" + k)))
              .as("map " + k)
              .isLessThan(MAP);
        }
      }
    }
  }

  /** The backward of the last exit alone reaches other layers than that exit's. */
  @Test
  void anExitAloneIsANetworkOfItsOwn() {
    List<String> fact = GOLDEN.facts("case").get(0);
    MsdNet net = small("reference");
    try (Network network = Network.of(net, new SyntheticParameters());
        INDArray x = image(fact);
        INDArray last = network.forward(x)) {
      assertClose(GOLDEN, "reference/logits4", last, LOGITS);
      for (Exit exit : net.exits()) {
        Network ending = network.exit(exit.number());
        try (INDArray logits = ending.forward(x)) {
          assertClose(GOLDEN, "reference/logits" + exit.number(), logits, LOGITS);
        }
        assertThat(ending.points().lastBlock().path()).isEqualTo(exit.layer());
        assertThat(ending.architecture().exits()).isEmpty();
      }
      assertThat(network.exit(1).parameters()).isEqualTo(network.parameters());
      assertThat(network.exit(1).graph().nodes()).hasSizeLessThan(network.graph().nodes().size());
      assertThatThrownBy(() -> network.exit(5))
          .isInstanceOf(CamjarException.class)
          .hasMessage("there is no exit 5: msdnet has 4, counted from 1");
    }
  }

  /** The gradient of an exit reaches a point of an earlier block if that is asked for. */
  @Test
  void gradientsTowardAnEarlierLayerAreThoseOfTheExitAlone() {
    List<String> fact = GOLDEN.facts("case").get(0);
    String early = "blocks.1";
    Request request =
        Request.ofResults(Map.of("exit.2", List.of(early), "exit.3", List.of("blocks.2", early)));
    try (Network network = Network.of(small("reference"), new SyntheticParameters());
        INDArray x = image(fact);
        INDArray seed = Nd4j.zeros(1, CLASSES).putScalar(0, CLASS, 1);
        Trace trace = network.trace(x, request);
        Trace alone = network.exit(3).trace(x, List.of(early));
        Gradients gradients = network.backward(trace, network.architecture().exits().get(2), seed);
        Gradients expected = network.exit(3).backward(alone, seed)) {
      assertThat(
              relativeL2(
                  HostCopy.floats(gradients.get(early)), HostCopy.floats(expected.get(early))))
          .isLessThan(1e-6);
      assertThatThrownBy(() -> network.backward(trace, network.architecture().exits().get(3), seed))
          .isInstanceOf(CamjarException.class);
    }
  }

  static Stream<Arguments> smallOnes() {
    return GOLDEN.facts("hash").stream().map(words -> Arguments.of(words.get(0), words.get(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("smallOnes")
  void narrowOnesHavePyTorchsTensorsAndAreRecognised(String name, String hash) throws Exception {
    MsdNet net = small(name);
    assertThat(TensorHash.of(net.parameterShapes())).isEqualTo(hash);
    assertThat(new MsdNets().recognise(net.parameterShapes())).contains((Architecture) net);
  }

  static Stream<Arguments> published() {
    return GOLDEN.facts("published").stream()
        .map(words -> Arguments.of(words.get(0), words.get(1), Long.parseLong(words.get(2))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("published")
  void publishedOnesHavePyTorchsTensors(String name, String hash, long learned) throws Exception {
    MsdNets family = new MsdNets();
    Architecture net =
        family.member(name, name.contains("10_") ? 10 : name.contains("100") ? 100 : 1000);
    Map<String, long[]> shapes = net.parameterShapes();
    assertThat(TensorHash.of(shapes)).isEqualTo(hash);
    long numbers =
        shapes.entrySet().stream()
            .filter(entry -> !entry.getKey().contains("running_"))
            .mapToLong(entry -> Stream.of(entry.getValue()).mapToLong(MsdNetTests::length).sum())
            .sum();
    assertThat(numbers).isEqualTo(learned);
    assertThat(family.recognise(shapes)).contains(net);
  }

  private static long length(long[] shape) {
    long length = 1;
    for (long side : shape) {
      length *= side;
    }
    return length;
  }

  /** One tensor of another shape is one difference, and the rest is told by the others. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("smallOnes")
  void aDamagedTensorLeavesTheRestRecognised(String name, String hash) {
    MsdNet net = small(name);
    List<UnaryOperator<long[]>> damages = List.of(s -> new long[] {1}, s -> new long[0], s -> null);
    for (String tensor : net.parameterShapes().keySet()) {
      for (UnaryOperator<long[]> damage : damages) {
        Map<String, long[]> shapes = new TreeMap<>(net.parameterShapes());
        long[] changed = damage.apply(shapes.get(tensor));
        if (changed == null) {
          shapes.remove(tensor);
        } else {
          shapes.put(tensor, changed);
        }
        // What it says is compared with the file; here it must say something, soon.
        new MsdNets().recognise(shapes).ifPresent(Architecture::parameterShapes);
      }
    }
  }
}
