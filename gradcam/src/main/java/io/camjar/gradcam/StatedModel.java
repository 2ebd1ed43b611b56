package io.camjar.gradcam;

import io.camjar.gradcam.image.ImageException;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.SuggestedPreset;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.container.Knowledge;
import io.camjar.weights.container.StatedOutputs;
import io.camjar.weights.provenance.Assumption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a file's network is used where nobody asks for anything else: what its outputs mean, and how
 * images are prepared for it. What {@link Explainer#of(io.camjar.engine.model.Network, Checkpoint)}
 * starts from, known without building the network.
 *
 * @param checkpoint the file
 * @param readout how logits are read
 * @param preset how images are prepared
 */
public record StatedModel(Checkpoint checkpoint, Readout readout, Preset preset) {
  /**
   * As the file says it, or one that belongs to it; else what is usual.
   *
   * @throws io.camjar.engine.CamjarException if the file holds no network that camjar runs
   */
  public static StatedModel of(Checkpoint checkpoint) {
    return new StatedModel(
        checkpoint,
        StatedReadout.of(checkpoint, checkpoint.requireArchitecture().classes()),
        SuggestedPreset.of(checkpoint, checkpoint.requireArchitecture().inChannels()));
  }

  /**
   * What a file of the same network needs to say of classes and outputs to be read alike: what the
   * checkpoint's file says, and what stands elsewhere, in a {@code config.json} next to it or in
   * the last layer of a module.
   */
  public Knowledge knowledge() {
    Knowledge known = checkpoint.knowledge();
    Decision<Labels> labels = readout.labelsDecision();
    if (labels.by() == Decision.By.FILE && known.classes().isEmpty()) {
      known = known.withClasses(labels.value().names());
    }
    Decision<Outputs> outputs = readout.outputsDecision();
    if (outputs.by() == Decision.By.FILE) {
      known = known.withOutputs(new StatedOutputs(kind(outputs.value()), outputs.reason()));
    }
    return known;
  }

  private static StatedOutputs.Kind kind(Outputs outputs) {
    return switch (outputs) {
      case SOFTMAX -> StatedOutputs.Kind.SOFTMAX;
      case SIGMOID -> StatedOutputs.Kind.SIGMOID;
      case RAW -> StatedOutputs.Kind.RAW;
    };
  }

  /** What every answer depends on and could have been otherwise, with who said so. */
  public List<Assumption> assumed() {
    return assumed(checkpoint.assumptions(), preset, readout);
  }

  static List<Assumption> assumed(List<Assumption> ofFile, Preset preset, Readout readout) {
    return Stream.of(ofFile, preset.assumptions(), readout.assumed())
        .flatMap(List::stream)
        .toList();
  }

  /** Why images cannot be prepared as the file says; empty if they can. */
  public Optional<String> imageProblem() {
    try {
      preset.check();
      return Optional.empty();
    } catch (ImageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
