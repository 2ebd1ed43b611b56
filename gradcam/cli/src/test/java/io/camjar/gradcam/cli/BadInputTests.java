package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.weights.npy.Npy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used ends with 3, one sentence that names it, and nothing half-written. */
class BadInputTests {
  @TempDir private Path folder;
  private Path picture;
  private Path weights;
  private Path out;

  @BeforeEach
  void goodInputs() throws IOException {
    picture = picture("good.png", 40, 30);
    weights = new TinyCheckpoint().write(folder.resolve("good.safetensors"));
    out = folder.resolve("out");
  }

  @Test
  void theInputsThatAreDamagedBelowAreGood() {
    assertThat(explain(picture, weights).exitCode()).isZero();
    assertThat(out.resolve("good.json")).exists();
  }

  @Test
  void weightsThatAreMissing() {
    refused(explain(picture, folder.resolve("none.pth")), "none.pth");
  }

  @Test
  void weightsThatAreEmpty() throws IOException {
    refused(explain(picture, Files.createFile(folder.resolve("empty.pth"))), "empty.pth", "empty");
  }

  @Test
  void weightsThatAreCutShort() throws IOException {
    byte[] whole = new TinyCheckpoint().bytes();
    for (int length : new int[] {4, 100, whole.length / 2, whole.length - 1}) {
      Path cut = Files.write(folder.resolve("cut.pth"), Arrays.copyOf(whole, length));
      refused(explain(picture, cut), "cut.pth");
    }
  }

  @Test
  void aTextFileNamedPth() throws IOException {
    refused(explain(picture, Files.writeString(folder.resolve("text.pth"), "hello")), "text.pth");
  }

  @Test
  void aZipThatIsNoCheckpoint() throws IOException {
    Path zip = folder.resolve("archive.pth");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(file)) {
      entries.putNextEntry(new ZipEntry("notes.txt"));
      entries.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    refused(explain(picture, zip), "archive.pth");
  }

  @Test
  void aTensorOfTheWrongShape() throws IOException {
    Path wrong =
        new TinyCheckpoint()
            .with("layer3.0.conv1.weight", 16, 8, 3, 1)
            .write(folder.resolve("w.safetensors"));
    refused(explain(picture, wrong), "w.safetensors", "layer3.0.conv1.weight");
  }

  @Test
  void aMissingTensor() throws IOException {
    Path wrong =
        new TinyCheckpoint().without("layer2.1.bn2.bias").write(folder.resolve("w.safetensors"));
    refused(explain(picture, wrong), "w.safetensors", "layer2.1.bn2.bias");
  }

  @Test
  void anUnknownLayerIsAnsweredWithTheNearest() {
    refused(explain(picture, weights, "--layer", "layer4.7"), "layer4.7", "layer4.1");
    refused(explain(picture, weights, "--layer", "layer4,layer9"), "layer9");
    refused(explain(picture, weights, "--layer", "11"), "11", "1 to 9");
  }

  @Test
  void aLayerWithoutMaps() {
    refused(explain(picture, weights, "--layer", "fc"), "fc", "layer4.1");
  }

  @Test
  void anUnknownClass() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.txt"), "ant\nbee\ncat\ndog\neel\n");

