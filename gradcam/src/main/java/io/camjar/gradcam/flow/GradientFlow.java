package io.camjar.gradcam.flow;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Norms;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Points;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Seen;
import io.camjar.engine.run.Trace;
import io.camjar.engine.run.Watch;
import io.camjar.engine.run.Watcher;
import io.camjar.engine.statistics.Measure;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gathers statistics of every point of a network over images, batch by batch: as if all of them
 * were one batch. The network evaluates. Only summaries and the parameters' gradients are kept. For
 * one thread.
 */
public final class GradientFlow implements AutoCloseable {
  /** Bytes that the values of a batch may take. */
  private static final long BATCH_BYTES = 400L << 20;

  private static final int MOST_IMAGES = 16;

  private final Network network;
  private final Measure measure;
  private final PointFlows flows;
  private final Map<String, INDArray> parameters = new HashMap<>();
  private double outputSquares;
  private int images;

  /**
   * Of no image yet.
   *
   * @param network borrowed
   */
  public GradientFlow(Network network, Measure measure) {
    this.network = network;
    this.measure = measure;
    this.flows = new PointFlows(network);
  }

  /** How many images of this size make a batch whose values fit into some hundred megabytes. */
  public static int batch(Network network, int height, int width) {
    long bytes = 1;
    Set<Integer> seen = new LinkedHashSet<>();
    for (LayerShape shape : network.shapes(1, height, width)) {
      if (!shape.path().isEmpty() && seen.add(network.graph().value(shape.path()))) {
        bytes += shape.activationBytes();
      }
    }
    return (int) Math.max(1, Math.min(MOST_IMAGES, BATCH_BYTES / bytes));
  }

  /**
   * Adds a batch.
   *
   * @param x images {@code [N, C, H, W]}, borrowed
   * @param outputGradient for the outputs of an image, the gradient of its score with respect to
   *     them
   * @throws CamjarException if the shape does not fit or the network has no classifier
   */
  public void add(INDArray x, UnaryOperator<float[]> outputGradient) {
    if (network.architecture().classes() == 0) {
      throw new CamjarException(
          "%s has no classifier, so there is no score and no gradient of one"
              .formatted(network.architecture().name()));
    }
    Set<String> all = flows.paths();
    Request request =
        Request.of(Set.of())
            .withParameterGradients()
            .withWatch(new Watch(withInput(all), all, true));
    try (Trace trace = network.trace(x, request, new Gatherer());
        INDArray dLogits = outputGradient(trace.logits(), outputGradient);
        Gradients passed = network.backward(trace, dLogits)) {
      for (String name : passed.parameterNames()) {
        INDArray gradient = passed.parameter(name);
        INDArray sum = parameters.get(name);
        if (sum == null) {
          parameters.put(name, gradient.dup('c'));
        } else {
          sum.addi(gradient);
        }
      }
    }
    images += (int) x.size(0);
  }

  private static Set<String> withInput(Set<String> all) {
    Set<String> more = new TreeSet<>(all);
    more.add(Points.INPUT);
    return more;
  }

  private INDArray outputGradient(INDArray logits, UnaryOperator<float[]> ofImage) {
    float[] values = HostCopy.floats(logits);
    int count = (int) logits.size(0);
    int length = values.length / count;
    float[] all = new float[values.length];
    for (int n = 0; n < count; n++) {
      float[] one = ofImage.apply(Arrays.copyOfRange(values, n * length, (n + 1) * length));
      System.arraycopy(one, 0, all, n * length, length);
    }
    for (float value : all) {
      outputSquares += (double) value * value;
    }
    return HostCopy.array(all, logits.shape());
  }

  /**
   * What is known so far.
   *
   * @throws IllegalStateException if no image was added
   */
  public FlowReport report(Thresholds thresholds) {
    if (flows.isEmpty()) {
      throw new IllegalStateException("no image was added");
    }
    List<FlowPoint> points = flows.points();
    return new FlowReport(
        images,
        points,
        flows.parameters().stream().map(this::flow).toList(),
        Findings.of(
            points,
            thresholds,
            flows.inputRms(),
            outputSquares > 0 ? Math.sqrt(outputSquares) : 1));
  }

  private ParameterFlow flow(String name) {
    INDArray values = network.parameters().get(name);
    INDArray gradient = parameters.get(name);
    return ParameterFlow.of(
        name,
        values == null ? Double.NaN : norm(values),
        gradient == null ? Double.NaN : norm(gradient));
  }

  private static double norm(INDArray array) {
    return array.dataType() == DataType.FLOAT
        ? Norms.l2(array)
        : Math.sqrt(Arrays.stream(HostCopy.doubles(array)).map(v -> v * v).sum());
  }

  @Override
  public void close() {
    parameters.values().forEach(INDArray::close);
    parameters.clear();
  }

  /** Adds what a pass shows. */
  private final class Gatherer implements Watcher {
    @Override
    public void activation(String path, Seen value) {
      flows.addActivation(path, value.summary(measure));
    }

    @Override
    public void gradient(String path, Seen value) {
      flows.addGradient(path, value.summary(measure));
    }

    @Override
    public void part(String sum, boolean branch, Seen value) {
      flows.addPart(sum, branch, value.summary(measure));
    }
  }
}
