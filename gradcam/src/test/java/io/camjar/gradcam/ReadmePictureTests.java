package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.image.Difference;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.Resize;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.Evolution;
import io.camjar.gradcam.render.EvolutionSheet;
import io.camjar.gradcam.render.Png;
import io.camjar.gradcam.scene.BuiltinScene;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The README's picture: five layers of the built-in run, both classes.
 *
 * <p>{@code ./mvnw -pl gradcam -am test -Dtest=ReadmePictureTests
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcamjar.docs=write} draws it anew.
 */
class ReadmePictureTests {
  private static final List<String> LAYERS =
      List.of("stem", "layer1.2", "layer2.3", "layer3.5", "layer4.2");
  private static final int WIDTH = 940;

  @Test
  void itShowsWhatTheBuiltInRunShowsNow() {
    Path file = Path.of(System.getProperty("camjar.root"), "gradcam", "docs", "explain.png");
    RgbImage now = draw();
    if ("write".equals(System.getProperty("camjar.docs"))) {
      Png.write(now, file);
    }
    RgbImage committed = Images.read(file);

    assertThat(Difference.mean(committed, now)).isLessThan(0.5);
    assertThat(file.toFile().length()).isLessThan(400_000);
  }

  private static RgbImage draw() {
    Checkpoint checkpoint = Checkpoints.builtin();
    BuiltinScene scene = BuiltinScene.draw();
    try (Network network = checkpoint.network()) {
      Explanation explanation =
          Explainer.of(network, checkpoint)
              .layers(LAYERS)
              .explain(
                  "built-in scene", scene.picture(), List.of(Target.index(8), Target.index(9)));
      List<Evolution> classes = explanation.targets().stream().map(explanation::evolution).toList();
      RgbImage sheet = EvolutionSheet.draw(classes, ColorMap.JET, 0.5);
      return Resize.resize(sheet, WIDTH, sheet.height() * WIDTH / sheet.width(), Resample.LANCZOS);
    }
  }
}
