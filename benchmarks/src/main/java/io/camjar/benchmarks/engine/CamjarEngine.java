package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Engine;
import io.camjar.benchmarks.protocol.EngineServer;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.threads.ThreadCount;
import java.io.IOException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Camjar, through the public API that its users have. */
public final class CamjarEngine implements Engine {
  private static final String PICTURES = "benchmark";

  /** Serves on the standard streams. */
  public static void main(String[] args) throws IOException {
    EngineServer.serve(new CamjarEngine());
  }

  @Override
  public String name() {
    return "camjar";
  }

  @Override
  public Prepared prepare(Task task) {
    ThreadCount.set(task.threads());
    Network network =
        Network.of(
            ResNetSpec.named(task.workload().network(), new LinearHead(Task.CLASSES)),
            new SyntheticParameters());
    INDArray pictures =
        SyntheticInput.pictures(PICTURES, task.batch(), 3, task.size(), task.size());
    return switch (task.workload()) {
      case FORWARD_RESNET34, FORWARD_RESNET50 -> new ForwardRun(network, pictures);
      case GRADCAM_LAST_RESNET34 ->
          new MapsRun(network, pictures, List.of(network.points().lastBlock()));
      case GRADCAM_ALL_RESNET34 -> new MapsRun(network, pictures, network.points().blocks());
      case SCORECAM_LAST_RESNET34 -> new ScoreCamRun(network, pictures);
      case TRAIN_STEP_RESNET34 -> new TrainingRun(network, pictures);
      case COLD_START -> throw new IllegalArgumentException("a cold start has no engine");
    };
  }

  /** The kernels and the Java that runs them. */
  static String settings() {
    return "%s kernels, JDK %s".formatted(Kernels.active().name(), Runtime.version().feature());
  }
}
