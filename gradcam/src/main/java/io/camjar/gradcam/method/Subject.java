package io.camjar.gradcam.method;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.target.Score;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is explained: one score of one network for one image.
 *
 * @param network the network; not to be changed
 * @param input the image, {@code [1, C, H, W]}; borrowed for the call
 * @param logits what the network made of it, one a class
 * @param score what is explained
 * @param counterfactual whether that is the negative of the score that was asked for
 * @param recall what is known of the image, whatever its score
 * @param progress hears how far methods are that ask the network many times
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
public record Subject(
    Network network,
    INDArray input,
    float[] logits,
    Score score,
    boolean counterfactual,
    Recall recall,
    Progress progress) {
  /** A score as it is, of an image that nothing is known of yet; nobody hears of progress. */
  public static Subject of(Network network, INDArray input, float[] logits, Score score) {
    return new Subject(network, input, logits, score, false, new Recall(), Progress.NONE);
  }

  /** Rows of the image. */
  int inputHeight() {
    return (int) input.size(2);
  }

  /** Columns of the image. */
  int inputWidth() {
    return (int) input.size(3);
  }

  /** The score of each row of logits. */
  double[] scores(float[] rows) {
    double[] scores = new double[rows.length / logits.length];
    float[] row = new float[logits.length];
    for (int i = 0; i < scores.length; i++) {
      System.arraycopy(rows, i * row.length, row, 0, row.length);
      scores[i] = score.value(row);
    }
    return scores;
  }
}
