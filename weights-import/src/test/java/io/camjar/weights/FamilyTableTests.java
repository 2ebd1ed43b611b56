package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camjar.weights.FamilyFiles.Distance;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's table of families: each as a state dict, a whole module, safetensors and ONNX, the
 * logits of every exit and the map of its default layer against PyTorch's.
 *
 * <p>{@code -Dcamjar.families=FOLDER} takes the files of full size that {@code make_families.py
 * --full FOLDER} leaves there, and prints how far each is.
 */
class FamilyTableTests {
  private static final double LOGITS = 1e-4;

  /** Of the deepest layer, where no sign of a ReLU's input is in doubt. */
  private static final double MAP = 1e-4;

  private static final String HEADER =
      "| family | state dict | whole module | safetensors | ONNX |";
  private static final FamilyFiles FILES = FamilyFiles.open();

  @TempDir Path folder;

  @Test
  void theTableIsWhatPasses() throws IOException {
    List<String> rows = new ArrayList<>();
    Map<String, String> wrong = new TreeMap<>();
    for (String name : FILES.names()) {
      StringBuilder row = new StringBuilder("| ").append(FILES.title(name));
      for (String kind : List.of(".pth", "-module.pth", ".safetensors", ".onnx")) {
        String outcome = outcome(name, kind);
        row.append(" | ").append(outcome);
        if (!outcome.startsWith("yes")) {
          wrong.put(name + kind, outcome);
          System.out.println(name + kind + ": " + outcome);
        }
      }
      rows.add(row.append(" |").toString());
    }
    assertThat(wrong).isEmpty();
    // Of full size there may be some of them only, and others have more exits.
    if (System.getProperty("camjar.families") == null) {
      assertThat(documented()).containsExactlyInAnyOrderElementsOf(rows);
    }
  }

  private String outcome(String name, String kind) {
    try {
      Path file = FILES.folder().resolve(name + kind);
      if (!Files.exists(file) && kind.equals(".safetensors")) {
        file = folder.resolve(name + kind);
        Checkpoint states = Checkpoints.open(FILES.folder().resolve(name + ".pth"));
        CheckpointConverter.toSafetensors(
            states, file, NameStyle.TORCHVISION, DType.FLOAT32, false);
      }
      boolean onnx = kind.equals(".onnx");
      JsonNode expected = FILES.of(name, onnx);
      Distance distance = FamilyFiles.distance(file, expected, onnx);
      System.out.printf(
          Locale.ROOT,
          "%-28s logits %.1e map %.1e%n",
          name + kind,
          distance.logits(),
          distance.map());
      int exits = distance.exits();
      String yes = exits == 1 ? "yes" : "yes, %d exits".formatted(exits);
      return distance.logits() < LOGITS && distance.map() < MAP ? yes : distance.toString();
    } catch (RuntimeException | AssertionError e) {
      return e.getMessage();
    }
  }

  /**
   * Each family's network goes to ONNX and back: every exit's logits and the default layer's map.
   */
  @Test
  void everyFamilyIsWrittenAsOnnx() {
    Map<String, String> wrong = new TreeMap<>();
    for (String name : FILES.names()) {
      Path file = folder.resolve(name + "-again.onnx");
      try {
        CheckpointConverter.toOnnx(
            Checkpoints.open(FILES.folder().resolve(name + ".pth")), file, false);
        // Some are written for one size alone, and the last maps of two lie behind their usual
        // layer.
        boolean otherLayer =
            Set.of("alexnet", "densenet", "squeezenet", "vgg", "vgg_bn").contains(name);
        Distance distance = FamilyFiles.distance(file, FILES.of(name, otherLayer), otherLayer);
        if (distance.logits() >= LOGITS || distance.map() >= MAP) {
          wrong.put(name, distance.toString());
        }
      } catch (RuntimeException | AssertionError e) {
        wrong.put(name, String.valueOf(e.getMessage()));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The table's rows in the README. */
  private static List<String> documented() throws IOException {
    Path readme = Path.of(System.getProperty("camjar.root"), "weights-import/README.md");
    List<String> lines = Files.readAllLines(readme);
    int header = lines.indexOf(HEADER);
    assertThat(header).as("the table of families").isNotNegative();
    return lines.subList(header + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }
}
