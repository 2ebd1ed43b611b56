package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.weights.torch.KeyChoice.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints in unusual wrappings, made by {@code make_wrappings.py}: each gives the logits that
 * PyTorch computes, or is refused by a sentence that names what is in the way.
 */
class WrappingTests {
  private static final JsonNode EXPECTED = Fixtures.json("wrappings/expected.json");
  private static final JsonNode LAYOUTS = Fixtures.json("layouts/expected.json");

  @TempDir Path folder;

  static Stream<String> names() {
    return StreamSupport.stream(((Iterable<String>) EXPECTED::fieldNames).spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("names")
  void readRightOrRefusedByName(String name) {
    assertOutcome(EXPECTED.get(name), path(name));
  }

  static Stream<String> layouts() {
    return StreamSupport.stream(((Iterable<String>) LAYOUTS::fieldNames).spliterator(), false);
  }

  /** Layouts of well-known projects, which {@code make_layouts.py} writes in full size too. */
  @ParameterizedTest
  @MethodSource("layouts")
  void layoutsOfProjectsAreReadRightOrRefusedByName(String name) {
    Path file = Fixtures.path("../layouts/" + name);
    assertOutcome(LAYOUTS.get(name), file);
    LAYOUTS
        .get(name)
        .get("chosen")
        .properties()
        .forEach(
            chosen -> {
              Checkpoint one = Checkpoints.open(file, chosen.getKey());
              if (chosen.getValue().isNull()) {
                assertThat(one.problem()).as(chosen.getKey()).isPresent();
              } else {
                Fixtures.assertClose(Fixtures.logits(one, 3), chosen.getValue());
              }
            });
  }

  static void assertOutcome(JsonNode expected, Path file) {
    String said = "";
    try {
      Checkpoint checkpoint = Checkpoints.open(file);
      if (checkpoint.problem().isPresent()) {
        said = checkpoint.problem().get();
        assertThat(mayBeRefused(expected)).as(said).isTrue();
      } else {
        assertThat(expected.get("logits").isNull() && !expected.get("says").isEmpty())
            .as("opened, and should not be: " + checkpoint.requireArchitecture())
            .isFalse();
        float[] logits = Fixtures.logits(checkpoint, 3);
        if (!expected.get("logits").isNull()) {
          Fixtures.assertClose(logits, expected.get("logits"));
        }
        said = String.join(" ", checkpoint.remarks());
        if (expected.hasNonNull("key")) {
          assertThat(checkpoint.choice().key()).isEqualTo(expected.get("key").asText());
        }
      }
    } catch (CheckpointException e) {
      said = e.getMessage();
      assertThat(mayBeRefused(expected)).as(said).isTrue();
    }
    for (JsonNode pattern : expected.get("says")) {
      assertThat(said).containsPattern(Pattern.compile(pattern.asText(), Pattern.CASE_INSENSITIVE));
    }
  }

  /** Where there is nothing to say, the logits alone are right. */
  private static boolean mayBeRefused(JsonNode expected) {
    return !expected.get("says").isEmpty();
  }

  @Test
  void aKeyChoosesAmongSeveral() {
    Checkpoint teacher = Checkpoints.open(path("key-student-teacher.pth"), "teacher");
    assertThat(teacher.choice().origin()).isEqualTo(Origin.CALLER);
    assertThat(teacher.remarks()).hasSize(1);
    assertThat(teacher.remarks().get(0)).contains("'teacher' is taken").contains("--key");
    float[] student = logits("key-student-teacher.pth", "student");
    assertThat(Fixtures.logits(teacher, 3)).isNotEqualTo(student);
    assertThat(logits("key-ema.pth", "model")).isNotEqualTo(logits("key-ema.pth", "ema"));
    assertThat(logits("key-ema-module.pth", "model_ema"))
        .isEqualTo(logits("key-ema-module.pth", "model_ema.module"));
  }

  @Test
  void aKeyMayBeTheBeginningOfTensorNames() {
    float[] query = logits("key-prefixes.pth", "encoder_q");
    assertThat(query).isNotEqualTo(logits("key-prefixes.pth", "encoder_k"));
    assertThat(logits("key-unknown.pth", "net_dict")).hasSize(10);
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> Checkpoints.open(path("key-ema.pth"), "emma"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no network under the key 'emma'")
        .hasMessageContaining("ema");
    assertThatThrownBy(() -> Checkpoints.open(path("shards-bin"), "nothing"))
        .hasMessageContaining("'nothing'");
    assertThatThrownBy(() -> Checkpoints.open(Fixtures.path("zip-torchvision.pth"), "zz"))
        .hasMessageEndingWith("no network under the key 'zz'; leave --key out.");
  }

  @Test
  void oneShardAloneIsToldToBeOne() {
    for (String name :
        List.of(
            "shards-safetensors/model-00001-of-00002.safetensors",
            "shards-safetensors/model-00002-of-00002.safetensors")) {
      assertThat(Checkpoints.open(path(name)).problem().orElseThrow())
          .contains("one of the 2 files of a model", "index");
    }
  }

  @Test
  void theOnlyNetworkNeedsNoWord() {
    Checkpoint only = Checkpoints.open(path("key-unknown.pth"));
    assertThat(only.choice().origin()).isEqualTo(Origin.ONLY);
    assertThat(only.remarks()).isEmpty();
  }

  @Test
  void whatAnActivationAtTheEndMeansIsSaidAsData() {
    Checkpoint sigmoid = Checkpoints.open(path("module-ends-in-sigmoid.pth"));
    assertThat(sigmoid.finalActivation().orElseThrow().outputs()).isEqualTo("sigmoid");
    Checkpoint script = Checkpoints.open(path("script-ends-in-logsoftmax.pt"));
    assertThat(script.finalActivation().orElseThrow().kind()).isEqualTo("log_softmax");
    assertThat(Checkpoints.open(path("module-eps.pth")).finalActivation()).isEmpty();
  }

  @Test
  void aMissingShardIsNamedAndNoShardMayLieElsewhere() throws IOException {
    Path index = copy("shards-safetensors");
    Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
    assertThatThrownBy(() -> Checkpoints.open(folder))
        .hasMessageContaining("needs the shard 'model-00002-of-00002.safetensors'");
    for (String outside : List.of("../x.safetensors", "/etc/x", "a\\\\b", "..")) {
      Files.writeString(index, "{\"weight_map\": {\"fc.weight\": \"" + outside + "\"}}");
      assertThatThrownBy(() -> Checkpoints.open(index))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("does not lie in its own folder");
    }
  }

  @Test
  void theDigestOfShardsCoversThemAll() throws IOException {
    copy("shards-safetensors");
    Checkpoint before = Checkpoints.open(folder);
    assertThat(before.size()).isGreaterThan(20_000);
    Path shard = folder.resolve("model-00001-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 1;
    Files.delete(shard);
    Files.write(shard, bytes);
    assertThat(Checkpoints.open(folder).sha256())
        .isNotEqualTo(Checkpoints.open(path("shards-safetensors")).sha256());
  }

  @Test
  void aFolderWithoutWeightsSaysWhatWasLookedFor() throws IOException {
    assertThatThrownBy(() -> Checkpoints.open(folder))
        .hasMessageContaining("model.safetensors.index.json");
    Files.writeString(folder.resolve("adapter_config.json"), "{}");
    assertThatThrownBy(() -> Checkpoints.open(folder)).hasMessageContaining("merge_and_unload");
  }

  @Test
  void weightsThatAreNotFiniteAreSaidOnceRead() {
    Checkpoint checkpoint = Checkpoints.open(path("not-finite.pth"));
    assertThat(checkpoint.remarks()).isEmpty();
    checkpoint.network().close();
    assertThat(checkpoint.remarks()).hasSize(1);
    assertThat(checkpoint.remarks().get(0)).contains("NaN").contains("'layer3.0.conv1.weight'");
  }

  private Path copy(String name) throws IOException {
    try (Stream<Path> files = Files.list(path(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder.resolve("model.safetensors.index.json");
  }

  private static float[] logits(String name, String key) {
    return Fixtures.logits(Checkpoints.open(path(name), key), 3);
  }

  private static Path path(String name) {
    return Fixtures.path("../wrappings/" + name);
  }
}
