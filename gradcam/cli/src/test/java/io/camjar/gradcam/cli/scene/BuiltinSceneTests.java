package io.camjar.gradcam.cli.scene;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.MapResize;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built-in model must find both objects of the built-in scene where they are. */
class BuiltinSceneTests {
  private static final BuiltinScene SCENE = BuiltinScene.draw();
  private static Network network;
  private static Explainer explainer;

  @BeforeAll
  static void loadBuiltinModel() {
    Checkpoint checkpoint = Checkpoints.builtin();
    network = checkpoint.network();
    explainer = Explainer.of(network, checkpoint).withPreset(Preset.named("torchvision"));
  }

  @AfterAll
  static void closeNetwork() {
    network.close();
  }

  @Test
  void eachClassHasItsMaximumInsideItsOwnObject() {
    assertThat(SCENE.objects())
        .extracting(SceneObject::label)
        .containsExactly("golf ball", "parachute");
    for (SceneObject object : SCENE.objects()) {
      assertThat(explainer.labels().at(object.classIndex()).label()).isEqualTo(object.label());
      Rectangle wellInside = new Rectangle(object.box());
      wellInside.grow(-15, -15);
      Point peak = peak(SCENE.picture(), explainer, object);
      assertThat(wellInside.contains(peak)).as("%s at %s in %s", object, peak, wellInside).isTrue();
    }
  }

  @Test
  void modelNamesBothObjectsAndNothingElse() {
    Explanation explanation = explainer.explain(SCENE.picture(), Target.top1());
    assertThat(explanation.top(2))
        .extracting(p -> p.target().display())
        .containsExactly("golf ball", "parachute");
    assertThat(explanation.top(2)).extracting(Prediction::probability).allMatch(p -> p > 0.2);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 490", "22, 0, 490", "0, 22, 490", "22, 22, 490", "14, 14, 484"})
  void aShiftedViewChangesNothing(int left, int top, int side) {
    RgbImage view = SCENE.picture().crop(left, top, side, side);
    for (SceneObject object : SCENE.objects()) {
      Point peak = peak(view, explainer, object);
      peak.translate(left, top);
      assertThat(object.box().contains(peak)).as("%s at %s", object, peak).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"torchvision-v2, 224", "torchvision, 208", "torchvision, 256", "fastai1, 224"})
  void anotherPreprocessingChangesNothing(String preset, int size) {
    Explainer other = explainer.withPreset(Preset.named(preset).withSize(size));
    for (SceneObject object : SCENE.objects()) {
      Point peak = peak(SCENE.picture(), other, object);
      assertThat(object.box().contains(peak)).as("%s at %s", object, peak).isTrue();
    }
  }

  /** Where on the image the map's maximum is, both at the image's resolution. */
  private static Point peak(RgbImage picture, Explainer by, SceneObject object) {
    Explanation explanation = by.explain(picture, Target.index(object.classIndex()));
    float[] map =
        MapResize.onto(
            explanation.map("layer4.2").toScaledMap(),
            explanation.region(),
            picture.height(),
            picture.width());
    int best = -1;
    for (int i = 0; i < map.length; i++) {
      if (!Float.isNaN(map[i]) && (best < 0 || map[i] > map[best])) { // NaN: not seen
        best = i;
      }
    }
    return new Point(best % picture.width(), best / picture.width());
  }

  @Test
  void boxesAreThoseOfTheDrawnPixels() {
    Parachute parachute = new Parachute(150, 60, 100);
    GolfBall ball = new GolfBall(300, 350, 60);
    assertFits(parachute.box(), drawn(parachute::draw));
    assertFits(ball.box(), drawn(g -> {}, ball::draw));
  }

  private static void assertFits(Rectangle box, Rectangle drawn) {
    Rectangle grown = new Rectangle(box);
    grown.grow(2, 2);
    Rectangle shrunk = new Rectangle(box);
    shrunk.grow(-4, -4);
    assertThat(grown.contains(drawn)).as("%s around %s", box, drawn).isTrue();
    assertThat(drawn.contains(shrunk)).as("%s around %s", box, drawn).isTrue();
  }

  private static Rectangle drawn(Consumer<Graphics2D> drawing) {
    return drawn(drawing, image -> {});
  }

  private static Rectangle drawn(Consumer<Graphics2D> first, Consumer<BufferedImage> second) {
    BufferedImage image = new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    first.accept(g);
    g.dispose();
    second.accept(image);
    Rectangle bounds = new Rectangle();
    for (int y = 0; y < 512; y++) {
      for (int x = 0; x < 512; x++) {
        if ((image.getRGB(x, y) & 0xFFFFFF) != 0) {
          Rectangle pixel = new Rectangle(x, y, 1, 1);
          bounds = bounds.isEmpty() ? pixel : bounds.union(pixel);
        }
      }
    }
    return bounds;
  }

  @Test
  void everyDrawingHasTheSamePixels() {
    assertThat(BuiltinScene.draw().picture()).isEqualTo(SCENE.picture());
  }
}
