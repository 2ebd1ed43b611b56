package io.camjar.gradcam;

import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;

/** How images were most likely prepared when a file's network was trained. */
final class SuggestedPreset {
  private SuggestedPreset() {}

  /**
   * What the file says, and where it says nothing what is usual for its head; torchvision's for the
   * built-in model, which was trained so.
   */
  static Preset of(Checkpoint checkpoint, int channels) {
    String why =
        switch (checkpoint.head()) {
          case "" -> "nothing is known of it";
          case "none" -> "it has no classifier";
          default -> "the head is %s's".formatted(checkpoint.head());
        };
    Preset preset =
        Preset.usual(name(checkpoint), why)
            .meantFor(checkpoint.requireArchitecture().inputSize())
            .withChannels(channels);
    return checkpoint.preparation().map(preset::following).orElse(preset);
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
