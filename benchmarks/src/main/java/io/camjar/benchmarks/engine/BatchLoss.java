package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.gradcam.target.ClassProbabilities;
import java.util.Arrays;

/**
 * Mean over a batch of {@code -log softmax(logits)[label]}, the labels being {@link Task#label}.
 *
 * @param mean the loss
 * @param gradient its derivative by the scores, {@code [N][classes]} flattened
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
record BatchLoss(double mean, float[] gradient) {

  /**
   * The loss of a batch.
   *
   * @param logits {@code [N][classes]} flattened
   */
  static BatchLoss of(float[] logits, int classes) {
    int batch = logits.length / classes;
    float[] gradient = new float[logits.length];
    double loss = 0;
    for (int i = 0; i < batch; i++) {
      float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
      int label = Task.label(i) % classes;
      loss += ClassProbabilities.crossEntropy(row, label);
      double[] probabilities = ClassProbabilities.of(row);
      for (int c = 0; c < classes; c++) {
        gradient[i * classes + c] = (float) ((probabilities[c] - (c == label ? 1 : 0)) / batch);
      }
    }
    return new BatchLoss(loss / batch, gradient);
  }
}
