package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.method.CamMethods;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A body without a classifier has maps of the methods that know no class, and no classes. */
class NoClassifierTests {
  @Test
  void methodsThatKnowNoClassShowEveryLayer() {
    try (Network network = Networks.headless();
        Network whole = Networks.pooled();
        INDArray input = SyntheticInput.images("picture", 1, 3, 65, 49)) {
      Explanation found = explain(network, "eigencam", input);
      Explanation same = explain(whole, "eigencam", input);
      assertThat(found.targets()).containsExactly(ClassLabel.NONE);
      assertThat(found.logits()).isEmpty();
      assertThat(found.top(5)).isEmpty();
      assertThat(found.model().classes()).isZero();
      assertThat(found.maps()).hasSameSizeAs(same.maps()).hasSize(9);
      for (int i = 0; i < found.maps().size(); i++) {
        assertThat(found.maps().get(i).raw()).isEqualTo(same.maps().get(i).raw());
      }
    }
  }

  @Test
  void methodsThatExplainAClassAreRefusedWithThoseThatWork() {
    try (Network network = Networks.headless();
        INDArray input = SyntheticInput.images("picture", 1, 3, 65, 49)) {
      assertThatThrownBy(() -> explain(network, "gradcam", input))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("has no classifier, and gradcam explains a class")
          .hasMessageContaining("eigencam");
    }
  }

  private static Explanation explain(Network network, String method, INDArray input) {
    return Explainer.of(network)
        .withMethod(CamMethods.named(method))
        .withLayers("all")
        .explain("input", input, List.of(Target.top1()));
  }
}
