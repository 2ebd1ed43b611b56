package io.camjar.weights;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture, whatever wrote it, computes what PyTorch computes from the same weights. */
class CheckpointLogitsTests {
  static List<String> fixtures() {
    return Fixtures.names();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void computesWhatPyTorchComputes(String fixture) {
    Fixtures.assertLogits(fixture, Checkpoints.open(Fixtures.path(fixture)));
  }
}
