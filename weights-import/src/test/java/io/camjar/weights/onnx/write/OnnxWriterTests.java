package io.camjar.weights.onnx.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.OnnxNode;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks written as ONNX and read again; onnx's checker accepts the files. */
class OnnxWriterTests {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "resnet18-norms, 64",
    "vgg, 224",
    "densenet, 64",
    "mobilenet_v3, 64",
    "efficientnet, 64",
    "shufflenet, 64",
    "shufflenet-places, 64",
    "convnext, 64",
    "vit, 32",
  })
  void aNetworkReadAgainGivesTheSameScores(String name, int side) {
    Checkpoint checkpoint = Checkpoints.open(network(name));
    Path written = folder.resolve("again.onnx");
    CheckpointConverter.toOnnx(checkpoint, written, false);

    try (Network before = checkpoint.network();
        Network after = Checkpoints.load(written);
        INDArray images = Nd4j.rand(2, 3, side, side);
        INDArray wanted = before.forward(images);
        INDArray found = after.forward(images)) {
      assertThat(found.distance2(wanted) / wanted.norm2Number().doubleValue()).isLessThan(1e-5);
      assertThat(after.points().lastBlock().path()).isEqualTo(before.points().lastBlock().path());
    }
  }

  @Test
  void theBuiltInModelHasItsLayersAsNodesAndItsClassesInMetadata() {
    Path written = folder.resolve("builtin.onnx");
    CheckpointConverter.toOnnx(Checkpoints.builtin(), written, false);
    Checkpoint again = Checkpoints.open(written);
    OnnxModel model = again.onnx().orElseThrow();

    assertThat(model.opset()).isEqualTo(17);
    assertThat(model.graph().nodes().stream().map(OnnxNode::name))
        .contains("conv1", "layer4.2.conv2", "layer4.2.bn2");
    assertThat(again.classes()).isEqualTo(Checkpoints.builtin().classes());
    try (Network network = again.network()) {
      for (String point : List.of("layer4.2", "layer3.5.conv1", "layer1")) {
        assertThat(network.points().resolve(point).path()).isEqualTo(point);
      }
    }
  }

  private static Path network(String name) {
    try {
      return Path.of(
          OnnxWriterTests.class
              .getResource("/io/camjar/weights/onnx/networks/" + name + ".onnx")
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
