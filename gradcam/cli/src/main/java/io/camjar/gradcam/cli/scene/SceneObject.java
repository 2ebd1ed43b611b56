package io.camjar.gradcam.cli.scene;

import java.awt.Rectangle;

/**
 * One thing in the built-in scene.
 *
 * @param classIndex its class in the built-in model
 * @param label the class's name
 * @param box the pixels it covers, in the scene's own coordinates
 */
public record SceneObject(int classIndex, String label, Rectangle box) {

  public SceneObject {
    box = new Rectangle(box);
  }

  @Override
  public Rectangle box() {
    return new Rectangle(box);
  }
}
