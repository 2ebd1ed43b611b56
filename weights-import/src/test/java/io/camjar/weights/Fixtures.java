package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The checkpoints that {@code make_fixtures.py} wrote, and the logits PyTorch computed from them.
 */
public final class Fixtures {
  private static final JsonNode EXPECTED = json("checkpoints/logits.json");

  private Fixtures() {}

  public static List<String> names() {
    return StreamSupport.stream(((Iterable<String>) EXPECTED::fieldNames).spliterator(), false)
        .toList();
  }

  public static Path path(String name) {
    try {
      URL url = Fixtures.class.getResource("checkpoints/" + name);
      if (url == null) {
        throw new IllegalArgumentException("no fixture named " + name);
      }
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode expected(String name) {
    return EXPECTED.get(name);
  }

  /** Opens a fixture and requires PyTorch's logits, architecture and head. */
  public static void assertLogits(String name, Checkpoint checkpoint) {
    JsonNode expected = expected(name);
    assertThat(checkpoint.problem()).isEmpty();
    assertThat(checkpoint.requireArchitecture().name())
        .isEqualTo(expected.get("architecture").asText());
    assertThat(checkpoint.head()).isEqualTo(expected.get("head").asText());
    float[] logits = logits(checkpoint, expected.get("channels").asInt());
    assertClose(logits, expected.get("logits"));
  }

  /** Requires each value to be within 1e-4 of the largest. */
  public static void assertClose(float[] values, JsonNode expected) {
    double largest = 0;
    for (JsonNode value : expected) {
      largest = Math.max(largest, Math.abs(value.asDouble()));
    }
    assertThat(values).hasSize(expected.size());
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected.get(i).asDouble(), within(1e-4 * largest));
    }
  }

  /** The checkpoint's logits for the image of {@code tiny.py}. */
  public static float[] logits(Checkpoint checkpoint, int channels) {
    try (Network network = checkpoint.network();
        INDArray image = image(channels);
        INDArray logits = network.forward(image)) {
      return logits.dup('c').data().asFloat();
    }
  }

  private static INDArray image(int channels) {
    int count = 2 * channels * 40 * 33;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (i * 7919L % 1000 / 500.0 - 1);
    }
    return Nd4j.create(values, new long[] {2, channels, 40, 33}, 'c').castTo(DataType.FLOAT);
  }

  /** A JSON file next to the fixtures. */
  public static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(Fixtures.class.getResource(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
