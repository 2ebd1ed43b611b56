package io.camjar.gradcam.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.WeightsFixtures;
import io.camjar.gradcam.doctor.Examination.GivenNames;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.image.decode.Decoding;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each of the five checks fires where its mistake was made, is silent where it was not, and says so
 * where it could not look. The built-in model knows its scene; {@code snippets.py} wrote the
 * others.
 */
class MistakesTests {
  private static final Path FILES = Path.of("src/test/resources/doctor");
  private static final Checkpoint TRAINED = Checkpoints.builtin();
  private static final RgbImage IMAGE = Images.read(FILES.resolve("image.png"));

  private static DecodedImage decoded(RgbImage image) {
    return new DecodedImage(image, new Decoding("PNG", 1, 1, 1, "none", false, null, List.of()));
  }

  private static MistakeCheck finding(
      String mistake,
      Checkpoint checkpoint,
      @Nullable RgbImage image,
      UnaryOperator<Preset> preset) {
    Examination examination =
        new Examination(
            explainer -> explainer.withPreset(preset.apply(explainer.preset())),
            null,
            image == null ? null : decoded(image),
            "image.png");
    return finding(mistake, checkpoint, examination);
  }

  private static MistakeCheck finding(
      String mistake, Checkpoint checkpoint, Examination examination) {
    return Diagnosis.of(checkpoint, examination).findings().stream()
        .filter(one -> one.mistake().equals(mistake))
        .findFirst()
        .orElseThrow();
  }

  private static MistakeCheck trained(
      String mistake, @Nullable RgbImage image, UnaryOperator<Preset> preset) {
    return finding(mistake, TRAINED, image, preset);
  }

  private static void untested(MistakeCheck finding, String why) {
    assertThat(finding.verdict()).as(finding.measured()).isEqualTo("untested");
    assertThat(finding.measured()).contains(why);
  }

  @Test
  void preparedAsInTrainingAllIsFine() {
    for (String mistake : List.of("unit", "statistics")) {
      MistakeCheck finding = trained(mistake, IMAGE, UnaryOperator.identity());
      assertThat(finding.verdict()).as(finding.toString()).isEqualTo("fine");
    }
  }

  @Test
  void withoutAnImageThreeAreNotTested() {
    for (String mistake : List.of("unit", "channel-order", "resize")) {
      untested(trained(mistake, null, UnaryOperator.identity()), "needs an image");
    }
  }

  @Test
  void samplesOfTheWrongUnitAreFound() {
    MistakeCheck large = trained("unit", IMAGE, p -> framed("raw255", p));
    assertThat(large.verdict()).as(large.measured()).isEqualTo("suspicious");
    assertThat(large.measured()).contains("samples of 0 to 1 in place of 0 to 255");
  }

  private static Preset framed(String name, Preset other) {
    return Preset.named(name).withSize(other.height(), other.width());
  }

  @Test
  void anImageOfOneColourSaysNothingOfUnits() {
    RgbImage gray = RgbImage.of(64, 64, new byte[64 * 64 * 3]);
    untested(trained("unit", gray, UnaryOperator.identity()), "nearly of one colour");
  }

  /** The network is undecided at red of 125, and sure at 210. */
  @Test
  void blueForRedIsFound() {
    RgbImage bluish = stripes(90, 1, 125, 125, 210);

    MistakeCheck found = red("channel-order", bluish, UnaryOperator.identity());
    assertThat(found.verdict()).as(found.measured()).isEqualTo("suspicious");
    assertThat(found.measured())
        .contains("with blue first class 0")
        .contains("surer. One image proves nothing; try --bgr");

    MistakeCheck asked = red("channel-order", stripes(90, 1, 210, 210, 125), Preset::withBlueFirst);
    assertThat(asked.verdict()).as(asked.measured()).isEqualTo("suspicious");
    assertThat(asked.measured()).contains("with red first").contains("leave --bgr out");

    MistakeCheck same =
        red("channel-order", stripes(90, 1, 125, 125, 125), UnaryOperator.identity());
    assertThat(same.verdict()).as(same.measured()).isEqualTo("fine");
    assertThat(same.measured()).endsWith("not surer");
  }

