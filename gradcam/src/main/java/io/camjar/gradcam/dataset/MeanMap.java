package io.camjar.gradcam.dataset;

import io.camjar.gradcam.render.ScaledMap;

/** The mean of maps on the common grid, built up one map at a time. */
public final class MeanMap {
  private final double[] sums = new double[MapGrid.SIDE * MapGrid.SIDE];
  private int count;

  /** The mean of some maps. */
  public static MeanMap of(Iterable<ImageMap> maps) {
    MeanMap mean = new MeanMap();
    maps.forEach(map -> mean.add(map.map()));
    return mean;
  }

  /** One more map; one without evidence counts as 0 everywhere. */
  public void add(ScaledMap map) {
    float[] values = MapGrid.of(map).values();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
    count++;
  }

  /** How many maps there were. */
  public int count() {
    return count;
  }

  /** The mean, 0 to 1; 0 everywhere without maps. */
  public ScaledMap map() {
    float[] values = new float[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = count == 0 ? 0 : (float) (sums[i] / count);
    }
    return new ScaledMap(MapGrid.SIDE, MapGrid.SIDE, values);
  }
}
