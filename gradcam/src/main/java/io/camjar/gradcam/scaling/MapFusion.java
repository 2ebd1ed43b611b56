package io.camjar.gradcam.scaling;

import java.util.List;

/** How the maps of several layers, scaled and at one resolution, become one. */
public enum MapFusion {
  /** Place by place the mean, as pytorch-grad-cam does with several target layers. */
  MEAN,
  /** The maximum, as torch-cam's {@code fuse_cams}. */
  MAX,
  /** The product, as pytorch-grad-cam's RefineCAM: only where all layers agree. */
  PRODUCT;

  /** One map from several of one length, not yet scaled again. */
  public float[] combine(List<float[]> maps) {
    float[] fused = maps.get(0).clone();
    for (float[] map : maps.subList(1, maps.size())) {
      for (int i = 0; i < fused.length; i++) {
        fused[i] =
            switch (this) {
              case MEAN -> fused[i] + map[i];
              case MAX -> Math.max(fused[i], map[i]);
              case PRODUCT -> fused[i] * map[i];
            };
      }
    }
    if (this == MEAN) {
      for (int i = 0; i < fused.length; i++) {
        fused[i] /= maps.size();
      }
    }
    return fused;
  }
}
