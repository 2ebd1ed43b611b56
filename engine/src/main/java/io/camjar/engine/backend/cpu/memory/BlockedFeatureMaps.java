package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.kernel.simd.BlockedSums;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.threads.Threads;

/** Feature maps where a pass left them. */
public record BlockedFeatureMaps(BlockedTensor maps, Threads threads) implements FeatureMaps {
  @Override
  public int batch() {
    return maps.batch();
  }

  @Override
  public int channels() {
    return maps.channels();
  }

  @Override
  public int height() {
    return maps.height();
  }

  @Override
  public int width() {
    return maps.width();
  }

  @Override
  public float[] values(int image) {
    return maps.values(image, threads);
  }

  @Override
  public double[] means(int image) {
    return BlockedSums.means(maps, image, threads);
  }

  @Override
  public double[] weightedSum(int image, double[] weights) {
    return BlockedSums.weighted(maps, image, weights, threads);
  }
}
