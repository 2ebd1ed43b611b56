package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.gradcam.method.CamMethods;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the head decides about the last layer's maps: parity of Grad-CAM, HiResCAM and CAM. */
class HeadsAndMethodsTests {
  private static final int TARGET = 2;
  private static final double SAME = 1e-5;

  @Test
  void withAPoolingAndLinearHeadGradCamEqualsHiResCam() {
    try (Network network = Networks.pooled()) {
      assertThat(distance(map(network, "gradcam"), map(network, "hirescam"))).isLessThan(SAME);
    }
  }

  @Test
  void withAPoolingAndLinearHeadGradCamEqualsCamUpToTheAreaOfTheMap() {
    try (Network network = Networks.pooled()) {
      float[] cam = map(network, "cam");
      for (int i = 0; i < cam.length; i++) {
        cam[i] /= cam.length;
      }

      assertThat(distance(map(network, "gradcam"), cam)).isLessThan(SAME);
    }
  }

  @Test
  void withAConcatPoolHeadTheyDiffer() {
    try (Network network = Networks.concatPooled()) {
      assertThat(distance(map(network, "gradcam"), map(network, "hirescam"))).isGreaterThan(0.01);
    }
  }

  private static float[] map(Network network, String method) {
    try (INDArray input = input()) {
      return Explainer.of(network)
          .withLayers("layer4")
          .withMethod(CamMethods.named(method))
          .explain("input0", input, List.of(Target.index(TARGET)))
          .map("layer4")
          .raw();
    }
  }

  private static INDArray input() {
    return SyntheticInput.images("heads", 1, 3, 128, 128);
  }

  /** The length of the difference relative to the length of {@code b}. */
  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow(a[i] - b[i], 2);
      length += Math.pow(b[i], 2);
    }
    return Math.sqrt(difference / length);
  }
}
