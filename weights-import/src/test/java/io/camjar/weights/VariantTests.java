package io.camjar.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Variations of the troubles that people report, made by {@code make_variants.py}: each gives the
 * logits that PyTorch computes, or is refused by a sentence that names what is in the way.
 */
class VariantTests {
  private static final JsonNode EXPECTED = Fixtures.json("variants/expected.json");

  static Stream<String> names() {
    return StreamSupport.stream(((Iterable<String>) EXPECTED::fieldNames).spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("names")
  void readRightOrRefusedByName(String name) {
    WrappingTests.assertOutcome(EXPECTED.get(name), Fixtures.path("../variants/" + name));
  }
}
