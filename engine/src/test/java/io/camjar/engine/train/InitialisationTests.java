package io.camjar.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import org.junit.jupiter.api.Test;

class InitialisationTests {
  private static final ResNetSpec SPEC =
      ResNetSpec.named("resnet18", new LinearHead(10))
          .withWidth(16)
          .withHead(SequentialHead.fastai1(128, 10));

  @Test
  void tensorsHaveTheDistributionsOfTorchvision() {
    try (Network network = Network.of(SPEC, new Initialisation(SPEC.graph(), 1))) {
      float[] conv = values(network, "layer4.0.conv2.weight");
      assertThat(deviation(conv)).isEqualTo(Math.sqrt(2.0 / (128 * 9)), within(5e-4));
      float[] linear = values(network, "head.4.weight");
      assertThat(deviation(linear)).isEqualTo(1 / Math.sqrt(3 * 256.0), within(5e-4));
      assertThat(linear[0]).isBetween(-1 / 16f, 1 / 16f);
      assertThat(values(network, "layer1.0.bn1.weight")).containsOnly(1);
      assertThat(values(network, "layer1.0.bn2.weight")).containsOnly(0);
      assertThat(values(network, "layer2.0.bn2.weight")).containsOnly(0);
      assertThat(values(network, "layer2.0.downsample.1.weight")).containsOnly(1);
      assertThat(values(network, "head.2.running_var")).containsOnly(1);
      assertThat(values(network, "bn1.bias")).containsOnly(0);
    }
  }

  @Test
  void valuesFollowFromSeedAndName() {
    Initialisation one = new Initialisation(SPEC.graph(), 1);
    Initialisation two = new Initialisation(SPEC.graph(), 2);
    long[] shape = {16, 3, 7, 7};
    float[] first = HostCopy.floats(one.get("conv1.weight", shape));
    assertThat(HostCopy.floats(one.get("conv1.weight", shape))).isEqualTo(first);
    assertThat(HostCopy.floats(two.get("conv1.weight", shape))).isNotEqualTo(first);
  }

  private static float[] values(Network network, String name) {
    return HostCopy.floats(network.parameters().get(name));
  }

  private static double deviation(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}
