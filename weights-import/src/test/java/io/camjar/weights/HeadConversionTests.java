package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A head is written by the names of its layers only where these lead back to it. {@code
 * src/test/python/make_heads.py} wrote the files.
 */
class HeadConversionTests {
  private static final JsonNode EXPECTED = Fixtures.json("heads/expected.json");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "untold-dropout.pth",
        "untold-dropout-script.pt",
        "untold-dropout-fastai.pth",
        "untold-dropouts.pth",
        "untold-identity.pth",
        "untold-norm-dropout.pth",
        "untold-norm-dropouts.pth",
        "untold-norm-relu.pth"
      })
  void namesThatWouldBeTakenForAnotherHeadAreNotWritten(String name) {
    Checkpoint source = open(name);
    for (NameStyle style : NameStyle.values()) {
      Path target = folder.resolve("head.safetensors");
      assertThatThrownBy(
              () -> CheckpointConverter.toSafetensors(source, target, style, DType.FLOAT32))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("would not tell what stands between its layers")
          .hasMessageEndingWith("give --to a name that ends in .onnx.");
      assertThat(folder).isEmptyDirectory();
    }
    Path model = folder.resolve("head.onnx");
    CheckpointConverter.toOnnx(source, model, false);
    assertComputes(Checkpoints.open(model), name);
  }

  /** The layers of an ONNX model have names as well, and say no more by them. */
  @ParameterizedTest
  @ValueSource(strings = {"untold-dropout.pth", "untold-identity.pth"})
  void norAreThoseOfAnOnnxModel(String name) {
    Path model = folder.resolve("head.onnx");
    CheckpointConverter.toOnnx(open(name), model, false);
    Path target = folder.resolve("head.safetensors");

    assertThatThrownBy(
            () ->
                CheckpointConverter.toSafetensors(
                    Checkpoints.open(model), target, NameStyle.TORCHVISION, DType.FLOAT32))
        .isInstanceOf(CheckpointException.class);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "told-dropout-relu.pth",
        "told-norm-relu-dropout.pth",
        "told-relu-dropout.pth",
        "told-relu-dropout-fastai.pth",
        "told-relu-first.pth",
        "told-relu-norm.pth"
      })
  void namesThatLeadBackAreWritten(String name) {
    for (NameStyle style : NameStyle.values()) {
      Path target = folder.resolve(style + ".safetensors");
      CheckpointConverter.toSafetensors(open(name), target, style, DType.FLOAT32);
      assertComputes(Checkpoints.open(target), name);
    }
  }

  private static Checkpoint open(String name) {
    return Checkpoints.open(Fixtures.path("../heads/" + name));
  }

  private static void assertComputes(Checkpoint written, String name) {
    Fixtures.assertClose(Fixtures.logits(written, 3), EXPECTED.get(name).get("logits"));
  }
}
