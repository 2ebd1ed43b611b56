package io.camjar.gradcam;

import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.container.preparation.Normalization;
import java.util.List;
import java.util.Optional;

/** How pictures were most likely prepared when a file's network was trained. */
final class SuggestedPreset {
  /** Sides that a file may suggest; anything else is taken for a mistake. */
  private static final int SMALLEST = 33;

  private static final int LARGEST = 1024;

  private SuggestedPreset() {}

  /**
   * The preset of the library that wrote the file, with the file's own normalisation and side where
   * it says them; torchvision's for the built-in model, which was trained so.
   */
  static Preset of(Checkpoint checkpoint, int channels) {
    Preset preset = Preset.named(name(checkpoint)).withChannels(channels);
    int side = checkpoint.inputSize().orElse(0);
    if (side >= SMALLEST && side <= LARGEST) {
      preset = preset.withSize(side);
    }
    Optional<Normalization> trained = checkpoint.normalization();
    if (trained.isPresent() && trained.get().mean().size() == channels) {
      return preset.withNormalisation(floats(trained.get().mean()), floats(trained.get().std()));
    }
    return preset;
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static String name(Checkpoint checkpoint) {
    if (checkpoint.source().equals("built-in")) {
      return "torchvision";
    }
    return switch (checkpoint.head()) {
      case "fastai1" -> "fastai1";
      case "fastai2" -> "fastai2-crop";
      default -> "torchvision";
    };
  }
}
