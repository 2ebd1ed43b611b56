package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.image.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} with folders: tables of all results, failures, and going on later. */
class ManyImagesTests {
  @TempDir private Path folder;
  private Path weights;
  private Path photos;
  private Path out;

  @BeforeEach
  void twoImagesInEachOfTwoFolders() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    photos = folder.resolve("photos");
    out = folder.resolve("out");
    for (String name : List.of("ant/a.png", "ant/b.png", "bee/a.png", "bee/c.png")) {
      picture(name);
    }
  }

  @Test
  void everyImageOfAFolderHasItsFilesAndARow() throws IOException {
    Run run = explain();

    assertThat(run.exitCode()).isZero();
    assertThat(names())
        .contains("a.json", "b.json", "a-2.json", "c.json", "results.csv", "results.json");
    assertThat(column("image"))
        .containsExactly(at("ant/a.png"), at("ant/b.png"), at("bee/a.png"), at("bee/c.png"));
    assertThat(column("name")).containsExactly("a", "b", "a-2", "c");
    assertThat(column("error")).containsOnly("");
    assertThat(run.out()).contains("4 images", "results.csv");
  }

  @Test
  void bothTablesSayWhatTheRecordsSay() throws IOException {
    explain("--layer", "layer3,layer4", "--class", "top2");

    JsonNode results = json("results.json").get("results");
    for (int i = 0; i < 4; i++) {
      JsonNode result = results.get(i);
      Map<String, String> row = rows().get(i);
      JsonNode record = json(result.get("name").asText() + ".json");
      JsonNode top = record.get("top");

      assertThat(result.get("image")).isEqualTo(record.get("image"));
      assertThat(result.at("/predicted/index")).isEqualTo(top.at("/0/index"));
      assertThat(result.at("/predicted/probability")).isEqualTo(top.at("/0/probability"));
      assertThat(result.get("margin").asDouble())
          .isEqualTo(top.at("/0/probability").asDouble() - top.at("/1/probability").asDouble());
      assertThat(result.get("maps").findValuesAsText("layer"))
          .isEqualTo(record.get("maps").findValuesAsText("layer"));
      assertThat(result.get("maps").findValuesAsText("status"))
          .isEqualTo(record.get("maps").findValuesAsText("status"));
      result.get("files").forEach(file -> assertThat(out.resolve(file.asText())).exists());
      assertThat(row.get("image")).isEqualTo(result.get("image").asText());
      assertThat(row.get("probability")).isEqualTo(result.at("/predicted/probability").asText());
      assertThat(row.get("maps").split(";")).hasSize(4);
    }
  }

  @Test
  void lossAndRightAnswersWhereFoldersBearTheNamesOfClasses() throws IOException {
    Path labels = Files.writeString(folder.resolve("l.txt"), "ant\nbee\ncat\ndog\neel\n");
    Run run = explain("--labels", labels.toString(), "--format", "npy");

    assertThat(column("actual")).containsExactly("ant", "ant", "bee", "bee");
    for (Map<String, String> row : rows()) {
      float[] logits =
          io.camjar.weights.npy.Npy.read(out.resolve(row.get("name") + "_logits.npy")).toFloats();
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      int actual = Integer.parseInt(row.get("actual_index"));
      assertThat(Double.parseDouble(row.get("loss")))
          .isCloseTo(Math.log(sum) - logits[actual], org.assertj.core.data.Offset.offset(1e-9));
      assertThat(row.get("right"))
          .isEqualTo(Boolean.toString(row.get("predicted").equals(row.get("actual"))));
    }
    assertThat(run.out()).containsPattern("4 images; \\d of 4 right");
    assertThat(run.err()).contains("folders' names");
  }

  @Test
  void aSheetShowsTheWorstImages() throws IOException {
    explain("--top-losses", "2");
    assertThat(names()).contains("least-confident.png").doesNotContain("top-losses.png");
    assertThat(Images.read(out.resolve("least-confident.png")).width()).isEqualTo(696);

    Path labels = Files.writeString(folder.resolve("l.txt"), "ant\nbee\ncat\ndog\neel\n");
    assertThat(explain("--labels", labels.toString(), "--resume").out()).contains("top-losses.png");
    assertThat(Images.read(out.resolve("top-losses.png")).width()).isEqualTo(696);
  }

  @Test
  void noSheetWithoutOverlaysOrWhereNoneIsWanted() throws IOException {
    explain("--format", "json");
    explain("--top-losses", "0");

    assertThat(names()).doesNotContain("least-confident.png", "top-losses.png");
  }

  @Test
  void failuresAreListedAtTheEndAndTheRestIsDone() throws IOException {
    Files.writeString(photos.resolve("ant/aa.png"), "no image");
    Files.writeString(photos.resolve("bee/zz.jpg"), "");
    Run run = explain();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("2 of 6 images could not be explained:", "aa.png is not", "zz.jpg is empty");
    assertThat(column("error").get(1)).contains("aa.png is not an image");
    assertThat(column("predicted").get(1)).isEmpty();
    assertThat(json("results.json").at("/totals/failed").asInt()).isEqualTo(2);
    assertThat(names()).contains("c.json").doesNotContain("aa.json", "zz.json");
  }

  @Test
  void theTablesAreMadeOnlyWhereTheyAreWanted() throws IOException {
    assertThat(explain("--no-summary").exitCode()).isZero();
    assertThat(names()).contains("c.json").noneMatch(name -> name.startsWith("results"));

    run(photos.resolve("ant/a.png").toString());
    assertThat(names()).noneMatch(name -> name.startsWith("results"));

    run(photos.resolve("ant/a.png").toString(), "--summary");
    assertThat(column("name")).containsExactly("a");
  }

  @Test
  void anImageCalledResultsLeavesTheTablesAlone() throws IOException {
    picture("bee/results.png");
    explain();

    assertThat(names()).contains("results-2.json");
    assertThat(json("results.json").get("results")).hasSize(5);
  }

  @Test
  void resultsAreNoImagesOfTheNextRun() throws IOException {
    out = photos.resolve("out");
    explain();
    explain();

    assertThat(column("name")).containsExactly("a", "b", "a-2", "c");
  }

  @Test
  void whatIsDoneIsNotDoneAgain() throws IOException {
    explain();
    Map<String, FileTime> before = times();
    List<Map<String, String>> rows = rows();
    picture("bee/d.png");
    Files.delete(out.resolve("b_layer4.1_" + rows.get(1).get("predicted_index") + "_map.png"));
    Run run = explain("--resume");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("3 of 5 images are done already");
    assertThat(column("name")).containsExactly("a", "b", "a-2", "c", "d");
    assertThat(times()).containsEntry("a.json", before.get("a.json"));
    assertThat(times().get("b.json")).isNotEqualTo(before.get("b.json"));
    assertThat(rows().get(3)).isEqualTo(rows.get(3));
    assertThat(json("results.json").at("/totals/pictures").asInt()).isEqualTo(5);
  }

  @Test
  void otherOptionsOrAnotherImageAreDoneAgain() throws IOException {
    explain();
    assertThat(explain("--resume", "--alpha", "0.4").err()).doesNotContain("done already");
    assertThat(explain("--resume").err()).doesNotContain("done already");
    TinyImage.write(photos.resolve("ant/a.png"), 41, 41);
    assertThat(explain("--resume").err()).contains("3 of 4 images are done already");
    assertThat(explain("--resume").err()).contains("4 of 4 images are done already");
  }

  @Test
  void failuresAreTriedAgain() throws IOException {
    Path bad = Files.writeString(photos.resolve("ant/aa.png"), "no image");
    explain();
    assertThat(explain("--resume").exitCode()).isEqualTo(3);
    TinyImage.write(bad, 40, 40);
    Run run = explain("--resume");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("4 of 5 images are done already");
    assertThat(column("error")).containsOnly("");
  }

  @Test
  void filesThatAnotherImageHasOverwrittenAreMadeAgain() throws IOException {
    explain();
    String other = photos.resolve("bee/a.png").toString(); // its results would be called a
    assertThat(run(other, "--resume").exitCode()).isEqualTo(3);
    run(other, "--resume", "--overwrite");
    Run run = explain("--resume", "--overwrite");

    assertThat(run.err()).contains("3 of 4 images are done already");
    assertThat(json("a.json").get("image").asText()).isEqualTo(at("ant/a.png"));
  }

  @Test
  void withoutResumeAllIsDoneAgain() throws IOException {
    explain();

    assertThat(explain().err()).doesNotContain("done already");
    assertThat(Files.readAllLines(out.resolve("results.jsonl"))).hasSize(4);
  }

  private Run explain(String... more) {
    List<String> args = new ArrayList<>(List.of(photos.toString()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private Run run(String... more) {
    List<String> args = new ArrayList<>(List.of("explain", "--weights", weights.toString()));
    args.addAll(List.of("--size", "64", "--out", out.toString()));
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  private List<String> column(String name) throws IOException {
    return rows().stream().map(row -> row.get(name)).toList();
  }

  private List<Map<String, String>> rows() throws IOException {
    try (MappingIterator<Map<String, String>> rows =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(out.resolve("results.csv").toFile())) {
      return rows.readAll();
    }
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(out.resolve(name).toFile());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new java.util.HashMap<>();
    for (String name : names()) {
      times.put(name, Files.getLastModifiedTime(out.resolve(name)));
    }
    return times;
  }

  private String at(String name) {
    return photos.resolve(name).toString();
  }

  private void picture(String name) throws IOException {
    Files.createDirectories(photos.resolve(name).getParent());
    TinyImage.write(photos.resolve(name), 40, 36);
  }
}
