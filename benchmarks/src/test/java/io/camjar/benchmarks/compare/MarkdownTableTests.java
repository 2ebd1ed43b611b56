package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTableTests {
  private final String table = MarkdownTable.of(Examples.results());

  @Test
  void hasOneLineAPairOfEngines() {
    assertThat(table)
        .contains(
            "| forward/resnet34 | 224 | 8 | 2 | 10.0 ± 1.5 | onnxruntime-1.0 | 20.0 ± 1.5"
                + " | **0.50** | 300 / 400 |")
        .contains("| pytorch-2.0 | 250 ± 2 | **0.04** | 300 / ? |");
  }

  @Test
  void everyLineHasTheSameNumberOfColumns() {
    List<Long> bars =
        table
            .lines()
            .filter(line -> line.startsWith("|"))
            .map(line -> line.chars().filter(c -> c == '|').count())
            .distinct()
            .toList();

    assertThat(bars).hasSize(1);
  }

  @Test
  void showsWhoIsMissingAndWhy() {
    assertThat(table)
        .contains("| cold-start | 224 | 1 | 2 | 900 ± 2 | – | – | – | 300 |")
        .contains("- cold-start 224 1 2, python-torch: exit code 1");
  }

  @Test
  void showsWhatAnEngineSaysOfItsMemory() {
    assertThat(table).contains("- forward/resnet34 224 8 2, camjar allocates 7 bytes");
  }
}
