package io.camjar.benchmarks;

import io.camjar.engine.model.LinearHead;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.ResNetSpec;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.trace.Gradients;
import io.camjar.engine.trace.Trace;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
 * Whole passes over one picture: the scores alone, the activation and gradient of the last block,
 * and those of the stem and every block.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class ResNetBenchmark {

  /** The architecture; its weights are synthetic, which costs the same as learned ones. */
  @Param({"resnet34"})
  public String network;

  /** The picture's side in pixels. */
  @Param({"224"})
  public int size;

  private Network net;
  private INDArray picture;
  private INDArray dLogits;
  private List<String> all;
  private List<String> last;

  /** Builds the network and a picture. */
  @Setup(Level.Trial)
  public void build() {
    net = Network.of(ResNetSpec.named(network, new LinearHead(1000)), new SyntheticParameters());
    picture = SyntheticInput.pictures("benchmark", 1, 3, size, size);
    dLogits = Nd4j.zeros(1, 1000);
    dLogits.putScalar(0, 281, 1);
    all = net.points().blocks().stream().map(Point::path).toList();
    last = List.of(net.points().lastBlock().path());
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    picture.close();
    dLogits.close();
    net.close();
  }

  /** The scores. */
  @Benchmark
  public double forward() {
    try (INDArray logits = net.forward(picture)) {
      return logits.getDouble(0);
    }
  }

  /** What Grad-CAM needs of the last block. */
  @Benchmark
  public double lastBlock() {
    return explain(last);
  }

  /** What Grad-CAM needs of the stem and every block, from one backward. */
  @Benchmark
  public double everyBlock() {
    return explain(all);
  }

  private double explain(List<String> points) {
    try (Trace trace = net.trace(picture, points);
        Gradients gradients = net.backward(trace, dLogits)) {
      return gradients.get(points.get(0)).getDouble(0);
    }
  }
}
