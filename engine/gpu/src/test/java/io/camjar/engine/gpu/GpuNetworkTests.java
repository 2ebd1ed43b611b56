package io.camjar.engine.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.CamjarException;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whole networks give on the device what they give on the loops in double precision. */
@OnDevice
class GpuNetworkTests {
  /** Of the largest value of an array. */
  private static final double CLOSE = 1e-5;

  /** What a device may round away of a deep network, as a multiple of what the CPU does. */
  private static final double AS_ROUNDED = 2;

  private static final int NARROW = 8;

  private static Architecture architecture(String name) {
    if (!name.startsWith("resnet")) {
      return Families.named(name, 10);
    }
    ResNetSpec spec = ResNetSpec.named(name, new LinearHead(10));
    return new ResNetSpec(
        name,
        spec.block(),
        spec.depths(),
        NARROW,
        spec.inChannels(),
        spec.stem(),
        spec.shortcut(),
        spec.head());
  }

  /** Images of which no sum lies so near to a kink of an activation that rounding decides. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 2, layer1.0, layer4",
    "resnet34, 1, layer2, layer4.2.conv2",
    "resnet50, 2, layer3.0.conv2, layer4",
    "mobilenet_v2, 1, features.6, features.18"
  })
  void givesLogitsMapsAndGradients(String name, int batch, String deep, String last) {
    List<String> points = List.of(deep, last);
    Map<String, float[]> expected =
        run(name, batch, points, new ArrayBackend(new ReferenceKernels()));
    Map<String, float[]> found = run(name, batch, points, GpuBackend.on("opencl"));
    Map<String, float[]> onCpu = run(name, batch, points, new ArrayBackend(Kernels.active()));
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (what, e) ->
            assertThat(Agreement.relativeMax(found.get(what), e))
                .as(what)
                .isLessThan(
                    Math.max(CLOSE, AS_ROUNDED * Agreement.relativeMax(onCpu.get(what), e))));
  }

  private static Map<String, float[]> run(
      String name, int batch, List<String> points, Backend backend) {
    try (Network network = Network.of(architecture(name), new SyntheticParameters());
        INDArray x = SyntheticInput.images("gpu", batch, 3, 64, 96);
        Trace trace = network.trace(x, Request.of(points), backend);
        INDArray seed = Nd4j.zeros(batch, 10)) {
      for (int image = 0; image < batch; image++) {
        seed.putScalar(new int[] {image, 7 - image}, 1);
      }
      Map<String, float[]> all = new LinkedHashMap<>();
      all.put("logits", HostCopy.floats(trace.logits()));
      try (Gradients gradients = network.backward(trace, seed)) {
        for (String point : points) {
          put(all, "output of " + point, trace.featureMaps(point));
          put(all, "gradient at " + point, gradients.featureMaps(point));
        }
      }
      return all;
    }
  }

  private static void put(Map<String, float[]> all, String what, FeatureMaps maps) {
    for (int image = 0; image < maps.batch(); image++) {
      double[] means = maps.means(image);
      all.put(what + " " + image, maps.values(image));
      all.put("means of the " + what + " " + image, floats(means));
      all.put("map of the " + what + " " + image, floats(maps.weightedSum(image, means)));
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void threadsShareADevice() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Network network = Network.of(architecture("resnet18"), new SyntheticParameters());
        INDArray x = SyntheticInput.images("threads", 1, 3, 64, 64);
        Trace alone = network.trace(x, Request.of(List.of("layer4")), GpuBackend.on("opencl"))) {
      float[] expected = HostCopy.floats(alone.logits());
      Backend backend = GpuBackend.on("opencl");
      Callable<float[]> pass =
          () -> {
            try (Trace trace = network.trace(x, Request.of(List.of("layer4")), backend)) {
              return HostCopy.floats(trace.logits());
            }
          };
      List<Future<float[]>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        all.add(threads.submit(pass));
      }
      for (Future<float[]> one : all) {
        assertThat(one.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aDeviceThatIsNotThereIsTold() {
    assertThatThrownBy(() -> GpuBackend.on("opencl:99").lower(null, Map.of(), false))
        .isInstanceOf(CamjarException.class)
        .hasMessageStartingWith("there is no device opencl:99: there are ")
        .hasMessageEndingWith("./camjar devices lists them");
  }
}
