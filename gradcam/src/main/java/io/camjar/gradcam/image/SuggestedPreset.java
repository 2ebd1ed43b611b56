package io.camjar.gradcam.image;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.ReplacedHead;
import io.camjar.engine.model.family.MsdNet;
import io.camjar.engine.model.family.MsdNetDesign;
import io.camjar.engine.model.family.VisionTransformer;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.CheckpointConverter;
import io.camjar.weights.container.preparation.Preparation;
import io.camjar.weights.provenance.Assumption.Source;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How images were most likely prepared when a file's network was trained. */
public final class SuggestedPreset {
  private static final int WHOLE = 384;
  private static final float HALF = 0.5f;
  private static final float[] CIFAR10_MEAN = {0.4914f, 0.4824f, 0.4467f};
  private static final float[] CIFAR10_STD = {0.2471f, 0.2435f, 0.2616f};
  private static final float[] CIFAR100_MEAN = {0.5071f, 0.4867f, 0.4408f};
  private static final float[] CIFAR100_STD = {0.2675f, 0.2565f, 0.2761f};

  private SuggestedPreset() {}

  /**
   * What the file says, and where it says nothing what is usual for its head; torchvision's for the
   * built-in model, which was trained so.
   */
  public static Preset of(Checkpoint checkpoint, int channels) {
    String why =
        switch (checkpoint.head()) {
          case "" -> "nothing is known of it";
          case "none" -> "it has no classifier";
          case "onnx" -> "an ONNX file does not tell";
          default -> "the head is %s's".formatted(checkpoint.head());
        };
    Preset preset =
        ofFamily(checkpoint)
            .orElseGet(() -> Preset.usual(name(checkpoint), why))
            .meantFor(checkpoint.requireArchitecture().inputSize())
            .withChannels(channels);
    return checkpoint.preparation().map(preset::following).orElse(preset);
  }

  /**
   * How images are prepared for a file's network, where an ONNX model of it would not be taken to
   * want that: its architecture, by which a family's preparation is known, is not told there, nor
   * the size that a network of any size is meant for.
   */
  public static Optional<Preparation> untold(Checkpoint checkpoint) {
    Architecture architecture = checkpoint.requireArchitecture();
    Preset taken = of(checkpoint, architecture.inChannels());
    Preset told =
        Preset.usual("torchvision", "")
            .meantFor(CheckpointConverter.sizeInOnnx(checkpoint))
            .withChannels(architecture.inChannels());
    Optional<Preparation> inside = checkpoint.knowledge().preparation();
    return untold(taken, inside.isPresent() ? told.following(inside.get()) : told);
  }

  /**
   * The same where a safetensors file of it would not be taken to want that: other names, or files
   * that no longer lie next to it, may tell another preparation.
   *
   * @param written what that file is taken for
   */
  public static Optional<Preparation> untold(Checkpoint checkpoint, Checkpoint written) {
    int channels = checkpoint.requireArchitecture().inChannels();
    return untold(of(checkpoint, channels), of(written, channels));
  }

  private static Optional<Preparation> untold(Preset taken, Preset told) {
    if (taken.origins().refusal() != null
        || (taken.steps().equals(told.steps())
            && Arrays.equals(taken.mean(), told.mean())
            && Arrays.equals(taken.std(), told.std()))) {
      return Optional.empty();
    }
    String who =
        Stream.of(taken.origins().framing(), taken.origins().normalization())
            .map(Origin::toString)
            .distinct()
            .collect(Collectors.joining("; "));
    return Optional.of(taken.preparation("as camjar took it before the conversion: " + who));
  }

  /** What a family's own programs do that differs from torchvision's. */
  private static Optional<Preset> ofFamily(Checkpoint checkpoint) {
    Architecture architecture = checkpoint.requireArchitecture();
    int side = architecture.inputSize().height();
    Architecture body = architecture instanceof ReplacedHead other ? other.whole() : architecture;
    if (body instanceof VisionTransformer vit && vit.style().equals("timm")) {
      // timm's networks of 384 pixels see the whole short side, those of 224 nine tenths.
      Preset framing = Preset.custom(side, side >= WHOLE ? 1 : 0.9, Resample.BICUBIC);
      String name = checkpoint.source().toLowerCase(Locale.ROOT);
      if (name.contains("deit") || name.contains("dino")) {
        return Optional.of(said(framing, "timm's for DeiT, as the file's name says"));
      }
      return Optional.of(
          said(
              framing.withNormalisation(gray(HALF), gray(HALF)),
              "timm's for vision transformers; DeiT and DINO have ImageNet's mean and std"));
    }
    if (architecture instanceof MsdNet msdnet
        && msdnet.design().stem() == MsdNetDesign.Stem.CIFAR) {
      Preset whole = Preset.custom(side, 1, Resample.BILINEAR);
      if (msdnet.design().names() == MsdNetDesign.Names.PORT) {
        return Optional.of(
            said(
                whole.withNormalisation(gray(0), gray(1)),
                "avirambh/MSDNet-GCN only divides samples by 255"));
      }
      return Optional.of(
          architecture.classes() == 100
              ? said(whole.withNormalisation(CIFAR100_MEAN, CIFAR100_STD), "CIFAR-100's")
              : said(whole.withNormalisation(CIFAR10_MEAN, CIFAR10_STD), "CIFAR-10's"));
    }
    return Optional.empty();
  }

  private static Preset said(Preset preset, String why) {
    return preset.saidBy(Preset.Origins.all(new Origin(Source.DEFAULT, why)));
  }

  private static float[] gray(float value) {
    return new float[] {value, value, value};
  }

  private static String name(Checkpoint checkpoint) {
    if (checkpoint.source().equals("built-in")) {
      return "torchvision";
    }
    return switch (checkpoint.head()) {
      case "fastai1" -> "fastai1";
      case "fastai2" -> "fastai2-crop";
      default -> "torchvision";
    };
  }
}
