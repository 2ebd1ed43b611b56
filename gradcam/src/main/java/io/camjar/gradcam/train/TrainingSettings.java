package io.camjar.gradcam.train;

import io.camjar.gradcam.train.data.Augmentation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a network is trained: everything that the result depends on but data and network.
 *
 * @param epochs in all, with those in which a body is frozen
 * @param frozenEpochs epochs at the beginning in which only the head learns; the batch norms of
 *     what is frozen use their running statistics and leave them
 * @param size side of the images in pixels
 * @param batch images of an update
 * @param parts an update's batch is computed in so many parts, to save memory
 * @param rate the largest learning rate of the head
 * @param bodyRate what the body's rate is multiplied by, 1 for the head's
 * @param optimizer {@code adamw}, {@code adam}, {@code sgd} or {@code lamb}
 * @param schedule {@code onecycle}, {@code cosine}, {@code step} or {@code constant}
 * @param decay weight decay of what is no norm and no bias
 * @param smoothing of labels
 * @param mixup alpha of mixed images; 0 for none
 * @param cutmix alpha of images with a box of another; 0 for none
 * @param dropPath the probability of stochastic depth in the last residual block, which the network
 *     has already; 0 for none
 * @param clip the largest norm of an update's gradients; 0 for any
 * @param average decay of an average of the weights, which is what is saved; 0 for none
 * @param frozen paths of layers that never learn
 * @param seed what all that is drawn follows from
 * @param augmentation how images are changed
 */
public record TrainingSettings(
    int epochs,
    int frozenEpochs,
    int size,
    int batch,
    int parts,
    double rate,
    double bodyRate,
    String optimizer,
    String schedule,
    double decay,
    double smoothing,
    double mixup,
    double cutmix,
    double dropPath,
    double clip,
    double average,
    List<String> frozen,
    long seed,
    Augmentation augmentation) {
  public TrainingSettings {
    frozen = List.copyOf(frozen);
  }

  /** All of them in words, by the names of the command line's options. */
  Map<String, String> text() {
    Map<String, String> text = new TreeMap<>();
    text.put("epochs", Integer.toString(epochs));
    text.put("frozen-epochs", Integer.toString(frozenEpochs));
    text.put("size", Integer.toString(size));
    text.put("batch", Integer.toString(batch));
    text.put("parts", Integer.toString(parts));
    text.put("lr", Double.toString(rate));
    text.put("body-lr", Double.toString(bodyRate));
    text.put("optimizer", optimizer);
    text.put("schedule", schedule);
    text.put("weight-decay", Double.toString(decay));
    text.put("label-smoothing", Double.toString(smoothing));
    text.put("mixup", Double.toString(mixup));
    text.put("cutmix", Double.toString(cutmix));
    // Empty, as in states of runs that were begun before there was such an option.
    text.put("drop-path", dropPath == 0 ? "" : Double.toString(dropPath));
    text.put("clip", Double.toString(clip));
    text.put("ema", Double.toString(average));
    text.put("freeze", String.join(",", frozen));
    text.put("seed", Long.toString(seed));
    text.put("augmentation", augmentation.toString());
    return text;
  }

  /** The side that the short side of an image is resized to before the centre is cut out. */
  int resize() {
    return Math.round(size * 256f / 224);
  }
}
