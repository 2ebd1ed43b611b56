package io.camjar.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ResNets in other numbers or containers (folded batch norms, biases, pickles in NumPy's files),
 * and networks whose outputs are embeddings, made by {@code make_equivalents.py}: each gives the
 * logits that PyTorch computes, or is refused by a sentence that names what is in the way.
 */
class EquivalentTests {
  private static final JsonNode EXPECTED = Fixtures.json("equivalents/expected.json");

  static Stream<String> names() {
    return StreamSupport.stream(((Iterable<String>) EXPECTED::fieldNames).spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("names")
  void readRightOrRefusedByName(String name) {
    WrappingTests.assertOutcome(EXPECTED.get(name), Fixtures.path("../equivalents/" + name));
  }
}
