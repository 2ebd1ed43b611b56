package io.camjar.gradcam.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.Run;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smallest images there are: enlarged as any other, all results drawn. */
class OnePixelTests {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "3, 1"})
  void allResultsAreDrawn(int width, int height) throws IOException {
    Run run = explain(width, height, "png,npy,json,html,gif,figure", "all");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("out/dot_evolution.gif")).exists();
  }

  @Test
  void aPixelIsEnlargedToAnImageOfOneColour() throws IOException {
    explain(1, 1, "npy", "layer4");
    byte[] pixel = Files.readAllBytes(folder.resolve("out/dot_logits.npy"));
    explain(7, 7, "npy", "layer4");
    assertThat(folder.resolve("out/dot_logits.npy")).hasBinaryContent(pixel);
  }

  private Run explain(int width, int height, String formats, String layer) throws IOException {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (40 * (i % 3 + 1));
    }
    Path weights = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"));
    Path dot = Files.write(folder.resolve("dot.png"), Png.encode(RgbImage.of(width, height, rgb)));
    return Run.of(
        "explain",
        dot.toString(),
        "--weights",
        weights.toString(),
        "--format",
        formats,
        "--layer",
        layer,
        "--overwrite",
        "--size",
        "40",
        "--out",
        folder.resolve("out").toString());
  }
}
