package io.camjar.gradcam.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect} tells the same story of a file as {@code explain}, whatever kind it is. */
class InspectExplainTests {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Files of each kind that the reader is tested with; those of preparations hold no network. */
  private static final List<String> FOLDERS = List.of("layouts", "outputs", "wrappings");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> ofEveryFile() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String kind : FOLDERS) {
      try (Stream<Path> files = Files.walk(samples().resolve(kind))) {
        files
            .filter(file -> file.toString().matches(".*\\.(pth|pt|pkl|ckpt|tar|safetensors|bin)"))
            .filter(file -> !file.getFileName().toString().contains("-of-"))
            .sorted()
            .forEach(
                file ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            kind + "/" + file.getFileName(),
                            () -> assertThat(differences(file)).isEmpty())));
      }
    }
    assertThat(tests).hasSizeGreaterThan(100);
    return tests.stream();
  }

  @Test
  void ofPreparationsThatAreFollowedAndThatAreNot() throws IOException {
    Path followed =
        new TinyCheckpoint()
            .saying("camjar.preparation", "pad_to 96 64 bilinear constant")
            .saying("camjar.size", "96 64")
            .write(folder.resolve("pad.safetensors"));
    Path withoutSize =
        new TinyCheckpoint()
            .saying("camjar.preparation", "resize_short 96 bilinear")
            .write(folder.resolve("short.safetensors"));
    Path wrongUnit =
        new TinyCheckpoint()
            .saying("camjar.mean", "123 117 104")
            .saying("camjar.std", "58 57 57")
            .write(folder.resolve("unit.safetensors"));
    assertThat(differences(followed)).isEmpty();
    assertThat(differences(withoutSize)).isEmpty();
    assertThat(Run.of("inspect", withoutSize.toString()).out())
        .contains("note          the file asks for short side to 96", "names no size");
    assertThat(differences(wrongUnit)).isEmpty();
  }

  @Test
  void aDifferenceIsNoticed() throws IOException {
    Path file = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    Run explained = explain(file);
    Run inspected = Run.of("inspect", file.toString(), "--json");
    String[][] changes = {
      {"\"architecture\" : \"resnet18\"", "\"architecture\" : \"resnet34\""},
      {"\"meaning\" : \"softmax\"", "\"meaning\" : \"sigmoid\""},
      {"usual for classes", "the file says so"},
      {"\"classes\" : 5", "\"classes\" : 6"},
      {"images are prepared", "images are not prepared"}
    };
    assertThat(differences(explained, inspected, record())).isEmpty();
    for (String[] change : changes) {
      Run other = new Run(0, inspected.out().replace(change[0], change[1]), inspected.err());
      assertThat(other.out()).isNotEqualTo(inspected.out());
      assertThat(differences(explained, other, record())).as(change[1]).isNotEmpty();
    }
  }

  private List<String> differences(Path file) throws IOException {
    Run explained = explain(file);
    return differences(
        explained,
        Run.of("inspect", file.toString(), "--json"),
        explained.exitCode() == 0 ? record() : null);
  }

  private Run explain(Path file) throws IOException {
    Path image = TinyImage.write(folder.resolve("image.png"), 40, 32);
    return Run.of(
        "explain",
        image.toString(),
        "--weights",
        file.toString(),
        "--method",
        "meanactivation", // also of a body without a classifier
        "--format",
        "json",
        "--overwrite",
        "--out",
        folder.resolve("out").toString());
  }

  private JsonNode record() throws IOException {
    return MAPPER.readTree(folder.resolve("out/image.json").toFile());
  }

  /** What one says and the other does not. */
  private static List<String> differences(Run explained, Run inspected, JsonNode record)
      throws IOException {
    List<String> found = new ArrayList<>();
    if (inspected.exitCode() != 0) {
      // No checkpoint at all, or one of several networks has to be chosen.
      equal("refusal", explained.err(), inspected.err(), found);
      return found;
    }
    JsonNode inspection = MAPPER.readTree(inspected.out());
    if (record == null) {
      String problem = text(inspection, "problem");
      String refusal = problem.isEmpty() ? text(inspection, "imageProblem") : problem;
      String last = explained.err().strip().replaceFirst("(?s).*\n", "");
      equal("refusal", last, "camjar: " + refusal, found);
      return found;
    }
    for (String field : List.of("architecture", "head", "classes", "sha256", "source")) {
      String same = field.equals("source") ? "file" : field;
      equal(field, record.at("/model/" + field), inspection.get(same), found);
    }
    equal("outputs", record.get("outputs"), inspection.at("/outputs/meaning"), found);
    equal("assumed", record.get("assumed"), inspection.get("assumed"), found);
    equal("problem", "", text(inspection, "problem") + text(inspection, "imageProblem"), found);
    equal("console", said(explained), said(inspection, inspected), found);
    return found;
  }

  private static void equal(String what, Object explained, Object inspected, List<String> found) {
    if (!Objects.equals(explained, inspected)) {
      found.add("%s: explain %s, inspect %s".formatted(what, explained, inspected));
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("").replace("null", "");
  }

  /** What {@code explain} says of file and network; what it says of the method aside. */
  private static TreeSet<String> said(Run explained) {
    TreeSet<String> lines = new TreeSet<>();
    explained
        .err()
        .lines()
        .filter(line -> !line.contains("--preset, --size, --mean and --std ask"))
        .filter(line -> !line.startsWith("camjar: note: meanactivation"))
        .map(line -> line.replaceFirst("^camjar: (note: )?", ""))
        .forEach(lines::add);
    return lines;
  }

  private static TreeSet<String> said(JsonNode inspection, Run inspected) {
    TreeSet<String> lines = new TreeSet<>();
    inspected.err().lines().map(line -> line.replaceFirst("^camjar: ", "")).forEach(lines::add);
    lines.add(inspection.get("preparation").asText());
    StreamSupport.stream(inspection.get("notes").spliterator(), false)
        .map(JsonNode::asText)
        .forEach(lines::add);
    return lines;
  }

  /** The reader's samples, wherever in the project this module lies. */
  private static Path samples() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("weights-import"))) {
      root = Objects.requireNonNull(root.getParent(), "the project's root");
    }
    return root.resolve("weights-import/src/test/resources/io/camjar/weights");
  }
}
