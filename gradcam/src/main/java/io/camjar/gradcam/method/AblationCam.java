package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.model.Tail;
import io.camjar.engine.run.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Ablation-CAM: {@code w_c = (y - y_c) / y}, {@code y_c} the score without channel {@code c}. No
 * gradients; the part of the network behind the layer runs once a channel, and once for all
 * channels that are already what they would become, 32 at a time.
 *
 * <p>Desai and Ramaswamy 2020, WACV; as pytorch-grad-cam's {@code ablation_cam.py}: a channel
 * becomes 0 where the layer's smallest value is 0, else that value less 10^7. There each channel of
 * a batch sees the last one's -10^7 as the smallest value; here all see the layer's. A
 * counterfactual has the negative weights: what is missed least. Of tokens a feature is taken from
 * all, as its {@code AblationLayerVit} does.
 */
final class AblationCam implements WeightedCam {
  private static final int BATCH = 32;
  private static final float FAR_BELOW = 1e7f;

  @Override
  public String name() {
    return "ablationcam";
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
    Tail tail = subject.network().tail(sample.layer());
    float blank = blank(sample.activations());
    double[] scores;
    try (Trace trace = subject.network().trace(subject.input(), List.of(tail.start()))) {
      INDArray start = trace.activation(tail.start());
      Optional<PatchGrid> grid = subject.network().architecture().patches(sample.layer());
      if (grid.isPresent()) {
        return shares(ofTokens(sample, subject, tail, start), subject);
      }
      scores =
          ChannelScores.of(
              sample,
              subject,
              name(),
              BATCH,
              c -> Floats.are(blank, sample.activations(), c * sample.cells(), sample.cells(), 1),
              channels -> {
                int count = channels.length;
                float[] ablated = repeat(sample.activations(), count);
                for (int k = 0; k < count; k++) {
                  int from = k * sample.activations().length + channels[k] * sample.cells();
                  Arrays.fill(ablated, from, from + sample.cells(), blank);
                }
                long[] shape = {count, sample.channels(), sample.height(), sample.width()};
                try (INDArray input = repeat(start, count);
                    INDArray activation = HostCopy.array(ablated, shape)) {
                  return tail.forward(input, activation);
                }
              });
    }
    return shares(scores, subject);
  }

  /** A feature is taken from every token, those that stand for no place too. */
  private double[] ofTokens(LayerSample sample, Subject subject, Tail tail, INDArray start) {
    float[] tokens;
    long[] one;
    try (Trace trace = subject.network().trace(subject.input(), List.of(sample.layer()))) {
      INDArray activation = trace.activation(sample.layer());
      tokens = HostCopy.floats(activation);
      one = activation.shape().clone();
    }
    int features = (int) one[one.length - 1];
    float blank = blank(tokens);
    return ChannelScores.of(
        sample,
        subject,
        name(),
        BATCH,
        c -> Floats.are(blank, tokens, c, tokens.length / features, features),
        channels -> {
          int count = channels.length;
          float[] ablated = repeat(tokens, count);
          for (int k = 0; k < count; k++) {
            int from = k * tokens.length;
            for (int at = from + channels[k]; at < from + tokens.length; at += features) {
              ablated[at] = blank;
            }
          }
          long[] shape = one.clone();
          shape[0] = count;
          try (INDArray input = repeat(start, count);
              INDArray activation = HostCopy.array(ablated, shape)) {
            return tail.forward(input, activation);
          }
        });
  }

  private static double[] shares(double[] scores, Subject subject) {
    double whole = subject.score().value(subject.logits());
    for (int c = 0; c < scores.length; c++) {
      // The ratio is the same for a score and its negative.
      double share = (whole - scores[c]) / whole;
      scores[c] = subject.counterfactual() ? -share : share;
    }
    return scores;
  }

  private static float blank(float[] activations) {
    float min = Float.POSITIVE_INFINITY;
    for (float activation : activations) {
      min = Math.min(min, activation);
    }
    return min == 0 ? 0 : min - FAR_BELOW;
  }

  private static INDArray repeat(INDArray one, int count) {
    long[] shape = one.shape().clone();
    shape[0] = count;
    return HostCopy.array(repeat(HostCopy.floats(one), count), shape);
  }

  private static float[] repeat(float[] one, int count) {
    float[] many = new float[count * one.length];
    for (int k = 0; k < count; k++) {
      System.arraycopy(one, 0, many, k * one.length, one.length);
    }
    return many;
  }
}
