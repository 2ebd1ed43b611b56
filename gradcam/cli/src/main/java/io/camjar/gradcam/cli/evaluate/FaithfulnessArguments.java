package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.cli.images.BoxFile;
import io.camjar.gradcam.cli.options.Arguments;
import io.camjar.gradcam.cli.options.Candidates;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code evaluate} that ask for the faithfulness of maps. */
final class FaithfulnessArguments {
  private static final String BASELINE = "randomcam";

  private static final int USUAL_LIMIT = 100;
  private static final int USUAL_STEPS = 16;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--method",
      paramLabel = "LIST",
      split = ",",
      completionCandidates = Candidates.Methods.class,
      description =
          "Measure how faithful the maps of these methods are, randomcam next to them, instead of"
              + " the accuracy: ${COMPLETION-CANDIDATES}.")
  private List<String> methods = new ArrayList<>();

  @Option(
      names = "--boxes",
      paramLabel = "FILE",
      description =
          "Boxes around the objects, picture,left,top,right,bottom a line, for the pointing game"
              + " and the energy inside (with --method).")
  private @Nullable Path boxes;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "The layer of the maps (default: the last block; with --method or --clusters).")
  private @Nullable String layer;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "How many images, spread evenly over the folder (default: 100 with --method, else all).")
  private @Nullable Integer limit;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Steps of the deletion and insertion curves (default: "
              + USUAL_STEPS
              + "; with --method).")
  private @Nullable Integer steps;

  @Option(
      names = "--sanity",
      description =
          "Instead of the faithfulness: how like each method's maps stay when parts of the network"
              + " are replaced by random ones (with --method).")
  private boolean sanity;

  @Option(
      names = "--every-layer",
      description = "With --sanity: layer by layer in place of six parts.")
  private boolean everyLayer;

  /** Whether maps are to be measured. */
  boolean wanted() {
    return !methods.isEmpty();
  }

  /**
   * Refuses what makes no sense.
   *
   * @param clusters whether maps are to be grouped rather than measured
   */
  void check(boolean clusters) {
    for (String method : methods) {
      Arguments.requireUsable(spec, () -> CamMethods.named(method));
    }
    Arguments.require(
        spec,
        !clusters || (methods.size() <= 1 && boxes == null && steps == null && !sanity),
        "--clusters groups the maps of one method; leave --boxes, --steps, --sanity and other"
            + " methods out");
    Arguments.require(
        spec,
        clusters || wanted() || (boxes == null && steps == null && !sanity && layer == null),
        "--boxes, --steps, --layer and --sanity are about maps; say which with --method");
    Arguments.require(
        spec,
        !sanity || (boxes == null && steps == null),
        "--boxes and --steps are about how faithful maps are; leave them or --sanity out");
    Arguments.require(spec, sanity || !everyLayer, "--every-layer is about --sanity");
    Arguments.require(
        spec, limit == null || limit >= 1, "--limit is " + limit + ", but must be 1 or more");
    Arguments.require(
        spec, steps == null || steps >= 1, "--steps is " + steps + ", but must be 1 or more");
  }

  /** The methods, each once, with the baseline at the end. */
  List<CamMethod> methods() {
    List<String> names = new ArrayList<>(methods);
    if (!sanity) {
      names.add(BASELINE);
    }
    return names.stream().map(CamMethods::canonical).distinct().map(CamMethods::named).toList();
  }

  /** The boxes; none if no file was named. */
  BoxFile boxes() {
    return boxes == null ? BoxFile.none() : BoxFile.read(boxes);
  }

  @Nullable String layer() {
    return layer;
  }

  /** How many images are measured. */
  int limit() {
    return limit == null ? USUAL_LIMIT : limit;
  }

  /** How many images' maps are grouped, or answers are counted. */
  int limitOrAll() {
    return limit == null ? Integer.MAX_VALUE : limit;
  }

  /** The method of the maps that are grouped. */
  CamMethod method() {
    return methods.isEmpty() ? CamMethods.standard() : CamMethods.named(methods.get(0));
  }

  int steps() {
    return steps == null ? USUAL_STEPS : steps;
  }

  boolean sanity() {
    return sanity;
  }

  boolean everyLayer() {
    return everyLayer;
  }
}
