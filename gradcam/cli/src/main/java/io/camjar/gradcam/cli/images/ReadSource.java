package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.ImagePoint;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image that has been read.
 *
 * @param source where it is from
 * @param picture its pixels
 * @param load how long reading took, in milliseconds
 */
record ReadSource(Source source, DecodedImage picture, double load) implements Source {
  @Override
  public String image() {
    return source.image();
  }

  @Override
  public String stem() {
    return source.stem();
  }

  @Override
  public @Nullable Path file() {
    return source.file();
  }

  @Override
  public @Nullable ClassLabel actual() {
    return source.actual();
  }

  @Override
  public long pixels() {
    return (long) picture.image().width() * picture.image().height();
  }

  @Override
  public Explanation explain(Explainer explainer, List<Target> targets) {
    Explanation explanation = explainer.explain(image(), picture, targets);
    return explanation.withTimings(explanation.timings().withLoad(load));
  }

  @Override
  public String remark(ClassLabel target, ImagePoint peak) {
    return source.remark(target, peak);
  }
}
