package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.ImagePoint;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something to explain. */
public interface Source {
  /** What messages and records call it. */
  String image();

  /** What the names of its results start with. */
  String stem();

  /** The file it comes from; null where there is none. */
  @Nullable Path file();

  /** The class it shows; null where that is not known. */
  default @Nullable ClassLabel actual() {
    return null;
  }

  /**
   * Reads and explains it.
   *
   * @throws io.camjar.engine.CamjarException if it cannot be used
   */
  Explanation explain(Explainer explainer, List<Target> targets);

  /**
   * The same with its image in memory, so that {@link #explain} need not wait for it; for whoever
   * explains another one meanwhile.
   *
   * @throws io.camjar.engine.CamjarException if it cannot be used
   */
  default Source read() {
    return this;
  }

  /** Pixels of the image that it holds in memory; 0 where it holds none. */
  default long pixels() {
    return 0;
  }

  /** What is known of the place where a class's map is strongest; empty for most. */
  default String remark(ClassLabel target, ImagePoint peak) {
    return "";
  }
}
