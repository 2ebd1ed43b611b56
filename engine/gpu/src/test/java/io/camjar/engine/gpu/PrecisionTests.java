package io.camjar.engine.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.device.Devices;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What {@code --precision} changes of a network's answers on a device. */
@OnDevice
class PrecisionTests {

  @AfterEach
  void asBefore() {
    System.clearProperty(Devices.PRECISION);
  }

  private static double[][] run(String precision) {
    System.setProperty(Devices.PRECISION, precision);
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(10));
    ResNetSpec narrow =
        new ResNetSpec(
            "resnet18",
            spec.block(),
            spec.depths(),
            8,
            spec.inChannels(),
            spec.stem(),
            spec.shortcut(),
            spec.head());
    List<String> points = List.of("layer3", "layer4");
    try (Network network = Network.of(narrow, new SyntheticParameters());
        INDArray x = SyntheticInput.images("precision", 1, 3, 64, 64);
        Trace trace = network.trace(x, Request.of(points), GpuBackend.on("opencl"));
        INDArray seed = Nd4j.zeros(1, 10).putScalar(new int[] {0, 3}, 1);
        Gradients gradients = network.backward(trace, seed)) {
      double[][] all = new double[3][];
      all[0] = doubles(HostCopy.floats(trace.logits()));
      for (int i = 0; i < 2; i++) {
        double[] weights = gradients.featureMaps(points.get(i)).means(0);
        all[i + 1] = trace.featureMaps(points.get(i)).weightedSum(0, weights);
      }
      return all;
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double error(double[] found, double[] expected) {
    double difference = 0;
    double most = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
      most = Math.max(most, Math.abs(expected[i]));
    }
    return difference / most;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf32", "float16"})
  void answersStayWithinAHundredth(String precision) {
    double[][] expected = run("float32");
    double[][] found = run(precision);
    for (int i = 0; i < expected.length; i++) {
      assertThat(error(found[i], expected[i])).isBetween(1e-5, 1e-2);
    }
  }

  @Test
  void theRecordsDeviceNamesThePrecisionUnlessItIsFloat32() {
    String plain = new DeviceCatalog().describe("opencl");
    assertThat(plain).endsWith(")");
    System.setProperty(Devices.PRECISION, "float16");
    assertThat(new DeviceCatalog().describe("opencl")).isEqualTo(plain + ", float16");
  }

  @Test
  void anUnknownPrecisionIsTold() {
    System.setProperty(Devices.PRECISION, "half");
    assertThatThrownBy(() -> new DeviceCatalog().describe("opencl"))
        .isInstanceOf(CamjarException.class)
        .hasMessage(
            "there is no precision half: the property camjar.device.precision takes float32, tf32,"
                + " float16");
  }
}
