package io.camjar.gradcam.method;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.target.FinerDifference;
import io.camjar.gradcam.target.Logit;
import io.camjar.gradcam.target.Score;

/**
 * Finer-CAM: Grad-CAM of how far a class is ahead of the three most like it.
 *
 * <p>Zhang et al. 2025, arXiv 2501.11309; as pytorch-grad-cam's {@code finer_cam.py} on Grad-CAM.
 */
final class FinerCam implements WeightedCam {
  private final GradCam base = new GradCam();

  @Override
  public String name() {
    return "finercam";
  }

  @Override
  public Score score(Score asked, float[] logits) {
    if (logits.length == 1 || asked instanceof Logit) {
      int index = asked instanceof Logit logit ? logit.index() : 0;
      return FinerDifference.nearest(index, logits);
    }
    throw new CamjarException(
        "finercam makes a score of its own from a class's logit; leave --score and --against out, or"
            + " use gradcam");
  }

  @Override
  public boolean readsGradientMeansOnly() {
    return true;
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    return base.weights(sample, subject);
  }
}
