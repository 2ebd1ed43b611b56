package io.camjar.weights.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models are read as the onnx package reads them. */
class OnnxModelTests {

  @ParameterizedTest
  @ValueSource(strings = {"folded.onnx", "unfolded.onnx", "typed.onnx", "external.onnx"})
  void aModelIsReadAsTheOnnxPackageReadsIt(String name) {
    OnnxModel model = OnnxFiles.read(name);
    JsonNode expected = OnnxFiles.expected(name);
    assertThat(OnnxModel.looksLike(ByteRegion.wrap(OnnxFiles.bytes(name)))).isTrue();
    assertThat(model.opset()).isEqualTo(expected.get("opset").asLong());
    assertThat(model.producer()).isEqualTo(expected.get("producer").asText());
    assertThat(model.graph().nodes().stream().map(OnnxNode::label))
        .containsExactlyElementsOf(texts(expected.get("nodes")));
    expected
        .get("operations")
        .fields()
        .forEachRemaining(
            count ->
                assertThat(model.graph().operations())
                    .containsEntry(count.getKey(), count.getValue().asInt()));
    assertValues(model.graph().inputs(), expected.get("inputs"));
    assertValues(model.graph().outputs(), expected.get("outputs"));
    assertThat(model.graph().initializers().size()).isEqualTo(expected.get("tensors").size());
    for (TensorEntry tensor : model.graph().initializers().entries()) {
      JsonNode of = expected.get("tensors").get(tensor.name());
      assertThat(tensor.shape())
          .containsExactly(
              StreamSupport.stream(of.get("shape").spliterator(), false)
                  .mapToLong(JsonNode::asLong)
                  .toArray());
      double sum = 0;
      for (float value : tensor.toFloats()) {
        sum += value;
      }
      double bound = 1e-5 * Math.max(1, Math.abs(of.get("sum").asDouble()));
      assertThat(sum).as(tensor.name()).isCloseTo(of.get("sum").asDouble(), within(bound));
    }
  }

  @Test
  void attributesAreReadByTheirKind() {
    List<OnnxNode> nodes = OnnxFiles.read("typed.onnx").graph().nodes();
    assertThat(nodes.get(1).attributes())
        .isEqualTo(Map.of("alpha", new OnnxAttribute.Real(0.125f)));
    assertThat(nodes.get(2).attributes().get("value"))
        .isInstanceOfSatisfying(
            OnnxAttribute.Tensor.class,
            constant -> assertThat(constant.value().toFloats()).containsExactly(3));
    assertThat(nodes.get(3).type()).isEqualTo("org.example:Custom");
    assertThat(nodes.get(3).inputs()).containsExactly("leaky", "", "constant");
    assertThat(nodes.get(3).attributes())
        .containsEntry("kind", new OnnxAttribute.Text("text"))
        .containsEntry("sizes", new OnnxAttribute.Ints(List.of(1L, 2L)))
        .containsEntry("scales", new OnnxAttribute.Reals(List.of(0.5f)));
  }

  /** PaddlePaddle's exporter writes no initializers. */
  @Test
  void weightsInConstantNodesAreAmongTheTensors() {
    OnnxGraph graph =
        new SmallModel()
            .nodes(constant("weight", 2, 3), constant("limit"))
            .weights(SmallModel.tensor("bias", 4))
            .graph();
    assertThat(graph.tensors().names()).containsExactly("bias", "weight");
    assertThat(graph.tensors().entries().iterator().next().shape()).containsExactly(4);
  }

  private static OnnxNode constant(String output, long... shape) {
    OnnxAttribute value = new OnnxAttribute.Tensor(SmallModel.tensor("", shape));
    return new OnnxNode("", "Constant", "", List.of(), List.of(output), Map.of("value", value));
  }

  @Test
  void dataFilesAreLookedForInTheModelsFolderAlone(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("model/external.onnx");
    Files.createDirectories(model.getParent());
    Files.copy(OnnxFiles.path("external.onnx"), model);
    assertRefused(model, "'external.onnx.data', which is not in its folder");
    assertThatThrownBy(
            () ->
                OnnxModel.read(
                    ByteRegion.wrap(OnnxFiles.bytes("external.onnx")), ExternalData.none()))
        .hasMessageContaining("only the model's bytes are here");

    Path outside = folder.resolve("external.onnx.data");
    Files.copy(OnnxFiles.path("external.onnx.data"), outside);
    Files.createSymbolicLink(model.resolveSibling("external.onnx.data"), outside);
    assertRefused(model, "leads out of its folder");

    Files.delete(model.resolveSibling("external.onnx.data"));
    Files.write(
        model.resolveSibling("external.onnx.data"),
        Arrays.copyOf(OnnxFiles.bytes("external.onnx.data"), 20));
    assertRefused(model, "of 'external.onnx.data', which has 20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x.data.onnx.da", "/etc/data.onnx.da", "./../../a.onx.dat"})
  void locationsThatLeadOutAreRefused(String location) throws IOException {
    byte[] bytes = replace(OnnxFiles.bytes("external.onnx"), "external.onnx.data", location + "a");
    assertThatThrownBy(
            () ->
                OnnxModel.read(
                    ByteRegion.wrap(bytes), ExternalData.beside(OnnxFiles.path("external.onnx"))))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("leads out of its folder");
  }

  @Test
  void weightsAreNotCopied() throws IOException {
    OnnxModel model =
        OnnxModel.read(
            ByteRegion.map(OnnxFiles.path("folded.onnx")),
            ExternalData.beside(OnnxFiles.path("folded.onnx")));
    long tensors =
        model.graph().initializers().entries().stream()
            .mapToLong(tensor -> tensor.storage().bytes().size())
            .sum();
    assertThat(tensors).isLessThan(Files.size(OnnxFiles.path("folded.onnx")));
  }

  private static void assertRefused(Path model, String why) {
    assertThatThrownBy(() -> OnnxModel.read(ByteRegion.map(model), ExternalData.beside(model)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(why);
  }

  private static byte[] replace(byte[] bytes, String from, String to) {
    assertThat(to).hasSameSizeAs(from);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static void assertValues(List<OnnxValue> values, JsonNode expected) {
    assertThat(values.stream().map(OnnxValue::name))
        .containsExactlyElementsOf(
            StreamSupport.stream(expected.spliterator(), false)
                .map(value -> value.get("name").asText())
                .toList());
    for (int i = 0; i < values.size(); i++) {
      assertThat(values.get(i).shape())
          .containsExactlyElementsOf(texts(expected.get(i).get("shape")));
    }
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
