package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.hook.Hook;
import io.camjar.engine.hook.Hooks;
import io.camjar.engine.hook.View;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Norms;
import io.camjar.engine.model.Exit;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.model.Point;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.onnx.ExternalData;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models with several outputs of scores as PyTorch's exporter leaves them, {@code
 * make_onnx_exits.py}, against PyTorch; MSDNets are in {@code FamilyTableTests}.
 */
class ExitNetworkTests {
  private static final String FOLDER = "/io/camjar/weights/onnx/exits/";
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  /** One forward, and a backward for each exit, to the maps that its classifier reads. */
  @ParameterizedTest
  @ValueSource(strings = {"branches", "tokens"})
  void everyExitHasTheScoresAndTheMapOfPyTorch(String name) {
    JsonNode expected = expected(name);
    try (Network network = Checkpoints.load(path(name));
        INDArray image = image(expected.get("side").asInt())) {
      List<Exit> exits = network.architecture().exits();
      assertThat(exits).hasSize(3);
      Map<String, List<String>> toward =
          exits.stream().collect(Collectors.toMap(Exit::output, exit -> List.of(exit.layer())));
      try (Trace trace = network.trace(image, Request.ofResults(toward))) {
        for (Exit exit : exits) {
          JsonNode wanted = expected.get("outputs").get(exit.number() - 1);
          float[] logits = floats(wanted.get("logits"));
          assertClose(HostCopy.floats(trace.output(exit.output())), logits);
          try (INDArray seed = Nd4j.zeros(1, logits.length).putScalar(0, largest(logits), 1f);
              Gradients gradients = network.backward(trace, exit, seed)) {
            assertClose(map(network, exit.layer(), trace, gradients), floats(wanted.get("map")));
          }
        }
      }
    }
  }

  /** A hook on a gradient is shown it by the backward of every exit that lies behind its layer. */
  @ParameterizedTest
  @ValueSource(strings = {"branches", "tokens"})
  void hooksSeeTheBackwardOfEachExit(String name) {
    try (Network network = Checkpoints.load(path(name));
        INDArray image = image(expected(name).get("side").asInt())) {
      List<Exit> exits = network.architecture().exits();
      List<String> seen = new ArrayList<>();
      Hooks hooks = new Hooks(network);
      for (Exit exit : exits) {
        for (Hook.Kind kind : List.of(Hook.Kind.ACTIVATION, Hook.Kind.GRADIENT)) {
          Hook hook = Hook.of(kind, exit.layer(), view -> seen.add(view.name() + norm(view)));
          hooks.add(hook);
        }
      }
      Map<String, List<String>> toward =
          exits.stream().collect(Collectors.toMap(Exit::output, exit -> List.of(exit.layer())));
      Request request = hooks.request(Request.ofResults(toward));
      try (Trace trace = network.trace(image, request, hooks)) {
        assertThat(seen)
            .containsExactlyElementsOf(
                exits.stream().map(e -> e.layer() + norm(trace.activation(e.layer()))).toList());
        for (Exit exit : exits) {
          seen.clear();
          try (INDArray seed = Nd4j.ones(trace.output(exit.output()).shape());
              Gradients gradients = network.backward(trace, exit, seed)) {
            assertThat(seen)
                .hasSize(exit.number())
                .startsWith(exit.layer() + norm(gradients.get(exit.layer())));
            exits.stream()
                .limit(exit.number())
                .forEach(e -> assertThat(seen).anyMatch(s -> s.startsWith(e.layer() + " of norm")));
          }
        }
      }
    }
  }

  private static String norm(View view) {
    try (INDArray copy = view.array()) {
      return norm(copy);
    }
  }

  private static String norm(INDArray values) {
    return " of norm %.4g".formatted(Norms.l2(values));
  }

