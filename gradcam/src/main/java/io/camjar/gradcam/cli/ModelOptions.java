package io.camjar.gradcam.cli;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Preset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which network, and how pictures are prepared for it: what commands that run one share. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A ResNet from PyTorch or fastai (default: the built-in model).")
  private @Nullable Path weights;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      completionCandidates = Candidates.Presets.class,
      description =
          "How pictures are prepared: ${COMPLETION-CANDIDATES} (default: what suits the weights).")
  private @Nullable String preset;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Side of the network's input in pixels (default: the preset's).")
  private @Nullable Integer size;

  /** Refuses values that no network could use. */
  void checkUsage() {
    if (preset != null) {
      Arguments.requireKnown(spec, "--preset", preset, Preset.names());
    }
    if (size != null) {
      Arguments.requireSide(spec, size);
    }
  }

  /** Whether no file was named. */
  boolean isBuiltin() {
    return weights == null;
  }

  /**
   * Loads the network; the model's explainer prepares pictures as asked for.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  LoadedModel load() {
    LoadedModel model = Models.load(weights);
    Explainer explainer = model.explainer();
    if (preset != null) {
      explainer = explainer.preset(Preset.named(preset));
    }
    if (size != null) {
      explainer = explainer.preset(explainer.preset().withSize(size));
    }
    return new LoadedModel(model.network(), explainer);
  }
}
