package io.camjar.weights.names.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.ReplacedHead;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.CheckpointException;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.FamilyFiles;
import io.camjar.weights.Fixtures;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks whose classifier was replaced, against PyTorch's logits: whole modules say what stands
 * in its place, and of a state dict a ReLU is taken to stand between two linear layers, of every
 * family alike. {@code src/test/python/make_replaced_heads.py} wrote the files.
 *
 * <p>{@code -Dcamjar.replaced=FOLDER} takes the files that {@code make_replaced_heads.py --all
 * FOLDER} leaves there: every family with every head.
 */
class ReplacedHeadTests {
  private static final double LOGITS = 1e-4;
  private static final Path FOLDER =
      System.getProperty("camjar.replaced") == null
          ? Fixtures.path("../replaced")
          : Path.of(System.getProperty("camjar.replaced"));

  @TempDir private Path folder;

  /** Those whose layers camjar has, by kinds of file that say what they are. */
  private static Map<Path, JsonNode> told() throws IOException {
    JsonNode expected = new ObjectMapper().readTree(FOLDER.resolve("expected.json").toFile());
    Map<Path, JsonNode> files = new TreeMap<>();
    expected
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode one = expected.get(name);
              if (!one.get("told").isNull()) {
                files.put(FOLDER.resolve(name + "-module.pth"), one);
              }
              if (one.get("told").asBoolean()) {
                files.put(FOLDER.resolve(name + ".pth"), one);
              }
            });
    files.keySet().removeIf(file -> !Files.exists(file));
    return files;
  }

  @Test
  void filesThatTellAreRead() throws IOException {
    List<String> wrong = new ArrayList<>();
    Map<Path, JsonNode> files = told();
    files.forEach((file, expected) -> compare(file, file, expected, wrong));

    assertThat(wrong).isEmpty();
    assertThat(files).hasSizeGreaterThanOrEqualTo(25);
  }

  @Test
  void theyGoToOnnxAndBack() throws IOException {
    List<String> wrong = new ArrayList<>();
    told()
        .forEach(
            (file, expected) -> {
              Path model = folder.resolve("head.onnx");
              try {
                CheckpointConverter.toOnnx(Checkpoints.open(file), model, true);
                // Two pool to a grid that ONNX has for one size of images alone.
                boolean oneSize = file.getFileName().toString().matches("(alexnet|vgg).*");
                int side = oneSize ? 224 : expected.get("side").asInt();
                double distance = FamilyFiles.logits(model, file, side);
                if (!(distance < LOGITS)) {
                  wrong.add("%s: logits differ by %.1e".formatted(file.getFileName(), distance));
                }
              } catch (RuntimeException e) {
                wrong.add(file.getFileName() + ": " + e.getMessage());
              }
            });

    assertThat(wrong).isEmpty();
  }

  /** Names that would be taken for another classifier are not written. */
  @Test
  void theyGoToSafetensorsAndBackIfNamesTell() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    told()
        .forEach(
            (file, expected) -> {
              Path written = folder.resolve("head.safetensors");
              try {
                CheckpointConverter.toSafetensors(
                    Checkpoints.open(file), written, NameStyle.TORCHVISION, DType.FLOAT32);
                compare(written, file, expected, wrong);
              } catch (CheckpointException e) {
                refused.add(file.getFileName().toString());
                if (expected.get("told").asBoolean()
                    || !e.getMessage().contains("head of which the names")) {
                  wrong.add(file.getFileName() + ": " + e.getMessage());
                }
              }
            });

    assertThat(wrong).isEmpty();
    assertThat(refused)
        .contains(
            "densenet-gelu-module.pth",
            "densenet-norm_eps-module.pth",
            "densenet-reordered-module.pth");
  }

  private static void compare(Path read, Path source, JsonNode expected, List<String> wrong) {
    try {
      double distance = FamilyFiles.logits(read, expected);
      if (!(distance < LOGITS)) {
        wrong.add("%s: logits differ by %.1e".formatted(source.getFileName(), distance));
      }
    } catch (RuntimeException | AssertionError e) {
      wrong.add(source.getFileName() + ": " + e.getMessage());
    }
  }

  /** Also behind layers that were kept: MobileNetV3's linear layer, Hardswish and dropout. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "densenet-gelu.pth | densenet | a ReLU between 'classifier.0' and 'classifier.2'",
        "mobilenet_v3-slot-dropout_first.pth | mobilenet_v3_small | dropout before 'classifier.3.1'"
      })
  void whatNamesLeaveOpenIsSaid(String name, String network, String said) {
    Checkpoint file = open(name);

    assertThat(file.requireArchitecture()).isInstanceOf(ReplacedHead.class);
    assertThat(file.requireArchitecture().name()).isEqualTo(network);
    assertThat(file.requireArchitecture().classes()).isEqualTo(5);
    assertThat(file.assumptions())
        .extracting(Assumption::toString)
        .anyMatch(assumed -> assumed.contains(said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "densenet-named.pth | 'classifier.fc1', 'classifier.fc2', which do not tell what lies",
        "densenet-layer_norm.pth | 'classifier.0', whose weight and bias have one dimension",
        "densenet-mish-module.pth | torch.nn.modules.activation.Mish at 'classifier.1'",
        "densenet-own_gelu-module.pth | __main__.GELU at 'classifier.1', whose forward is not in",
        "resnet-own_row-module.pth | has GELU at 'fc.1' in its head, where ReLU is expected",
        "vgg-dropouts.pth | 3 layers without parameters between 'classifier.0' and 'classifier.4'",
        "squeezenet-silu.pth | and names do not tell how they are pooled",
        "vgg-other_body-module.pth | 'features.1' (Identity) with class Identity, expected ReLU"
      })
  void whatIsNotToldIsRefused(String name, String why) {
    assertThatThrownBy(() -> open(name).network())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"densenet-log_softmax-module.pth", "vgg-slot-log_softmax-module.pth"})
  void scoresAreThoseBeforeTheLastActivation(String name) {
    assertThat(open(name).finalActivation()).map(FinalActivation::kind).contains("log_softmax");
  }

  private static Checkpoint open(String name) {
    return Checkpoints.open(Fixtures.path("../replaced/" + name));
  }
}
