package io.camjar.benchmarks;

import io.camjar.benchmarks.engine.CamjarEngine;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.util.concurrent.TimeUnit;
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
 * The workloads of {@code benchmarks/compare} without the peers: whole forwards, Grad-CAM of the
 * last block and of all 17, a training step.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
public class ResNetBenchmark {

  /** What is done; the weights are synthetic, which costs the same as learned ones. */
  @Param({
    "forward/resnet34",
    "forward/resnet50",
    "gradcam-last/resnet34",
    "gradcam-all/resnet34",
    "train-step/resnet34"
  })
  public String workload;

  /** The images' side in pixels. */
  @Param("224")
  public int size;

  /** Images of a batch. */
  @Param("1")
  public int batch;

  /** Threads that may compute; 0 for one a core. */
  @Param("0")
  public int threads;

  private Prepared task;

  /** Builds the network and the images. */
  @Setup(Level.Trial)
  public void build() {
    int computing = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    task = new CamjarEngine().prepare(new Task(Workload.titled(workload), size, batch, computing));
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    task.close();
  }

  /** Does the workload once. */
  @Benchmark
  public void run() {
    task.run();
  }
}
