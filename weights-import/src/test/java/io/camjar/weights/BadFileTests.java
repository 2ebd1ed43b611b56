package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what their names promise, each answered with one sentence. */
class BadFileTests {
  @TempDir Path folder;

  @Test
  void missingFile() {
    assertSentence(folder.resolve("nothing.pth"), "does not exist; check the path.");
  }

  @Test
  void emptyFile() throws IOException {
    assertSentence(file(new byte[0]), "is empty; copy or download it again.");
  }

  @Test
  void truncatedFile() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("zip-torchvision.pth"));
    assertSentence(
        file(Arrays.copyOf(whole, whole.length - 100)),
        "is cut short: it begins as a zip archive, but the archive's directory is missing; "
            + "copy or download it again.");
  }

  @Test
  void textFileNamedPth() throws IOException {
    assertSentence(
        file("<!DOCTYPE html><html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
        "is not a checkpoint: it begins with the text '<!DOCTYPE html><'; "
            + "give a file that torch.save, fastai, timm or safetensors wrote.");
  }

  @Test
  void zipThatIsNotACheckpoint() throws IOException {
    Path file = folder.resolve("photos.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("holiday.txt"));
      zip.write(1);
    }
    assertSentence(
        file,
        "is a zip archive, but not a checkpoint: it has no data.pkl; "
            + "give a file that torch.save, fastai, timm or safetensors wrote.");
  }

  @Test
  void folderInsteadOfFile() {
    assertSentence(
        folder,
        "is a folder, and has none of model.safetensors.index.json, pytorch_model.bin.index.json,"
            + " model.safetensors, pytorch_model.bin; give the weights file in it.");
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.pth"), bytes);
  }

  private static void assertSentence(Path file, String sentence) {
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + " " + sentence);
  }
}
