package io.camjar.gradcam.cli.options;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Origin;
import io.camjar.gradcam.image.Preset;
import io.camjar.weights.container.preparation.Size;
import io.camjar.weights.provenance.Assumption.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How images are prepared for a network, where that is not what the weights suggest. */
public final class PreparationOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      completionCandidates = Candidates.Presets.class,
      description =
          "How images are prepared: ${COMPLETION-CANDIDATES} (default: what suits the weights).")
  private @Nullable String preset;

  @Option(
      names = "--size",
      paramLabel = "N|HxW",
      converter = SizeConverter.class,
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

  /** Whether a preset was named. */
  public boolean isNamed() {
    return preset != null;
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
