package io.camjar.weights.container.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What files say about preparation; see make_preparations.py. */
class PreparationTests {
  private static final Normalization IMAGENET =
      new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fastai2-presized | crop_to 460 460 bilinear; sample 224 224 corners",
        "fastai2-presized-rectangle | crop_to 460 400 bilinear; sample 224 192 corners",
        "fastai2-flip-without-size | resize 192 192 bilinear",
        "fastai2-pad-rectangle | pad_to 324 224 bilinear reflect",
        "fastai2-pad-border | pad_to 128 128 bilinear edge",
        "fastai2-random-resized-crop | resize 256 256 bilinear; center_crop 224 224 floor",
        "fastai2-random-resized-crop-rectangle"
            + " | resize 160 128 bilinear; center_crop 128 96 floor",
        "fastai2-random-resized-crop-of-batch | crop_to 256 256 bilinear; sample 128 128 corners",
        "fastai2-int64 | crop_to 192 192 bilinear",
        "fastai2-small | crop_to 28 28 bilinear",
        "fastai1-crop | fastai1 160 160 crop reflect",
        "fastai1-pair-squishes | fastai1 324 224 squish reflect",
        "fastai1-list-pad | fastai1 96 64 pad constant",
        "fastai1-int64 | fastai1 28 28 crop reflect",
        "fastai1-tensor | fastai1 40 48 crop reflect",
        "fastai1-multiple | fastai1 96 96 crop reflect",
        "torchvision-both | resize_short 232 bilinear; center_crop 200 200 even",
        "torchvision-preset | resize_short 232 bilinear; center_crop 224 224 even",
        "timm-center | resize_short 235 bicubic; center_crop 224 224 even",
        "timm-squash | resize 224 224 bicubic; center_crop 224 224 even",
        "timm-border | resize_inside 248 248 bicubic; center_crop 224 224 124 116 104 even",
        "timm-rectangle | resize_outside 160 120 bilinear; center_crop 128 96 even",
        "timm-arguments-before-cfg | resize_short 248 bicubic; center_crop 224 224 even"
      })
  void stepsAreTheLibrarys(String file, String steps) {
    Preparation said = said(file);

    assertThat(said.stepsText()).isEqualTo(steps);
    assertThat(said.notFollowed()).isEmpty();
    assertThat(said.normalization()).contains(IMAGENET);
    assertThat(Preparation.parseSteps(steps)).isEqualTo(said.steps());
  }

  @Test
  void otherStatistics() {
    Normalization half = new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
    assertThat(said("timm-arguments").stepsText())
        .isEqualTo("resize_short 213 bicubic; center_crop 192 192 even");
    assertThat(said("timm-arguments").normalization()).contains(half);
    assertThat(said("torchvision-squish-gray").stepsText())
        .isEqualTo("gray; resize 96 128 bicubic");
    assertThat(said("torchvision-squish-gray").normalization())
        .contains(new Normalization(List.of(0.5), List.of(0.25)));
    assertThat(said("torchvision-pad").stepsText())
        .isEqualTo("resize 60 80 bilinear; pad 10 20 10 20 7 7 7 constant");
    assertThat(said("torchvision-pad").size()).contains(new Size(100, 100));
  }

  /** Where a library's list of transforms has no Normalize, samples stay 0 to 1. */
  @ParameterizedTest
  @CsvSource({"fastai2-unnormalised", "fastai1-unnormalised", "torchvision-pad"})
  void noNormalisationIsOneToo(String file) {
    assertThat(said(file).normalization()).contains(Normalization.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fastai2-without-size | resize to no size",
        "fastai1-without-size | resize to no size",
        "fastai1-off-centre | row_pct 0.0 is not followed",
        "torchvision-train-alone | random crops are not followed",
        "torchvision-short-side | no fixed size",
        "torchvision-blur | GaussianBlur is not followed",
        "settings-miscounted | mean has 2 values and its std 3"
      })
  void whatIsNotFollowedIsSaid(String file, String note) {
    assertThat(said(file).notFollowed()).hasSize(1).first().asString().contains(note);
  }

  @Test
  void settingsNameSizesAndStatistics() {
    assertThat(said("settings-lightning").size()).contains(Size.square(128));
    assertThat(said("settings-lightning").normalization()).contains(IMAGENET);
    assertThat(said("settings-numpy").size()).contains(new Size(96, 64));
    assertThat(said("settings-numpy").normalization()).contains(IMAGENET);
    assertThat(said("settings-at-the-root").size()).contains(Size.square(144));
    assertThat(said("torchvision-train-alone").size()).contains(Size.square(176));
    assertThat(said("settings-bytes").normalization().orElseThrow().mean())
        .containsExactly(123.675, 116.28, 103.53);
    assertThat(open("nothing").preparation()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "settings-text, 64 x 96",
    "settings-texts, 64 x 64",
    "settings-sides, 64 x 96",
    "settings-upper-case, 64 x 96",
    "settings-dataset, 64 x 64",
    "settings-pair, 64 x 64",
    "settings-json, 64 x 96",
    "torchvision-flip-alone, 64 x 96"
  })
  void settingsAreReadHoweverTheyAreWritten(String file, String size) {
    assertThat(said(file).size().map(Size::toString)).contains(size);
    assertThat(said(file).normalization().orElseThrow().mean()).allMatch(mean -> mean == 0.5);
    assertThat(said(file).normalization().orElseThrow().std()).allMatch(std -> std == 0.25);
    assertThat(said(file).notFollowed()).isEmpty();
  }

  @Test
  void settingsOfReferenceScriptsSayHowImagesAreFramed() {
    assertThat(said("settings-reference").stepsText())
        .isEqualTo("resize_short 72 bicubic; center_crop 64 64 even");
    assertThat(said("settings-blue-first").notFollowed())
        .containsExactly(
            "the file's channels are in the order blue, green, red, which --bgr gives");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array",
        "array-of-bytes",
        "array-of-objects",
        "scalars",
        "encoder",
        "tensors",
        "label2id",
        "upper-case",
        "target-names",
        "attribute",
        "vocab",
        "two"
      })
  void classNamesAreFoundUnderManyKeys(String file) {
    assertThat(open("names-" + file).classes()).containsExactly("zebra", "ant", "bee");
  }

  @Test
  void namesOfSomethingElseAreNoClasses() {
    assertThat(open("names-too-many").classes()).isEmpty();
  }

  @Test
  void filesOfTheHubSpeakForWeightsThatSayNothing() throws IOException {
    Path weights = folder.resolve("model.pt");
    try (InputStream in = resource("nothing")) {
      Files.copy(in, weights);
    }
    Map<String, String> processors =
        Map.of(
            // microsoft/resnet-50
            "{\"image_processor_type\":\"ConvNextImageProcessor\",\"crop_pct\":0.875,\"resample\":3,"
                + "\"size\":{\"shortest_edge\":224},\"image_mean\":[0.485,0.456,0.406],"
                + "\"image_std\":[0.229,0.224,0.225]}",
            "resize_short 256 bicubic; center_crop 224 224 floor",
            "{\"image_processor_type\":\"ConvNextImageProcessor\",\"size\":{\"shortest_edge\":384},"
                + "\"image_mean\":[0.485,0.456,0.406],\"image_std\":[0.229,0.224,0.225]}",
            "resize 384 384 bicubic",
            "{\"image_processor_type\":\"ViTImageProcessor\",\"size\":{\"height\":224,\"width\":192},"
                + "\"resample\":2,\"image_mean\":[0.485,0.456,0.406],\"image_std\":[0.229,0.224,0.225]}",
            "resize 224 192 bilinear",
            "{\"image_processor_type\":\"BitImageProcessor\",\"size\":{\"shortest_edge\":256},"
                + "\"do_center_crop\":true,\"crop_size\":{\"height\":224,\"width\":224},\"resample\":3,"
                + "\"image_mean\":[0.485,0.456,0.406],\"image_std\":[0.229,0.224,0.225]}",
            "resize_short 256 bicubic; center_crop 224 224 floor");
    for (Map.Entry<String, String> processor : processors.entrySet()) {
      Files.writeString(folder.resolve("preprocessor_config.json"), processor.getKey());
      Preparation said = Checkpoints.open(weights).preparation().orElseThrow();
      assertThat(said.stepsText()).isEqualTo(processor.getValue());
      assertThat(said.normalization()).contains(IMAGENET);
      assertThat(said.notFollowed()).isEmpty();
      assertThat(said.origin()).contains("preprocessor_config.json");
    }
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"size\":{\"height\":64,\"width\":64},\"rescale_factor\":0.00784313725490196,"
            + "\"rescale_offset\":true,\"do_normalize\":false}");
    Normalization halves =
        Checkpoints.open(weights).preparation().orElseThrow().normalization().orElseThrow();
    assertThat(halves.mean().get(0)).isEqualTo(0.5);
    assertThat(halves.std().get(0)).isEqualTo(0.5);
    Files.writeString(folder.resolve("preprocessor_config.json"), "no JSON");
    Files.writeString(
        folder.resolve("config.json"),
        "{\"architecture\":\"resnet18\",\"pretrained_cfg\":{\"input_size\":[3,160,160],"
            + "\"crop_pct\":0.8,\"interpolation\":\"bilinear\",\"mean\":[0.485,0.456,0.406],"
            + "\"std\":[0.229,0.224,0.225]}}");
    assertThat(Checkpoints.open(weights).preparation().orElseThrow().stepsText())
        .isEqualTo("resize_short 200 bilinear; center_crop 160 160 even");
  }

  private Preparation said(String name) {
    return open(name).preparation().orElseThrow();
  }

  private Checkpoint open(String name) {
    Path file = folder.resolve(name + ".pt");
    try (InputStream in = resource(name)) {
      Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return Checkpoints.open(file);
  }

  private static InputStream resource(String name) {
    InputStream in = Fixtures.class.getResourceAsStream("preparations/" + name + ".pt");
    assertThat(in).as(name).isNotNull();
    return in;
  }
}
