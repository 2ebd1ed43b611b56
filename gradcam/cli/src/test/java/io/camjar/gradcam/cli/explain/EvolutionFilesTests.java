package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.cli.TinyImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sheets and animations along the network. */
class EvolutionFilesTests {
  @TempDir private Path folder;
  private Path weights;
  private Path picture;
  private Path out;

  @BeforeEach
  void files() throws IOException {
    weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    picture = TinyImage.write(folder.resolve("dog.png"), 60, 45);
    out = folder.resolve("out");
  }

  @Test
  void meanActivationsGiveOneSheetOfBareAndLaidOverPanelsInMagma() throws IOException {
    Run run = explain("--layer all --method mean-activation --class 1,2 --format png,gif");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsOnlyOnce("at layer4.1").contains("any class at layer4.1");
    assertThat(sheets()).containsExactly("dog_evolution.gif", "dog_evolution.png");
    RgbImage sheet = Images.read(out.resolve("dog_evolution.png"));
    // Nine panels and the image in five columns, two such sections.
    assertThat(sheet.width()).isEqualTo(72 + 5 * 236 + 4 * 20);
    assertThat(sheet.height()).isEqualTo(2 * (128 + 2 * (34 + 177) + 20));
    assertThat(legendEnd(sheet)).isEqualTo(endOf(ColorMap.MAGMA));
  }

  @Test
  void aSecondMethodHasASheetOfItsOwnAndOneBesideTheFirst() throws IOException {
    Run run = explain("--layer all --beside mean-activation --class 1 --format png,gif,html,json");

    assertThat(run.err()).contains("meanactivation looks at activations alone");
    assertThat(sheets())
        .containsExactly(
            "dog_evolution.gif",
            "dog_evolution.png",
            "dog_evolution_beside.gif",
            "dog_evolution_beside.png",
            "dog_evolution_meanactivation.gif",
            "dog_evolution_meanactivation.png");
    assertThat(Files.readString(out.resolve("dog.html")))
        .contains("\"method\":\"gradcam\"", "\"method\":\"meanactivation\"");
    assertThat(Files.readString(out.resolve("dog.json")))
        .contains("\"method\" : \"gradcam\"")
        .doesNotContain("meanactivation");
  }

  @Test
  void coloursOfOnesOwnBeatThoseThatSuitTheMethod() throws IOException {
    explain("--layer all --method meanactivation --colormap viridis");

    assertThat(legendEnd(Images.read(out.resolve("dog_evolution.png"))))
        .isEqualTo(endOf(ColorMap.VIRIDIS));
  }

  @Test
  void jetSuitsMethodsThatTellClassesApart() throws IOException {
    explain("--layer all");

    assertThat(legendEnd(Images.read(out.resolve("dog_evolution.png"))))
        .isEqualTo(endOf(ColorMap.JET));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layer all --beside meanactivations | did you mean meanactivation?",
        "--layer all --beside gradcam | shown already",
        "--layer all --beside guidedbackprop | guidedbackprop has no choice of layers",
        "--method guidedbackprop --format html --beside gradcam | no choice of layers",
        "--layer layer4 --beside layercam | add --layer all or --format html",
        "--alpha 1.5 | --alpha is 1.5",
        "--colormap jat | did you mean jet?",
      })
  void whatMakesNoSenseIsWrongUsage(String options, String message) {
    Run run = explain(options);

    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
  }

  /** The colour of 1, at the right end of the first header's bar. */
  private static String legendEnd(RgbImage sheet) {
    int x = sheet.width() - 36 - 1;
    return "%02x%02x%02x"
        .formatted(sheet.sample(x, 38, 0), sheet.sample(x, 38, 1), sheet.sample(x, 38, 2));
  }

  private static String endOf(ColorMap colors) {
    String table = colors.hex();
    return table.substring(table.length() - 6);
  }

  private Run explain(String options) {
    List<String> args = new ArrayList<>(List.of("explain", picture.toString()));
    args.addAll(List.of("--weights", weights.toString(), "--out", out.toString()));
    args.addAll(List.of(options.split(" ")));
    return Run.of(args.toArray(new String[0]));
  }

  private List<String> sheets() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("_evolution"))
          .sorted()
          .toList();
    }
  }
}
