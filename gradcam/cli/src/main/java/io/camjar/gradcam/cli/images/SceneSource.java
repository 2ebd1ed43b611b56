package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.Timings;
import io.camjar.gradcam.cli.scene.BuiltinScene;
import io.camjar.gradcam.cli.scene.SceneObject;
import io.camjar.gradcam.image.ImagePoint;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The built-in scene, whose objects' boxes are known. */
public final class SceneSource implements Source {
  private final long start = System.nanoTime();
  private final BuiltinScene scene = BuiltinScene.draw();
  private final double load = Timings.since(start);

  /** The classes of its objects in the built-in model, by index. */
  public List<String> classes() {
    return scene.objects().stream().map(object -> Integer.toString(object.classIndex())).toList();
  }

  @Override
  public String image() {
    return "built-in scene";
  }

  @Override
  public String stem() {
    return "scene";
  }

  @Override
  public @Nullable Path file() {
    return null;
  }

  @Override
  public Explanation explain(Explainer explainer, List<Target> targets) {
    Explanation explanation = explainer.explain(image(), scene.picture(), targets);
    return explanation.withTimings(explanation.timings().withLoad(load));
  }

  @Override
  public String remark(ClassLabel target, ImagePoint peak) {
    for (SceneObject object : scene.objects()) {
      if (object.classIndex() == target.index() && object.label().equals(target.label())) {
        boolean inside = object.box().contains(peak.x(), peak.y());
        return inside ? ", inside its box" : ", outside its box";
      }
    }
    return "";
  }
}
