package io.camjar.weights.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what ONNX promises end in one sentence. */
class HostileOnnxTests {

  @Test
  void theSmallestOneIsRead() throws IOException {
    OnnxModel model = read(model(graph(node("Relu", "x", "y"))));
    assertThat(model.graph().operations()).containsOnlyKeys("Relu").containsEntry("Relu", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"folded.onnx", "typed.onnx", "external.onnx", "nodes/choice-nested.onnx"})
  void aFileCutAnywhereIsRefused(String name) {
    byte[] whole = OnnxFiles.bytes(name);
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      refused += survives(Arrays.copyOf(whole, length)) ? 0 : 1;
    }
    // Only what follows the graph, the operator sets, can be missing without a trace.
    assertThat(refused).isGreaterThan(whole.length - 60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"folded.onnx", "unfolded.onnx", "typed.onnx", "nodes/choice-nested.onnx"})
  void aFileWithChangedBytesIsReadOrRefused(String name) {
    SplittableRandom random = new SplittableRandom(11);
    byte[] whole = OnnxFiles.bytes(name);
    int read = 0;
    for (int round = 0; round < 3_000; round++) {
      byte[] changed = whole.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      read += survives(changed) ? 1 : 0;
    }
    assertThat(read).isBetween(1, 2_999);
  }

  @Test
  void aValueComputedTwiceIsRefused() throws IOException {
    assertRefused(graph(node("Relu", "x", "y"), node("Relu", "x", "y")), "'y' is computed twice");
    assertRefused(graph(node("Relu", "y", "x")), "'x' is computed twice");
  }

  @Test
  void aValueThatNothingComputesIsRefused() throws IOException {
    assertRefused(graph(node("Relu", "nowhere", "y")), "reads 'nowhere', which nothing computes");
  }

  @Test
  void nodesThatWaitForEachOtherAreRefused() throws IOException {
    assertRefused(
        graph(node("Relu", "b", "a"), node("Relu", "a", "b")), "depends on the node itself");
    assertRefused(graph(node("Relu", "a", "a")), "depends on the node itself");
  }

  @Test
  void nodesOutOfOrderAreSorted() throws IOException {
    OnnxModel model = read(model(graph(node("Relu", "y", "z"), node("Neg", "x", "y"))));
    assertThat(model.graph().nodes().stream().map(OnnxNode::operation))
        .containsExactly("Neg", "Relu");
  }

  @Test
  void shapesBeyondAnythingAreRefused() throws IOException {
    assertRefused(graph(tensor(1, 1L << 40)), "has 4 bytes");
    assertRefused(graph(tensor(1, 1L << 40, 1L << 40)), "has the shape");
    assertRefused(graph(tensor(1, -1)), "has the shape [-1]");
    assertRefused(graph(tensor(8, 1)), "of type string, which camjar does not read");
    assertRefused(graph(tensor(99, 1)), "of type type 99");
    long[] many = new long[40];
    Arrays.fill(many, 1);
    assertRefused(graph(tensor(1, many)), "more than 32 dimensions");
  }

  @Test
  void aMillionNodesAreRefused() throws IOException {
    assertRefused(times(1_000_000, node("Relu", "", "")), "has more than 100000 nodes");
  }

  @Test
  void aMillionInitializersAreRefused() throws IOException {
    assertRefused(times(1_000_000, tensor(1, 1)), "has more than 100000 initializers");
  }

  /** Few bytes of a file that take ten times as much in memory: 700 nodes of 9,000 inputs each. */
  @Test
  void millionsOfNamesAndValuesAreRefused() throws IOException {
    byte[] inputs = times(9_000, text(OnnxFields.Node.INPUT, "x"));
    byte[] node = field(OnnxFields.Graph.NODE, inputs);
    assertRefused(times(700, node), "has more than 2097152 names and attributes together");
    byte[] values = field(OnnxFields.Attribute.INTS, new byte[1 << 19]);
    byte[] attribute = field(OnnxFields.Node.ATTRIBUTE, values);
    byte[] other = field(OnnxFields.Graph.NODE, attribute);
    assertRefused(times(20, other), "has more than 2097152 names and attributes together");
  }

  /** Text is kept as it is read, so all of it is bounded: here 70 names of a mebibyte. */
  @Test
  void textsWithoutEndAreRefused() throws IOException {
    byte[] name = field(OnnxFields.Node.NAME, new byte[1 << 20]);
    byte[] node = field(OnnxFields.Graph.NODE, name);
    assertRefused(times(70, node), "its names and texts are more than 67108864 bytes");
  }

  private static byte[] times(int count, byte[] part) {
    byte[] all = new byte[count * part.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }

  @Test
  void messagesInsideMessagesDoNotExhaustTheStack() throws IOException {
    byte[] nested = node("Relu", "x", "y");
    for (int i = 0; i < 5_000; i++) {
      nested = holding(nested);
      if (i == 3) {
        assertThat(read(model(graph(nested))).graph().nodes()).hasSize(1);
      }
    }
    assertRefused(graph(nested), "its messages are nested deeper than 16");
    byte[] groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) OnnxFields.tag(9, 3));
    assertThatThrownBy(() -> read(model(groups))).isInstanceOf(Malformed.class);
  }

  /** Graphs inside nodes see the values around them, and nothing else. */
  @Test
  void aGraphInsideANodeReadsWhatIsAroundIt() throws IOException {
    OnnxModel model = read(model(graph(holding(node("Add", "a", "c")), node("Relu", "x", "a"))));
    assertThat(model.graph().nodes().stream().map(OnnxNode::operation)).containsExactly("Relu", "");
    assertThat(model.graph().nodes().get(1).reads()).containsExactly("a");
    assertRefused(
        graph(holding(node("Relu", "nowhere", "y"))), "'nowhere', which nothing computes");
    assertRefused(
        graph(holding(holding(node("Relu", "y", "z"))), holding(node("Relu", "x", "y"))),
        "'y', which nothing computes");
    assertRefused(graph(holding(node("Relu", "a", "a"))), "depends on the node itself");
    assertRefused(
        graph(holding(node("Relu", "x", "y"), node("Neg", "x", "y"))), "'y' is computed twice");
  }

  @Test
  void nodesThatWaitForEachOtherAcrossGraphsAreRefused() throws IOException {
    byte[] graph = field(OnnxFields.Attribute.G, node("Relu", "b", "c"));
    byte[] chooses =
        field(
            OnnxFields.Graph.NODE,
            concat(field(OnnxFields.Node.ATTRIBUTE, graph), text(OnnxFields.Node.OUTPUT, "a")));
    assertRefused(graph(chooses, node("Neg", "a", "b")), "depends on the node itself");
  }

  /** Limits are of all graphs of a model together. */
  @Test
  void nodesOfAllGraphsAreCounted() throws IOException {
    byte[] many = holding(times(2_000, node("Relu", "", "")));
    assertRefused(times(60, many), "has more than 100000 nodes");
    byte[][] weights = new byte[60_000][];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = tensor(text(OnnxFields.Tensor.NAME, "w" + i), 1, 1);
    }
    byte[] half = holding(weights);
    assertRefused(concat(half, half), "has more than 100000 initializers");
  }

  @Test
  void aModelWithoutAGraphIsRefused() {
    assertThatThrownBy(() -> read(new byte[] {8, 7})).hasMessageContaining("no graph");
  }

  @Test
  void aTextThatClaimsGigabytesIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(OnnxFields.Model.PRODUCER_NAME, 2);
    out.writeUInt32NoTag(Integer.MAX_VALUE);
    out.flush();
    assertThatThrownBy(() -> read(bytes.toByteArray()))
        .hasMessageContaining("a field of 2147483647 bytes begins");
  }

  private static OnnxModel read(byte[] bytes) {
    return OnnxModel.read(ByteRegion.wrap(bytes), ExternalData.none());
  }

  private static boolean survives(byte[] bytes) {
    try {
      OnnxModel.read(ByteRegion.wrap(bytes), ExternalData.beside(OnnxFiles.path("external.onnx")));
      return true;
    } catch (Malformed e) {
      assertThat(e.remedy()).isNotEmpty();
      return false;
    }
  }

  private static void assertRefused(byte[] graph, String why) {
    assertThatCode(() -> read(model(graph)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(why);
  }

  private static byte[] model(byte[] graph) throws IOException {
    return concat(new byte[] {8, 7}, field(OnnxFields.Model.GRAPH, graph));
  }

  /** A graph with an input x. */
  private static byte[] graph(byte[]... parts) throws IOException {
    byte[] x = text(OnnxFields.Value.NAME, "x");
    return concat(concat(parts), field(OnnxFields.Graph.INPUT, x));
  }

  /** A node that holds a graph of these parts. */
  private static byte[] holding(byte[]... parts) throws IOException {
    byte[] graph = field(OnnxFields.Attribute.G, concat(parts));
    return field(OnnxFields.Graph.NODE, field(OnnxFields.Node.ATTRIBUTE, graph));
  }

  private static byte[] node(String operation, String input, String output) throws IOException {
    return field(
        OnnxFields.Graph.NODE,
        concat(
            text(OnnxFields.Node.INPUT, input),
            text(OnnxFields.Node.OUTPUT, output),
            text(OnnxFields.Node.OP_TYPE, operation)));
  }

  /** An initializer of one float's bytes. */
  private static byte[] tensor(int type, long... shape) throws IOException {
    return tensor(new byte[0], type, shape);
  }

  private static byte[] tensor(byte[] name, int type, long... shape) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (long size : shape) {
      out.writeInt64(OnnxFields.Tensor.DIMS, size);
    }
    out.writeInt32(OnnxFields.Tensor.DATA_TYPE, type);
    out.writeByteArray(OnnxFields.Tensor.RAW_DATA, new byte[4]);
    out.flush();
    return field(OnnxFields.Graph.INITIALIZER, concat(name, bytes.toByteArray()));
  }

  private static byte[] text(int number, String text) throws IOException {
    return field(number, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, content);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
