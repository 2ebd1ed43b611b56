package io.camjar.gradcam.doctor;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.target.Outputs;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.container.preparation.PreparationStep;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tests the five commonest mistakes: samples of 0 to 255 for 0 to 1, blue for red, squish for crop,
 * statistics that were never updated, names of another number than there are classes.
 *
 * <p>Of order and framing the share of the first class is compared for one image. A network is most
 * often surer of images that are prepared as in training, but a single image proves nothing, and
 * the sentences claim no more. What could not be tested says why.
 */
final class Mistakes {
  /**
   * How much surer a network must be of the other way before that is worth a look. Of 150
   * photographs of Imagenette's validation set the built-in model was so much surer with blue first
   * of 1, and 48 would have been noticed had they been read with blue first; with 0.1 of 11 and 75.
   */
  private static final double MARGIN = 0.25;

  /** A single image's variance lies within a factor of 100 of what a norm remembers. */
  private static final double FAR = 2;

  /** Images of less contrast, as a standard deviation of 255, say nothing about variances. */
  private static final double LEAST_CONTRAST = 10;

  private final Checkpoint checkpoint;
  private final Network network;
  private final Preset preset;
  private final Readout readout;
  private final Examination examination;
  private final @Nullable RgbImage image;
  private final RunningStatistics statistics;

  Mistakes(
      Checkpoint checkpoint,
      Network network,
      Preset preset,
      Readout readout,
      Examination examination) {
    this.checkpoint = checkpoint;
    this.network = network;
    this.preset = preset;
    this.readout = readout;
    this.examination = examination;
    this.image = examination.image() == null ? null : examination.image().image();
    this.statistics = RunningStatistics.of(checkpoint.canonical());
  }

  /** All five. */
  List<MistakeCheck> test() {
    return List.of(unit(), order(), framing(), statistics.finding(), labels());
  }

  /**
   * Whether the first norm remembers images of this unit. A share would not tell: a network is sure
   * of anything that is 255 times as large.
   */
  private MistakeCheck unit() {
    if (image == null) {
      return MistakeCheck.untested("unit", "needs an image");
    }
    if (statistics.isFresh("bn1")) {
      return MistakeCheck.untested("unit", "bn1 has the running statistics of a fresh network");
    }
    if (contrast(image) < LEAST_CONTRAST) {
      return MistakeCheck.untested("unit", "the image is nearly of one colour");
    }
    Optional<FirstNorm> found;
    try {
      preset.check();
      found = FirstNorm.of(checkpoint.canonical(), preset.apply(image));
    } catch (CamjarException e) {
      return MistakeCheck.untested("unit", e.getMessage());
    }
    if (found.isEmpty()) {
      return MistakeCheck.untested(
          "unit", "the network does not begin with one convolution and one batch norm");
    }
    FirstNorm norm = found.get();
    String measured =
        String.format(
            Locale.ROOT, "conv1's outputs vary %.3g times as much as bn1 remembers", norm.ratio());
    if (norm.distance(1) <= FAR) {
      return new MistakeCheck("unit", MistakeCheck.FINE, measured);
    }
    boolean small = norm.distance(FirstNorm.UNIT) < norm.distance(1 / FirstNorm.UNIT);
    double times = small ? FirstNorm.UNIT : 1 / FirstNorm.UNIT;
    if (norm.distance(times) > FAR) {
      return new MistakeCheck(
          "unit",
          MistakeCheck.SUSPICIOUS,
          measured
              + ", far from 1, and another unit alone does not explain it: see --mean and"
              + " --std");
    }
    String remedy =
        small
            ? "; with samples of 0 to 255 in place of 0 to 1 %.3g times: try --preset raw255, with"
                + " --mean and --std on that scale if it has some"
            : "; with samples of 0 to 1 in place of 0 to 255 %.3g times: try --preset torchvision";
    return new MistakeCheck(
        "unit",
        MistakeCheck.SUSPICIOUS,
        measured + String.format(Locale.ROOT, remedy, norm.ratio() * times));
  }

