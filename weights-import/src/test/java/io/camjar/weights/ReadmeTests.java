package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table of the README and the fixtures that {@link CheckpointLogitsTests} loads are the same.
 */
class ReadmeTests {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void everyFixtureStandsInItsCell() throws IOException {
    Path readme = Path.of(System.getProperty("camjar.root"), "weights-import/README.md");
    List<String> rows =
        Files.readAllLines(readme).stream().filter(line -> line.matches("(\\|[^|]*){5}")).toList();
    List<String> heads = List.of("torchvision", "fastai1", "fastai2");
    int found = 0;
    for (String row : rows) {
      String[] cells = row.split("\\|", -1);
      for (int column = 2; cells.length == 6 && column < 5; column++) {
        for (String fixture : fixtures(cells[column])) {
          found++;
          assertThat(Fixtures.names()).contains(fixture);
          assertThat(Fixtures.expected(fixture).get("head").asText())
              .as(fixture)
              .isEqualTo(heads.get(column - 2));
        }
      }
    }
    assertThat(found).isEqualTo(Fixtures.names().size());
  }

  private static List<String> fixtures(String cell) {
    return Arrays.asList(CODE.matcher(cell).results().map(r -> r.group(1)).toArray(String[]::new));
  }
}
