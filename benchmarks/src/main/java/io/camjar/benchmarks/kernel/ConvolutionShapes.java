package io.camjar.benchmarks.kernel;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a benchmark of convolutions is run for: those of ResNet-34 and ResNet-50 at 224 pixels. */
@State(Scope.Benchmark)
public abstract class ConvolutionShapes {
  /** The convolution. */
  @Param({
    "3x224x224 to 64 k7 s2",
    "64x56x56 to 64 k3 s1",
    "64x56x56 to 128 k3 s2",
    "128x28x28 to 128 k3 s1",
    "64x56x56 to 128 k1 s2",
    "128x28x28 to 256 k3 s2",
    "256x14x14 to 256 k3 s1",
    "128x28x28 to 256 k1 s2",
    "256x14x14 to 512 k3 s2",
    "512x7x7 to 512 k3 s1",
    "256x14x14 to 512 k1 s2",
    "64x56x56 to 64 k1 s1",
    "64x56x56 to 256 k1 s1",
    "256x56x56 to 64 k1 s1",
    "256x56x56 to 128 k1 s1",
    "128x56x56 to 128 k3 s2",
    "128x28x28 to 512 k1 s1",
    "256x56x56 to 512 k1 s2",
    "512x28x28 to 128 k1 s1",
    "512x28x28 to 256 k1 s1",
    "256x28x28 to 256 k3 s2",
    "256x14x14 to 1024 k1 s1",
    "512x28x28 to 1024 k1 s2",
    "1024x14x14 to 256 k1 s1",
    "1024x14x14 to 512 k1 s1",
    "512x14x14 to 512 k3 s2",
    "512x7x7 to 2048 k1 s1",
    "1024x14x14 to 2048 k1 s2",
    "2048x7x7 to 512 k1 s1"
  })
  public String convolution;

  /** Images of a batch. */
  @Param("1")
  public int batch;
}
