package io.camjar.gradcam.method;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.run.ArrayFeatureMaps;
import io.camjar.engine.run.FeatureMaps;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tokens {@code [1, T, D]}, or maps whose channels stand behind places, {@code [1, H, W, D]}, as D
 * feature maps on the grid of patches; tokens that stand for no place are left out, as
 * pytorch-grad-cam's {@code reshape_transform} does.
 */
public final class PatchMaps {
  private PatchMaps() {}

  /**
   * The feature maps of one image.
   *
   * @throws IllegalArgumentException if there are more or fewer tokens than the grid has
   */
  public static FeatureMaps of(INDArray tokens, PatchGrid patches) {
    PatchGrid grid = patches.forShape(tokens.shape());
    int channels = Math.toIntExact(tokens.size(-1));
    long count = tokens.length() / channels;
    if (count != grid.tokens()) {
      throw new IllegalArgumentException("%d tokens do not lie on %s".formatted(count, grid));
    }
    int cells = grid.height() * grid.width();
    float[] values = HostCopy.floats(tokens);
    float[] maps = new float[channels * cells];
    for (int cell = 0; cell < cells; cell++) {
      int from = (grid.prefix() + cell) * channels;
      for (int c = 0; c < channels; c++) {
        maps[c * cells + cell] = values[from + c];
      }
    }
    return ArrayFeatureMaps.of(channels, grid.height(), grid.width(), maps);
  }
}
