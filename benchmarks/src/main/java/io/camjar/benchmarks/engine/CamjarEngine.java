package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Engine;
import io.camjar.benchmarks.protocol.EngineServer;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.Families;
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
            Families.named(task.workload().network(), Task.CLASSES), new SyntheticParameters());
    INDArray pictures = SyntheticInput.images(PICTURES, task.batch(), 3, task.size(), task.size());
    return switch (task.workload().kind()) {
      case FORWARD -> new ForwardRun(network, pictures);
      case GRADCAM_LAST ->
          task.workload().isOfFamily()
              ? new ExplainerRun(network, pictures, "gradcam")
              : new MapsRun(network, pictures, List.of(network.points().lastBlock()));
      case GRADCAM_ALL -> new MapsRun(network, pictures, network.points().blocks());
      case SCORECAM_LAST -> new ExplainerRun(network, pictures, "scorecam");
      case TRAIN_STEP -> new SgdRun(network, pictures);
      case COLD_START -> throw new IllegalArgumentException("a cold start has no engine");
    };
  }

  /** The kernels and the Java that runs them. */
  static String settings() {
    return "%s kernels, JDK %s".formatted(Kernels.active().name(), Runtime.version().feature());
  }
}
