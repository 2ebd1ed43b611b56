package io.camjar.weights.onnx.graph;

import static io.camjar.weights.onnx.SmallModel.integers;
import static io.camjar.weights.onnx.SmallModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.model.Network;
import io.camjar.engine.op.LocalResponseNorm;
import io.camjar.engine.op.Op;
import io.camjar.engine.run.Trace;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxGraph;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.OnnxValue;
import io.camjar.weights.onnx.SmallModel;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Branches that are known before an image is seen stand in the places of their nodes. What they
 * compute is compared with ONNX Runtime in {@link OnnxNodeTests} ({@code make_onnx_graphs.py}).
 */
class TakenBranchesTests {
  private static final OnnxGraph RELU = branch("r", node("Relu", List.of("a"), List.of("r")));
  private static final OnnxGraph TANH = branch("r", node("Tanh", List.of("a"), List.of("r")));

  /** Both choices have a value r; a node between has one of the name that the second would get. */
  @Test
  void valuesOfSeveralBranchesHaveNamesOfTheirOwn() {
    OnnxGraph deep =
        branch(
            "s", node("Relu", List.of("a"), List.of("r")), node("Neg", List.of("r"), List.of("s")));
    OnnxNetwork network =
        start(1)
            .nodes(choice("y", "truth", deep, TANH), choice("z", "truth", deep, TANH))
            .node("Add", "y/r", "y", "z")
            .classifier("scores", "y/r", 3, 2)
            .output("scores", 2)
            .network();
    assertThat(kinds(network)).containsSubsequence("ReLU", "Neg", "ReLU", "Neg", "Add");
  }

  @ParameterizedTest
  @CsvSource({"1, ReLU", "0, Tanh"})
  void aConstantChooses(long truth, String kind) {
    OnnxNetwork network = chosen(start(truth), "truth");
    assertThat(kinds(network)).contains(kind).doesNotContain(kind.equals("Tanh") ? "ReLU" : "Tanh");
    assertThat(network.architecture().inputSize().fixed()).isFalse();
  }

  /** The number of channels is the same whatever the image's size is. */
  @Test
  void aSideThatNoImageChangesChooses() {
    SmallModel model =
        start(1)
            .weights(integers("first", 1), integers("three", 3))
            .node("Shape", "shape", "a")
            .node("Gather", "side", "shape", "first")
            .node("Equal", "equal", "side", "three");
    OnnxNetwork network = chosen(model, "equal");
    assertThat(kinds(network)).contains("ReLU").doesNotContain("Tanh");
    assertThat(network.architecture().inputSize().fixed()).isFalse();
  }

  /** At all sizes that shapes are tried at there are more than 3 rows; at others there are not. */
  @Test
  void aSideOfTheImageBindsTheNetworkToOneSize() {
    SmallModel model =
        start(1)
            .weights(integers("second", 2), integers("three", 3))
            .node("Shape", "shape", "a")
            .node("Gather", "side", "shape", "second")
            .node("Greater", "more", "side", "three")
            .node("Not", "less", "more");
    OnnxNetwork network = chosen(model, "less");
    assertThat(kinds(network)).contains("Tanh").doesNotContain("ReLU");
    assertThat(network.architecture().inputSize().fixed()).isTrue();
  }

  /** One place for images of 8, 40 and 72 rows, more from 108 on. */
  @Test
  void aSideThatGrowsInLargeStepsBindsTheNetworkToOneSizeToo() {
    OnnxAttribute window = new OnnxAttribute.Ints(List.of(8L, 8L));
    OnnxAttribute strides = new OnnxAttribute.Ints(List.of(100L, 100L));
    SmallModel model =
        start(1)
            .weights(integers("second", 2), integers("one", 1))
            .nodes(
                new OnnxNode(
                    "p",
                    "MaxPool",
                    "",
                    List.of("a"),
                    List.of("p"),
                    Map.of("kernel_shape", window, "strides", strides)))
            .node("Shape", "shape", "p")
            .node("Gather", "side", "shape", "second")
            .node("Equal", "equal", "side", "one");
    OnnxNetwork network = chosen(model, "equal");
    assertThat(kinds(network)).contains("ReLU").doesNotContain("Tanh");
    assertThat(network.architecture().inputSize().fixed()).isTrue();
  }

