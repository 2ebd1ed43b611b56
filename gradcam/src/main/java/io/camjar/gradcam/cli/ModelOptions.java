package io.camjar.gradcam.cli;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Preset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which network, and how pictures are prepared for it: what commands that run one share. */
final class ModelOptions {
  static final String KEY =
      "Which network of a file that holds several: its keys joined by dots (default: an average"
          + " of the weights, then the usual names).";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A ResNet from PyTorch or fastai (default: the built-in model).")
  private @Nullable Path weights;

  @Option(names = "--key", paramLabel = "NAME", description = KEY)
  private @Nullable String key;

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

  @Option(
      names = "--mean",
      paramLabel = "R,G,B",
      split = ",",
      description =
          "Means that samples of 0 to 1 are reduced by (default: the file's or ImageNet's).")
  private List<Float> mean = new ArrayList<>();

  @Option(
      names = "--std",
      paramLabel = "R,G,B",
      split = ",",
      description = "What they are divided by then; goes with --mean.")
  private List<Float> std = new ArrayList<>();

  /** Refuses values that no network could use. */
  void checkUsage() {
    Arguments.require(
        spec,
        mean.isEmpty() == std.isEmpty(),
        "--mean and --std go together; give both or neither");
    if (!mean.isEmpty()) {
      Arguments.requireUsable(spec, () -> normalised(Preset.named("torchvision")));
    }
    if (preset != null) {
      preset = Arguments.requireKnown(spec, "--preset", preset, Preset.names());
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
    LoadedModel model = Models.load(weights, key, spec.commandLine().getErr());
    Explainer explainer = model.explainer();
    if (preset != null) {
      explainer = explainer.preset(Preset.named(preset));
    }
    if (size != null) {
      explainer = explainer.preset(explainer.preset().withSize(size));
    }
    if (!mean.isEmpty()) {
      explainer = explainer.preset(normalised(explainer.preset()));
    }
    return new LoadedModel(model.network(), explainer);
  }

  private Preset normalised(Preset plain) {
    return plain.withNormalisation(floats(mean), floats(std));
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
