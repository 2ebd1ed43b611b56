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

  /** The score of every channel; the progress is told after each batch. */
  static double[] of(
      LayerSample sample, Subject subject, String method, int batchSize, Batch batch) {
    String task = method + " at " + sample.layer();
    double[] scores = new double[sample.channels()];
    subject.progress().at(task, 0, scores.length);
    for (int first = 0; first < scores.length; first += batchSize) {
      int count = Math.min(batchSize, scores.length - first);
      try (INDArray logits = batch.logits(first, count)) {
        double[] some = subject.scores(HostCopy.floats(logits));
        System.arraycopy(some, 0, scores, first, count);
      }
      subject.progress().at(task, first + count, scores.length);
    }
    return scores;
  }
}