    refused(explain(picture, weights, "--class", "5"), "0 to 4");
    refused(explain(picture, weights, "--class", "dog"), "dog", "--labels");
    refused(
        explain(picture, weights, "--labels", labels.toString(), "--class", "doge"), "doge", "dog");
    refused(explain(picture, weights, "--class", "top6"), "6", "5");
    refused(explain(picture, weights, "--class", "1,9"), "9");
  }

  @Test
  void labelsThatDoNotFit() throws IOException {
    Path few = Files.writeString(folder.resolve("few.txt"), "ant\nbee\n");
    Path gap = Files.writeString(folder.resolve("gap.txt"), "ant\n\ncat\ndog\neel\n");
    Path none = folder.resolve("none.txt");

    refused(explain(picture, weights, "--labels", few.toString()), "2", "5");
    refused(explain(picture, weights, "--labels", gap.toString()), "gap.txt", "line 2");
    refused(explain(picture, weights, "--labels", none.toString()), "none.txt");
    refused(explain(picture, weights, "--labels", picture.toString()), "good.png");
  }

  @Test
  void picturesThatAreNone() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "not an image");
    byte[] whole = Files.readAllBytes(picture);
    Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));

    refused(explain(text, weights), "text.png");
    refused(explain(cut, weights), "cut.png");
    refused(explain(folder.resolve("none.png"), weights), "none.png");
    refused(explain(Files.createFile(folder.resolve("empty.png")), weights), "empty.png");
  }

  @Test
  void aFolderWithoutImages() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty").resolve("deeper")).getParent();
    Files.writeString(empty.resolve("deeper").resolve("notes.txt"), "no image");

    refused(explain(empty, weights), "empty holds no images", "JPEG");
  }

  @Test
  void aPatternThatMatchesNoImage() {
    refused(explain(folder.resolve("*.jpg"), weights), "no image matches", "*.jpg");
    refused(explain(folder.resolve("*.safetensors"), weights), "no image matches");
    refused(explain(folder.resolve("none/*.png"), weights), "none", "no such file or folder");
    refused(explain(folder.resolve("*.{png"), weights), "*.{png", "close its brackets");
  }

  @Test
  void aHugeImageIsRefusedByItsHeader() throws IOException {
    byte[] png = Files.readAllBytes(picture);
    ByteBuffer.wrap(png).putInt(16, 20_000).putInt(20, 20_000);

    refused(explain(Files.write(folder.resolve("huge.png"), png), weights), "huge.png", "20000");
  }

  @Test
  void arraysThatDoNotFit() throws IOException {
    refusedArray(new float[3 * 40], "float32 array [N, 3, H, W]", 3, 40);
    refusedArray(new float[2 * 40 * 40], "float32 array [N, 3, H, W]", 1, 2, 40, 40);
    refusedArray(new float[3 * 40 * 30], "x.transpose(0, 3, 1, 2)", 1, 40, 30, 3);
    refused(
        Run.of("explain", "--input-npy", picture.toString(), "--out", out.toString()), "good.png");
  }

  @Test
  void anOutputFolderThatIsAFile() throws IOException {
    Files.createFile(out);
    Run run = explain(picture, weights);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("out");
    assertThat(out).isEmptyFile();
  }

  @Test
  void aDeviceWhoseModuleIsNotInstalledIsTold() {
    for (String device : List.of("cuda", "opencl:1")) {
      Run run = explain(picture, weights, "--device", device);

      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err())
          .contains("computes on " + device, "camjar-engine-gpu is not in the class path")
          .hasLineCount(1);
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void anUnknownDeviceIsWrongUsage() {
    for (String device : List.of("gpu", "opencl:", "cuda:x", "cpu:0")) {
      Run run = explain(picture, weights, "--device", device);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--device is '" + device + "'; give cpu, opencl, cuda");
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void devicesListsAtLeastTheCpu() {
    Run run = Run.of("devices");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("cpu +yes +[0-9]+ processors");
  }

  @Test
  void theStackTraceComesOnlyWhenAskedFor() {
    Run run = explain(folder.resolve("none.png"), weights, "--debug");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("\tat io.camjar");
  }

  @Test
  void layersOfAFileThatCannotBeUsed() {
    refused(Run.of("layers", "--weights", folder.resolve("none.pth").toString()), "none.pth");
  }

  private void refusedArray(float[] values, String message, long... shape) throws IOException {
    Path file = folder.resolve("array.npy");
    Npy.write(file, values, shape);
    refused(
        Run.of(
            "explain",
            "--weights",
            weights.toString(),
            "--input-npy",
            file.toString(),
            "--out",
            out.toString()),
        "array.npy",
        message);
  }

  private Run explain(Path image, Path file, String... more) {
    List<String> args = new ArrayList<>(List.of("explain", image.toString()));
    args.addAll(List.of("--weights", file.toString(), "--out", out.toString()));
    args.addAll(List.of(more));
    return Run.of(args.toArray(new String[0]));
  }

  private void refused(Run run, String... said) {
    String error = run.err().replaceFirst("^camjar: images are prepared as .*\\R", "");
    assertThat(error).contains(said).startsWith("camjar: ").hasLineCount(1);
    assertThat(run.err()).doesNotContain("Exception", "unexpected");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  private Path picture(String name, int width, int height) throws IOException {
    return TinyImage.write(folder.resolve(name), width, height);
  }
}
