package io.camjar.gradcam.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect}: what a file holds, for people and for programs. */
class InspectCommandTests {
  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void weights() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
  }

  @Test
  void tellsWhatAFileHolds() {
    Run run = Run.of("inspect", weights.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("architecture +resnet18")
        .containsPattern("head +torchvision")
        .containsPattern("classes +5")
        .containsPattern("layer1\\.0\\.conv1\\.weight +4x4x3x3 +float32");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void givesJsonToPrograms() throws IOException {
    JsonNode inspection = inspect(weights);

    assertThat(inspection.get("architecture").asText()).isEqualTo("resnet18");
    assertThat(inspection.get("classes").asInt()).isEqualTo(5);
    assertThat(inspection.get("sha256").asText()).hasSize(64);
    assertThat(inspection.get("problem").isNull()).isTrue();
    JsonNode tensor = inspection.get("tensors").get(0);
    assertThat(tensor.get("name").asText()).isEqualTo("conv1.weight");
    assertThat(tensor.get("shape").toString()).isEqualTo("[4,3,7,7]");
    assertThat(tensor.get("dtype").asText()).isEqualTo("float32");
    assertThat(tensor.get("min").asDouble()).isLessThan(tensor.get("mean").asDouble());
    assertThat(tensor.get("max").asDouble()).isGreaterThan(tensor.get("std").asDouble());
  }

  @Test
  void tellsWhatAnOnnxModelComputes() throws IOException {
    // One Sigmoid from x to y, opset 14.
    String model =
        "CAgSADo4Cg8KAXgSAXkiB1NpZ21vaWQSAWdaEAoBeBILCgkIARIFCgMSAW5i"
            + "EAoBeRILCgkIARIFCgMSAW5CBAoAEA4=";
    Path onnx = Files.write(folder.resolve("sigmoid.onnx"), Base64.getDecoder().decode(model));
    JsonNode inspection = inspect(onnx);

    assertThat(inspection.get("format").asText()).isEqualTo("onnx");
    assertThat(inspection.get("opset").asInt()).isEqualTo(14);
    assertThat(inspection.get("operations").toString()).isEqualTo("{\"Sigmoid\":1}");
    assertThat(inspection.get("problem").asText()).contains("x", "not one for images");
    assertThat(inspect(weights).has("opset")).isFalse();
    assertThat(Run.of("inspect", onnx.toString()).out())
        .containsPattern("opset +14")
        .containsPattern("operations +Sigmoid 1");
  }

  @Test
  void saysWhyANetworkWouldNotRun() throws IOException {
    Path broken =
        new TinyCheckpoint().without("layer2.1.bn2.bias").write(folder.resolve("b.safetensors"));

    assertThat(inspect(broken).get("problem").asText()).contains("layer2.1.bn2.bias");
    assertThat(Run.of("inspect", broken.toString()).out()).contains("layer2.1.bn2.bias");
  }

  private static JsonNode inspect(Path file) throws IOException {
    Run run = Run.of("inspect", file.toString(), "--json");
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
