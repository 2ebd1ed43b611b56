package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        file("epoch 1, loss 0.3".getBytes(StandardCharsets.US_ASCII)),
        "is not a checkpoint: it begins with the text 'epoch 1, loss 0.'; "
            + "give weights that PyTorch, fastai, timm, safetensors or NumPy wrote, or an ONNX model.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Latin-1, with %XX for what cannot be typed.
        "%89HDF%0D%0A%1A%0A%00%00 | an HDF5 file, as Keras writes them | tf2onnx",
        "%1C%00%00%00TFL3%14%00 | a TensorFlow Lite model | tf2onnx",
        "%0A%12%0A%05input%12%0BPlaceholder%00 | a TensorFlow graph or saved model | tf2onnx",
        "%08%01%12%91%A3%02%0A%00%00%00%00%00%00%00%00%00 | a TensorFlow graph | tf2onnx",
        "%FF%D8%FF%E0%00%10JFIF | a JPEG image | give it as an IMAGE",
        "%89PNG%0D%0A%1A%0A%00%00%00 | a PNG image | give it as an IMAGE",
        "RIFF%00%00%00%00WEBPVP8 | a WebP image | give it as an IMAGE",
        "%1F%8B%08%00%00%00 | compressed by gzip | unpack it",
        "%93NUMPY%01%00v%00 | a single NumPy array | .npz",
        "version https://git-lfs.github.com/spec/v1 | a pointer that Git LFS left | git lfs pull",
        "<!DOCTYPE html><html> | a web page | download the file itself",
      })
  void fileOfAnotherFormat(String content, String format, String remedy) throws IOException {
    String latin1 = URLDecoder.decode(content, StandardCharsets.ISO_8859_1);
    Path file = file(latin1.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + " is " + format)
        .hasMessageContaining(", not a checkpoint; ")
        .hasMessageContaining(remedy);
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
            + "give weights that PyTorch, fastai, timm, safetensors or NumPy wrote, or an ONNX model.");
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
