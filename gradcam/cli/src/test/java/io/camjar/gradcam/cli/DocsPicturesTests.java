package io.camjar.gradcam.cli;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.cli.scene.BuiltinScene;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.render.BesideSheet;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.EvolutionSheet;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The sheets in the README and in {@code docs/evolution.md}.
 *
 * <p>{@code ./mvnw -pl gradcam/cli -am test -Dtest=DocsPicturesTests
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcamjar.docs=write} draws them anew.
 */
class DocsPicturesTests {
  private static final List<String> FIVE_LAYERS =
      List.of("stem", "layer1.2", "layer2.3", "layer3.5", "layer4.2");
  private static final int WIDTH = 940;

  @Test
  void theReadmeShowsFiveLayersOfTheBuiltInRun() {
    Checkpoint checkpoint = Checkpoints.builtin();
    try (Network network = checkpoint.network()) {
      Explanation e =
          Explainer.of(network, checkpoint)
              .withLayers(FIVE_LAYERS)
              .explain(
                  "built-in scene",
                  BuiltinScene.draw().picture(),
                  List.of(Target.named("golf ball"), Target.named("parachute")));

      RgbImage sheet = EvolutionSheet.draw(e.evolutions(e.layers()), ColorMap.JET, 0.5);

      DocsPicture.shows("explain.png", narrow(sheet, WIDTH));
    }
  }

  @Test
  void meanActivationsStandBesideWhatSpeaksForAClass() {
    Path examples = Path.of(System.getProperty("camjar.root"), "gradcam", "examples");
    Checkpoint lesions = Checkpoints.open(examples.resolve("lesions-resnet50.pth"));
    try (Network network = lesions.network()) {
      Explanation e =
          Explainer.of(network, lesions)
              .withLayers("all")
              .withSecondMethod(CamMethods.named("meanactivation"))
              .explain(
                  "benign.png",
                  Images.read(examples.resolve("benign.png")),
                  List.of(Target.named("malignant")));

      RgbImage sheet = BesideSheet.draw(e.evolutionsBeside(e.layers()), ColorMap.MAGMA, 0.6);

      // Hatched margins compress badly: a narrower sheet stays below the limit.
      DocsPicture.shows("evolution.png", narrow(sheet, 780));
    }
  }

  private static RgbImage narrow(RgbImage sheet, int width) {
    return PillowResize.resize(
        sheet, width, sheet.height() * width / sheet.width(), Resample.LANCZOS);
  }
}