  /** A branch's result r becomes y; a branch inside it has a y of its own and reads r. */
  @Test
  void aResultIsNotTakenForAValueInsideOfItsName() {
    OnnxGraph inner =
        branch(
            "z",
            node("Relu", List.of("a"), List.of("y")),
            node("Add", List.of("y", "r"), List.of("z")));
    OnnxNode nested =
        new OnnxNode(
            "q",
            "If",
            "",
            List.of("truth"),
            List.of("q"),
            Map.of(
                "then_branch", new OnnxAttribute.Graph(inner, List.of("a", "r")),
                "else_branch", new OnnxAttribute.Graph(inner, List.of("a", "r"))));
    OnnxGraph outer =
        new OnnxGraph(
            "branch",
            List.of(node("Neg", List.of("a"), List.of("r")), nested),
            StateDict.of(List.of()),
            List.of(),
            List.of(
                new OnnxValue("r", "float32", List.of()),
                new OnnxValue("q", "float32", List.of())));
    OnnxAttribute.Graph both = new OnnxAttribute.Graph(outer, List.of("a", "truth"));
    OnnxNetwork network =
        start(1)
            .nodes(
                new OnnxNode(
                    "y",
                    "If",
                    "",
                    List.of("truth"),
                    List.of("y", "other"),
                    Map.of("then_branch", both, "else_branch", both)))
            .node("Mul", "product", "y", "other")
            .classifier("scores", "product", 3, 2)
            .output("scores", 2)
            .network();
    Graph graph = network.architecture().graph();
    Node sum =
        graph.nodes().stream().filter(one -> one.op().kind().equals("Add")).findFirst().get();
    assertThat(sum.inputs())
        .extracting(value -> graph.nodes().get(value).op().kind())
        .containsExactly("ReLU", "Neg");
  }

  @Test
  void anIfOfAnotherDomainIsNone() {
    OnnxNode choice = choice("y", "truth", RELU, TANH);
    OnnxNode foreign =
        new OnnxNode("y", "If", "foo", choice.inputs(), choice.outputs(), choice.attributes());
    assertThatThrownBy(
            () ->
                start(1)
                    .nodes(foreign)
                    .classifier("scores", "y", 3, 2)
                    .output("scores", 2)
                    .network())
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("foo:If");
  }

  @Test
  void aConditionOfSeveralNumbersIsRefused() {
    SmallModel model = start(1).weights(integers("truths", 1, 0));
    assertThatThrownBy(() -> chosen(model, "truths"))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("node 'y' has no one number as its condition");
  }

  @Test
  void theBatchDoesNotChoose() {
    SmallModel model =
        start(1)
            .weights(integers("place", 0), integers("none", 0))
            .node("Shape", "shape", "a")
            .node("Gather", "side", "shape", "place")
            .node("Greater", "some", "side", "none");
    assertThatThrownBy(() -> chosen(model, "some"))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(
            "the node 'y' (If), which chooses by the size of the image or of the batch what it"
                + " computes: camjar does not run that");
  }

  @Test
  void thePixelsDoNotChoose() {
    SmallModel model = start(1).node("ReduceMax", "most", "a");
    assertThatThrownBy(() -> chosen(model, "most"))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(
            "the node 'y' (If), which chooses by the image's values what it computes: camjar does"
                + " not run that");
  }

  /** A choice that scores do not need is none of a network's. */
  @Test
  void aChoiceThatNothingReadsIsLeftAlone() {
    SmallModel model = start(1).node("ReduceMax", "most", "a");
    OnnxNetwork network =
        model
            .nodes(choice("y", "most", RELU, TANH))
            .classifier("scores", "a", 3, 2)
            .output("scores", 2)
            .network();
    assertThat(kinds(network)).doesNotContain("ReLU", "Tanh");
  }

  @Test
  void aBranchMayGiveWhatIsAroundIt() {
    OnnxNetwork network =
        start(1)
            .nodes(choice("y", "truth", branch("a"), TANH))
            .classifier("scores", "y", 3, 2)
            .output("scores", 2)
            .network();
    assertThat(kinds(network)).doesNotContain("Tanh");
  }

  @Test
  void aBranchHasWeightsOfItsOwn() {
    TensorEntry weight = SmallModel.tensor("w", 3, 3, 1, 1);
    OnnxGraph conv = graph(List.of(weight), "r", node("Conv", List.of("a", "w"), List.of("r")));
    OnnxNetwork network =
        start(1)
            .weights(SmallModel.tensor("w", 3, 3, 3, 3))
            .nodes(choice("y", "truth", conv, TANH))
            .nodes(node("Conv", List.of("y", "w"), List.of("z")))
            .classifier("scores", "z", 3, 2)
            .output("scores", 2)
            .network();
    assertThat(network.parameters().find("r.weight").orElseThrow().shape())
        .containsExactly(3, 3, 1, 1);
    assertThat(network.parameters().find("z.weight").orElseThrow().shape())
        .containsExactly(3, 3, 3, 3);
  }

