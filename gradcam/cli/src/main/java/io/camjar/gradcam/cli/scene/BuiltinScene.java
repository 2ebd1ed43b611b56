package io.camjar.gradcam.cli.scene;

import io.camjar.gradcam.image.RgbImage;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The image that {@code camjar explain} explains when it is given none: a parachute in an evening
 * sky and a golf ball on a lawn, drawn by this package with Java2D, so that the boxes of both are
 * known exactly.
 *
 * <p>How it was chosen, plainly: it was drawn for an earlier built-in model of the same
 * architecture, trained on the same photographs, and fitted to that. In the first drawing, a round
 * striped canopy under a blue sky, that model saw a parachute, but saw it anywhere; so the canopy
 * became the wing that most parachutes of its training photographs have. Then size, place, colours
 * and clouds were varied at random, and those variants kept for which the model named both classes
 * before all others and had the Grad-CAM maximum of each at layer4.2 well inside its own object.
 * Today's model was trained afterwards, and the drawing left as it was.
 *
 * <p>In the result the model sees a golf ball at 0.64 and a parachute at 0.26. The scene shows that
 * the machinery points where the model looks; it is no evidence of how well the model, or Grad-CAM,
 * does on images that were not chosen.
 */
public final class BuiltinScene {
  private static final int SIZE = 512;
  private static final int HORIZON = 337;

  private final RgbImage picture;
  private final List<SceneObject> objects;

  private BuiltinScene(RgbImage picture, List<SceneObject> objects) {
    this.picture = picture;
    this.objects = objects;
  }

  /** Draws the scene; the same pixels every time. */
  public static BuiltinScene draw() {
    Parachute parachute = new Parachute(154, 41, 103);
    GolfBall ball = new GolfBall(400, 369, 66);
    return new BuiltinScene(
        paint(parachute, ball),
        List.of(
            new SceneObject(8, "golf ball", ball.box()),
            new SceneObject(9, "parachute", parachute.box())));
  }

  /** The image, 512 by 512 pixels. */
  public RgbImage picture() {
    return picture;
  }

  /** The objects in it, golf ball first: the model's first and second class. */
  public List<SceneObject> objects() {
    return objects;
  }

  private static RgbImage paint(Parachute parachute, GolfBall ball) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Landscape landscape = new Landscape(SIZE, HORIZON);
    landscape.draw(image);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    int foot = (int) ball.box().getMaxY();
    landscape.drawGrass(g, HORIZON, foot, 3);
    parachute.draw(g);
    ball.drawShadow(g);
    ball.draw(image);
    landscape.drawGrass(g, foot, SIZE + 20, 5); // in front of the ball
    g.dispose();
    return pixels(image);
  }

  private static RgbImage pixels(BufferedImage image) {
    byte[] rgb = new byte[SIZE * SIZE * 3];
    for (int i = 0; i < rgb.length; i++) {
      int packed = image.getRGB(i / 3 % SIZE, i / 3 / SIZE);
      rgb[i] = (byte) Shade.channelOf(packed, i % 3);
    }
    return RgbImage.of(SIZE, SIZE, rgb);
  }
}
