package io.camjar.gradcam;

import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.method.Subject;
import io.camjar.gradcam.target.Score;

/** Things to explain, for tests. */
final class Subjects {
  /** For methods that look at activations and gradients only. */
  static final Subject ANY =
      Subject.of(
          Networks.pooled(),
          SyntheticInput.images("any", 1, 3, 33, 33),
          new float[Networks.CLASSES],
          Score.logit(0));

  private Subjects() {}
}