  @Test
  void aChoiceWithoutTheBranchThatItTakesIsRefused() {
    OnnxNode bare = node("If", List.of("truth"), List.of("y"));
    assertThatThrownBy(
            () ->
                start(1).nodes(bare).classifier("scores", "y", 3, 2).output("scores", 2).network())
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("node 'y' has 1 outputs, and its then_branch is missing");
  }

  /** ONNX has no choice of one branch, whether it is the one that is taken or not. */
  @ParameterizedTest
  @CsvSource({
    "then_branch, else_branch, 1",
    "else_branch, then_branch, 1",
    "then_branch, else_branch, 0"
  })
  void aChoiceOfOneBranchIsRefused(String given, String missing, long truth) {
    OnnxAttribute branch = new OnnxAttribute.Graph(RELU, List.of("a"));
    OnnxNode half =
        new OnnxNode("y", "If", "", List.of("truth"), List.of("y"), Map.of(given, branch));
    assertThatThrownBy(
            () ->
                start(truth)
                    .nodes(half)
                    .classifier("scores", "y", 3, 2)
                    .output("scores", 2)
                    .network())
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("node 'y' has 1 outputs, and its " + missing + " is missing");
  }

  /** Written out as PyTorch does it is one operation; with another frame it is none. */
  @ParameterizedTest
  @CsvSource({
    "lrn-written-out, 3, 0.3, 0.75, 1.5",
    "lrn-written-out-even, 4, 0.3, 0.5, 1.5",
    "lrn-written-out-shifted, 0, 0, 0, 0",
  })
  void aResponseNormThatIsWrittenOutIsOne(
      String file, int size, double alpha, double beta, double k) throws URISyntaxException {
    List<Op> scores = operations(file);
    List<Op> norms = scores.stream().filter(LocalResponseNorm.class::isInstance).toList();
    if (size == 0) {
      assertThat(norms).isEmpty();
    } else {
      LocalResponseNorm norm = (LocalResponseNorm) norms.get(0);
      assertThat(norm.size()).isEqualTo(size);
      assertThat((float) norm.alpha()).isEqualTo((float) alpha);
      assertThat((float) norm.beta()).isEqualTo((float) beta);
      assertThat((float) norm.k()).isEqualTo((float) k);
      assertThat(scores).noneMatch(op -> op.kind().equals("Pad"));
    }
  }

  /** A model whose maps are {@code a}, with a constant {@code truth}. */
  private static SmallModel start(long truth) {
    return new SmallModel().weights(integers("truth", truth)).conv("a", "x");
  }

  private static OnnxNetwork chosen(SmallModel model, String condition) {
    return model
        .nodes(choice("y", condition, RELU, TANH))
        .classifier("scores", "y", 3, 2)
        .output("scores", 2)
        .network();
  }

  private static OnnxNode choice(String name, String condition, OnnxGraph yes, OnnxGraph no) {
    return new OnnxNode(
        name,
        "If",
        "",
        List.of(condition),
        List.of(name),
        Map.of(
            "then_branch", new OnnxAttribute.Graph(yes, List.of("a")),
            "else_branch", new OnnxAttribute.Graph(no, List.of("a"))));
  }

  private static OnnxGraph branch(String result, OnnxNode... nodes) {
    return graph(List.of(), result, nodes);
  }

  private static OnnxGraph graph(List<TensorEntry> weights, String result, OnnxNode... nodes) {
    return new OnnxGraph(
        "branch",
        List.of(nodes),
        StateDict.of(weights),
        List.of(),
        List.of(new OnnxValue(result, "float32", List.of())));
  }

  /** What the scores of a model of {@code make_onnx_graphs.py} are computed by. */
  private static List<Op> operations(String file) throws URISyntaxException {
    URL at =
        TakenBranchesTests.class.getResource("/io/camjar/weights/onnx/nodes/" + file + ".onnx");
    try (Network network = Checkpoints.load(Path.of(at.toURI()))) {
      Graph graph = network.graph();
      return Dependence.origins(graph, graph.outputs().get(Trace.LOGITS)).stream()
          .mapToObj(value -> graph.nodes().get(value).op())
          .toList();
    }
  }

  private static List<String> kinds(OnnxNetwork network) {
    return network.architecture().graph().nodes().stream().map(Node::op).map(Op::kind).toList();
  }
}
