package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Pool2dGeometry;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.AdaptiveAvgPool2d;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.ReLU;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Who asks for the means of a gradient's channels gets those of the plain backward; where a linear
 * layer reads flattened maps, without the gradient of each place.
 */
class GradientMeansTests {
  private static final int CHANNELS = 37;

  /** As VGG ends, and with {@code overlap} as AlexNet does. */
  private static Graph classifierOfMaps(boolean overlap) {
    return classifierOfMaps(overlap, new AdaptiveAvgPool2d(4, 5), 20);
  }

  private static Graph classifierOfMaps(boolean overlap, AdaptiveAvgPool2d grid, int places) {
    GraphBuilder graph = new GraphBuilder();
    int y = graph.op("conv1", conv(3, 8), graph.input("x"));
    y = graph.op("conv2", conv(8, CHANNELS), graph.op("relu1", new ReLU(), y));
    y = graph.op("relu2", new ReLU(), y);
    int window = overlap ? 3 : 2;
    y = graph.op("pool", new MaxPool2d(Pool2dGeometry.square(window, 2, 0)), y);
    y = graph.op("avgpool", grid, y);
    y = graph.op("flat", new Flatten(), graph.op("drop", new Dropout(0.5), y));
    y = graph.op("fc1", new Linear(CHANNELS * places, 30, true), y);
    y = graph.op("fc2", new Linear(30, 5, true), graph.op("relu3", new ReLU(), y));
    graph.output(Trace.LOGITS, y);
    return graph.build();
  }

  private static Conv2d conv(int in, int out) {
    return new Conv2d(Conv2dGeometry.square(in, out, 3, 1, 1), true);
  }

  private static Map<String, INDArray> input(int batch) {
    return Map.of("x", SyntheticInput.images("x", batch, 3, 9, 11));
  }

  /** The gradient at each point, and under {@code means of} it those of the first image. */
  private static Map<String, float[]> gradients(Graph graph, Request request, int batch) {
    Map<String, INDArray> given = input(batch);
    Map<String, float[]> all = new TreeMap<>();
    Session<?> session = Backends.open(graph, graph.load(new SyntheticParameters()), false);
    try (Trace trace = session.trace(given, request, null);
        INDArray seed = HostCopy.array(new float[batch * 5], batch, 5)) {
      seed.putScalar(3, 1);
      seed.putScalar(1, -0.5);
      try (Gradients gradients = trace.backward(Map.of(Trace.LOGITS, seed))) {
        for (String point : request.points()) {
          all.put(point, HostCopy.floats(gradients.get(point)));
          FeatureMaps maps = gradients.featureMaps(point);
          double[] means = maps.means(0);
          float[] rounded = new float[means.length];
          for (int c = 0; c < means.length; c++) {
            rounded[c] = (float) means[c];
          }
          all.put("means of " + point, rounded);
        }
      }
    }
    given.values().forEach(INDArray::close);
    return all;
  }

  private static void assertSameMeansOnly(Graph graph, String... points) {
    Request request = Request.of(List.of(points));
    Map<String, float[]> plain = gradients(graph, request, 1);
    Map<String, float[]> summed = gradients(graph, request.withMeans(), 1);
    for (String point : points) {
      float[] expected = plain.get("means of " + point);
      double largest = 0;
      for (float mean : expected) {
        largest = Math.max(largest, Math.abs(mean));
      }
      assertThat(summed.get("means of " + point))
          .usingComparatorWithPrecision((float) (1e-6 * largest))
          .containsExactly(expected);
      assertThat(Arrays.equals(summed.get(point), plain.get(point)))
          .as("each place of %s", point)
          .isFalse();
    }
  }

