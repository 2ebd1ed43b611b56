package io.camjar.gradcam.train;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.train.Trainer;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.mix.CutMix;
import io.camjar.engine.train.mix.Mixup;
import io.camjar.gradcam.train.data.Batch;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Learns from a batch as the settings say: its images mixed with each other, in parts. */
final class Learner {
  private final Trainer trainer;
  private final TrainingSettings settings;
  private final int classes;

  /**
   * A learner.
   *
   * @param trainer borrowed
   * @param classes how many there are
   */
  Learner(Trainer trainer, TrainingSettings settings, int classes) {
    this.trainer = trainer;
    this.settings = settings;
    this.classes = classes;
    if (settings.clip() > 0) {
      trainer.clipNorm(settings.clip());
    }
  }

  /**
   * What one update gave.
   *
   * @param loss mean over the batch
   * @param right how many images were right before the update
   */
  record Learned(double loss, int right, Trainer.Update update) {}

  /**
   * One update.
   *
   * @param batch of two images or more; changed where images are mixed
   * @param random what mixes are drawn from
   * @throws io.camjar.engine.train.NonFiniteException if the loss or a gradient is not finite
   */
  Learned learn(Batch batch, SplittableRandom random) {
    int parts = Math.min(settings.parts(), batch.count() / 2);
    Targets targets = targets(batch, random);
    int image = batch.values().length / batch.count();
    double loss = 0;
    int right = 0;
    for (int part = 0; part < parts; part++) {
      int from = batch.count() * part / parts;
      int end = batch.count() * (part + 1) / parts;
      float[] values =
          parts == 1
              ? batch.values()
              : Arrays.copyOfRange(batch.values(), from * image, end * image);
      double share = (double) (end - from) / batch.count();
      try (INDArray x = HostCopy.array(values, end - from, 3, batch.side(), batch.side())) {
        Trainer.Part done = trainer.add(x, some(targets, from, end), share);
        loss += done.loss() * share;
        right += right(done.logits(), batch.classes(), from, end);
      }
    }
    return new Learned(loss, right, trainer.update());
  }

  private Targets targets(Batch batch, SplittableRandom random) {
    long[] shape = {batch.count(), 3, batch.side(), batch.side()};
    boolean both = settings.mixup() > 0 && settings.cutmix() > 0;
    boolean first = !both || random.nextBoolean();
    if (settings.mixup() > 0 && first) {
      return new Mixup(settings.mixup())
          .mix(batch.values(), shape, batch.classes(), classes, random);
    }
    if (settings.cutmix() > 0) {
      return new CutMix(settings.cutmix())
          .mix(batch.values(), shape, batch.classes(), classes, random);
    }
    return new Targets.Classes(batch.classes());
  }

  private static Targets some(Targets targets, int from, int end) {
    if (targets instanceof Targets.Values dense) {
      return new Targets.Values(
          Arrays.copyOfRange(dense.values(), from * dense.outputs(), end * dense.outputs()),
          dense.outputs());
    }
    return new Targets.Classes(
        Arrays.copyOfRange(((Targets.Classes) targets).indices(), from, end));
  }

  private static int right(float[] logits, int[] classes, int from, int end) {
    int outputs = logits.length / (end - from);
    int right = 0;
    for (int n = 0; n < end - from; n++) {
      right += Validation.largest(logits, n * outputs, outputs) == classes[from + n] ? 1 : 0;
    }
    return right;
  }
}
