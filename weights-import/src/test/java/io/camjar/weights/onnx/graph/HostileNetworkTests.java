package io.camjar.weights.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Checkpoints;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.ExternalData;
import io.camjar.weights.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that camjar cannot run, or that ask for more than there is, end in one sentence. */
@Timeout(60)
class HostileNetworkTests {
  private static final String FOLDER = "/io/camjar/weights/onnx/";

  @ParameterizedTest
  @CsvSource({
    "unknown, the-NonMaxSuppression",
    "foreign, com.microsoft:Gelu",
    "constant-of-shape, computes a constant of the shape",
    "expand, do not go together",
    "reshape, has a shape beyond 64 bits",
    "tile, more than camjar computes",
    "range, more than camjar computes",
    "pads, the-Conv",
    "negative, an 8x8",
    "input, has the shape",
    "resize, the-Resize",
    "groups, the-Conv",
    "strings, the-Conv",
    "no-scores, 'y'",
    "nothing, does not depend on",
    "proportions, keeps the image's proportions (not_larger)",
    "instance, 'shape [192], which has no fixed number of channels'",
    "channels, 'shape [192], which has no fixed number of channels'",
    "axes, names 3 axes for 2 sizes",
    "einsum, 'computes ''bchw,bchw->bc'', which is no product of two matrices'",
    "dropout, '(Dropout), which drops values at random'",
    "dropout-of-weights, (Dropout) on constants",
  })
  void aModelThatCannotRunSaysWhy(String name, String words) {
    // A side below 1 is an open one; such a model runs.
    String problem = Checkpoints.open(path("hostile/" + name + ".onnx")).problem().orElse("an 8x8");
    assertThat(problem).contains(words).doesNotContain("Exception", "null");
  }

  @Test
  void aDropoutOfNothingIsNoneInTrainingEither() {
    assertThat(Checkpoints.open(path("hostile/dropout-of-nothing.onnx")).problem()).isEmpty();
  }

  /** Bytes among names and attributes are changed: the model is refused, or is another network. */
  @ParameterizedTest
  @ValueSource(strings = {"vit", "shufflenet", "convnext-static"})
  void aChangedModelIsRunOrRefused(String name) {
    byte[] whole = bytes("networks/" + name + ".onnx");
    SplittableRandom random = new SplittableRandom(17);
    int refused = 0;
    for (int round = 0; round < 150; round++) {
      byte[] changed = whole.clone();
      for (int i = 0; i < 3; i++) {
        changed[place(whole, random)] = (byte) random.nextInt(128);
      }
      try {
        OnnxNetwork.of(OnnxModel.read(ByteRegion.wrap(changed), ExternalData.none()));
      } catch (Malformed e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(20, 150);
  }

  /** A byte with text around it, as weights have none. */
  private static int place(byte[] bytes, SplittableRandom random) {
    while (true) {
      int place = 12 + random.nextInt(bytes.length - 24);
      int letters = 0;
      for (int i = place - 12; i < place + 12; i++) {
        letters += bytes[i] >= '-' && bytes[i] < '{' ? 1 : 0;
      }
      if (letters > 13) {
        return place;
      }
    }
  }

  private static byte[] bytes(String name) {
    try (InputStream in = HostileNetworkTests.class.getResourceAsStream(FOLDER + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(HostileNetworkTests.class.getResource(FOLDER + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
