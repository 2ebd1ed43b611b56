package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Task;

/**
 * Mean over a batch of {@code -log softmax(logits)[label]}, the labels being {@link Task#label}.
 *
 * @param mean the loss
 * @param gradient its derivative by the scores, {@code [N][classes]} flattened
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
record CrossEntropy(double mean, float[] gradient) {

  /**
   * The loss of a batch.
   *
   * @param logits {@code [N][classes]} flattened
   */
  static CrossEntropy of(float[] logits, int classes) {
    int batch = logits.length / classes;
    float[] gradient = new float[logits.length];
    double loss = 0;
    for (int i = 0; i < batch; i++) {
      int row = i * classes;
      double max = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        max = Math.max(max, logits[row + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[row + c] - max);
      }
      int label = Task.label(i) % classes;
      loss += max + Math.log(sum) - logits[row + label];
      for (int c = 0; c < classes; c++) {
        double probability = Math.exp(logits[row + c] - max) / sum;
        gradient[row + c] = (float) ((probability - (c == label ? 1 : 0)) / batch);
      }
    }
    return new CrossEntropy(loss / batch, gradient);
  }
}
