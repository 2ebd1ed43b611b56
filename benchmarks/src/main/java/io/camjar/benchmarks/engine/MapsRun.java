package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Answers;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.Subject;
import io.camjar.gradcam.target.Score;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images in, raw Grad-CAM maps of some points out. */
final class MapsRun extends NetworkRun {
  private final List<String> points;
  private final CamMethod method = CamMethods.standard();
  private final INDArray dLogits;

  MapsRun(Network network, INDArray pictures, List<Point> points) {
    super(network, pictures);
    this.points = points.stream().map(Point::path).toList();
    int batch = (int) pictures.size(0);
    float[] seed = new float[batch * Task.CLASSES];
    for (int i = 0; i < batch; i++) {
      seed[i * Task.CLASSES + Task.EXPLAINED_CLASS] = 1;
    }
    this.dLogits = HostCopy.array(seed, batch, Task.CLASSES);
  }

  @Override
  public float[] answer() {
    return Answers.joined(maps());
  }

  @Override
  public void run() {
    maps();
  }

  /** The maps, point by point and in each point image by image. */
  private List<float[]> maps() {
    List<float[]> maps = new ArrayList<>();
    try (Trace trace = network.trace(pictures, points);
        Gradients gradients = network.backward(trace, dLogits)) {
      float[] logits = HostCopy.floats(trace.logits());
      Subject subject = Subject.of(network, pictures, logits, Score.logit(Task.EXPLAINED_CLASS));
      for (String point : points) {
        FeatureMaps activations = trace.featureMaps(point);
        FeatureMaps slopes = gradients.featureMaps(point);
        for (int i = 0; i < activations.batch(); i++) {
          maps.add(method.map(LayerSample.of(point, activations, slopes, i), subject).values());
        }
      }
    }
    return maps;
  }

  @Override
  public void close() {
    dLogits.close();
    super.close();
  }
}
