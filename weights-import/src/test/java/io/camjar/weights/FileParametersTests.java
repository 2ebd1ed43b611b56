package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network reads its parameters from its file whenever it needs them, whatever becomes of that.
 */
class FileParametersTests {
  private static final String CONV = "layer2.0.conv1.weight";

  @TempDir private Path folder;
  private Path file;
  private Path other;
  private Map<String, float[]> values;
  private float[] logits;
  private float[] larger;

  @BeforeEach
  void copy() throws IOException {
    file = Files.copy(Fixtures.path("zip-torchvision.pth"), folder.resolve("network.pth"));
    other = Files.copy(Fixtures.path("zip-fastai1.pth"), folder.resolve("other.pth"));
    try (Network network = Checkpoints.load(file)) {
      values = values(network);
      logits = logits(network, 64);
      larger = logits(network, 96);
    }
  }

  @Test
  void aFileThatIsRemovedIsStillRead() throws IOException {
    try (Network network = Checkpoints.load(file)) {
      Files.delete(file);
      assertIsTheSame(network);
    }
  }

  @Test
  void aFileWhoseNameGoesToAnotherIsStillRead() throws IOException {
    try (Network network = Checkpoints.load(file)) {
      assertThat(logits(network, 64)).containsExactly(logits);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertIsTheSame(network);
    }
  }

  @Test
  void aFileThatIsWrittenOverIsRefusedInOneSentence() throws IOException {
    try (Network network = Checkpoints.load(file)) {
      assertThat(logits(network, 64)).containsExactly(logits);
      INDArray before = network.parameters().get(CONV);
      Files.write(file, Files.readAllBytes(other));
      assertRefused(network);
      // What was read before stays as it was.
      assertThat(logits(network, 64)).containsExactly(logits);
      assertThat(network.parameters().get(CONV)).isSameAs(before);
      assertThat(HostCopy.floats(before)).containsExactly(values.get(CONV));
    }
  }

  @Test
  void soIsOneOfTheSameSizeAndOneCutShort() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (Network network = Checkpoints.load(file)) {
      Files.write(file, bytes);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
      assertRefused(network);
    }
    try (Network network = Checkpoints.load(file)) {
      Files.write(file, new byte[10]);
      assertRefused(network);
    }
  }

  @Test
  void aNetworkThatHasReadAllNeedsNoFile() throws IOException {
    try (Network network = Checkpoints.load(file)) {
      network.readParameters();
      Files.write(file, new byte[10]);
      assertIsTheSame(network);
    }
  }

  @Test
  void aClosedNetworkReadsNoMore() {
    Network network = Checkpoints.load(file);
    network.close();
    assertThatThrownBy(() -> network.parameters().get(CONV)).hasMessageContaining("is closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zip-torchvision.pth",
        "legacy-torchvision.pth",
        "tar-torchvision.pth",
        "npz-torchvision.npz",
        "safetensors-torchvision.safetensors",
        "zip-float16.pth",
        "zip-float64.pth",
        "zip-bfloat16.pth",
        "zip-big-endian.pth",
        "zip-channels-last.pth",
        "zip-strides-shared-expanded.pth"
      })
  void theyAreTheArraysOfTheFile(String fixture) {
    Checkpoint checkpoint = Checkpoints.open(Fixtures.path(fixture));
    Parameters file = checkpoint.parameters();
    try (Network network = checkpoint.network()) {
      network
          .parameters()
          .forEach(
              (name, found) -> {
                try (INDArray read = file.get(name, found.shape())) {
                  assertThat(HostCopy.floats(found))
                      .as(name)
                      .containsExactly(HostCopy.floats(read));
                }
              });
    }
  }

  private static void assertRefused(Network network) {
    assertThatThrownBy(() -> network.parameters().get("fc.weight"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageMatching(
            ".*network.pth was written to after it was loaded; load it again, and replace a file"
                + " in use by renaming a new one to its name\\.");
  }

  private void assertIsTheSame(Network network) {
    assertThat(logits(network, 64)).containsExactly(logits);
    assertThat(logits(network, 96)).containsExactly(larger);
    Map<String, float[]> found = values(network);
    assertThat(found.keySet()).isEqualTo(values.keySet());
    found.forEach((name, array) -> assertThat(array).as(name).containsExactly(values.get(name)));
  }

  private static Map<String, float[]> values(Network network) {
    Map<String, float[]> all = new TreeMap<>();
    for (String name : List.copyOf(network.parameters().keySet())) {
      all.put(name, HostCopy.floats(network.parameters().get(name)));
    }
    return all;
  }

  private static float[] logits(Network network, int side) {
    try (INDArray x = SyntheticInput.images("picture", 1, 3, side, side);
        INDArray y = network.forward(x)) {
      return HostCopy.floats(y);
    }
  }
}
