package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.gradcam.target.Softmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Score-CAM: the picture is shown through each channel as a mask, and {@code w} is the softmax over
 * channels of the scores. No gradients; one forward a channel, 16 at a time.
 *
 * <p>Wang et al. 2020, arXiv 1910.01279; as pytorch-grad-cam's {@code score_cam.py}: masks enlarged
 * with corners aligned, {@code (x - min) / (max - min + 1e-8)}, and no baseline subtracted.
 */
final class ScoreCam implements WeightedCam {
  private static final int BATCH = 16;
  private static final float EPSILON = 1e-8f;

  @Override
  public String name() {
    return "scorecam";
  }

  @Override
  public boolean usesGradients() {
    return false;
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    float[] picture = HostCopy.floats(subject.input());
    int pixels = subject.inputHeight() * subject.inputWidth();
    double[] scores =
        ChannelScores.of(
            sample,
            subject,
            name(),
            BATCH,
            (first, count) -> {
              float[] masked = new float[count * picture.length];
              for (int k = 0; k < count; k++) {
                float[] mask = mask(sample, first + k, subject);
                for (int i = 0; i < picture.length; i++) {
                  masked[k * picture.length + i] = picture[i] * mask[i % pixels];
                }
              }
              return forward(subject, masked, count);
            });
    return Softmax.of(Floats.of(scores));
  }

  private static INDArray forward(Subject subject, float[] pictures, int count) {
    long[] shape = subject.input().shape().clone();
    shape[0] = count;
    try (INDArray batch = HostCopy.array(pictures, shape)) {
      return subject.network().forward(batch);
    }
  }

  private static float[] mask(LayerSample sample, int channel, Subject subject) {
    float[] mask =
        AlignedCorners.enlarge(sample, channel, subject.inputHeight(), subject.inputWidth());
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float value : mask) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (mask[i] - min) / (max - min + EPSILON);
    }
    return mask;
  }
}
