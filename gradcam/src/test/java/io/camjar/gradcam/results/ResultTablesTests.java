package io.camjar.gradcam.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTablesTests {
  private static final String HEADING =
      "image,name,predicted_index,predicted,probability,margin,actual_index,actual,loss,right,"
          + "maps,files,ms,error\n";

  @TempDir private Path folder;

  @Test
  void aRowAnImageUnderAHeading() throws IOException {
    assertThat(csv(Results.of("photos/dog.jpg", "cat")))
        .isEqualTo(
            HEADING
                + "photos/dog.jpg,dog,1,cat,0.75,0.5,0,class 0,1.25,false,"
                + "layer3:1:ok:12.5:8.3;layer4:1:no-positive-evidence::,a.png;dog.json,12.5,\n");
  }

  @Test
  void aFailureLeavesCellsEmptyAndKeepsTheirPlaces() throws IOException {
    assertThat(csv(Results.failed("bad.jpg", "bad.jpg is cut short; save it again")))
        .isEqualTo(HEADING + "bad.jpg,bad,,,,,,,,,,,3.5,bad.jpg is cut short; save it again\n");
  }

  @Test
  void commasQuotesAndLineBreaksAreQuotedAsRfc4180Says() throws IOException {
    assertThat(csv(Results.of("a,b.jpg", "bee, \"wasp\""), Results.failed("é.jpg", "two\nlines")))
        .contains("\"a,b.jpg\",dog,1,\"bee, \"\"wasp\"\"\",")
        .endsWith("é.jpg,bad,,,,,,,,,,,3.5,\"two\nlines\"\n");
  }

  @Test
  void jsonHoldsOptionsTotalsAndAllResults() throws IOException {
    ImageResult good = Results.of("dog.jpg", "cat");
    ImageResult bad = Results.failed("bad.jpg", "bad");
    Path file = folder.resolve("results.json");

    ResultTables.writeJson(
        file,
        Map.of("method", "gradcam"),
        Totals.NONE.plus(good).plus(bad),
        List.of(good, bad).iterator());

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/options/method").asText()).isEqualTo("gradcam");
    assertThat(json.get("totals"))
        .hasToString("{\"pictures\":2,\"failed\":1,\"labelled\":1,\"right\":0,\"accuracy\":0.0}");
    assertThat(json.get("results")).hasSize(2);
    assertThat(json.at("/results/0/maps/0/class/label").asText()).isEqualTo("cat");
    assertThat(json.at("/results/0/maps/0/peak/x").asDouble()).isEqualTo(12.5);
    assertThat(json.at("/results/1/error").asText()).isEqualTo("bad");
  }

  private String csv(ImageResult... results) throws IOException {
    Path file = folder.resolve("results.csv");
    ResultTables.writeCsv(file, List.of(results).iterator());
    return Files.readString(file);
  }
}
