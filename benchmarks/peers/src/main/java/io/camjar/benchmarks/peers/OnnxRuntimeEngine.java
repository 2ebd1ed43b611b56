package io.camjar.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.camjar.benchmarks.protocol.Engine;
import io.camjar.benchmarks.protocol.EngineServer;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * ONNX Runtime's CPU provider: all graph optimisations, sequential execution, one pool of as many
 * threads as the task allows, and the input's shape known when the session is built.
 */
final class OnnxRuntimeEngine implements Engine {
  private final Path models;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  private OnnxRuntimeEngine(Path models) {
    this.models = models;
  }

  /** Serves on the standard streams; the argument is the folder of the models. */
  public static void main(String[] args) throws IOException {
    EngineServer.serve(new OnnxRuntimeEngine(Path.of(args[0])));
  }

  @Override
  public String name() {
    return "onnxruntime-" + environment.getVersion();
  }

  @Override
  public Prepared prepare(Task task) throws IOException, OrtException {
    if (task.workload().kind() != Workload.Kind.FORWARD) {
      throw new IllegalArgumentException("only runs forward, not " + task);
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setExecutionMode(ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(task.threads());
      options.setInterOpNumThreads(1);
      options.setSymbolicDimensionValue("batch", task.batch());
      options.setSymbolicDimensionValue("height", task.size());
      options.setSymbolicDimensionValue("width", task.size());
      Path file = models.resolve(task.workload().network() + ".onnx");
      OrtSession session = environment.createSession(file.toString(), options);
      OnnxTensor pictures =
          OnnxTensor.createTensor(
              environment, InputImages.read(models, task), InputImages.shape(task));
      return new Run(session, Map.of(session.getInputNames().iterator().next(), pictures));
    }
  }

  private record Run(OrtSession session, Map<String, OnnxTensor> pictures) implements Prepared {
    @Override
    public String settings() {
      return "all graph optimisations, sequential, fixed shape";
    }

    @Override
    public float[] answer() {
      try (OrtSession.Result result = session.run(pictures)) {
        // Of several exits the last, as camjar's forward has it.
        FloatBuffer logits =
            ((OnnxTensor) result.get("logits").orElse(result.get(result.size() - 1)))
                .getFloatBuffer();
        float[] answer = new float[logits.remaining()];
        logits.get(answer);
        return answer;
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void run() {
      try {
        session.run(pictures).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      try {
        pictures.values().forEach(OnnxTensor::close);
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
