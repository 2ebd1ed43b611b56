package io.camjar.benchmarks.kernel;

import io.camjar.engine.backend.cpu.conv.PlannedConv2d;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.threads.ThreadCount;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;
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
 * Every distinct convolution of ResNet-34 and ResNet-50 at 224 pixels, forward and both backwards:
 * camjar's kernels next to ND4J's own operations and the naive loop.
 *
 * <p>The score is runs a millisecond; {@code gigaflops} and {@code percentOfPeak} come with it.
 * {@link KernelTable} prints the same with milliseconds as a table.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionBenchmark extends ConvolutionShapes {
  /** Threads that may compute; 0 for one a core. */
  @Param("0")
  public int threads;

  private ConvolutionShape shape;
  private Conv2dGeometry geometry;
  private long flops;
  private double peak;
  private INDArray x;
  private INDArray weight;
  private INDArray y;
  private INDArray dy;
  private INDArray dx;
  private INDArray dw;
  private float[] picture;
  private float[] weights;
  private PlannedConv2d plannedForward;
  private PlannedConv2d plannedBackwardInput;
  private PlannedConv2d plannedBackwardWeight;
  private CustomOp nd4jForward;
  private CustomOp nd4jBackward;

  /** Makes the tensors and measures what the machine could do. */
  @Setup(Level.Trial)
  public void build() throws Exception {
    int computing = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    ThreadCount.set(computing);
    shape = ConvolutionShape.parse(convolution);
    geometry = shape.geometry();
    flops = shape.flops() * batch;
    peak = FmaPeak.gigaflops(computing);
    int side = shape.side();
    int k = shape.kernel();
    x = SyntheticInput.images("x", batch, shape.inChannels(), side, side);
    weight = new SyntheticParameters().get("w", shape.outChannels(), shape.inChannels(), k, k);
    dy = SyntheticInput.images("dy", batch, shape.outChannels(), shape.outSide(), shape.outSide());
    y = Nd4j.create(dy.dataType(), dy.shape());
    dx = Nd4j.create(x.dataType(), x.shape());
    dw = Nd4j.create(weight.dataType(), weight.shape());
    picture = HostCopy.floats(x);
    weights = HostCopy.floats(weight);
    plannedForward = PlannedConv2d.forward(geometry, x, weight);
    plannedBackwardInput = PlannedConv2d.backwardInput(geometry, dy, weight, side, side);
    plannedBackwardWeight = PlannedConv2d.backwardWeight(geometry, dy, x);
    nd4jForward = Nd4jOwnConvolution.forward(geometry, x, weight, y);
    nd4jBackward = Nd4jOwnConvolution.backward(geometry, x, weight, dy, dx, dw);
    System.out.printf(
        "%s kernels, %s ahead and %s back; ND4J %s; peak %.0f GFLOP/s%n",
        Kernels.active().name(),
        plannedForward.algorithm(),
        plannedBackwardInput.algorithm(),
        Nd4jOwnConvolution.classifier(),
        peak);
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    for (INDArray array : new INDArray[] {x, weight, y, dy, dx, dw}) {
      array.close();
    }
  }

  /** The rate of arithmetic, in the units that runs a millisecond turn these counts into. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    /** Millions of operations, so GFLOP/s. */
    public double gigaflops;

    /** Hundredths of the peak. */
    public double percentOfPeak;

    void add(long operations, double peakGigaflops) {
      gigaflops += operations / 1e6;
      percentOfPeak += operations / 1e6 / peakGigaflops * 100;
    }
  }

  /** Camjar as the cpu backend runs it: weights and activations lie as the kernel wants them. */
  @Benchmark
  public void forward(Rate rate) {
    plannedForward.run();
    rate.add(flops, peak);
  }

  /** The same, gradient by the input. */
  @Benchmark
  public void backwardInput(Rate rate) {
    plannedBackwardInput.run();
    rate.add(flops, peak);
  }

  /** The same, gradient by the weight. */
  @Benchmark
  public void backwardWeight(Rate rate) {
    plannedBackwardWeight.run();
    rate.add(flops, peak);
  }

  /** Camjar layer by layer: from tensors to a tensor, weights laid out in each run. */
  @Benchmark
  public void eagerForward(Rate rate) {
    Kernels.active().conv2d(geometry, x, weight, null).close();
    rate.add(flops, peak);
  }

  /** ND4J's own operation. */
  @Benchmark
  public void nd4jForward(Rate rate) {
    Nd4j.exec(nd4jForward);
    rate.add(flops, peak);
  }

  /** ND4J's own operation, both gradients at once. */
  @Benchmark
  public void nd4jBackwards(Rate rate) {
    Nd4j.exec(nd4jBackward);
    rate.add(2 * flops, peak);
  }

  /** The loops of the definition, one image on one thread. */
  @Benchmark
  public float[] naiveForward(Rate rate) {
    float[] result = NaiveConvolution.forward(geometry, picture, weights, shape.side());
    rate.add(shape.flops(), peak);
    return result;
  }
}
