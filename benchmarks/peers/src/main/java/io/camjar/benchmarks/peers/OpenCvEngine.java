package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Engine;
import io.camjar.benchmarks.protocol.EngineServer;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_dnn.Net;

/** OpenCV's DNN module on the CPU: its own kernels, Winograd's algorithm on, layers fused. */
final class OpenCvEngine implements Engine {
  private final Path models;

  private OpenCvEngine(Path models) {
    this.models = models;
  }

  /** Serves on the standard streams; the argument is the folder of the models. */
  public static void main(String[] args) throws IOException {
    EngineServer.serve(new OpenCvEngine(Path.of(args[0])));
  }

  @Override
  public String name() {
    return "opencv-" + opencv_core.CV_VERSION;
  }

  @Override
  public Prepared prepare(Task task) throws IOException {
    if (task.workload().kind() != Workload.Kind.FORWARD) {
      throw new IllegalArgumentException("only runs forward, not " + task);
    }
    opencv_core.setNumThreads(task.threads());
    String file = models.resolve(task.workload().network() + ".onnx").toString();
    Net net = opencv_dnn.readNetFromONNX(file);
    net.setPreferableBackend(opencv_dnn.DNN_BACKEND_OPENCV);
    net.setPreferableTarget(opencv_dnn.DNN_TARGET_CPU);
    net.enableWinograd(true);
    net.enableFusion(true);
    FloatBuffer pixels = InputImages.read(models, task);
    int[] sides = new int[4];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = (int) InputImages.shape(task)[i];
    }
    Mat images = new Mat(sides, opencv_core.CV_32F, new FloatPointer(pixels));
    return new Run(net, images);
  }

  private record Run(Net net, Mat images) implements Prepared {
    @Override
    public String settings() {
      return "own kernels, Winograd, layers fused";
    }

    @Override
    public float[] answer() {
      net.setInput(images);
      try (Mat logits = net.forward()) {
        float[] answer = new float[(int) logits.total()];
        new FloatPointer(logits.data()).get(answer);
        return answer;
      }
    }

    @Override
    public void run() {
      net.setInput(images);
      net.forward().close();
    }

    @Override
    public void close() {
      images.close();
      net.close();
    }
  }
}
