package io.camjar.engine.model.family;

import static io.camjar.engine.Agreement.assertClose;
import static io.camjar.engine.Agreement.relativeMax;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.Golden;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vision transformer on images of other sizes against PyTorch's antialiased bicubic
 * interpolation; {@code src/test/python/make_attention_goldens.py} makes the golden file.
 */
class ResizedTransformerTests {
  private static final Golden GOLDEN = Golden.read("attention/vit");
  private static final VisionTransformer NET =
      new VisionTransformer("vit", "timm", 3, 8, 5, 5, 24, 3, 3, 32, false, 10);

  @ParameterizedTest
  @ValueSource(strings = {"7x7", "4x6", "3x2", "10x5"})
  void positionEmbeddingsAreResampledAsPyTorchDoes(String grid) {
    String[] sides = grid.split("x");
    int height = 8 * Integer.parseInt(sides[0]);
    try (Network network = Network.of(NET, new SyntheticParameters())) {
      Network resized = network.resized(height, 8 * Integer.parseInt(sides[1]));
      float[] found = HostCopy.floats(resized.parameters().get("pos_embed"));
      assertThat(relativeMax(found, GOLDEN.values("position/" + grid))).isLessThan(1e-5);
    }
  }

  @Test
  void logitsOfARectangleAreThoseOfPyTorch() {
    try (Network network = Network.of(NET, new SyntheticParameters());
        INDArray x = SyntheticInput.images("picture0", 1, 3, 56, 32);
        INDArray own = SyntheticInput.images("picture0", 1, 3, 40, 40);
        INDArray logits = network.resized(56, 32).forward(x);
        INDArray same = network.resized(40, 40).forward(own)) {
      assertClose(GOLDEN, "logits/56x32", logits, 1e-4);
      assertClose(GOLDEN, "logits", same, 1e-4);
      assertThat(network.resized(40, 40)).isSameAs(network);
    }
  }

  @Test
  void aSizeThatIsNoMultipleOfAPatchIsRefused() {
    try (Network network = Network.of(NET, new SyntheticParameters())) {
      assertThatThrownBy(() -> network.resized(41, 40))
          .isInstanceOf(CamjarException.class)
          .hasMessage("vit takes images of 40x40 and no other size, found 41x40");
    }
  }
}
