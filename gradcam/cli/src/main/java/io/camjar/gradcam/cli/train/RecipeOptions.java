package io.camjar.gradcam.cli.train;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.train.LayerPaths;
import io.camjar.gradcam.train.TrainingSettings;
import io.camjar.gradcam.train.data.Augmentation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a network is trained. */
public final class RecipeOptions {
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often each image is learned from (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--frozen-epochs",
      paramLabel = "N",
      description =
          "Epochs at the beginning in which only the head learns (default: 1 with --init, else 0).")
  private @Nullable Integer frozenEpochs;

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      description =
          "Layers that never learn, nor move their norms' statistics: a path such as layer1, a"
              + " pattern such as 'layer?.0.*', whose * and ? stand for dots too, or body;"
              + " repeatable.")
  private List<String> freeze = new ArrayList<>();

  @Option(
      names = "--size",
      paramLabel = "S",
      defaultValue = "160",
      description = "Side of the images in pixels (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images of an update (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description = "Compute a batch in N parts, to save memory (default: ${DEFAULT-VALUE}).")
  private int parts;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "The largest learning rate (default: 0.003, for sgd 0.1).")
  private @Nullable Double rate;

  @Option(
      names = "--body-lr",
      paramLabel = "X",
      description = "What the body's rate is multiplied by (default: 0.1 with --init, else 1).")
  private @Nullable Double bodyRate;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adamw",
      description = "adamw, adam, sgd or lamb (default: ${DEFAULT-VALUE}).")
  private String optimizer;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "onecycle",
      description = "onecycle, cosine, step or constant (default: ${DEFAULT-VALUE}).")
  private String schedule;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "Of all but norms and biases (default: 0.05, for sgd and adam 0.0005).")
  private @Nullable Double decay;

  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      defaultValue = "0.1",
      description = "Share of a label that is spread over all classes (default: ${DEFAULT-VALUE}).")
  private double smoothing;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      defaultValue = "0",
      description = "Blend images of a batch (default: off; 0.2 is usual).")
  private double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "ALPHA",
      defaultValue = "0",
      description = "Put boxes of other images into images (default: off; 1 is usual).")
  private double cutmix;

  @Option(
      names = "--drop-path",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Leave the branch of the last residual block out of images with this probability, of"
              + " earlier ones with less (default: off; 0.1 is usual).")
  private double dropPath;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      defaultValue = "0",
      description = "The largest norm of an update's gradients (default: any).")
  private double clip;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      defaultValue = "0",
      description = "Save an average of the weights instead (default: off; 0.999 is usual).")
  private double average;

  @Option(
      names = "--crop-area",
      paramLabel = "X",
      defaultValue = "0.25",
      description = "Least share of an image that a random crop shows (default: ${DEFAULT-VALUE}).")
  private double cropArea;

  @Option(
      names = "--no-augment",
      description = "Learn from the square in an image's middle as it is, resized.")
  private boolean plain;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "What all that is drawn follows from; one seed, one result (default: ${DEFAULT-VALUE}).")
  private long seed;

  long seed() {
    return seed;
  }

  double dropPath() {
    return dropPath;
  }

  /** Refuses what makes no sense before anything is read. */
  void check(CommandSpec spec) {
    optimizer =
        Arguments.requireKnown(
            spec, "--optimizer", optimizer, List.of("adamw", "adam", "sgd", "lamb"));
    schedule =
        Arguments.requireKnown(
            spec, "--schedule", schedule, List.of("onecycle", "cosine", "step", "constant"));
    positive(spec, "--epochs", epochs);
    positive(spec, "--batch", batch - 1);
    positive(spec, "--accumulate", parts);
    Arguments.require(
        spec, size >= 32 && size <= 1024, "--size is a side from 32 to 1024 pixels, not " + size);
    Arguments.require(
        spec, rate == null || (rate > 0 && rate <= 100), "--lr is a positive number, not " + rate);
    Arguments.require(
        spec,
        bodyRate == null || (bodyRate >= 0 && bodyRate <= 1),
        "--body-lr is a factor from 0 to 1, not " + bodyRate);
    Arguments.require(
        spec,
        smoothing >= 0 && smoothing < 1,
        "--label-smoothing is a share of 0 to below 1, not " + smoothing);
    Arguments.require(
        spec,
        (decay == null || (decay >= 0 && decay < Double.POSITIVE_INFINITY)) && clip >= 0,
        "--weight-decay is a number from 0 on, and --clip is not negative");
    Arguments.require(
        spec,
        mixup >= 0
            && mixup < Double.POSITIVE_INFINITY
            && cutmix >= 0
            && cutmix < Double.POSITIVE_INFINITY,
        "--mixup and --cutmix are numbers from 0 on, not %s and %s".formatted(mixup, cutmix));
    Arguments.require(
        spec,
        dropPath >= 0 && dropPath < 1,
        "--drop-path is a probability of 0 to below 1, not " + dropPath);
    Arguments.require(
        spec, average >= 0 && average < 1, "--ema is a decay of 0 to below 1, not " + average);
    Arguments.require(
        spec,
        cropArea > 0 && cropArea <= 1,
        "--crop-area is a share above 0 and up to 1, not " + cropArea);
    Arguments.require(
        spec,
        frozenEpochs == null || (frozenEpochs >= 0 && frozenEpochs <= epochs),
        "--frozen-epochs is at most --epochs, not " + frozenEpochs);
  }

  private static void positive(CommandSpec spec, String option, int value) {
    Arguments.require(
        spec,
        value >= 1,
        option
            + (option.equals("--batch")
                ? " is at least 2, since batch norms need several images"
                : " is at least 1"));
  }

  TrainingSettings settings(Network network, boolean fineTunes) {
    boolean sgd = optimizer.equals("sgd");
    boolean small = sgd || optimizer.equals("adam");
    Augmentation augmentation =
        plain ? Augmentation.NONE : Augmentation.USUAL.withLeastArea(cropArea);
    return new TrainingSettings(
        epochs,
        frozenEpochs != null ? frozenEpochs : fineTunes && epochs > 1 ? 1 : 0,
        size,
        batch,
        parts,
        rate != null ? rate : sgd ? 0.1 : 0.003,
        bodyRate != null ? bodyRate : fineTunes ? 0.1 : 1,
        optimizer,
        schedule,
        decay != null ? decay : small ? 5e-4 : 0.05,
        smoothing,
        mixup,
        cutmix,
        dropPath,
        clip,
        average,
        freeze.stream().flatMap(word -> LayerPaths.matching(network, word).stream()).toList(),
        seed,
        augmentation);
  }
}
