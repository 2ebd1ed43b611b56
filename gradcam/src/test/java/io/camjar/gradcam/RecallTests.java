package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.method.CamMethods;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Methods that ask the network once a channel ask it for all classes at once. */
class RecallTests {
  @ParameterizedTest
  @ValueSource(strings = {"scorecam", "ablationcam"})
  void theNetworkIsAskedOnceForAllClasses(String method) {
    AtomicInteger asked = new AtomicInteger();
    try (Network network = Networks.pooled();
        INDArray input = SyntheticInput.images("recall", 1, 3, 64, 64)) {
      Explainer explainer =
          Explainer.of(network)
              .withMethod(CamMethods.named(method))
              .withProgress((task, done, total) -> asked.addAndGet(done == 0 ? 1 : 0));

      Explanation together =
          explainer.explain("both", input, List.of(Target.index(1), Target.index(3)));
      assertThat(asked).hasValue(1);

      for (int index : new int[] {1, 3}) {
        Explanation alone = explainer.explain("alone", input, List.of(Target.index(index)));
        assertThat(together.map("layer4.1", index).raw()).isEqualTo(alone.map("layer4.1").raw());
      }
      assertThat(together.map("layer4.1", 1).raw()).isNotEqualTo(together.map("layer4.1", 3).raw());
    }
  }
}