  private static void assertSameBits(Graph graph, Request request, int batch) {
    Map<String, float[]> plain = gradients(graph, request, batch);
    Map<String, float[]> summed = gradients(graph, request.withMeans(), batch);
    plain.forEach((name, values) -> assertThat(summed.get(name)).as(name).containsExactly(values));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofMapsThatPoolsAndAFlattenLeadToALinearLayer(boolean overlap) {
    Graph graph = classifierOfMaps(overlap);
    for (String point : List.of("relu2", "pool", "avgpool")) {
      assertSameMeansOnly(graph, point);
    }
    assertSameMeansOnly(graph, "relu2", "pool", "avgpool");
  }

  @Test
  void ofMapsThatTwoLinearLayersAndAnAveragePoolRead() {
    GraphBuilder graph = new GraphBuilder();
    int y = graph.op("conv", conv(3, CHANNELS), graph.input("x"));
    int pooled = graph.op("means", new AvgPool2d(Pool2dGeometry.square(3, 2, 1)), y);
    int flat = graph.op("flat", new Flatten(), pooled);
    int a = graph.op("a", new Linear(CHANNELS * 30, 5, true), flat);
    int b = graph.op("b", new Linear(CHANNELS * 30, 5, false), flat);
    graph.output(Trace.LOGITS, graph.op("sum", new Add(), a, b));

    assertSameMeansOnly(graph.build(), "conv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv2", "relu1", "conv1", "x"})
  void behindAReluOrAConvolutionEachPlaceCounts(String point) {
    assertSameBits(classifierOfMaps(false), Request.of(List.of(point)), 1);
  }

  @Test
  void ofCellsOfUnevenSizeEachPlaceCounts() {
    Graph graph = classifierOfMaps(false, new AdaptiveAvgPool2d(3, 4), 12);
    assertSameBits(graph, Request.of(List.of("relu2")), 1);
  }

  @Test
  void onePointBehindAReluIsReasonEnough() {
    assertSameBits(classifierOfMaps(true), Request.of(List.of("relu2", "conv2")), 1);
  }

  @Test
  void flattenedNumbersAreNoMaps() {
    float[] plain = gradientOfFlattened(Request.of(List.of("flat")));
    float[] summed = gradientOfFlattened(Request.of(List.of("flat")).withMeans());

    assertThat(summed).containsExactly(plain);
  }

  private static float[] gradientOfFlattened(Request request) {
    Graph graph = classifierOfMaps(false);
    Map<String, INDArray> given = input(1);
    Session<?> session = Backends.open(graph, graph.load(new SyntheticParameters()), false);
    try (Trace trace = session.trace(given, request, null);
        INDArray seed = HostCopy.array(new float[] {0, 1, 0, 0, -1}, 1, 5);
        Gradients gradients = trace.backward(Map.of(Trace.LOGITS, seed))) {
      return HostCopy.floats(gradients.get("flat"));
    }
  }

  @Test
  void whereAGradientIsShownOnTheWayEachPlaceCounts() {
    Request request =
        Request.of(List.of("relu2")).withWatch(new Watch(Set.of(), Set.of("pool"), false));
    assertSameBits(classifierOfMaps(false), request, 1);
  }

  @Test
  void ofMapsOfAnotherSizeTheWeightsAreSummedAnew() {
    GraphBuilder builder = new GraphBuilder();
    int x = builder.op("flat", new Flatten(), builder.input("x"));
    builder.output(Trace.LOGITS, builder.op("fc", new Linear(3 * 9 * 11, 5, true), x));
    Graph graph = builder.build();
    Request request = Request.of(List.of("x"));
    Session<?> session = Backends.open(graph, graph.load(new SyntheticParameters()), false);

    meansOf(session, request.withMeans(), 3, 9, 11);

    double[] means = meansOf(session, request.withMeans(), 9, 3, 11);
    assertThat(means).hasSize(9);
    assertThat(means)
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(meansOf(session, request, 9, 3, 11));
  }

  private static double[] meansOf(
      Session<?> session, Request request, int channels, int height, int width) {
    try (INDArray x = SyntheticInput.images("x", 1, channels, height, width);
        Trace trace = session.trace(Map.of("x", x), request, null);
        INDArray seed = HostCopy.array(new float[] {0, 0, 0, 1, 0}, 1, 5);
        Gradients gradients = trace.backward(Map.of(Trace.LOGITS, seed))) {
      return gradients.featureMaps("x").means(0);
    }
  }

  @Test
  void ofSeveralImagesTheLinearLayerIsAMatrixProduct() {
    assertSameBits(classifierOfMaps(false), Request.of(List.of("relu2")), 2);
  }

  @Test
  void theMeansOfNumbersOneKnowsAreExact() {
    GraphBuilder builder = new GraphBuilder();
    int x = builder.input("x");
    int y = builder.op("fc", new Linear(3 * 99, 5, true), builder.op("flat", new Flatten(), x));
    builder.output(Trace.LOGITS, y);
    Graph graph = builder.build();

    float[] means = gradients(graph, Request.of(List.of("x")).withMeans(), 1).get("means of x");

    float[] weights = HostCopy.floats(graph.load(new SyntheticParameters()).get("fc.weight"));
    for (int c = 0; c < 3; c++) {
      double sum = 0;
      for (int p = 0; p < 99; p++) {
        sum += weights[3 * 297 + c * 99 + p] - 0.5 * weights[297 + c * 99 + p];
      }
      assertThat((double) means[c]).isCloseTo(sum / 99, within(1e-7));
    }
  }
}
