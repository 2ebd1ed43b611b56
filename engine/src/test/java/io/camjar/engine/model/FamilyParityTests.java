package io.camjar.engine.model;

import static io.camjar.engine.Agreement.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Agreement;
import io.camjar.engine.Golden;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.family.Family;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Networks besides the ResNets against torchvision: logits, and the map of the default layer.
 *
 * <p>Made by {@code src/test/python/make_family_goldens.py}.
 */
class FamilyParityTests {
  private static final double LOGITS = 1e-4;
  private static final double MAPS = 1e-3;
  private static final int CLASSES = 10;
  private static final Golden GOLDEN = Golden.read("networks/families");

  static Stream<Arguments> cells() {
    return GOLDEN.facts("case").stream()
        .flatMap(c -> Stream.of("chosen", "arrays").map(b -> Arguments.of(c.get(0), c, b)));
  }

  @ParameterizedTest(name = "{0} on {2}")
  @MethodSource("cells")
  void agreesWithTorchvision(String name, List<String> fact, String backend) {
    String layer = fact.get(1);
    int target = Integer.parseInt(fact.get(5));
    Request request = Request.of(Set.of(layer));
    try (Network network = Network.of(Families.named(name, CLASSES), new SyntheticParameters());
        INDArray x =
            SyntheticInput.images(
                "picture" + fact.get(4),
                1,
                3,
                Integer.parseInt(fact.get(2)),
                Integer.parseInt(fact.get(3)));
        Trace trace =
            backend.equals("chosen")
                ? network.trace(x, request)
                : network.trace(x, request, Kernels.active());
        INDArray seed = Nd4j.zeros(1, CLASSES).putScalar(0, target, 1);
        Gradients gradients = network.backward(trace, seed)) {
      assertThat(network.points().lastBlock().path()).isEqualTo(layer);
      assertClose(GOLDEN, name + "/logits", trace.logits(), LOGITS);
      float[] map =
          RawMaps.gradCam(
              onGrid(network, layer, trace.activation(layer)),
              onGrid(network, layer, gradients.get(layer)));
      assertThat(Agreement.relativeL2(map, GOLDEN.values(name + "/map"))).isLessThan(MAPS);
    }
  }

  /** Tokens as images of features, without those that stand for no place. */
  private static INDArray onGrid(Network network, String layer, INDArray x) {
    if (x.rank() == 4) {
      return x;
    }
    PatchGrid grid = network.architecture().patches(layer).orElseThrow();
    return x.get(
            NDArrayIndex.all(),
            NDArrayIndex.interval(grid.prefix(), grid.tokens()),
            NDArrayIndex.all())
        .permute(0, 2, 1)
        .dup('c')
        .reshape('c', x.size(0), x.size(2), grid.height(), grid.width());
  }

  static Stream<Arguments> members() {
    return Families.all().stream()
        .flatMap(family -> family.names().stream().map(name -> Arguments.of(family, name)));
  }

  /** Names and shapes lead back to the member that has them, and to no other family. */
  @ParameterizedTest(name = "{1}")
  @MethodSource("members")
  void namesAndShapesTellTheMember(Family family, String name) {
    Architecture member = family.member(name, 7);
    Map<String, long[]> shapes = member.parameterShapes();
    assertThat(family.recognise(shapes)).contains(member);
    for (Family other : Families.all()) {
      if (other != family) {
        assertThat(other.recognise(shapes)).as(other.title()).isEmpty();
      }
    }
  }

  /** Where maps are read as images, tokens are not looked for. */
  @ParameterizedTest(name = "{1}")
  @MethodSource("members")
  void patchesAreOfTokensAlone(Family family, String name) {
    Architecture member = family.member(name, 7);
    InputSize size = member.inputSize();
    assertThat(member.patches(Points.INPUT)).isEmpty();
    for (LayerShape shape :
        member.graph().layerShapes(Shape.of(1, 3, size.height(), size.width()))) {
      if (member.hasMaps(shape.path(), shape.output())) {
        assertThat(member.patches(shape.path()).isPresent())
            .as(shape.path())
            .isEqualTo(shape.output().length == 3);
      }
    }
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("members")
  void everyBlockAndChildIsAPoint(Family family, String name) {
    Architecture member = family.member(name, 7);
    Map<String, Integer> places = new HashMap<>();
    member.graph().layers().forEach(layer -> places.put(layer.path(), layer.value()));
    assertThat(places).containsKeys(member.blocks().toArray(String[]::new));
    assertThat(places).containsKeys(member.children().toArray(String[]::new));
    assertThat(member.blocks()).isSortedAccordingTo((a, b) -> places.get(a) - places.get(b));
  }
}
