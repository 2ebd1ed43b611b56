package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.threads.Threads;
import io.camjar.gradcam.target.ClassProbabilities;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Score-CAM: the image is shown through each channel as a mask, and {@code w} is the softmax over
 * channels of the scores. No gradients; one forward a channel, and one for all channels that are 0
 * all over, 16 at a time, whatever the number of classes.
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
  public boolean asksRepeatedly() {
    return true;
  }

  @Override
  public double[] weights(LayerSample sample, Subject subject) {
    float[] picture = HostCopy.floats(subject.input());
    float[] activations = sample.activations();
    AlignedCorners pixels =
        new AlignedCorners(
            sample.height(), sample.width(), subject.inputHeight(), subject.inputWidth());
    double[] scores =
        ChannelScores.of(
            sample,
            subject,
            name(),
            BATCH,
            c -> Floats.are(0, activations, c * sample.cells(), sample.cells(), 1),
            channels -> {
              float[] masked = new float[channels.length * picture.length];
              Threads.shared()
                  .run(
                      channels.length,
                      (k, worker) -> {
                        float[] mask = pixels.enlarge(activations, channels[k] * sample.cells());
                        times(picture, scaled(mask), masked, k * picture.length);
                      });
              return forward(subject, masked, channels.length);
            });
    return ClassProbabilities.of(Floats.of(scores));
  }

  private static INDArray forward(Subject subject, float[] pictures, int count) {
    long[] shape = subject.input().shape().clone();
    shape[0] = count;
    try (INDArray batch = HostCopy.array(pictures, shape)) {
      return subject.network().forward(batch);
    }
  }

  /** Writes every channel of the image times the mask. */
  private static void times(float[] picture, float[] mask, float[] out, int to) {
    for (int from = 0; from < picture.length; from += mask.length) {
      for (int i = 0; i < mask.length; i++) {
        out[to + from + i] = picture[from + i] * mask[i];
      }
    }
  }

  private static float[] scaled(float[] mask) {
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
