package io.camjar.gradcam.cli;

import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import java.util.List;

/** Something to explain. */
interface Source {
  /** What the names of its results start with. */
  String stem();

  /**
   * Reads and explains it.
   *
   * @throws io.camjar.engine.CamjarException if it cannot be used
   */
  Explanation explain(Explainer explainer, List<Target> targets);

  /** What is known of the place where a class's map is strongest; empty for most. */
  default String remark(ClassLabel target, MapPoint peak) {
    return "";
  }
}
