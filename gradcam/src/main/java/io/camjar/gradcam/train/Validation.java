package io.camjar.gradcam.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.gradcam.image.PillowResize;
import io.camjar.gradcam.image.Preprocessed;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.Resample;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.train.data.Batch;
import io.camjar.gradcam.train.data.Batches;
import io.camjar.gradcam.train.data.DecodedImages;
import io.camjar.gradcam.train.data.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How good a network is on images that it does not learn from, prepared as explain does it. */
final class Validation {
  private final Network network;
  private final DecodedImages images;
  private final Preset preset;
  private final int batch;

  /**
   * The result.
   *
   * @param loss mean cross-entropy
   * @param accuracy share of right answers
   */
  record Result(double loss, double accuracy) {}

  Validation(Network network, List<Sample> samples, Preset preset, int batch, AtomicLong room) {
    this.network = network;
    this.preset = preset;
    this.batch = batch;
    // What is kept is the framed image: preparing it again frames it as it is.
    this.images =
        new DecodedImages(
            samples,
            image -> {
              Preprocessed framed = preset.apply(image);
              return preset.picture(framed.values(), framed.height(), framed.width());
            },
            room);
  }

  /**
   * Measures the network.
   *
   * @throws CamjarException if outputs are NaN or infinite, which are no answer, or no image is
   *     read
   */
  Result run() {
    int side = preset.height();
    int[] order = IntStream.range(0, images.count()).toArray();
    double loss = 0;
    int right = 0;
    int seen = 0;
    int unanswered = 0;
    try (Batches batches = new Batches(images, order, batch, side, 0, true, this::make)) {
      while (batches.hasNext()) {
        Batch some = batches.next();
        if (some.count() == 0) {
          continue;
        }
        try (INDArray x = HostCopy.array(some.values(), some.count(), 3, side, side);
            INDArray y = network.forward(x)) {
          float[] logits = HostCopy.floats(y);
          int classes = logits.length / some.count();
          loss +=
              some.count()
                  * CrossEntropy.plain()
                      .of(logits, new Targets.Classes(some.classes()), new float[logits.length]);
          for (int n = 0; n < some.count(); n++) {
            unanswered += isFinite(logits, n * classes, classes) ? 0 : 1;
            right += largest(logits, n * classes, classes) == some.classes()[n] ? 1 : 0;
          }
          seen += some.count();
        }
      }
    }
    if (seen == 0) {
      throw new CamjarException(
          "none of the images in val could be read; save them again as JPEG or PNG");
    }
    if (unanswered > 0) {
      throw new CamjarException(
          "the network has no answer for %d of the %d images in val, since its outputs are NaN or infinite; a smaller learning rate may keep them in range"
              .formatted(unanswered, seen));
    }
    return new Result(loss / seen, (double) right / seen);
  }

  private boolean make(int index, float[] values, int at) {
    return images
        .get(index)
        .map(
            image -> {
              normalise(image, values, at);
              return true;
            })
        .orElse(false);
  }

  private void normalise(RgbImage image, float[] values, int at) {
    byte[] rgb = image.toBytes();
    float[] mean = preset.mean();
    float[] std = preset.std();
    int plane = rgb.length / 3;
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < plane; i++) {
        values[at + c * plane + i] = ((rgb[3 * i + c] & 0xff) / 255f - mean[c]) / std[c];
      }
    }
  }

  Map<String, String> unusable() {
    return images.unusable();
  }

  private static boolean isFinite(float[] values, int from, int count) {
    boolean finite = true;
    for (int i = from; i < from + count; i++) {
      finite &= Float.isFinite(values[i]);
    }
    return finite;
  }

  /** The index of the largest of some values. */
  static int largest(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = values[from + i] > values[from + best] ? i : best;
    }
    return best;
  }

  /** An image whose short side is at most this long. */
  static RgbImage shortSide(RgbImage image, int side) {
    int small = Math.min(image.width(), image.height());
    if (small <= side) {
      return image;
    }
    int width = (int) ((long) image.width() * side / small);
    int height = (int) ((long) image.height() * side / small);
    return PillowResize.resize(image, width, height, Resample.BILINEAR);
  }
}
