package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.model.Point;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointException;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Networks as PyTorch's exporter leaves them, {@code make_onnx_networks.py}, against PyTorch. */
class OnnxNetworkTests {
  private static final double TOLERANCE = 1e-4;

  static List<String> networks() {
    List<String> names = new ArrayList<>();
    expected().fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void scoresAndMapAreThoseOfPyTorch(String name) {
    JsonNode expected = expected().get(name);
    String layer = expected.get("module").asText();
    double[] wanted = numbers(expected.get("logits"));
    try (Network network = open(name).network();
        Trace trace = network.trace(image(expected.get("side").asInt()), List.of(layer))) {
      double[] logits = trace.logits().toDoubleVector();
      assertClose(logits, wanted);

      INDArray seed = Nd4j.zeros(1, logits.length).putScalar(0, largest(wanted), 1f);
      try (Gradients gradients = network.backward(trace, seed)) {
        assertClose(map(network, trace, gradients, layer), numbers(expected.get("map")));
      }
    }
  }

  /** The raw map of Grad-CAM: channels weighted by the means of their gradients. */
  private static double[] map(Network network, Trace trace, Gradients gradients, String layer) {
    Optional<PatchGrid> patches = network.architecture().patches(layer);
    if (patches.isEmpty()) {
      double[] weights = gradients.featureMaps(layer).means(0);
      return trace.featureMaps(layer).weightedSum(0, weights);
    }
    PatchGrid grid = patches.get();
    Patches tokens = new Patches(grid);
    INDArray values = tokens.of(trace.activation(layer));
    INDArray weights = tokens.of(gradients.get(layer)).mean(0);
    return values.mmul(weights.reshape(weights.length(), 1)).toDoubleVector();
  }

  /** The patches among the tokens of one image, {@code [h w, D]}. */
  private record Patches(PatchGrid grid) {
    INDArray of(INDArray values) {
      // Maps whose channels stand behind places are tokens as well, row by row.
      INDArray tokens = values.reshape('c', 1, -1, values.size(-1));
      return tokens.get(
          NDArrayIndex.point(0),
          NDArrayIndex.interval(grid.prefix(), grid.tokens()),
          NDArrayIndex.all());
    }
  }

  static List<String> anySize() {
    return networks().stream().filter(name -> expected().get(name).has("wide")).toList();
  }

  /** The first rows of an image of twice the side. */
  @ParameterizedTest
  @MethodSource("anySize")
  void aNetworkThatLeavesTheSizeOpenTakesAnother(String name) {
    int rows = expected().get(name).get("rows").asInt();
    try (Network network = open(name).network();
        INDArray large = image(2 * expected().get(name).get("side").asInt());
        INDArray wide =
            large
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, rows))
                .dup('c');
        INDArray scores = network.forward(wide)) {
      assertClose(scores.toDoubleVector(), numbers(expected().get(name).get("wide")));
    }
  }

  /** Whatever batch and size a file was exported with, as many images go through as are given. */
  @ParameterizedTest
  @MethodSource("networks")
  void aBatchIsItsImagesOneByOne(String name) {
    int side = expected().get(name).get("side").asInt();
    try (Network network = open(name).network();
        INDArray image = image(side);
        INDArray two = Nd4j.concat(0, image.mul(-0.5), image);
        INDArray both = network.forward(two);
        INDArray alone = network.forward(image)) {
      assertClose(both.getRow(1).toDoubleVector(), alone.toDoubleVector());
    }
  }

  @Test
  void aModelIsOneNetworkAndHasNoKeys() {
    assertThatThrownBy(() -> Checkpoints.open(path("resnet18.onnx"), "model"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("is an ONNX model, one network without keys; leave --key out.");
  }

  @Test
  void aModuleNodeAndItsOutputAreOnePoint() {
    try (Network network = open("resnet18").network()) {
      for (String known :
          List.of(
              "layer4.1.conv2",
              "/layer4/layer4.1/conv2/Conv",
              "/layer4/layer4.1/conv2/Conv_output_0")) {
        assertThat(network.points().resolve(known).path()).isEqualTo("layer4.1.conv2");
      }
      int block = network.graph().value("layer4.1");
      assertThat(network.graph().value("layer4.1.relu_1")).isEqualTo(block);
      assertThat(network.points().lastBlock().path()).isEqualTo("layer4");
      assertThat(network.graph().value("layer4")).isEqualTo(block);
      assertThat(network.points().resolve("/layer4/layer4.1/Add").path()).isEqualTo("layer4.1.Add");
    }
  }

  /** PyTorch's children as far as node names tell them; a larger number may be a value's name. */
  @Test
  void anIntegerCountsModulesOrIsAName() {
    try (Network network = open("resnet18").network()) {
      assertThat(network.points().beforeLast(1).path()).isEqualTo("avgpool");
      assertThat(network.points().beforeLast(2).path()).isEqualTo("layer4");
      assertThat(network.points().beforeLast(191).path()).isEqualTo("fc");
      assertThatThrownBy(() -> network.points().beforeLast(192)).hasMessageContaining("1 to 8");
    }
  }

  /**
   * The 1x1 convolution that begins a stage of bottlenecks still has the size of the one before.
   */
  @Test
  void theLastPointOfEachResolutionIsABlock() {
    assertThat(blocks("resnet18")).containsExactly("relu", "layer1", "layer2", "layer3", "layer4");
    assertThat(blocks("resnet50"))
        .containsExactly("relu", "layer2.0.relu", "layer3.0.relu", "layer4.0.relu", "layer4");
  }

  /** PyTorch's exporter lays maps out as rows for a group norm, and its norm's values as maps. */
  @Test
  void aGroupNormsValuesLieOnTheImage() {
    assertThat(blocks("groupnorm")).containsExactly("features.2", "features");
    assertThat(blocks("groupnorm-static")).containsExactly("features.2", "features");
  }

  /** The values of a convolution over channels lie on no image, and bind no size. */
  @Test
  void anAttentionOverChannelsIsNoBlock() {
    assertThat(blocks("eca")).containsExactly("relu", "layer1", "layer2", "layer3", "layer4");
    assertThat(open("eca").requireArchitecture().inputSize().fixed()).isFalse();
  }

  /** A map of a convolution over channels would be one of no places of the image. */
  @Test
  void aConvolutionOverASequenceHasNoMap() {
    try (Network network = open("eca").network()) {
      assertThat(network.points().resolve("layer4.0.bn2.eca.conv").spatial()).isFalse();
      assertThat(network.points().resolve("layer4.0.bn2.eca").spatial()).isTrue();
      assertThat(network.points().resolve("layer4.0.conv2").spatial()).isTrue();
    }
  }

  /** As the exporter writes a shuffle out it is one, at every size that its factor divides. */
  @ParameterizedTest
  @ValueSource(strings = {"shuffled", "thirds"})
  void shuffledValuesLieOnTheImage(String name) {
    assertThat(open(name).requireArchitecture().inputSize().fixed()).isFalse();
    try (Network network = open(name).network()) {
      assertThat(network.graph().nodes().stream().map(node -> node.op().kind()))
          .contains("PixelShuffle", "PixelUnshuffle");
    }
  }

  /** Every name stands for something that is computed, also where several nodes are read as one. */
  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkHasNothingThatScoresAreNotComputedFrom(String name) {
    try (Network network = open(name).network()) {
      int logits = network.graph().outputs().get(Trace.LOGITS);
      assertThat(Dependence.origins(network.graph(), logits).cardinality())
          .isEqualTo(network.graph().nodes().size());
      assertThat(((OnnxArchitecture) network.architecture()).names().keySet())
          .allMatch(path -> network.graph().value(path) >= 0);
    }
  }

  /** 55 rows that become 111 are not 2.018 times as many at every size. */
  @Test
  void mapsThatGrowByNoConstantFactorBindTheNetworkToOneSize() {
    assertThat(open("pyramid").requireArchitecture().inputSize().fixed()).isTrue();
    assertThat(open("groupnorm").requireArchitecture().inputSize().fixed()).isFalse();
  }

  /**
   * Swin's channels stand behind rows and columns, or behind both on one axis. What its windows are
   * cut into and put together from is none of its blocks.
   */
  @Test
  void mapsWhoseChannelsComeLastAreBlocksToo() {
    assertThat(blocks("swin")).containsExactly("features.1", "norm");
    assertThat(blocks("swin-tokens")).containsExactly("features.1", "norm");
    try (Network swin = open("swin").network();
        Network tokens = open("swin-tokens").network()) {
      PatchGrid grid = new PatchGrid(0, 4, 4);
      assertThat(swin.architecture().patches("norm")).contains(grid);
      assertThat(swin.architecture().patches("features.3.1.norm1")).contains(grid);
      assertThat(tokens.architecture().patches("norm")).contains(grid);
      assertThat(swin.points().resolve("norm").spatial()).isTrue();
      assertThat(tokens.points().resolve("norm").spatial()).isTrue();
    }
  }

  /** Of a network that takes images of any size, maps have the sides that they have. */
  @Test
  void channelsLastMapsHaveTheirOwnSides() {
    PatchGrid grid = new PatchGrid(0, 7, 7);
    assertThat(grid.forShape(1, 8, 10, 96)).isEqualTo(new PatchGrid(0, 8, 10));
    assertThat(grid.forShape(1, 49, 96)).isEqualTo(grid);
  }

  private static List<String> blocks(String name) {
    try (Network network = open(name).network()) {
      return network.points().blocks().stream().map(Point::path).toList();
    }
  }

  static Checkpoint open(String name) {
    return Checkpoints.open(path(name + ".onnx"));
  }

  private static void assertClose(double[] found, double[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double scale = 0;
    for (double value : wanted) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat(Math.abs(found[i] - wanted[i]) / scale).as("element %d", i).isLessThan(TOLERANCE);
    }
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 0; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static double[] numbers(JsonNode node) {
    if (node.get(0).isArray()) {
      DoubleStream all = DoubleStream.empty();
      for (Iterator<JsonNode> rows = node.elements(); rows.hasNext(); ) {
        all = DoubleStream.concat(all, Arrays.stream(numbers(rows.next())));
      }
      return all.toArray();
    }
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asDouble();
    }
    return values;
  }

  /** The image of {@code make_onnx_networks.py}. */
  private static INDArray image(int side) {
    float[] pixels = new float[3 * side * side];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    return Nd4j.create(pixels, new long[] {1, 3, side, side}, 'c');
  }

  private static JsonNode expected() {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(path("expected.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(
          OnnxNetworkTests.class.getResource("/io/camjar/weights/onnx/networks/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
