package io.camjar.gradcam.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Python code for files of every kind, and what PyTorch 1.13 printed when {@code snippets.py}
 * ran it: camjar's logits are the same.
 *
 * <p>With {@code -Dcamjar.doctor.write=FOLDER} the code is written there with the files that it
 * needs, for that script.
 */
class PythonSnippetTests {
  private static final String WRITE = "camjar.doctor.write";
  private static final Path RESOURCES = Path.of("src/test/resources/doctor");
  private static final Path FIXTURES =
      Path.of("../weights-import/src/test/resources/io/camjar/weights");

  static Stream<String> lines() throws IOException {
    return Files.readAllLines(RESOURCES.resolve("files.txt")).stream();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void pytorchPrintsCamjarsLogits(String line) throws IOException {
    Case one = Case.of(line);
    Diagnosis diagnosis = Diagnosis.of(one.open(), one.examination());

    assertThat(one.text(diagnosis))
        .isEqualTo(Files.readString(RESOURCES.resolve(one.name() + ".py")));
    JsonNode printed =
        new ObjectMapper().readTree(RESOURCES.resolve("logits.json").toFile()).get(one.name());
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

  @Test
  @EnabledIfSystemProperty(named = WRITE, matches = ".+")
  void writesTheCodeForTheScript() throws IOException {
    for (String line : lines().toList()) {
      Case one = Case.of(line);
      Path folder = Files.createDirectories(Path.of(System.getProperty(WRITE)).resolve(one.name()));
      Checkpoint checkpoint = one.open();
      Diagnosis diagnosis = Diagnosis.of(checkpoint, one.examination());
      Files.writeString(folder.resolve("code.py"), one.text(diagnosis));
      Files.write(folder.resolve(one.file().getFileName()), Files.readAllBytes(one.file()));
      Files.write(folder.resolve("image.png"), Files.readAllBytes(RESOURCES.resolve("image.png")));
      if (diagnosis.note().startsWith("first: camjar convert ")) {
        CheckpointConverter.toSafetensors(
            checkpoint,
            folder.resolve("converted.safetensors"),
            NameStyle.TORCHVISION,
            DType.FLOAT32,
            true);
      }
    }
  }

  /** A file and the options that it is looked at with. */
  private record Case(
      String name, Path file, @Nullable String key, @Nullable String preset, List<Integer> size) {
    static Case of(String line) {
      String[] words = line.split(" ");
      @Nullable String key = null;
      @Nullable String preset = null;
      List<Integer> size = List.of();
      for (int i = 1; i < words.length; i += 2) {
        String value = words[i + 1];
        switch (words[i]) {
          case "--key" -> key = value;
          case "--preset" -> preset = value;
          case "--size" -> size = Stream.of(value.split("x")).map(Integer::valueOf).toList();
          default -> throw new IllegalArgumentException(line);
        }
      }
      String name = line.substring(line.lastIndexOf('/') + 1).replaceAll("\\W+", "-");
      return new Case(name, FIXTURES.resolve(words[0]), key, preset, size);
    }

    Checkpoint open() {
      return Checkpoints.open(file, key);
    }

    Examination examination() {
      DecodedImage image = Images.read(RESOURCES.resolve("image.png"), ReadOptions.STANDARD);
      return Examination.plain().with(image, "image.png").asking(this::asked);
    }

    private Explainer asked(Explainer explainer) {
      Preset asked = explainer.preset();
      if (preset != null) {
        asked = Preset.named(preset).withChannels(asked.channels());
      }
      return explainer.withPreset(
          size.isEmpty() ? asked : asked.withSize(size.get(0), size.get(size.size() - 1)));
    }

    /** The code as if it was asked for in the file's own folder. */
    String text(Diagnosis diagnosis) {
      assertThat(diagnosis.python()).as(name + ": " + diagnosis.note()).isNotEmpty();
      String note = diagnosis.note().isEmpty() ? "" : "# " + diagnosis.note() + "\n";
      return (note + String.join("\n", diagnosis.python()) + "\n")
          .replace(file.getParent() + "/", "");
    }

    float[] logits() {
      Checkpoint checkpoint = open();
      try (Network network = checkpoint.network()) {
        Preset preparation = asked(Explainer.of(network, checkpoint)).preset();
        return new Classifier(network, preparation)
            .logits(List.of(Images.read(RESOURCES.resolve("image.png"))))[0];
      }
    }
  }
}
