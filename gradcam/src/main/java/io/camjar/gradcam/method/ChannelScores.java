package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Asks the network about every channel of a layer, many channels at a time. Channels that all put
 * the same question are asked once: behind the last ReLU of a trained ResNet a tenth to a fifth of
 * the channels are 0 all over an image.
 */
final class ChannelScores {
  /** Runs a batch that differs from channel to channel. */
  interface Batch {
    /** The logits, {@code [channels.length, classes]}, a row for each of these channels. */
    INDArray logits(int[] channels);
  }

  private ChannelScores() {}

  /**
   * The score of every channel. The network is asked once an image and layer, for all scores; the
   * progress is told after each batch.
   *
   * @param same whether a channel is one of those for which the batch shows the network the very
   *     same numbers
   */
  static double[] of(
      LayerSample sample,
      Subject subject,
      String method,
      int batchSize,
      IntPredicate same,
      Batch batch) {
    String task = method + " at " + sample.layer();
    return subject.scores(
        subject.recall().of(task, () -> logits(sample, subject, task, batchSize, same, batch)));
  }

  private static float[] logits(
      LayerSample sample,
      Subject subject,
      String task,
      int batchSize,
      IntPredicate same,
      Batch batch) {
    int[] alike = IntStream.range(0, sample.channels()).filter(same).toArray();
    int[] asked =
        IntStream.range(0, sample.channels()).filter(c -> !same.test(c) || c == alike[0]).toArray();
    int classes = subject.logits().length;
    float[] rows = new float[sample.channels() * classes];
    subject.progress().at(task, 0, asked.length);
    for (int first = 0; first < asked.length; first += batchSize) {
      int[] channels = batch(asked, first, batchSize, sample.channels());
      try (INDArray logits = batch.logits(channels)) {
        float[] values = HostCopy.floats(logits);
        for (int k = 0; k < channels.length; k++) {
          System.arraycopy(values, k * classes, rows, channels[k] * classes, classes);
        }
      }
      subject.progress().at(task, Math.min(first + batchSize, asked.length), asked.length);
    }
    for (int channel : alike) {
      System.arraycopy(rows, alike[0] * classes, rows, channel * classes, classes);
    }
    return rows;
  }

  /**
   * The channels from one on; the last again in place of those that are missing. Batches have the
   * sizes that they have when all channels are asked: a network keeps memory for each size.
   */
  private static int[] batch(int[] asked, int first, int batchSize, int all) {
    int rest = all % batchSize;
    int left = asked.length - first;
    int size = left <= rest ? rest : batchSize;
    return IntStream.range(first, first + size)
        .map(i -> asked[Math.min(i, asked.length - 1)])
        .toArray();
  }
}
