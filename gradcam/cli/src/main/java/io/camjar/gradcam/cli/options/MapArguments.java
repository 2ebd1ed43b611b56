package io.camjar.gradcam.cli.options;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassArguments;
import io.camjar.gradcam.MapOptions;
import io.camjar.gradcam.MapOptions.Kept;
import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.Readout;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.scaling.MapFusion;
import io.camjar.gradcam.scaling.MapStyle;
import io.camjar.gradcam.scaling.Scaling;
import io.camjar.gradcam.scaling.Sign;
import io.camjar.gradcam.target.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code explain} that say how maps are made and shown, the method aside. */
public final class MapArguments {
  private static final String COUNTERFACTUAL = "counterfactual";
  private static final String MAP = "map";
  private static final String ACTIVATION = "activation";
  private static final String GRADIENT = "gradient";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--score",
      paramLabel = "logit|probability",
      defaultValue = "logit",
      description = "Which score of a class is explained (default: ${DEFAULT-VALUE}).")
  private String score;

  @Option(
      names = "--against",
      paramLabel = "N|NAME|topK",
      description = "Explain how far each class is ahead of this one; top2 is the runner-up.")
  private @Nullable String against;

  @Option(
      names = "--smooth",
      paramLabel = "aug|eigen",
      split = ",",
      description =
          "Take noise away: aug is the mean over flips and three brightnesses, eigen the first"
              + " principal component.")
  private List<String> smooth = new ArrayList<>();

  @Option(
      names = "--fuse",
      paramLabel = "mean|max|product",
      description = "Write one more map that all layers are fused into.")
  private @Nullable String fuse;

  @Option(
      names = "--sign",
      paramLabel = "WORD",
      defaultValue = "rectified",
      description =
          "Evidence for the class (rectified), for and against around 0.5 (signed), both alike"
              + " (absolute), or against (counterfactual: the score negated)"
              + " (default: ${DEFAULT-VALUE}).")
  private String sign;

  @Option(
      names = "--threshold",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "In place of ReLU's 0: show what exceeds this share of the largest value"
              + " (default: ${DEFAULT-VALUE}).")
  private double threshold;

  @Option(
      names = "--scale",
      paramLabel = "NAME",
      defaultValue = "pytorch-grad-cam",
      description = "pytorch-grad-cam, minmax or percentile:P (default: ${DEFAULT-VALUE}).")
  private String scale;

  @Option(
      names = "--what",
      paramLabel = "LIST",
      split = ",",
      defaultValue = MAP,
      description =
          "What to write of each layer: map, and as arrays (--format npy) its activation and the"
              + " gradient of each class's score there (default: ${DEFAULT-VALUE}).")
  private List<String> what = new ArrayList<>();

  /** Refuses what makes no sense, with this method or at all. */
  public void check(CamMethod method) {
    score = Arguments.requireKnown(spec, "--score", score, List.of("logit", "probability"));
    Arguments.require(
        spec,
        against == null || score.equals("logit"),
        "--against compares logits; leave --score out");
    smooth.replaceAll(
        way -> Arguments.requireKnown(spec, "--smooth", way, words(Smoothing.values())));
    if (fuse != null) {
      fuse = Arguments.requireKnown(spec, "--fuse", fuse, words(MapFusion.values()));
    }
    List<String> signs = new ArrayList<>(words(Sign.values()));
    signs.add(COUNTERFACTUAL);
    sign = Arguments.requireKnown(spec, "--sign", sign, signs);
    Arguments.require(
        spec,
        threshold > -1 && threshold < 1,
        "--threshold is " + threshold + ", but must be above -1 and below 1");
    what.replaceAll(
        word -> Arguments.requireKnown(spec, "--what", word, List.of(MAP, ACTIVATION, GRADIENT)));
    Arguments.requireUsable(spec, () -> Scaling.named(scale));
    Arguments.requireUsable(spec, () -> options(method).requireUsable());
  }

  /** Refuses arrays where no arrays are written, and images where no maps are. */
  public void checkFormats(List<String> formats) {
    Arguments.require(
        spec,
        options(CamMethods.standard()).kept().isEmpty() || formats.contains("npy"),
        "--what %s writes arrays; add npy to --format".formatted(String.join(",", what)));
    Arguments.require(
        spec,
        maps() || formats.stream().allMatch(List.of("npy", "json")::contains),
        "--what %s leaves the maps out, which --format %s shows; add map to --what, or write npy and json alone"
            .formatted(String.join(",", what), String.join(",", formats)));
  }

  /** Whether maps are written. */
  public boolean maps() {
    return what.contains(MAP);
  }

  private Kept[] kept() {
    return Stream.of(Kept.values())
        .filter(array -> what.contains(array.name().toLowerCase(Locale.ROOT)))
        .toArray(Kept[]::new);
  }

  /** Whether the score is negated, which methods that know no class cannot do. */
  public boolean counterfactual() {
    return COUNTERFACTUAL.equalsIgnoreCase(sign);
  }

  /** What they mean with this method. */
  public MapOptions options(CamMethod method) {
    boolean counterfactual = sign.equals(COUNTERFACTUAL);
    Sign kept = counterfactual ? Sign.RECTIFIED : Sign.valueOf(upper(sign));
    return MapOptions.STANDARD
        .withMethod(method)
        .withCounterfactual(counterfactual)
        .withSmoothing(
            smooth.stream().map(way -> Smoothing.valueOf(upper(way))).toArray(Smoothing[]::new))
        .withStyle(new MapStyle(kept, threshold, Scaling.named(scale)))
        .withFusion(fuse == null ? null : MapFusion.valueOf(upper(fuse)))
        .withKept(kept());
  }

  /** These targets, with the score that was asked for. */
  public List<Target> scores(List<Target> targets, Readout readout) {
    if (score.equals("probability")) {
      return checked(targets.stream().map(Target::probability), readout);
    }
    if (against != null) {
      List<Target> rivals = ClassArguments.targets(List.of(against), readout);
      Arguments.require(
          spec,
          rivals.size() == 1,
          "--against is '%s', but each class is compared with one class; give one"
              .formatted(against));
      return checked(
          targets.stream().map(target -> Target.against(target, rivals.get(0))), readout);
    }
    return targets;
  }

  /**
   * Why a method cannot explain the score that was asked for, whatever the image; empty where it
   * can.
   *
   * @param outputs of the network
   */
  public Optional<String> refusal(CamMethod method, int outputs) {
    if (outputs < 2 || (score.equals("logit") && against == null)) {
      return Optional.empty();
    }
    Score asked = against == null ? Score.probability(0) : Score.difference(0, 1);
    try {
      method.score(asked, new float[outputs]);
      return Optional.empty();
    } catch (CamjarException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static List<Target> checked(Stream<Target> scored, Readout readout) {
    List<Target> targets = scored.toList();
    targets.forEach(target -> target.check(readout));
    return targets;
  }

  /** What classes are compared with, as it was typed. */
  public Optional<String> against() {
    return Optional.ofNullable(against);
  }

  private static List<String> words(Enum<?>[] values) {
    return Stream.of(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
