package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.model.Exit;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxNode;
import io.camjar.weights.onnx.SmallModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which outputs of a model are its scores, or the scores of its exits. */
@Timeout(60)
class ScoreOutputsTests {
  private static final String NO_CHAIN = "not exits that an image passes one after another";

  /** Three convolutions with a classifier behind each. */
  private static SmallModel chain() {
    return new SmallModel()
        .conv("one", "x")
        .classifier("a", "one", 3, 4)
        .conv("two", "one")
        .classifier("b", "two", 3, 4)
        .conv("three", "two")
        .classifier("c", "three", 3, 4);
  }

  private static List<String> layers(OnnxNetwork network) {
    return network.architecture().exits().stream().map(Exit::layer).toList();
  }

  private static void assertSingle(OnnxNetwork network, String output, String... remarks) {
    assertThat(network.architecture().exits()).isEmpty();
    assertThat(network.architecture().outputs()).containsExactly(output);
    assertThat(network.architecture().graph().outputs()).containsOnlyKeys("logits");
    assertThat(network.remarks()).containsExactly(remarks);
  }

  @Test
  void scoresOfDeeperAndDeeperMapsAreExits() {
    OnnxNetwork network = chain().output("a", 4).output("b", 4).output("c", 4).network();

    assertThat(layers(network)).containsExactly("one", "two", "three");
    assertThat(network.architecture().outputs()).containsExactly("a", "b", "c");
    assertThat(network.architecture().graph().outputs())
        .containsOnlyKeys("exit.1", "exit.2", "exit.3", "logits");
    assertThat(network.remarks()).isEmpty();
  }

  @Test
  void classesThatTheFileLeavesOpenAreFoundOut() {
    assertThat(layers(chain().output("a", "k").output("b", "m").output("c", 4).network()))
        .containsExactly("one", "two", "three");
    SmallModel other = chain().classifier("d", "three", 3, 5);
    assertSingle(
        other.output("a", "k").output("d", "m").network(),
        "a",
        "it has further outputs, which are not computed: d (" + NO_CHAIN + ").");
  }

  @Test
  void oneOutputIsTakenAsEver() {
    assertSingle(chain().output("b", 4).network(), "b");
  }

  @Test
  void theOrderOfTrainingIsThatOfAuxiliaryClassifiers() {
    assertSingle(
        chain().output("c", 4).output("b", 4).output("a", 4).network(),
        "c",
        "it has further outputs, which are not computed: b, a (" + NO_CHAIN + ").");
  }

  /** Two ways from one map: what takes more layers than the rest of the way is no early exit. */
  @Test
  void aShortSecondWayIsAuxiliary() {
    SmallModel model =
        new SmallModel()
            .conv("trunk", "x")
            .conv("main1", "trunk")
            .conv("main2", "main1")
            .classifier("scores", "main2", 3, 4)
            .conv("side", "trunk")
            .classifier("second", "side", 3, 4);
    assertSingle(
        model.output("scores", 4).output("second", 4).network(),
        "scores",
        "it has further outputs, which are not computed: second (" + NO_CHAIN + ").");
  }

  @Test
  void outputsThatAreCalledAuxiliaryAreNoExits() {
    SmallModel model =
        new SmallModel()
            .conv("one", "x")
            .classifier("aux_logits", "one", 3, 4)
            .conv("two", "one")
            .classifier("scores", "two", 3, 4);
    assertSingle(
        model.output("aux_logits", 4).output("scores", 4).network(),
        "scores",
        "it has further outputs, which are not computed: aux_logits (auxiliary by their names).");
  }

  /** Only its name tells a classifier for training alone from an early exit. */
  @Test
  void anUnnamedClassifierAheadOfTheScoresIsAnExit() {
    SmallModel model =
        new SmallModel()
            .conv("one", "x")
            .classifier("first", "one", 3, 4)
            .conv("two", "one")
            .classifier("scores", "two", 3, 4);

    assertThat(layers(model.output("first", 4).output("scores", 4).network()))
        .containsExactly("one", "two");
  }

  @Test
  void severalClassifiersOfTheSameMapsAreNoExits() {
    SmallModel model =
        new SmallModel()
            .conv("one", "x")
            .classifier("colour", "one", 3, 4)
            .classifier("make", "one", 3, 4)
            .classifier("year", "one", 3, 4);
    assertSingle(
        model.output("colour", 4).output("make", 4).output("year", 4).network(),
        "colour",
        "it has further outputs, which are not computed: make, year (" + NO_CHAIN + ").");
  }

  @Test
  void probabilitiesBesideLogitsAreTheSameScores() {
    SmallModel model = chain().node("Softmax", "p", "c");
    assertSingle(
        model.output("c", 4).output("p", 4).network(),
        "c",
        "it has further outputs, which are not computed: p.");
  }

  @Test
  void featuresFromWhichScoresAreComputedAreNoScores() {
    SmallModel model =
        chain().classifier("features", "three", 3, 6).classifier("scores", "features", 6, 4);
    assertSingle(
        model.output("features", 6).output("scores", 4).network(),
        "scores",
        "it has further outputs, which are not computed: features.");
  }

  @Test
  void exitsBesideFeaturesAreExits() {
    OnnxNetwork network =
        chain()
            .classifier("features", "three", 3, 6)
            .output("a", 4)
            .output("features", 6)
            .output("b", 4)
            .output("c", 4)
            .network();
    assertThat(layers(network)).containsExactly("one", "two", "three");
    assertThat(network.remarks())
        .containsExactly("it has further outputs, which are not computed: features.");
  }

