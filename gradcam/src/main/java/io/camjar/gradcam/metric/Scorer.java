package io.camjar.gradcam.metric;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.target.Score;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The score of one image's class, for the image and for changed copies of it.
 *
 * @param network scores them
 * @param score of a row of logits; the class stays that of the unchanged image
 * @param channels of an input
 * @param height of an input
 * @param width of an input
 */
public record Scorer(Network network, Score score, int channels, int height, int width) {
  private static final int BATCH = 16;

  /** Pixels of an input. */
  int pixels() {
    return height * width;
  }

  /**
   * The score of every input, 16 to a forward.
   *
   * @param inputs each {@code [channels][height][width]} flattened
   */
  public double[] scores(List<float[]> inputs) {
    double[] scores = new double[inputs.size()];
    for (int first = 0; first < scores.length; first += BATCH) {
      List<float[]> some = inputs.subList(first, Math.min(first + BATCH, scores.length));
      int length = channels * pixels();
      float[] values = new float[some.size() * length];
      for (int k = 0; k < some.size(); k++) {
        System.arraycopy(some.get(k), 0, values, k * length, length);
      }
      try (INDArray batch = HostCopy.array(values, some.size(), channels, height, width);
          INDArray logits = network.forward(batch)) {
        float[] rows = HostCopy.floats(logits);
        int classes = rows.length / some.size();
        float[] row = new float[classes];
        for (int k = 0; k < some.size(); k++) {
          System.arraycopy(rows, k * classes, row, 0, classes);
          scores[first + k] = score.value(row);
        }
      }
    }
    return scores;
  }

  /** The score of one input. */
  public double score(float[] input) {
    return scores(List.of(input))[0];
  }
}
