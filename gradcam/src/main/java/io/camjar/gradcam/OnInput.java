package io.camjar.gradcam;

import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.render.MapResize;
import io.camjar.gradcam.scaling.MapFusion;
import io.camjar.gradcam.scaling.MapStyle;
import io.camjar.gradcam.scaling.MinMax;
import io.camjar.gradcam.scaling.Sign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maps at the resolution of the network's input, where maps of several layers or passes meet.
 *
 * @param height rows of the input
 * @param width columns of the input
 * @param style how the maps are shown
 */
record OnInput(int height, int width, MapStyle style) {
  static OnInput of(INDArray input, MapStyle style) {
    return new OnInput((int) input.size(2), (int) input.size(3), style);
  }

  /** The scaled map, enlarged, and scaled a second time as pytorch-grad-cam does. */
  float[] shown(CamMap map) {
    return again(enlarge(map));
  }

  /** One map from the scaled maps of several layers; not finite if one of them is not. */
  CamMap fuse(MapFusion fusion, List<CamMap> maps) {
    List<float[]> enlarged = new ArrayList<>();
    boolean finite = true;
    for (CamMap map : maps) {
      enlarged.add(enlarge(map));
      finite &= map.status() != MapStatus.NON_FINITE;
    }
    String name = "fused-" + fusion.name().toLowerCase(Locale.ROOT);
    return map(name, maps.get(0).target(), again(fusion.combine(enlarged)), finite);
  }

  /** A map of values that lie in 0..1 already. */
  CamMap map(String layer, ClassLabel target, float[] values, boolean finite) {
    return map(layer, target, values, finite, null);
  }

  /** The same of a layer whose arrays were kept. */
  CamMap map(
      String layer,
      ClassLabel target,
      float[] values,
      boolean finite,
      CamMap.@Nullable Arrays arrays) {
    if (!finite) {
      Arrays.fill(values, Float.NaN);
    }
    RawMap raw = new RawMap(height, width, values, null);
    return new CamMap(layer, target, raw, MapStyle.AS_IS, arrays);
  }

  private float[] enlarge(CamMap map) {
    return MapResize.bilinear(map.toScaledMap(), height, width);
  }

  /** Signed maps keep their middle, so they are not stretched. */
  private float[] again(float[] values) {
    return style.sign() == Sign.SIGNED ? values : MinMax.scale(values);
  }
}
