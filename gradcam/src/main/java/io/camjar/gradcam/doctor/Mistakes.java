package io.camjar.gradcam.doctor;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.accuracy.Classifier;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.container.preparation.Step;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tests the five commonest mistakes: samples of 0 to 255 for 0 to 1, blue for red, running
 * statistics that were never updated, labels of another number, and squish for crop.
 *
 * <p>Of order and framing the share of the first class is compared for one image. A network is most
 * often surer of images that are prepared as in training, but a single image proves nothing, and
 * the sentences claim no more.
 */
final class Mistakes {
  /** How much surer a network must be of the other way before that is worth a look. */
  private static final double MARGIN = 0.1;

  /** A single image's variance lies within a factor of 100 of what a norm remembers. */
  private static final double FAR = 2;

  private final Checkpoint checkpoint;
  private final Network network;
  private final Preset preset;
  private final Readout readout;

  Mistakes(Checkpoint checkpoint, Network network, Preset preset, Readout readout) {
    this.checkpoint = checkpoint;
    this.network = network;
    this.preset = preset;
    this.readout = readout;
  }

  /**
   * All five.
   *
   * @param image null where there is none: three of them are not tested then
   */
  List<Finding> test(@Nullable RgbImage image) {
    List<Finding> all = new ArrayList<>();
    all.add(unit(image));
    all.add(
        preset.channels() == 3
            ? compared(
                "channel-order",
                image,
                preset.blueFirst() ? "red first" : "blue first",
                preset.blueFirst() ? "leave --bgr out" : "try --bgr",
                Mistakes::swapped,
                p -> p)
            : new Finding("channel-order", Finding.UNTESTED, "the network takes one channel"));
    boolean squishes = squishes();
    all.add(
        compared(
            "resize",
            image,
            squishes ? "a centre crop in place of a squish" : "a squish in place of a crop",
            squishes ? "try --preset torchvision" : "try --preset fastai2-squish",
            i -> i,
            p -> otherFraming(p, squishes)));
    all.add(statistics());
    all.add(labels());
    return all;
  }

  /**
   * Whether the first norm remembers images of this unit. A share would not tell: a network is sure
   * of anything that is 255 times as large.
   */
  private Finding unit(@Nullable RgbImage image) {
    if (image == null) {
      return new Finding("unit", Finding.UNTESTED, "needs an image");
    }
    OptionalDouble here = FirstNorm.ratio(checkpoint.canonical(), preset.apply(image));
    OptionalDouble there = FirstNorm.ratio(checkpoint.canonical(), inBytes(preset).apply(image));
    if (here.isEmpty() || there.isEmpty()) {
      return new Finding("unit", Finding.UNTESTED, "the network does not begin with conv1, bn1");
    }
    boolean off = distance(here) > FAR && distance(there) < distance(here) / 2;
    String measured =
        String.format(
            Locale.ROOT,
            "conv1's outputs vary %.3g times as much as bn1 remembers; with samples of 0 to 255 in"
                + " place of 0 to 1 %.3g times",
            here.getAsDouble(),
            there.getAsDouble());
    return off
        ? new Finding(
            "unit",
            Finding.SUSPICIOUS,
            measured + ": nearer. Give --mean and --std on the scale that it was trained with")
        : new Finding("unit", Finding.FINE, measured);
  }

  private static double distance(OptionalDouble ratio) {
    return Math.abs(Math.log10(Math.max(ratio.getAsDouble(), 1e-12)));
  }

  private boolean squishes() {
    return preset.steps().stream().anyMatch(step -> step.kind() == Step.Kind.RESIZE)
        && preset.steps().stream().noneMatch(step -> step.kind() == Step.Kind.CENTER_CROP);
  }

  private static Preset inBytes(Preset preset) {
    return preset.withNormalisation(divided(preset.mean()), divided(preset.std()));
  }

  /** {@code (255 x - mean) / std} is {@code (x - mean / 255) / (std / 255)}. */
  private static float[] divided(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] /= 255;
    }
    return values;
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

  private static Preset otherFraming(Preset preset, boolean squishes) {
    return Preset.named(squishes ? "torchvision" : "fastai2-squish")
        .withChannels(preset.channels())
        .withSize(preset.height(), preset.width())
        .withNormalisation(preset.mean(), preset.std());
  }

  private Finding compared(
      String mistake,
      @Nullable RgbImage image,
      String other,
      String remedy,
      UnaryOperator<RgbImage> otherImage,
      UnaryOperator<Preset> otherWay) {
    if (image == null) {
      return new Finding(mistake, Finding.UNTESTED, "needs an image");
    }
    try {
      Prediction here = first(image, preset);
      Prediction there = first(otherImage.apply(image), otherWay.apply(preset));
      if (Double.isNaN(here.probability()) || Double.isNaN(there.probability())) {
        return new Finding(mistake, Finding.UNTESTED, "the outputs have no shares to compare");
      }
      boolean surer = there.probability() > here.probability() + MARGIN;
      String measured =
          String.format(
              Locale.ROOT,
              "as prepared %s %.3f; with %s %s %.3f",
              here.target().display(),
              here.probability(),
              other,
              there.target().display(),
              there.probability());
      return surer
          ? new Finding(
              mistake,
              Finding.SUSPICIOUS,
              measured + ": surer. One image proves nothing; " + remedy)
          : new Finding(mistake, Finding.FINE, measured);
    } catch (CamjarException e) {
      return new Finding(mistake, Finding.UNTESTED, e.getMessage());
    }
  }

  private Prediction first(RgbImage image, Preset way) {
    float[] logits = new Classifier(network, way).logits(List.of(image))[0];
    return readout.likeliest(logits);
  }

  /** Norms whose running mean is 0 and running variance 1 throughout have never seen an image. */
  private Finding statistics() {
    int norms = 0;
    int fresh = 0;
    StateDict tensors = checkpoint.canonical();
    for (TensorEntry mean : tensors.entries()) {
      if (mean.name().endsWith("running_mean")) {
        norms++;
        boolean untouched =
            all(mean, 0)
                && tensors
                    .find(mean.name().replace("running_mean", "running_var"))
                    .filter(variance -> all(variance, 1))
                    .isPresent();
        fresh += untouched ? 1 : 0;
      }
    }
    String measured =
        "%d of %d norms have the running statistics of a fresh network".formatted(fresh, norms);
    if (fresh == 0) {
      return new Finding("statistics", Finding.FINE, measured);
    }
    return new Finding(
        "statistics",
        fresh == norms ? Finding.WRONG : Finding.SUSPICIOUS,
        measured
            + ": they were never updated in train mode, and in eval mode the network computes with"
            + " them");
  }

  private static boolean all(TensorEntry tensor, float value) {
    for (float one : tensor.toFloats()) {
      if (one != value) {
        return false;
      }
    }
    return true;
  }

  private Finding labels() {
    int outputs = checkpoint.spec().classes();
    int named = checkpoint.knowledge().classes().size();
    String measured = "%d names in the file, %d outputs".formatted(named, outputs);
    boolean fits = named == outputs || (outputs == 1 && named == 2);
    if (named == 0) {
      return new Finding("labels", Finding.UNTESTED, measured);
    }
    return fits
        ? new Finding("labels", Finding.FINE, measured)
        : new Finding("labels", Finding.WRONG, measured + ": give the right ones with --labels");
  }
}
