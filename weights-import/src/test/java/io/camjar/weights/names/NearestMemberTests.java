package io.camjar.weights.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.family.Families;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A network of no family is answered with the nearest published one and what differs. */
class NearestMemberTests {
  private static final Malformed REFUSAL = new Malformed("is unknown", "use another");

  @Test
  void otherNamesOfTheSameWeightsAreToldByShapes() {
    Map<String, long[]> renamed = shapes("efficientnet_b0", name -> "net." + name.hashCode());
    assertThat(added(renamed))
        .isEqualTo(
            "is unknown; nearest is efficientnet_b0, with which 82 of its 82 weights share shapes"
                + " (it has 82): its first is 'features.0.0.weight', here 'net.%d'"
                    .formatted("features.0.0.weight".hashCode()));
  }

  @Test
  void aBodyWithoutItsClassifierLacksIt() {
    Map<String, long[]> body = shapes("vgg16", UnaryOperator.identity());
    body.keySet().removeIf(name -> name.startsWith("classifier"));
    assertThat(added(body))
        .endsWith(
            "nearest is vgg16, with which 13 of its 13 weights share names (it has 16):"
                + " 'classifier.0.weight' is missing (and 2 more)");
  }

  @Test
  void whatTheNearestHasNotOrHasInAnotherShapeIsNamed() {
    Map<String, long[]> other = shapes("squeezenet1_1", UnaryOperator.identity());
    other.remove("classifier.1.weight");
    other.put("gate.weight", new long[] {4, 4});
    other.put("features.3.squeeze.weight", new long[] {16, 64, 3, 3});
    assertThat(added(other))
        .endsWith(
            "(it has 26): 'gate.weight' [4, 4] is not in it, 'classifier.1.weight' is missing,"
                + " 'features.3.squeeze.weight' is [16, 64, 3, 3], not [16, 64, 1, 1]");
  }

  @Test
  void aNetworkThatIsLikeNoneStaysAsItIs() {
    Map<String, long[]> own = new LinkedHashMap<>();
    own.put("first.weight", new long[] {5, 3, 11, 11});
    own.put("last.weight", new long[] {2, 605});
    assertThat(NearestMember.added(REFUSAL, Tensors.repeated(own))).isSameAs(REFUSAL);
    assertThat(NearestMember.of(Tensors.repeated(Map.of()))).isEmpty();
  }

  private static Map<String, long[]> shapes(String name, UnaryOperator<String> rename) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Families.named(name, 1000)
        .parameterShapes()
        .forEach((key, shape) -> shapes.put(rename.apply(key), shape));
    return shapes;
  }

  private static String added(Map<String, long[]> shapes) {
    return NearestMember.added(REFUSAL, Tensors.repeated(shapes)).getMessage();
  }
}
