package io.camjar.gradcam.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Python code for files of every kind, and what PyTorch 1.13 printed when {@code snippets.py}
 * ran it: camjar's logits are the same. {@link SnippetFolders} writes the code for that script.
 */
class PythonSnippetTests {
  static Stream<String> lines() throws IOException {
    return SnippetCase.lines();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void pytorchPrintsCamjarsLogits(String line) throws IOException {
    SnippetCase one = SnippetCase.of(line);
    Diagnosis diagnosis = Diagnosis.of(one.open(), one.examination());

    assertThat(one.text(diagnosis))
        .isEqualTo(Files.readString(SnippetCase.RESOURCES.resolve(one.name() + ".py")));
    JsonNode printed =
        new ObjectMapper()
            .readTree(SnippetCase.RESOURCES.resolve("logits.json").toFile())
            .get(one.name());
    float[] logits = one.logits();
    double largest = 0;
    for (JsonNode number : printed) {
      largest = Math.max(largest, Math.abs(number.asDouble()));
    }
    assertThat(logits).hasSize(printed.size());
    for (int i = 0; i < logits.length; i++) {
      assertThat((double) logits[i]).isCloseTo(printed.get(i).asDouble(), within(1e-4 * largest));
    }
  }
}
