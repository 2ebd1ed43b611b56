package io.camjar.benchmarks.gpu;

import io.camjar.benchmarks.kernel.ConvolutionShape;
import io.camjar.benchmarks.kernel.ConvolutionShapes;
import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.device.Device;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Every distinct convolution of ResNet-34 and ResNet-50 at 224 pixels on a device, each run waited
 * for: runs a millisecond, TFLOP/s and percent of the multiply-adds that the device reaches.
 * Answers are compared with the CPU's first.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DeviceConvolutionBenchmark extends ConvolutionShapes {
  private static final double CLOSE = 1e-4;

  /** As {@code --device} takes it. */
  @Param("opencl")
  public String device;

  private Device open;
  private DeviceConvolution run;
  private double peak;
  private long flops;

  /** Makes the tensors, compares, and measures what the device could do. */
  @Setup(Level.Trial)
  public void build() {
    open = DeviceCatalog.open(device);
    ConvolutionShape shape = ConvolutionShape.parse(convolution);
    flops = shape.flops() * batch;
    run = new DeviceConvolution(open, shape, batch);
    double error = run.error();
    if (!(error <= CLOSE)) {
      throw new IllegalStateException("%s is %.1e off the CPU".formatted(convolution, error));
    }
    peak = DevicePeak.flops(open);
    System.out.printf(
        "%s, %s; peak %.2f TFLOP/s; error %.1e%n",
        open.facts().id(), open.facts().name(), peak / 1e12, error);
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    run.close();
  }

  /** The rate of arithmetic, in the units that runs a millisecond turn these counts into. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    /** 1e9 operations, so TFLOP/s. */
    public double teraflops;

    /** Hundredths of the peak. */
    public double percentOfPeak;

    void add(long operations, double peak) {
      teraflops += operations / 1e9;
      percentOfPeak += operations * 1e3 / peak * 100;
    }
  }

  /** The output. */
  @Benchmark
  public void forward(Rate rate) {
    run.forward();
    open.finish();
    rate.add(flops, peak);
  }

  /** The gradient of the input. */
  @Benchmark
  public void backwardInput(Rate rate) {
    run.backwardInput();
    open.finish();
    rate.add(flops, peak);
  }
}