  /** Standard deviation of all samples. */
  private static double contrast(RgbImage image) {
    double sum = 0;
    double squares = 0;
    byte[] samples = image.toBytes();
    for (byte sample : samples) {
      int value = sample & 0xff;
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / samples.length;
    return Math.sqrt(Math.max(0, squares / samples.length - mean * mean));
  }

  private MistakeCheck order() {
    if (preset.channels() != 3) {
      return MistakeCheck.untested(
          "channel-order",
          "the network takes " + (preset.channels() == 1 ? "one channel" : "no colour images"));
    }
    return compared(
        "channel-order",
        preset.blueFirst() ? "red first" : "blue first",
        preset.blueFirst() ? "leave --bgr out" : "try --bgr",
        true,
        preset);
  }

  /** Red for blue, as an image that OpenCV read. */
  private static RgbImage swapped(RgbImage image) {
    byte[] samples = image.toBytes();
    for (int i = 0; i < samples.length; i += 3) {
      byte red = samples[i];
      samples[i] = samples[i + 2];
      samples[i + 2] = red;
    }
    return RgbImage.of(image.width(), image.height(), samples);
  }

  private MistakeCheck framing() {
    boolean squishes =
        preset.steps().stream().anyMatch(step -> step.kind() == PreparationStep.Kind.RESIZE)
            && preset.steps().stream()
                .noneMatch(step -> step.kind() == PreparationStep.Kind.CENTER_CROP);
    Preset other = preset.framedAs(Preset.named(squishes ? "torchvision" : "fastai2-squish"));
    return compared(
        "resize",
        squishes ? "a centre crop" : "a squish",
        squishes ? "try --preset torchvision" : "try --preset fastai2-squish",
        false,
        other);
  }

  /**
   * One image in two ways.
   *
   * @param turned whether the other way is with red and blue exchanged
   * @param way how it is prepared then
   */
  private MistakeCheck compared(
      String mistake, String other, String remedy, boolean turned, Preset way) {
    if (image == null) {
      return MistakeCheck.untested(mistake, "needs an image");
    }
    if (checkpoint.requireArchitecture().classes() == 0 || readout.outputs() == Outputs.RAW) {
      return MistakeCheck.untested(mistake, "the outputs have no shares to compare");
    }
    try {
      preset.check();
      Prediction here = first(image, preset);
      Prediction there = first(turned ? swapped(image) : image, way);
      if (Double.isNaN(here.probability()) || Double.isNaN(there.probability())) {
        return MistakeCheck.untested(mistake, "the outputs are not finite");
      }
      String measured =
          String.format(
              Locale.ROOT,
              "as prepared %s %.3f; with %s %s %.3f",
              here.target().display(),
              here.probability(),
              other,
              there.target().display(),
              there.probability());
      boolean surer = there.probability() > here.probability() + MARGIN;
      return surer
          ? new MistakeCheck(
              mistake,
              MistakeCheck.SUSPICIOUS,
              measured + ": surer. One image proves nothing; " + remedy)
          : new MistakeCheck(mistake, MistakeCheck.FINE, measured + ": not surer");
    } catch (CamjarException e) {
      return MistakeCheck.untested(mistake, e.getMessage());
    }
  }

  private Prediction first(RgbImage picture, Preset way) {
    float[] logits = new Classifier(network, way).logits(List.of(picture))[0];
    return readout.predicted(logits);
  }

  private MistakeCheck labels() {
    int outputs = checkpoint.requireArchitecture().classes();
    Examination.GivenNames given = examination.names();
    int inFile = checkpoint.knowledge().classes().size();
    if (given == null && inFile == 0) {
      int known = readout.labels().names().size();
      String reason = readout.labelsDecision().reason();
      return MistakeCheck.untested("labels", known == 0 ? "nobody names the classes" : reason);
    }
    int named = given == null ? inFile : given.count();
    String measured =
        "%d names in %s, %d outputs"
            .formatted(named, given == null ? "the file" : given.source(), outputs);
    boolean fits = named == outputs || (outputs == 1 && named == 2);
    return fits
        ? new MistakeCheck(
            "labels",
            MistakeCheck.FINE,
            measured + "; whether they are in the right order is not tested")
        : new MistakeCheck(
            "labels", MistakeCheck.WRONG, measured + ": give the right ones with --labels");
  }
}