  /** As the exits of a network that was read from PyTorch's own file. */
  @ParameterizedTest
  @ValueSource(strings = {"branches", "tokens"})
  void aNetworkThatEndsWithOneExitHasItsScoresAndItsLayerLast(String name) {
    JsonNode expected = expected(name);
    try (Network network = Checkpoints.load(path(name));
        INDArray image = image(expected.get("side").asInt())) {
      for (Exit exit : network.architecture().exits()) {
        Network ending = network.exit(exit.number());
        assertThat(ending.points().lastBlock().path()).isEqualTo(exit.layer());
        try (INDArray scores = ending.forward(image)) {
          JsonNode wanted = expected.get("outputs").get(exit.number() - 1);
          assertClose(HostCopy.floats(scores), floats(wanted.get("logits")));
        }
      }
      try (INDArray scores = network.forward(image)) {
        assertClose(HostCopy.floats(scores), floats(expected.get("outputs").get(2).get("logits")));
      }
    }
  }

  @Test
  void anExitIsLookedAtWhereItsClassifierBegins() {
    try (Network network = Checkpoints.load(path("branches"))) {
      // The first classifier has maps of its own, of the same size; the last is made in another
      // way than the others.
      assertThat(layers(network)).containsExactly("stage1", "stage2", "stage3");
      assertThat(network.points().blocks().stream().map(Point::path))
          .containsExactly("stage1", "stage2", "stage3");
      assertThat(network.architecture().isHead("branch1.0.0")).isTrue();
      assertThat(network.architecture().isHead("head.2")).isTrue();
      assertThat(network.architecture().isHead("stage3.1.0")).isFalse();
    }
    try (Network network = Checkpoints.load(path("tokens"))) {
      assertThat(layers(network))
          .containsExactly("encoder_layer_0.ln_1", "encoder_layer_1.ln_1", "encoder_layer_2.ln_1");
    }
  }

