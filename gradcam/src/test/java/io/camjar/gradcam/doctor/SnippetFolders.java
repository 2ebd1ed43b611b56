package io.camjar.gradcam.doctor;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the Python code for every file of {@code files.txt}, a folder each with the files that it
 * needs, for {@code snippets.py} to run.
 *
 * <p>By hand, in the folder of this module, after a build: {@code java --add-modules
 * jdk.incubator.vector -cp target/test-classes:cli/target/camjar.jar
 * io.camjar.gradcam.doctor.SnippetFolders FOLDER}
 */
final class SnippetFolders {
  private SnippetFolders() {}

  public static void main(String[] args) throws IOException {
    Path image = SnippetCase.RESOURCES.resolve("image.png");
    for (String line : SnippetCase.lines().toList()) {
      SnippetCase one = SnippetCase.of(line);
      Path folder = Files.createDirectories(Path.of(args[0]).resolve(one.name()));
      Checkpoint checkpoint = one.open();
      Diagnosis diagnosis = Diagnosis.of(checkpoint, one.examination());
      Files.writeString(folder.resolve("code.py"), one.text(diagnosis));
      Files.write(folder.resolve(one.file().getFileName()), Files.readAllBytes(one.file()));
      Files.write(folder.resolve("image.png"), Files.readAllBytes(image));
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
}
