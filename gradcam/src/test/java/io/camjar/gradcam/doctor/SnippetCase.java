package io.camjar.gradcam.doctor;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.WeightsFixtures;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file and the options that it is looked at with. */
record SnippetCase(
    String name, Path file, @Nullable String key, @Nullable String preset, List<Integer> size) {
  static final Path RESOURCES =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/doctor");

  /** The lines of {@code files.txt}. */
  static Stream<String> lines() throws IOException {
    return Files.readAllLines(RESOURCES.resolve("files.txt")).stream();
  }

  static SnippetCase of(String line) {
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
    return new SnippetCase(name, WeightsFixtures.path(words[0]), key, preset, size);
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
    if (diagnosis.python().isEmpty()) {
      throw new AssertionError(name + ": " + diagnosis.note());
    }
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
