package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.FeatureMaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Feature maps where a pass left them, on the device: only means and maps come back. Sums are kept
 * in two floats each, so that they are as exact as the host's in double precision.
 */
record GpuFeatureMaps(GpuLayout layout, Tensor maps, Shape shape) implements FeatureMaps {

  @Override
  public int batch() {
    return shape.at(0);
  }

  @Override
  public int channels() {
    return shape.at(1);
  }

  @Override
  public int height() {
    return shape.at(2);
  }

  @Override
  public int width() {
    return shape.at(3);
  }

  private int places() {
    return height() * width();
  }

  @Override
  public float[] values(int image) {
    int length = channels() * places();
    return read(maps, (long) image * length, length);
  }

  @Override
  public double[] means(int image) {
    Tensor sums = layout.arena().take(2 * batch() * channels());
    try {
      layout.pools().sums(maps, sums);
      double[] means = pairs(read(sums, 2L * image * channels(), 2 * channels()));
      for (int c = 0; c < means.length; c++) {
        means[c] /= places();
      }
      return means;
    } finally {
      layout.arena().give(sums);
    }
  }

  @Override
  public double[] weightedSum(int image, double[] weights) {
    float[] split = new float[2 * weights.length];
    for (int c = 0; c < weights.length; c++) {
      split[2 * c] = (float) weights[c];
      split[2 * c + 1] = (float) (weights[c] - split[2 * c]);
    }
    Tensor factors = layout.arena().take(split.length);
    try {
      Tensor sums = layout.arena().take(2 * places());
      try {
        layout.device().upload(factors.memory(), split);
        layout.pools().weightedSum(maps, factors, sums, image * channels() * places());
        return pairs(read(sums, 0, sums.length()));
      } finally {
        layout.arena().give(sums);
      }
    } finally {
      layout.arena().give(factors);
    }
  }

  private float[] read(Tensor from, long offset, int length) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    layout.device().download(from.memory(), offset, buffer);
    float[] values = new float[length];
    buffer.get(values);
    return values;
  }

  private static double[] pairs(float[] values) {
    double[] sums = new double[values.length / 2];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (double) values[2 * i] + values[2 * i + 1];
    }
    return sums;
  }
}
