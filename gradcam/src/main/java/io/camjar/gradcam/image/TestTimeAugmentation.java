package io.camjar.gradcam.image;

import io.camjar.engine.kernel.HostCopy;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A change of the prepared input that a good map does not notice.
 *
 * @param mirrored whether left and right change places
 * @param factor what every value is multiplied by
 */
public record TestTimeAugmentation(boolean mirrored, float factor) {
  /** Those of pytorch-grad-cam's {@code aug_smooth}. */
  public static final List<TestTimeAugmentation> ALL =
      List.of(
          new TestTimeAugmentation(false, 0.9f),
          new TestTimeAugmentation(false, 1),
          new TestTimeAugmentation(false, 1.1f),
          new TestTimeAugmentation(true, 0.9f),
          new TestTimeAugmentation(true, 1),
          new TestTimeAugmentation(true, 1.1f));

  /** Whether it changes nothing. */
  public boolean isIdentity() {
    return !mirrored && factor == 1;
  }

  /** The changed input; the caller closes it. */
  public INDArray apply(INDArray input) {
    float[] values = HostCopy.floats(input);
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return HostCopy.array(onTheInput(values, (int) input.size(3)), input.shape());
  }

  /** A map of the changed input as a map of the input, rows of {@code width} values. */
  public float[] onTheInput(float[] map, int width) {
    if (!mirrored) {
      return map;
    }
    float[] turned = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      turned[i] = map[i - i % width + width - 1 - i % width];
    }
    return turned;
  }
}
