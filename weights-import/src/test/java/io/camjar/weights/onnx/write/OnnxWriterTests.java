package io.camjar.weights.onnx.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.model.InputSize;
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
import org.junit.jupiter.params.provider.ValueSource;
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
    "responses, 64",
    "maxout, 64",
    "eca, 64",
    "shuffled, 64",
    "focus, 64",
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

  /** Operations of {@code make_onnx_nodes.py} and {@code make_onnx_graphs.py}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-traced",
        "min-traced",
        "max-three",
        "mean-three",
        "selu-given",
        "celu-alpha",
        "softsign",
        "thresholdedrelu-alpha",
        "shrink-soft",
        "depthtospace-dcr",
        "depthtospace-crd",
        "spacetodepth",
        "lrn-written-out",
        "lrn-written-out-even",
        "conv-rows",
        "conv-over-channels",
        "choice-nested",
        "einsum-turned",
        "where-hardshrink",
        "where-places",
        "where-constant",
        "where-truths",
        "where-equal",
        "steps",
      })
  void anOperationReadAgainComputesTheSame(String name) {
    Checkpoint checkpoint = Checkpoints.open(file("nodes/" + name));
    Path written = folder.resolve("again.onnx");
    CheckpointConverter.toOnnx(checkpoint, written, false);

    try (Network before = checkpoint.network();
        Network after = Checkpoints.load(written);
        INDArray images = Nd4j.rand(2, 4, 7, 6).subi(0.5).muli(4);
        INDArray wanted = before.forward(images);
        INDArray found = after.forward(images)) {
      assertThat(found.distance2(wanted) / wanted.norm2Number().doubleValue()).isLessThan(1e-6);
    }
  }

  /** Of what was recognised as one operation the parts stay in the graph, and are not written. */
  @Test
  void whatScoresAreNotComputedFromIsNotWritten() {
    Path written = folder.resolve("again.onnx");
    CheckpointConverter.toOnnx(Checkpoints.open(network("responses")), written, false);
    assertThat(Checkpoints.open(written).onnx().orElseThrow().graph().operations())
        .containsEntry("LRN", 1)
        .containsEntry("AveragePool", 1)
        .containsEntry("Pad", 1);
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

  /** Paddings stand in the file as numbers, and are those of one size. */
  @ParameterizedTest
  @ValueSource(strings = {"conv-upper-2", "conv-pads-of-sides", "maxpool-lower-wide"})
  void whatComputesInAnotherWayAtEachSizeIsWrittenForOne(String name) {
    Checkpoint checkpoint = Checkpoints.open(file("sizes/" + name));
    Path written = folder.resolve("again.onnx");
    CheckpointConverter.toOnnx(checkpoint, written, false);
    Path twice = folder.resolve("twice.onnx");
    CheckpointConverter.toOnnx(Checkpoints.open(written), twice, false);

    for (Path file : List.of(written, twice)) {
      try (Network before = checkpoint.network();
          Network after = Checkpoints.load(file)) {
        InputSize size = before.architecture().inputSize();
        assertThat(after.architecture().inputSize()).isEqualTo(size);
        assertThatThrownBy(() -> after.resized(97, 131))
            .hasMessageContaining("of %dx%d and no other", size.height(), size.width());
        INDArray images = Nd4j.rand(1, 3, size.height(), size.width());
        INDArray wanted = before.forward(images);
        assertThat(after.forward(images).distance2(wanted) / wanted.norm2Number().doubleValue())
            .isLessThan(1e-5);
      }
    }
  }

  private static Path network(String name) {
    return file("networks/" + name);
  }

  private static Path file(String name) {
    try {
      return Path.of(
          OnnxWriterTests.class.getResource("/io/camjar/weights/onnx/" + name + ".onnx").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
