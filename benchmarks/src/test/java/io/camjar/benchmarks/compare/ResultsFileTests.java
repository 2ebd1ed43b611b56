package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTests {

  private static JsonNode rows() throws IOException {
    return new ObjectMapper().readTree(ResultsFile.text(Examples.results(), Examples.MACHINE));
  }

  @Test
  void isAListWithOneRowATask() throws IOException {
    JsonNode row = rows().get(0);

    assertThat(rows()).hasSize(2);
    assertThat(row.get("workload").asText()).isEqualTo("forward/resnet34");
    assertThat(row.get("size").asInt()).isEqualTo(224);
    assertThat(row.get("batch").asInt()).isEqualTo(8);
    assertThat(row.get("threads").asInt()).isEqualTo(2);
    assertThat(row.get("ours_ms").asDouble()).isEqualTo(10);
  }

  @Test
  void ratiosAreOurTimeOverThePeers() throws IOException {
    JsonNode row = rows().get(0);

    assertThat(row.at("/peers/onnxruntime-1.0").asDouble()).isEqualTo(20);
    assertThat(row.at("/ratios/onnxruntime-1.0").asDouble()).isEqualTo(0.5);
    assertThat(row.at("/ratios/pytorch-2.0").asDouble()).isEqualTo(0.04);
  }

  @Test
  void whatIsUnknownIsLeftOut() throws IOException {
    JsonNode peaks = rows().get(0).get("peak_mib");

    assertThat(peaks.get("camjar").asDouble()).isEqualTo(300);
    assertThat(peaks.has("pytorch-2.0")).isFalse();
  }

  @Test
  void aPeerThatFailedIsNamedWithItsReason() throws IOException {
    JsonNode row = rows().get(1);

    assertThat(row.get("peers")).isEmpty();
    assertThat(row.at("/missing/python-torch").asText()).isEqualTo("exit code 1");
  }

  @Test
  void theFileIsCalledAfterTheDayAndTheProcessor(@TempDir Path folder) throws IOException {
    Path file =
        ResultsFile.write(
            Examples.results(), folder.resolve("new"), LocalDate.of(2026, 1, 2), Examples.MACHINE);

    assertThat(file).exists().hasFileName("2026-01-02-test-r-cpu-family-1-model-2.json");
  }
}
