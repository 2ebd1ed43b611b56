package io.camjar.gradcam.flow;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.graph.ResidualSum;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.model.Points;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Seen;
import io.camjar.engine.run.Trace;
import io.camjar.engine.run.Watch;
import io.camjar.engine.run.Watcher;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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
  private final Graph graph;
  private final Measure measure;

  /** A path for each value that points name. */
  private final Map<Integer, String> paths = new LinkedHashMap<>();

  private final Map<Integer, ResidualSum> sums = new HashMap<>();
  private final Map<String, Summary> activations = new HashMap<>();
  private final Map<String, Summary> gradients = new HashMap<>();
  private final Map<String, Summary> branches = new HashMap<>();
  private final Map<String, Summary> shortcuts = new HashMap<>();
  private final Map<String, INDArray> parameters = new HashMap<>();
  private @Nullable Summary input;
  private double outputSquares;
  private int images;

  /**
   * Of no image yet.
   *
   * @param network borrowed
   */
  public GradientFlow(Network network, Measure measure) {
    this.network = network;
    this.graph = network.graph();
    this.measure = measure;
    for (Point point : network.points().all()) {
      paths.putIfAbsent(graph.value(point.path()), point.path());
    }
    ResidualSum.of(graph).forEach(sum -> sums.put(sum.sum(), sum));
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
    Set<String> all = new TreeSet<>(paths.values());
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
    Summary images = input;
    if (images == null) {
      throw new IllegalStateException("no image was added");
    }
    List<FlowPoint> points = points();
    double source = images.rms() > 0 ? images.rms() : 1;
    return new FlowReport(
        this.images,
        points,
        parameters(),
        Findings.of(points, thresholds, source, outputSquares > 0 ? Math.sqrt(outputSquares) : 1));
  }

  private List<FlowPoint> points() {
    List<FlowPoint> points = new ArrayList<>();
    for (Point point : network.points().all()) {
      int value = graph.value(point.path());
      String known = paths.get(value);
      Summary activation = activations.get(known);
      if (activation != null) { // else no output depends on it
        points.add(
            new FlowPoint(point.path(), point.kind(), value, activation, gradients.get(known)));
        ResidualSum sum = sums.get(value);
        if (sum != null && graph.nodes().get(value).path().equals(point.path())) {
          part(point.path(), FlowPoint.BRANCH, sum.branch(), branches, points);
          part(point.path(), FlowPoint.SHORTCUT, sum.shortcut(), shortcuts, points);
        }
      }
    }
    return points;
  }

  private void part(
      String sum, String kind, int value, Map<String, Summary> parts, List<FlowPoint> points) {
    Summary gradient = parts.get(sum);
    Summary activation = activations.get(paths.getOrDefault(value, Points.INPUT));
    if (gradient != null && activation != null) {
      String path = sum + "." + kind.toLowerCase(Locale.ROOT);
      points.add(new FlowPoint(path, kind, value, activation, gradient));
    }
  }

  private List<ParameterFlow> parameters() {
    List<ParameterFlow> flows = new ArrayList<>();
    graph.nodes().stream()
        .filter(node -> node.learns())
        .forEach(
            node ->
                node.op().parameters().stream()
                    .filter(parameter -> parameter.learned())
                    .forEach(parameter -> flows.add(flow(node.parameter(parameter.name())))));
    return flows;
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
        ? Tally.norm(HostCopy.floats(array))
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
      Summary summary = value.summary(measure);
      if (path.equals(Points.INPUT)) {
        input = input == null ? summary : input.plus(summary);
      }
      activations.merge(path, summary, Summary::plus);
    }

    @Override
    public void gradient(String path, Seen value) {
      gradients.merge(path, value.summary(measure), Summary::plus);
    }

    @Override
    public void part(String sum, boolean branch, Seen value) {
      (branch ? branches : shortcuts).merge(sum, value.summary(measure), Summary::plus);
    }
  }
}