  @Test
  void outputsOfOtherClassCountsAreOtherAnswers() {
    SmallModel model = chain().classifier("d", "one", 3, 5).classifier("e", "two", 3, 6);
    assertSingle(
        model.output("d", 5).output("e", 6).output("c", 4).network(),
        "d",
        "it has further outputs, which are not computed: e, c.");
  }

  @Test
  void anOutputNamedTwiceIsOne() {
    OnnxNetwork network =
        chain().output("a", 4).output("a", 4).output("b", 4).output("a", 4).network();
    assertThat(layers(network)).containsExactly("one", "two");
    assertSingle(chain().output("c", 4).output("c", 4).network(), "c");
  }

  @Test
  void oneValueUnderTwoNamesIsOneExit() {
    SmallModel model = chain().node("Identity", "logits", "c");
    OnnxNetwork network =
        model.output("a", 4).output("b", 4).output("c", 4).output("logits", 4).network();
    assertThat(layers(network)).containsExactly("one", "two", "three");
  }

  @Test
  void outputsThatNoImageChangesArePassedOver() {
    SmallModel model = chain().node("Softmax", "table", "c.weight");
    OnnxNetwork network =
        model
            .output("c.weight", 4)
            .output("table", 4)
            .output("x", 4)
            .output("a", 4)
            .output("b", 4)
            .network();
    assertThat(layers(network)).containsExactly("one", "two");
    assertThat(network.remarks())
        .containsExactly("it has further outputs, which are not computed: c.weight, table, x.");
  }

  @Test
  void nothingButAWeightAsOutputIsRefused() {
    assertThatThrownBy(() -> chain().output("c.weight", 4).output("b.weight", 4).network())
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("has the output 'c.weight', which does not depend on its input 'x'");
    assertThatThrownBy(() -> chain().output("nowhere", 4).network())
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("has the output 'nowhere'");
  }

  @Test
  void anExitThatCannotRunLeavesTheFirst() {
    SmallModel model =
        chain().node("NonMaxSuppression", "odd", "three").classifier("d", "odd", 3, 4);
    assertSingle(
        model.output("a", 4).output("b", 4).output("d", 4).network(),
        "a",
        "it has further outputs, which are not computed: b, d (with them the model has the node"
            + " 'odd', whose operation NonMaxSuppression camjar lacks).");
  }

  @Test
  void exitsOfTwoMeaningsAreNoExitsOfOneNetwork() {
    SmallModel model = chain().node("Softmax", "p", "a").node("Sigmoid", "q", "b");
    assertSingle(
        model.output("p", 4).output("q", 4).network(),
        "p",
        "it has further outputs, which are not computed: q (some end in a softmax, others in a"
            + " sigmoid).");
  }

  /** Two hundred run; a thousand classifiers are more than any network has. */
  @Test
  void thereAreOnlySoManyExits() {
    assertThat(layers(deep(200))).hasSize(200);
    OnnxNetwork network = deep(1000);
    assertThat(network.architecture().exits()).isEmpty();
    assertThat(network.architecture().outputs()).containsExactly("exit0");
    assertThat(network.remarks())
        .containsExactly(
            "it has further outputs, which are not computed: exit1, exit2, exit3, exit4, exit5,"
                + " exit6, exit7, exit8 and 991 more (more than 256 exits).");
  }

  private static OnnxNetwork deep(int exits) {
    SmallModel model = new SmallModel();
    for (int i = 0; i < exits; i++) {
      model.conv("conv" + i, i == 0 ? "x" : "conv" + (i - 1));
      model.classifier("exit" + i, "conv" + i, 3, 4).output("exit" + i, 4);
    }
    return model.network();
  }

  @Test
  void namesThatAreOmittedLeadNowhere() {
    OnnxNode drop = SmallModel.node("Dropout", List.of("", "x"), List.of("y", ""));
    SmallModel model = new SmallModel().nodes(drop).output("y", 4);

    assertThatThrownBy(model::network).isInstanceOf(Malformed.class);
  }

  @Test
  void anOmittedOutputDoesNotMakeOthersSeeTheImage() {
    OnnxNode drop = SmallModel.node("Dropout", List.of("x"), List.of("dropped", ""));
    SmallModel model = new SmallModel().nodes(drop);
    model.node("Resize", "constant", "k", "", "k").conv("one", "dropped");
    model.classifier("a", "one", 3, 4).output("constant", 4).output("a", 4);

    assertThat(model.network().architecture().outputs()).containsExactly("a");
  }

  @Test
  void aHundredThousandOutputsOfOneChainAreLookedAtInSeconds() {
    SmallModel model = chain();
    String before = "c";
    for (int i = 0; i < 99_000; i++) {
      model.node("Identity", "c" + i, before).output("c" + i, 4);
      before = "c" + i;
    }

    assertThat(model.network().architecture().outputs()).containsExactly("c0");
  }

  @Test
  void manyNodesOfManyInputsAndOutputsAreLookedAtInSeconds() {
    SmallModel model = new SmallModel();
    List<String> before = List.of("x");
    for (int i = 0; i < 100; i++) {
      List<String> names = new ArrayList<>();
      for (int k = 0; k < 5_000; k++) {
        names.add(i + "." + k);
      }
      model.nodes(SmallModel.node("Odd", before, names));
      before = names;
    }
    for (int k = 0; k < 200; k++) {
      model.output("99." + k, k);
    }

    assertThatThrownBy(model::network).isInstanceOf(Malformed.class).hasMessageContaining("Odd");
  }

  @Test
  void theSoftmaxOfAnExitIsToldWhereTheLastHasNone() {
    OnnxNetwork network =
        chain().node("Softmax", "p", "a").output("p", 4).output("b", 4).output("c", 4).network();

    assertThat(network.architecture().exits()).hasSize(3);
    assertThat(network.activation()).hasValue(new OnnxNetwork.Activation("Softmax", "p"));
  }
}
