package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Asks the network once for every channel of a layer, many channels at a time. */
final class ChannelScores {
  /** Runs a batch that differs from channel to channel. */
  interface Batch {
    /** The logits, {@code [count, classes]}, for the channels {@code first, first + 1, ...}. */
    INDArray logits(int first, int count);
  }

  private ChannelScores() {}

  /**
   * The score of every channel. The network is asked once an image and layer, for all scores; the
   * progress is told after each batch.
   */
  static double[] of(
      LayerSample sample, Subject subject, String method, int batchSize, Batch batch) {
    String task = method + " at " + sample.layer();
    return subject.scores(
        subject.recall().of(task, () -> logits(sample, subject, task, batchSize, batch)));
  }

  private static float[] logits(
      LayerSample sample, Subject subject, String task, int batchSize, Batch batch) {
    int classes = subject.logits().length;
    float[] rows = new float[sample.channels() * classes];
    subject.progress().at(task, 0, sample.channels());
    for (int first = 0; first < sample.channels(); first += batchSize) {
      int count = Math.min(batchSize, sample.channels() - first);
      try (INDArray logits = batch.logits(first, count)) {
        System.arraycopy(HostCopy.floats(logits), 0, rows, first * classes, count * classes);
      }
      subject.progress().at(task, first + count, sample.channels());
    }
    return rows;
  }
}
