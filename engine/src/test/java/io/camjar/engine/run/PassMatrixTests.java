package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.backend.cpu.CpuBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Points;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.engine.op.AvgPool2d;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MaxPool2d;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every graph on every backend in every mode for every request gives what the reference loops give:
 * logits, activations, gradients of points and parameters, and the statistics that training moves.
 *
 * <p>A new graph, backend or request joins by one line. For each axis a mutant shows that the
 * comparison would tell if that axis were ignored.
 */
class PassMatrixTests {
  /** Of the largest value of an array, in single precision against loops in double. */
  private static final double CLOSE = 1e-4;

  private static final List<String> POINTS = List.of("conv1", "layer2.0.add", "layer4", "bn1");

  private static final String GRADIENT = "gradient of ";

  private static final Map<List<Object>, Map<String, float[]>> EXPECTED = new ConcurrentHashMap<>();

  private record Model(String name, BlockKind block, boolean deep, HeadSpec head) {
    ResNetSpec spec() {
      return new ResNetSpec(
          name,
          block,
          List.of(1, 1, 1, 1),
          8,
          3,
          deep ? new Stem.Deep(6, 8) : new Stem.Conv7(),
          deep ? Shortcut.AVG_POOL_CONV : Shortcut.CONV,
          head);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Model> GRAPHS =
      List.of(
          new Model("basic", BlockKind.BASIC, false, new LinearHead(5)),
          new Model(
              "bottleneck, fastai", BlockKind.BOTTLENECK, false, SequentialHead.fastai1(256, 4)),
          new Model("deep stem", BlockKind.BOTTLENECK, true, new LinearHead(3, false)),
          new Model(
              "layers",
              BlockKind.BASIC,
              true,
              new LayeredHead(
                  List.of(
                      new Linear(64, 9, true),
                      new ReLU(),
                      new Dropout(0.4),
                      new Linear(9, 4, false)))));

  private static final Backend REFERENCE = new ArrayBackend(new ReferenceKernels());

  private static final List<Backend> BACKENDS =
      List.of(new ArrayBackend(new Nd4jKernels()), new ArrayBackend(), new CpuBackend());

  private static final List<Request> REQUESTS =
      Stream.of(Request.of(List.of()), Request.training())
          .flatMap(
              mode ->
                  Stream.of(
                      mode.withPoints(List.of("layer4")),
                      mode.withPoints(POINTS),
                      mode.withPoints(List.of(Points.INPUT)).withGuidedBackprop(),
                      mode.withPoints(POINTS)
                          .withFrozen(List.of("stem", "layer1", "layer2.0.bn1"))))
          .toList();

  static Stream<Arguments> cells() {
    return GRAPHS.stream()
        .flatMap(
            graph ->
                BACKENDS.stream()
                    .flatMap(
                        backend ->
                            REQUESTS.stream()
                                .map(
                                    request ->
                                        Arguments.of(
                                            graph, Named.of(backend.name(), backend), request))));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("cells")
  void givesWhatTheLoopsGive(Model graph, Backend backend, Request request) {
    assertClose(run(graph, backend, request), expected(graph, request));
  }

  /** A graph that averages where it should take maxima, of the same names and shapes. */
  private record Averaging(ResNetSpec right) implements Architecture {
    @Override
    public Graph graph() {
      Graph graph = right.graph();
      GraphBuilder builder = new GraphBuilder();
      builder.input(Points.INPUT);
      for (Node node : graph.nodes().subList(1, graph.nodes().size())) {
        Op op = node.op() instanceof MaxPool2d pool ? new AvgPool2d(pool.geometry()) : node.op();
        builder.op(node.path(), op, node.inputs().stream().mapToInt(Integer::intValue).toArray());
      }
      graph.layers().stream()
          .filter(layer -> !layer.node())
          .forEach(
              layer ->
                  builder.group(layer.path(), layer.kind(), layer.input(), x -> layer.value()));
      graph.outputs().forEach(builder::output);
      return builder.build();
    }

    @Override
    public String name() {
      return right.name();
    }

    @Override
    public int inChannels() {
      return right.inChannels();
    }

    @Override
    public int classes() {
      return right.classes();
    }

    @Override
    public String headLabel() {
      return right.headLabel();
    }

    @Override
    public List<String> blocks() {
      return right.blocks();
    }

    @Override
    public List<String> children() {
      return right.children();
    }

    @Override
    public List<String> aliases(String path) {
      return right.aliases(path);
    }
  }

  @Test
  void anotherGraphIsTold() {
    for (Model graph : GRAPHS) {
      for (int mode : new int[] {0, 4}) {
        Request request = REQUESTS.get(mode + 1);
        Map<String, float[]> found = run(new Averaging(graph.spec()), BACKENDS.get(2), request);
        assertThatThrownBy(() -> assertClose(found, expected(graph, request)))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("logits");
      }
    }
  }

  @Test
  void anotherWeightIsTold() {
    Model graph = GRAPHS.get(0);
    for (Request request : REQUESTS) {
      Map<String, float[]> found = run(graph, BACKENDS.get(2), request, "layer3.0.conv2.weight");
      assertThatThrownBy(() -> assertClose(found, expected(graph, request)))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aBackendWithAWrongGradientIsTold() {
    Kernels wrong =
        new ReferenceKernels() {
          @Override
          public INDArray conv2dBackwardInput(
              Conv2dGeometry g, INDArray dy, INDArray weight, int height, int width) {
            return super.conv2dBackwardInput(g, dy, weight, height, width).muli(1.001);
          }
        };
    Model graph = GRAPHS.get(0);
    Request request = REQUESTS.get(1);
    assertThatThrownBy(() -> givesWhatTheLoopsGive(graph, new ArrayBackend(wrong), request))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void theOtherModeIsTold() {
    for (Model graph : GRAPHS) {
      Map<String, float[]> evaluated = expected(graph, REQUESTS.get(1));
      Map<String, float[]> trained = expected(graph, REQUESTS.get(5));
      assertThatThrownBy(() -> assertClose(evaluated, only(trained, evaluated)))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void anotherRequestIsTold() {
    Model graph = GRAPHS.get(0);
    for (int mode : new int[] {0, 4}) {
      Request guided = REQUESTS.get(mode + 2);
      Request plain =
          new Request(guided.points(), guided.train(), guided.learns()).withFrozen(guided.frozen());
      assertThatThrownBy(() -> assertClose(run(graph, REFERENCE, plain), expected(graph, guided)))
          .isInstanceOf(AssertionError.class);
    }
    assertThatThrownBy(
            () -> assertClose(expected(graph, REQUESTS.get(5)), expected(graph, REQUESTS.get(7))))
        .isInstanceOf(AssertionError.class);
  }

  private static Map<String, float[]> only(
      Map<String, float[]> values, Map<String, float[]> names) {
    Map<String, float[]> some = new LinkedHashMap<>(values);
    some.keySet().retainAll(names.keySet());
    return some;
  }

  /** What the loops give for a request: of all that they give in this mode, what it asks for. */
  private static Map<String, float[]> expected(Model graph, Request request) {
    List<String> points = Stream.concat(Stream.of(Points.INPUT), POINTS.stream()).toList();
    Request plain = new Request(Set.copyOf(points), request.train(), request.learns());
    Request all = request.guided() ? plain.withGuidedBackprop() : plain;
    Map<String, float[]> some =
        new LinkedHashMap<>(
            EXPECTED.computeIfAbsent(List.of(graph, all), key -> run(graph, REFERENCE, all)));
    some.keySet()
        .removeIf(
            name ->
                points.stream()
                        .anyMatch(
                            point ->
                                name.endsWith(" " + point) && !request.points().contains(point))
                    || (name.startsWith(GRADIENT)
                        && !request.trains(
                            name.substring(GRADIENT.length(), name.lastIndexOf('.')))));
    return some;
  }

  private static Map<String, float[]> run(
      Model graph, Backend backend, Request request, String... changed) {
    return run(graph.spec(), backend, request, changed);
  }

  private static Map<String, float[]> run(
      Architecture graph, Backend backend, Request request, String... changed) {
    try (Network network = Network.of(graph, new SyntheticParameters());
        INDArray x = SyntheticInput.images("matrix", 4, 3, 97, 81)) {
      network.update(
          parameters -> {
            for (String name : changed) {
              parameters.get(name).muli(1.01);
            }
          });
      try (Trace trace = trace(network, x, backend, request);
          INDArray dLogits = Nd4j.zeros(trace.logits().shape())) {
        for (int i = 0; i < dLogits.length(); i++) {
          dLogits.putScalar(i, Math.sin(i + 1));
        }
        assertThat(trace.backend()).isEqualTo(backend.name());
        Map<String, float[]> all = new LinkedHashMap<>();
        all.put("logits", HostCopy.floats(trace.logits()));
        try (Gradients gradients = network.backward(trace, dLogits)) {
          for (String point : request.points()) {
            all.put("output of " + point, HostCopy.floats(trace.activation(point)));
            all.put("gradient at " + point, HostCopy.floats(gradients.get(point)));
          }
          for (String name : gradients.parameterNames()) {
            all.put(GRADIENT + name, HostCopy.floats(gradients.parameter(name)));
          }
        }
        network.parameters().forEach((name, array) -> all.put(name, HostCopy.floats(array)));
        return all;
      }
    }
  }

  private static Trace trace(Network network, INDArray x, Backend backend, Request request) {
    return request.train()
        ? network.traceTraining(x, request, new SplittableRandom(3), backend)
        : network.trace(x, request, backend);
  }

  private static void assertClose(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, e) -> {
          float[] f = found.get(name);
          assertThat(f).as(name).hasSameSizeAs(e);
          assertThat(Agreement.relativeMax(f, e)).as(name).isLessThan(CLOSE);
        });
  }
}
