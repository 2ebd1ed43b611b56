package io.camjar.gradcam.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code find-lr}: a table and a plot of losses by learning rate. */
class FindLrCommandTests {
  @TempDir Path folder;

  @Test
  void ratesAreDrawnAsAPngAndNothingElse() throws IOException {
    for (String name : List.of("rates.jpg", "rates")) {
      Run run = Run.of("find-lr", images().toString(), "--out", folder.resolve(name) + "");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("give --out a name that ends in .png", name);
      assertThat(folder.resolve(name)).doesNotExist();
    }
    Run nowhere = Run.of("find-lr", images().toString(), "--out", folder + "/none/rates.png");
    assertThat(nowhere.exitCode()).isEqualTo(3);
    assertThat(nowhere.err()).contains("there is no folder").hasLineCount(1);
  }

  @Test
  void findsALearningRate() throws IOException {
    Path plot = folder.resolve("rates.png");
    Run run =
        Run.of(
            SmallTraining.arguments(
                "find-lr", images(), "--updates", "20", "--out", plot.toString()));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("rate 1.00e-07  loss ", "the loss falls fastest at ");
    assertThat(ImageIO.read(plot.toFile()).getWidth()).isEqualTo(720);
  }

  private Path images() throws IOException {
    return SmallTraining.images(folder.resolve("data"));
  }
}
