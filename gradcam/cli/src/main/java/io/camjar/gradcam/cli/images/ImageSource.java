package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.Timings;
import io.camjar.gradcam.image.DecodedImage;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in a file.
 *
 * @param actual the class it shows; null where that is not known
 * @param files reads it
 */
public record ImageSource(Path file, String stem, @Nullable ClassLabel actual, ImageFiles files)
    implements Source {
  @Override
  public String image() {
    return file.toString();
  }

  @Override
  public Source read() {
    long start = System.nanoTime();
    DecodedImage image = files.read(file);
    return new ReadSource(this, image, Timings.since(start));
  }

  @Override
  public Explanation explain(Explainer explainer, List<Target> targets) {
    return read().explain(explainer, targets);
  }
}
