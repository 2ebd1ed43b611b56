package io.camjar.gradcam;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.gradcam.Decision.By;
import io.camjar.gradcam.labels.ClassNames;
import io.camjar.gradcam.labels.HubConfig;
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
    Optional<HubConfig> config = HubConfig.beside(checkpoint.source());
    Readout usual = Readout.of(Labels.unnamed(outputs));
    Readout stated =
        meaning(checkpoint, config)
            .filter(said -> outputs > 1 || said.value() != Outputs.SOFTMAX)
            .map(usual::reading)
            .orElse(usual);
    return names(checkpoint, config, outputs).map(stated::with).orElse(stated);
  }

  private static Optional<Decision<Outputs>> meaning(
      Checkpoint checkpoint, Optional<HubConfig> config) {
    Optional<Decision<Outputs>> beside =
        config.flatMap(
            hub ->
                hub.problemType()
                    .flatMap(StatedReadout::ofProblem)
                    .map(
                        outputs ->
                            new Decision<>(
                                outputs,
                                By.FILE,
                                "problem_type in %s is %s"
                                    .formatted(
                                        hub.file().getFileName(),
                                        hub.problemType().orElseThrow()))));
    Optional<Decision<Outputs>> last =
        checkpoint
            .finalActivation()
            .map(
                activation ->
                    new Decision<>(
                        Outputs.named(activation.outputs()),
                        By.FILE,
                        "the module ends with %s, a %s"
                            .formatted(activation.path(), activation.kind())));
    return last.or(
            () ->
                checkpoint
                    .outputs()
                    .map(said -> new Decision<>(meaning(said), By.FILE, said.evidence())))
        .or(() -> beside);
  }

  private static Optional<Outputs> ofProblem(String type) {
    return switch (type) {
      case "single_label_classification" -> Optional.of(Outputs.SOFTMAX);
      case "multi_label_classification" -> Optional.of(Outputs.SIGMOID);
      case "regression" -> Optional.of(Outputs.RAW);
      default -> Optional.empty();
    };
  }

  private static Optional<Decision<Labels>> names(
      Checkpoint checkpoint, Optional<HubConfig> config, int outputs) {
    List<String> names = checkpoint.classes();
    if (!names.isEmpty()) {
      return Optional.of(new Decision<>(Labels.of(names), By.FILE, "the file names its classes"));
    }
    Optional<Decision<Labels>> beside =
        config.flatMap(
            hub ->
                hub.names()
                    .filter(known -> fits(known.names().size(), outputs))
                    .map(
                        known ->
                            new Decision<>(
                                Labels.of(known.names(), known.ids()),
                                By.FILE,
                                hub.file() + " names the classes")));
    if (beside.isPresent()) {
      return beside;
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

  private static boolean fits(int names, int outputs) {
    return names == outputs || (names == 2 && outputs == 1);
  }

  /**
   * Whether a file looks like those that torchvision and timm offer: 1,000 classes of a network of
   * full width on colour images, and nothing about a training of its own.
   */
  private static boolean isPlainImageNet(Checkpoint checkpoint) {
    Architecture architecture = checkpoint.requireArchitecture();
    return architecture.classes() == ImageNet.CLASSES
        && architecture.inChannels() == COLOURS
        && !(architecture instanceof ResNetSpec resnet && resnet.width() != FULL_WIDTH)
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
