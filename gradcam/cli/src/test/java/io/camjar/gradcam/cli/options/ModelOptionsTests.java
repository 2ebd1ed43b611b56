package io.camjar.gradcam.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.model.family.VisionTransformer;
import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.weights.npy.Npy;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How images are prepared, on the command line. */
class ModelOptionsTests {
  private static final String IMAGENET = "--mean 0.485,0.456,0.406 --std 0.229,0.224,0.225";

  @TempDir private Path folder;
  private Path weights;
  private Path picture;

  @BeforeEach
  void files() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    picture = TinyImage.write(folder.resolve("dog.png"), 60, 45);
  }

  @Test
  void meanAndStdAreThoseOfImageNetUnlessSaidOtherwise() {
    assertThat(logits(IMAGENET)).isEqualTo(logits("--size 224"));
    assertThat(logits("--mean 0.5,0.5,0.5 --std 0.5,0.5,0.5")).isNotEqualTo(logits("--size 224"));
  }

  @Test
  void oneValueServesAllChannels() {
    assertThat(logits("--mean 0.5 --std 0.25"))
        .isEqualTo(logits("--std 0.25,0.25,0.25 --mean 0.5,0.5,0.5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fastai2-randomresizedcrop", "fastai2-squish", "timm"})
  void presetsFrameDifferently(String preset) {
    assertThat(logits("--preset " + preset)).isNotEqualTo(logits("--preset torchvision"));
  }

  @Test
  void rawSamplesAndTheirStatisticsAreTheSameIn255ths() {
    float[] units = logits("--preset fastai2-squish " + IMAGENET);
    float[] bytes =
        logits("--preset RAW_255 --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375");

    for (int i = 0; i < units.length; i++) {
      assertThat(bytes[i]).isCloseTo(units[i], within(1e-3f * Math.abs(units[i]) + 1e-4f));
    }
    assertThat(logits("--preset caffe")).isNotEqualTo(logits("--preset raw255"));
    assertThat(logits("--bgr " + IMAGENET)).isNotEqualTo(logits(IMAGENET));
  }

  @Test
  void imagenetIsTorchvisionsPreset() {
    assertThat(logits("--preset ImageNet")).isEqualTo(logits("--preset torchvision"));
  }

  @Test
  void rectanglesAreHeightByWidth() throws IOException {
    Run run = explain("--size 96x64 --format json,png,html");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(folder.resolve("out").resolve("dog.json")))
        .contains("\"height\" : 96", "\"width\" : 64");
  }

  @Test
  void theRunSaysHowImagesArePreparedAndWhoSaidSo() {
    assertThat(explain("--size 64").err())
        .contains("images are prepared as torchvision (by default", "64 x 64 (--size)");
  }

  @Test
  void aNetworkOfFourChannelsRunsOnArraysAndRefusesImages() throws IOException {
    new TinyCheckpoint().with("conv1.weight", 4, 4, 7, 7).write(weights);
    Path array = folder.resolve("bands.npy");
    Npy.write(array, new float[4 * 40 * 28], 1, 4, 40, 28);

    Run image = explain("--format json");
    Run bands = explainArray(array);

    assertThat(image.exitCode()).isEqualTo(3);
    assertThat(image.err()).contains("the network takes 4 channels", "--input-npy");
    assertThat(bands.exitCode()).as(bands.err()).isZero();
  }

  /** Whatever a network for images of one size can be made for: its size is given, not guessed. */
  @Test
  void aNetworkIsMadeForArraysOfAnotherSizeBySize() throws IOException {
    TinyCheckpoint.of(new VisionTransformer("vit", "timm", 3, 8, 5, 5, 64, 1, 1, 64, false, 5))
        .write(weights);
    Path array = folder.resolve("images.npy");
    Npy.write(array, new float[3 * 48 * 56], 1, 3, 48, 56);

    Run refused = explainArray(array);
    Run run = explainArray(array, "--size", "48x56", "--preset", "timm");

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err())
        .contains("images.npy holds images of 48x56", "those of 40x40; give --size 48x56");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("resampled to 6x7", "are prepared already: --preset has no effect");
  }

  private Run explainArray(Path array, String... more) {
    Stream<String> words =
        Stream.of(
            "explain",
            "--input-npy",
            array.toString(),
            "--weights",
            weights.toString(),
            "--out",
            folder.resolve("arrays").toString());
    return Run.of(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void paddedImagesKeepTheirPlaces() throws IOException {
    Run run = explain("--preset fastai2-pad-zeros --size 96x64 --format png,json,html");

    assertThat(run.exitCode()).as(run.err()).isZero();
    BufferedImage overlay =
        ImageIO.read(
            Files.list(folder.resolve("out"))
                .filter(file -> file.toString().matches(".*_layer4\\.1_\\d\\.png"))
                .findFirst()
                .orElseThrow()
                .toFile());
    assertThat(overlay.getWidth()).isEqualTo(60);
    assertThat(overlay.getHeight()).isEqualTo(45);
  }

  @Test
  void whatTheFileSaysIsTakenAndOptionsGoBefore() throws IOException {
    new TinyCheckpoint()
        .saying("camjar.size", "96 64")
        .saying("camjar.preparation", "pad_to 96 64 bilinear constant")
        .saying("camjar.preparation.origin", "a test")
        .saying("camjar.mean", "0.5 0.5 0.5")
        .saying("camjar.std", "0.25 0.25 0.25")
        .write(weights);

    float[] asked = logits("--size 96x64");

    assertThat(explain("--format json").err())
        .contains("fastai2-pad-zeros, 96 x 64, mean 0.5,0.5,0.5", "(from the file, a test)");
    assertThat(asked)
        .isEqualTo(
            logits(
                "--preset fastai2-pad-zeros --size 96x64 --mean 0.5,0.5,0.5 --std 0.25,0.25,0.25"));
    assertThat(explain("--preset torchvision").err()).contains("--preset takes the place of");
    assertThat(Run.of("inspect", weights.toString()).out())
        .contains("padded (constant) to the shape of 96 x 64", "mean 0.5,0.5,0.5", "a test)");
  }

  @Test
  void statisticsOfBytesInAFileAreRefusedUntilOptionsGiveOthers() throws IOException {
    new TinyCheckpoint()
        .saying("camjar.mean", "123.675 116.28 103.53")
        .saying("camjar.std", "58.395 57.12 57.375")
        .write(weights);

    Run refused = explain("--size 64");

    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("123.675", "divide both by 255");
    assertThat(logits("--size 64 " + IMAGENET)).hasSize(TinyCheckpoint.CLASSES);
  }

  @Test
  void weightsWithoutAnImageAreWrongUsage() {
    Run run = Run.of("explain", "--weights", weights.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no image to explain", "--input-npy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mean 0.5,0.5,0.5 | --mean and --std go together",
        "--mean 0.5,0.5 --std 1,1 | one or three values",
        "--mean 0,0,0 --std 1,0,1 | std 0 is not above 0",
        "--mean 0.485,0.456,406 --std 0.229,0.224,0.225 | mean 406 (0.406 without its point?)",
        "--mean 0.5,0.5,0.5 --std 0.5,0.5,-0.5 | std -0.5 is not above 0",
        "--mean 123.675,116.28,103.53 --std 58.395,57.12,57.375 | (--mean 0.485,0.456,0.406 --std"
            + " 0.229,0.224,0.225)",
        "--mean 0.5,0.5,0.5 --std 0.2,0.2,0.2 --preset raw255 | multiply both by 255",
        "--mean -0.5,0.5,0.5 --std 0.2,0.2,0.2 | mean -0.5 lies outside 0 to 1",
        "--mean red --std 1 | 'red' is not a number",
        "--preset fastai2-random | did you mean fastai2-randomresizedcrop?",
      })
  void whatNoNetworkCouldUseIsWrongUsage(String options, String message) {
    Run run = explain(options);

    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  private float[] logits(String options) {
    Run run = explain(options);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return Npy.read(folder.resolve("out").resolve("dog_logits.npy")).toFloats();
  }

  private Run explain(String options) {
    List<String> args = new ArrayList<>(List.of("explain", picture.toString(), "--format", "npy"));
    args.addAll(List.of("--weights", weights.toString()));
    args.addAll(List.of("--overwrite", "--out", folder.resolve("out").toString()));
    args.addAll(List.of(options.split(" ")));
    return Run.of(args.toArray(new String[0]));
  }
}
