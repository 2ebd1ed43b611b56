package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.scaling.MapFusion;
import io.camjar.gradcam.scaling.MapStyle;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * How maps are made and shown. Immutable.
 *
 * @param method from activations and gradients to a raw map
 * @param counterfactual whether the score is negated, which shows what speaks against the class
 * @param smoothing what takes noise away
 * @param style from a raw map to values between 0 and 1
 * @param fusion how the maps of all layers become one more map; null for none
 * @param kept which arrays maps keep, for {@link CamMap#arrays}
 */
public record MapOptions(
    CamMethod method,
    boolean counterfactual,
    Set<Smoothing> smoothing,
    MapStyle style,
    @Nullable MapFusion fusion,
    Set<Kept> kept) {
  /** Arrays of a layer that are kept next to its map; they take as much memory as the layer. */
  public enum Kept {
    /** The layer's output. */
    ACTIVATION,
    /** The derivative of the explained score with respect to that output. */
    GRADIENT
  }

  /** Ways to take noise away, as pytorch-grad-cam has them. */
  public enum Smoothing {
    /** The mean over the image and its mirror image, each times 0.9, 1 and 1.1: six passes. */
    AUG,
    /** The first principal component of a method's terms over channels instead of their sum. */
    EIGEN
  }

  /** Grad-CAM as it is usually shown. */
  public static final MapOptions STANDARD =
      new MapOptions(CamMethods.standard(), false, Set.of(), MapStyle.STANDARD, null, Set.of());

  public MapOptions {
    smoothing = Set.copyOf(smoothing);
    kept = Set.copyOf(kept);
  }

  /** The same with this method. */
  public MapOptions withMethod(CamMethod way) {
    return new MapOptions(way, counterfactual, smoothing, style, fusion, kept);
  }

  /**
   * The same with the score negated and with it all gradients: what speaks against the class
   * (Grad-CAM's paper, section 3.3).
   *
   * @throws CamjarException when maps are made, if the method's maps are the same for all classes
   */
  public MapOptions withCounterfactual(boolean negated) {
    return new MapOptions(method, negated, smoothing, style, fusion, kept);
  }

  /**
   * Refuses what the method cannot do.
   *
   * @throws CamjarException if a counterfactual is asked of a method that knows no classes, or
   *     arrays of layers of one that has a single map on the input's pixels
   */
  public void requireUsable() {
    if (counterfactual && !method.classDiscriminative()) {
      throw new CamjarException(
          ("a counterfactual shows what speaks against a class, and %s looks at activations alone,"
                  + " whatever the class; use gradcam, say")
              .formatted(method.name()));
    }
    if (!kept.isEmpty() && method.onlyLayer() != null) {
      throw new CamjarException(
          "%s has one map on the input's pixels and no arrays of layers; use gradcam, say"
              .formatted(method.name()));
    }
  }

  /** The same, smoothed. */
  public MapOptions withSmoothing(Smoothing... ways) {
    Set<Smoothing> set = EnumSet.noneOf(Smoothing.class);
    set.addAll(List.of(ways));
    return new MapOptions(method, counterfactual, set, style, fusion, kept);
  }

  /** The same, shown like this. */
  public MapOptions withStyle(MapStyle way) {
    return new MapOptions(method, counterfactual, smoothing, way, fusion, kept);
  }

  /** The same with one more map that all layers are fused into. */
  public MapOptions withFusion(@Nullable MapFusion way) {
    return new MapOptions(method, counterfactual, smoothing, style, way, kept);
  }

  /**
   * The same, keeping these arrays of each layer.
   *
   * @throws CamjarException when maps are made, if the method makes one map on the input's pixels
   */
  public MapOptions withKept(Kept... arrays) {
    return new MapOptions(method, counterfactual, smoothing, style, fusion, Set.of(arrays));
  }

  /** The method and whatever is not standard, as records name it: {@code gradcam, smooth=aug}. */
  public String describe() {
    StringJoiner words = new StringJoiner(", ").add(method.name());
    if (counterfactual) {
      words.add("counterfactual");
    }
    for (Smoothing way : EnumSet.allOf(Smoothing.class)) {
      if (smoothing.contains(way)) {
        words.add("smooth=" + lower(way));
      }
    }
    if (style.sign() != MapStyle.STANDARD.sign()) {
      words.add("sign=" + lower(style.sign()));
    }
    if (style.threshold() != 0) {
      words.add("threshold=" + style.threshold());
    }
    if (!style.scaling().equals(MapStyle.STANDARD.scaling())) {
      words.add("scale=" + style.scaling());
    }
    return words.toString();
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
