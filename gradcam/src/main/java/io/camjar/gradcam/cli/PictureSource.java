package io.camjar.gradcam.cli;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.Timings;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.RgbImage;
import java.nio.file.Path;
import java.util.List;

/** A picture in a file. */
record PictureSource(Path file, String stem) implements Source {
  @Override
  public Explanation explain(Explainer explainer, List<Target> targets) {
    long start = System.nanoTime();
    RgbImage picture = Images.read(file);
    double load = Timings.since(start);
    Explanation explanation = explainer.explain(file.toString(), picture, targets);
    return explanation.withTimings(explanation.timings().withLoad(load));
  }
}