  @Test
  void theSoftmaxOfEveryExitIsLeftOutAndTheLastOneSaid() {
    Checkpoint checkpoint = Checkpoints.open(path("branches"));
    assertThat(checkpoint.finalActivation().orElseThrow().kind()).isEqualTo("softmax");
    assertThat(checkpoint.remarks())
        .anyMatch(remark -> remark.startsWith("it ends in softmax at '/Softmax_2'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exits/branches.onnx", "exits/tokens.onnx"})
  void aWrittenModelHasTheSameExits(String name) {
    assertWrittenAgain("/io/camjar/weights/onnx/" + name, 32);
  }

  /** Both published trees of names; layers of the written model are called as in PyTorch. */
  @ParameterizedTest
  @ValueSource(strings = {"msdnet.pth", "msdnet_port.pth", "msdnet.onnx"})
  void aMultiScaleDenseNetworkIsWrittenWithItsExits(String name) {
    OnnxModel written = assertWrittenAgain("/io/camjar/weights/families/" + name, 32);
    assertThat(written.graph().outputs().stream().map(OnnxValue::name))
        .containsExactly("exit.1", "exit.2", "exit.3", "exit.4");
  }

  private OnnxModel assertWrittenAgain(String resource, int side) {
    Checkpoint checkpoint = Checkpoints.open(resource(resource));
    Path file = folder.resolve("again.onnx");
    CheckpointConverter.toOnnx(checkpoint, file, false);
    Checkpoint again = Checkpoints.open(file);
    try (Network before = checkpoint.network();
        Network after = again.network();
        INDArray image = image(side)) {
      assertThat(layers(after)).isEqualTo(layers(before));
      for (Exit exit : before.architecture().exits()) {
        assertThat(after.exit(exit.number()).points().lastBlock().path()).isEqualTo(exit.layer());
        try (INDArray wanted = before.exit(exit.number()).forward(image);
            INDArray found = after.exit(exit.number()).forward(image)) {
          assertClose(HostCopy.floats(found), HostCopy.floats(wanted));
        }
      }
    }
    return again.onnx().orElseThrow();
  }

  /** Its order, scores before those of earlier layers, and its names both tell. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void classifiersThatOnlyTrainAreNoExits(boolean named) {
    JsonNode expected = expected("googlenet-training");
    OnnxModel model = read("googlenet-training");
    OnnxNetwork network = OnnxNetwork.of(named ? model : nameless(model));

    assertThat(network.architecture().exits()).isEmpty();
    assertThat(network.architecture().outputs()).containsExactly("scores");
    assertThat(network.remarks())
        .containsExactly(
            "it has further outputs, which are not computed: second, first (%s)."
                .formatted(
                    named
                        ? "auxiliary by their names"
                        : "not exits that an image passes one after another"));
    try (Network loaded = Checkpoints.load(path("googlenet-training"));
        INDArray image = image(expected.get("side").asInt());
        INDArray scores = loaded.forward(image)) {
      float[] wanted = floats(expected.get("outputs").get(0).get("logits"));
      // Fifty norms of random statistics amplify rounding.
      assertThat(distance(HostCopy.floats(scores), wanted)).isLessThan(1e-4);
    }
  }

  private static OnnxModel nameless(OnnxModel model) {
    OnnxGraph graph = model.graph();
    List<OnnxNode> nodes =
        graph.nodes().stream()
            .map(
                node ->
                    new OnnxNode(
                        "",
                        node.operation(),
                        node.domain(),
                        node.inputs(),
                        node.outputs(),
                        node.attributes()))
            .toList();
    return new OnnxModel(
        model.irVersion(),
        model.producer(),
        model.producerVersion(),
        model.opsets(),
        model.metadata(),
        new OnnxGraph(graph.name(), nodes, graph.initializers(), graph.inputs(), graph.outputs()));
  }

  private static List<String> layers(Network network) {
    return network.architecture().exits().stream().map(Exit::layer).toList();
  }

  /** The raw map of Grad-CAM: channels weighted by the means of their gradients. */
  private static float[] map(Network network, String layer, Trace trace, Gradients gradients) {
    float[] values = HostCopy.floats(trace.activation(layer));
    float[] slopes = HostCopy.floats(gradients.get(layer));
    long[] shape = trace.activation(layer).shape();
    Optional<PatchGrid> patches = network.architecture().patches(layer);
    int channels = (int) (patches.isPresent() ? shape[2] : shape[1]);
    int prefix = patches.map(PatchGrid::prefix).orElse(0);
    int places = values.length / channels - prefix;
    float[] map = new float[places];
    for (int c = 0; c < channels; c++) {
      int channel = c;
      int[] at =
          IntStream.range(0, places)
              .map(
                  place ->
                      patches.isPresent()
                          ? (place + prefix) * channels + channel
                          : channel * places + place)
              .toArray();
      double mean = IntStream.of(at).mapToDouble(i -> slopes[i]).average().orElseThrow();
      for (int place = 0; place < places; place++) {
        map[place] += (float) (mean * values[at[place]]);
      }
    }
    return map;
  }

  private static void assertClose(float[] found, float[] wanted) {
    assertThat(distance(found, wanted)).isLessThan(TOLERANCE);
  }

  /** The largest difference, relative to the largest value. */
  private static double distance(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < wanted.length; i++) {
      scale = Math.max(scale, Math.abs(wanted[i]));
      difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
    }
    return difference / scale;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 0; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static float[] floats(JsonNode numbers) {
    double[] all =
        numbers.get(0).isArray()
            ? IntStream.range(0, numbers.size())
                .mapToObj(numbers::get)
                .flatMapToDouble(
                    row -> IntStream.range(0, row.size()).mapToDouble(i -> row.get(i).asDouble()))
                .toArray()
            : IntStream.range(0, numbers.size())
                .mapToDouble(i -> numbers.get(i).asDouble())
                .toArray();
    float[] values = new float[all.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) all[i];
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

  private static OnnxModel read(String name) {
    return OnnxModel.read(ByteRegion.wrap(bytes(name + ".onnx")), ExternalData.none());
  }

  private static JsonNode expected(String name) {
    try {
      return new ObjectMapper().readTree(bytes("expected.json")).get(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String file) {
    try (InputStream in = ExitNetworkTests.class.getResourceAsStream(FOLDER + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    return resource(FOLDER + name + ".onnx");
  }

  private static Path resource(String name) {
    try {
      return Path.of(ExitNetworkTests.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
