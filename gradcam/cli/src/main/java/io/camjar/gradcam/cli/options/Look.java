package io.camjar.gradcam.cli.options;

import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.render.ColorMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Colours and opacity of maps.
 *
 * @param colors of maps
 * @param alpha the heat's share in overlays
 */
public record Look(ColorMap colors, double alpha) {
  /** As pytorch-grad-cam shows maps. */
  private static final Look OF_CLASSES = new Look(ColorMap.JET, 0.5);

  /**
   * As fastai notebooks show activations, but for the share: the low end of magma is black, and at
   * their 0.6 it hides the image where nothing is active.
   */
  private static final Look OF_ACTIVATIONS = new Look(ColorMap.MAGMA, 0.45);

  /** Refuses what {@link #of} cannot use. */
  public static void check(CommandSpec spec, @Nullable String colormap, @Nullable Double alpha) {
    if (colormap != null) {
      Arguments.requireKnown(spec, "--colormap", colormap, ColorMap.names());
    }
    Arguments.require(
        spec,
        alpha == null || (alpha >= 0 && alpha <= 1),
        "--alpha is " + alpha + ", but must lie in 0 to 1");
  }

  /**
   * What was asked for, or else what suits the methods.
   *
   * @param methods what is shown in this look, all of them
   */
  public static Look of(
      List<CamMethod> methods, @Nullable String colormap, @Nullable Double alpha) {
    boolean ofClasses = methods.stream().allMatch(CamMethod::classDiscriminative);
    Look usual = ofClasses ? OF_CLASSES : OF_ACTIVATIONS;
    return new Look(
        colormap == null ? usual.colors : ColorMap.named(colormap),
        alpha == null ? usual.alpha : alpha);
  }
}