  @Test
  void anotherFramingIsFound() {
    MistakeCheck found = red("resize", stripes(90, 3, 125, 250, 60), UnaryOperator.identity());
    assertThat(found.verdict()).as(found.measured()).isEqualTo("suspicious");
    assertThat(found.measured()).contains("with a squish").contains("--preset fastai2-squish");

    UnaryOperator<Preset> squish = p -> p.framedAs(Preset.named("fastai2-squish"));
    MistakeCheck asked = red("resize", stripes(90, 8, 250, 120, 60), squish);
    assertThat(asked.verdict()).as(asked.measured()).isEqualTo("suspicious");
    assertThat(asked.measured()).contains("with a centre crop").contains("--preset torchvision");

    MistakeCheck same = red("resize", stripes(90, 3, 125, 125, 60), UnaryOperator.identity());
    assertThat(same.verdict()).as(same.measured()).isEqualTo("fine");
  }

  private static MistakeCheck red(String mistake, RgbImage image, UnaryOperator<Preset> preset) {
    return finding(mistake, Checkpoints.open(FILES.resolve("red.pth")), image, preset);
  }

  /** So many times as wide as high; red differs in the middle square, green has an edge. */
  private static RgbImage stripes(int side, int times, int middle, int outside, int blue) {
    int width = side * times;
    byte[] samples = new byte[3 * side * width];
    for (int i = 0; i < side * width; i++) {
      int x = i % width;
      boolean inside = x >= (width - side) / 2 && x < (width + side) / 2;
      samples[3 * i] = (byte) (inside ? middle : outside);
      samples[3 * i + 1] = (byte) (i / width < side / 2 ? 40 : 200);
      samples[3 * i + 2] = (byte) blue;
    }
    return RgbImage.of(width, side, samples);
  }

  @ParameterizedTest
  @CsvSource({
    "untouched, wrong, 12 of 12 norms, never trained",
    "folded, suspicious, 12 of 12 norms, folded into the weights",
    "one-fresh, suspicious, 1 of 12 norms, folded into the weights"
  })
  void freshStatisticsAreFound(String name, String verdict, String count, String says) {
    MistakeCheck found =
        finding("statistics", Checkpoints.open(FILES.resolve(name + ".pth")), Examination.plain());
    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.measured()).startsWith(count).contains(says);
  }

  @Test
  void freshStatisticsSayNothingOfUnits() {
    Checkpoint untouched = Checkpoints.open(FILES.resolve("untouched.pth"));
    untested(
        finding("unit", untouched, IMAGE, UnaryOperator.identity()),
        "running statistics of a fresh network");
  }

  @Test
  void namesOfAnotherNumberAreFound() {
    Examination ten =
        new Examination(UnaryOperator.identity(), new GivenNames("--labels", 9), null, "x");
    MistakeCheck wrong = finding("labels", TRAINED, ten);
    assertThat(wrong.verdict()).isEqualTo("wrong");
    assertThat(wrong.measured()).startsWith("9 names in --labels, 10 outputs");

    MistakeCheck right = finding("labels", TRAINED, Examination.plain());
    assertThat(right.verdict()).isEqualTo("fine");
    assertThat(right.measured()).contains("10 names in the file").contains("order is not tested");
    untested(
        finding("labels", Checkpoints.open(FILES.resolve("folded.pth")), Examination.plain()),
        "nobody names the classes");
  }

  @Test
  void rawOutputsHaveNoSharesToCompare() {
    Examination raw =
        Examination.plain()
            .with(decoded(IMAGE), "image.png")
            .asking(explainer -> explainer.withOutputs(Outputs.RAW));
    untested(finding("channel-order", TRAINED, raw), "no shares to compare");
    untested(finding("resize", TRAINED, raw), "no shares to compare");
  }

  @Test
  void aNetworkOfOneChannelHasNoOrder() {
    Checkpoint gray =
        Checkpoints.open(WeightsFixtures.path("checkpoints/zip-torchvision-gray.pth"));
    untested(finding("channel-order", gray, IMAGE, UnaryOperator.identity()), "one channel");
  }
}
