package io.camjar.gradcam.accuracy;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.image.Preprocessed;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Scores images, several in one forward. */
public final class Classifier {
  private final Network network;
  private final Preset preset;

  /** A classifier with this network, borrowed, and this preprocessing. */
  public Classifier(Network network, Preset preset) {
    this.network = network;
    this.preset = preset.withChannels(network.architecture().inChannels());
  }

  /** The logits of each image, one a class. */
  public float[][] logits(List<RgbImage> pictures) {
    try (INDArray input = batch(pictures);
        INDArray logits = network.forward(input)) {
      float[] scores = HostCopy.floats(logits);
      int classes = scores.length / pictures.size();
      float[][] rows = new float[pictures.size()][];
      for (int n = 0; n < rows.length; n++) {
        rows[n] = Arrays.copyOfRange(scores, n * classes, (n + 1) * classes);
      }
      return rows;
    }
  }

  private INDArray batch(List<RgbImage> pictures) {
    int size = preset.channels() * preset.height() * preset.width();
    float[] values = new float[Math.multiplyExact(pictures.size(), size)];
    for (int n = 0; n < pictures.size(); n++) {
      Preprocessed prepared = preset.apply(pictures.get(n));
      System.arraycopy(prepared.values(), 0, values, n * size, size);
    }
    long[] shape = {pictures.size(), preset.channels(), preset.height(), preset.width()};
    return HostCopy.array(values, shape);
  }
}
