package io.camjar.gradcam;

import io.camjar.engine.model.ResNetSpec;
import io.camjar.gradcam.Decision.By;
import io.camjar.gradcam.labels.ClassNames;
import io.camjar.gradcam.labels.ImageNet;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.container.StatedOutputs;
import java.util.List;
import java.util.Optional;

/** How the logits of a file's network are read, as far as the file says it. */
final class StatedReadout {
  private static final int COLOURS = 3;
  private static final int FULL_WIDTH = 64;

  private StatedReadout() {}

  /**
   * With the file's names of classes, and outputs of the meaning that it states; else what is
   * usual.
   *
   * @param outputs how many the network has
   */
  static Readout of(Checkpoint checkpoint, int outputs) {
    Readout usual = Readout.of(Labels.unnamed(outputs));
    Readout stated =
        checkpoint
            .outputs()
            .filter(said -> outputs > 1 || said.kind() != StatedOutputs.Kind.SOFTMAX)
            .map(said -> usual.reading(new Decision<>(meaning(said), By.FILE, said.evidence())))
            .orElse(usual);
    return names(checkpoint, outputs).map(stated::with).orElse(stated);
  }

  private static Optional<Decision<Labels>> names(Checkpoint checkpoint, int outputs) {
    List<String> names = checkpoint.classes();
    if (!names.isEmpty()) {
      return Optional.of(new Decision<>(Labels.of(names), By.FILE, "the file names its classes"));
    }
    int others = checkpoint.knowledge().classes().size();
    if (others > 0) {
      String reason =
          "the file names %d classes, but the network has %s: the names are not used"
              .formatted(others, outputs == 1 ? "one output" : outputs + " outputs");
      return Optional.of(new Decision<>(Labels.unnamed(outputs), By.ASSUMED, reason));
    }
    if (isPlainImageNet(checkpoint)) {
      ClassNames known = ImageNet.classes();
      return Optional.of(
          new Decision<>(
              Labels.of(known.names(), known.ids()),
              By.ASSUMED,
              "assumed: the 1,000 classes are ImageNet's, of which the file says nothing; --labels"
                  + " gives other names"));
    }
    return Optional.empty();
  }

  /**
   * Whether a file looks like those that torchvision and timm offer: 1,000 classes of a network of
   * full width on colour pictures, and nothing about a training of its own.
   */
  private static boolean isPlainImageNet(Checkpoint checkpoint) {
    ResNetSpec spec = checkpoint.spec();
    return spec.classes() == ImageNet.CLASSES
        && spec.inChannels() == COLOURS
        && spec.width() == FULL_WIDTH
        && checkpoint.head().equals("torchvision")
        && !checkpoint.source().equals("built-in")
        && checkpoint.epoch().isEmpty();
  }

  private static Outputs meaning(StatedOutputs said) {
    return switch (said.kind()) {
      case SOFTMAX -> Outputs.SOFTMAX;
      case SIGMOID -> Outputs.SIGMOID;
      case RAW -> Outputs.RAW;
    };
  }
}
