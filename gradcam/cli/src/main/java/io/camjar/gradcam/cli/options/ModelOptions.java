package io.camjar.gradcam.cli.options;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Origin;
import io.camjar.gradcam.image.Preset;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.container.preparation.Size;
import io.camjar.weights.provenance.Assumption.Source;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which network, and how pictures are prepared for it: what commands that run one share. */
public final class ModelOptions {
  public static final String KEY =
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
      paramLabel = "N|HxW",
      converter = InputSize.class,
      description =
          "Side of the network's input in pixels, or its height and width: 224, 324x224 (default:"
              + " the preset's).")
  private @Nullable Size size;

  @Option(
      names = "--mean",
      paramLabel = "R,G,B",
      split = ",",
      description =
          "Means that samples of 0 to 1 are reduced by (default: the file's or ImageNet's); of 0 to"
              + " 255 with --preset raw255 or caffe.")
  private List<Float> mean = new ArrayList<>();

  @Option(
      names = "--std",
      paramLabel = "R,G,B",
      split = ",",
      description = "What they are divided by then; goes with --mean.")
  private List<Float> std = new ArrayList<>();

  @Option(
      names = "--bgr",
      description =
          "The network's channels are blue, green, red, as OpenCV reads images; --mean and --std"
              + " are in that order then.")
  private boolean blueFirst;

  /** Refuses values that no network could use. */
  public void checkUsage() {
    Arguments.require(
        spec,
        mean.isEmpty() == std.isEmpty(),
        "--mean and --std go together; give both or neither");
    if (preset != null) {
      Arguments.requireUsable(spec, () -> Preset.named(String.valueOf(preset)));
    }
    if (!mean.isEmpty()) {
      Arguments.require(
          spec,
          mean.size() == std.size() && (mean.size() == 1 || mean.size() == 3),
          "--mean and --std need one or three values each, but have %d and %d"
              .formatted(mean.size(), std.size()));
      Preset asked = Preset.named(preset == null ? "torchvision" : preset);
      Arguments.requireUsable(spec, () -> normalised(asked));
    }
  }

  /** Whether no file was named. */
  public boolean isBuiltin() {
    return weights == null;
  }

  /**
   * Loads the network; the model's explainer prepares pictures as asked for.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  public LoadedModel load() {
    LoadedModel model = Models.load(weights, key, spec.commandLine().getErr());
    return new LoadedModel(model.network(), prepared(model.explainer()));
  }

  /**
   * Opens the weights without building the network.
   *
   * @param file in place of {@code --weights}; null for that, or the built-in model
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  public Checkpoint open(@Nullable Path file) {
    Path named = file == null ? weights : file;
    return named == null ? Checkpoints.builtin() : Checkpoints.open(named, key);
  }

  /** The same with images prepared as asked for. */
  public Explainer prepared(Explainer explainer) {
    return explainer.withPreset(asked(explainer.preset()));
  }

  /** What the weights suggest, with what the options ask for in its place. */
  private Preset asked(Preset suggested) {
    Preset asked = suggested;
    if (preset != null) {
      asked = Preset.named(preset).withChannels(suggested.channels());
      asked = asked.saidBy(Preset.Origins.all(option("--preset")));
      if (suggested.isSaidByFile()) {
        asked =
            asked.saidBy(
                asked
                    .origins()
                    .withNote(
                        "--preset takes the place of what the file says: " + suggested.inShort()));
      }
    }
    if (size != null) {
      asked = asked.withSize(size.height(), size.width());
      asked = asked.saidBy(asked.origins().withSize(option("--size")));
    }
    if (blueFirst) {
      asked = asked.withBlueFirst();
    }
    if (!mean.isEmpty()) {
      Arguments.require(
          spec,
          mean.size() == 1 || suggested.channels() != 1,
          "the network takes one channel, but --mean and --std have three values; give one each");
      asked = normalised(asked);
      asked = asked.saidBy(asked.origins().withNormalization(option("--mean and --std")));
    }
    return asked;
  }

  private static Origin option(String name) {
    return new Origin(Source.OPTION, name);
  }

  /**
   * Refuses what images cannot be prepared for, and says how they are, unless the built-in model
   * runs as it is.
   *
   * @throws io.camjar.engine.CamjarException if the file's or the options' preparation is of no use
   */
  public void preparing(Preset preparation, PrintWriter err) {
    preparation.check();
    if (weights != null || preset != null) {
      err.println("camjar: " + preparation.describe());
    }
    for (String note : preparation.origins().notFollowed()) {
      err.println("camjar: note: " + note);
    }
    if (!preparation.origins().notFollowed().isEmpty() && preset == null) {
      err.println("camjar: note: --preset, --size, --mean and --std ask for something else");
    }
    err.flush();
  }

  /** Says which options have no effect on arrays, which are prepared already. */
  public void preparedAlready(PrintWriter err) {
    List<String> unused =
        Stream.of("--preset", "--size", "--mean", "--std", "--bgr")
            .filter(spec.commandLine().getParseResult()::hasMatchedOption)
            .toList();
    if (!unused.isEmpty()) {
      err.printf(
          "camjar: note: the arrays of --input-npy are prepared already: %s %s no effect%n",
          String.join(", ", unused), unused.size() == 1 ? "has" : "have");
      err.flush();
    }
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
