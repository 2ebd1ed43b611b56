package io.camjar.engine.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.OutOfDeviceMemory;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Backends;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Session;
import io.camjar.engine.run.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What networks take of a device's memory, they give back; a device that has too little says so.
 */
@OnDevice
class DeviceMemoryTests {
  private static final long PLENTY = 1L << 30;
  private static final int SIDE = 64;

  private static SmallDevice device(long most) {
    return new SmallDevice(DeviceCatalog.open("opencl"), most);
  }

  /** A network with its session on a device. */
  private static final class Held implements AutoCloseable {
    private final Network network;
    private final Session<?> session;
    private final Device device;

    /** What a training step had taken at its end. */
    private long most;

    Held(Device device) {
      this.device = device;
      ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(10));
      network =
          Network.of(
              new ResNetSpec(
                  "resnet18",
                  spec.block(),
                  spec.depths(),
                  8,
                  spec.inChannels(),
                  spec.stem(),
                  spec.shortcut(),
                  spec.head()),
              new SyntheticParameters());
      session = Backends.open(GpuBackend.on(device), network.graph(), network.parameters(), false);
    }

    /** Forward, backward and map of a deep block and the last one. */
    float[] explain(int side) {
      String input = network.graph().nodes().get(0).path();
      Request request = Request.of(List.of("layer1.0", "layer4"));
      try (INDArray x = SyntheticInput.images("memory", 1, 3, side, side);
          Trace trace = session.trace(Map.of(input, x), request, null);
          INDArray seed = Nd4j.zeros(1, 10).putScalar(new int[] {0, 3}, 1);
          Gradients gradients = network.backward(trace, seed)) {
        double[] weights = gradients.featureMaps("layer1.0").means(0);
        trace.featureMaps("layer1.0").weightedSum(0, weights);
        return HostCopy.floats(trace.logits());
      }
    }

    /** A training step's forward and backward. */
    void learn() {
      String input = network.graph().nodes().get(0).path();
      try (Session<?> learning =
              Backends.open(GpuBackend.on(device), network.graph(), network.parameters(), true);
          INDArray x = SyntheticInput.images("memory", 2, 3, SIDE, SIDE);
          Trace trace =
              learning.trace(Map.of(input, x), Request.training(), new SplittableRandom(1));
          INDArray seed = Nd4j.ones(2, 10);
          Gradients gradients = network.backward(trace, seed)) {
        assertThat(gradients.parameterNames()).isNotEmpty();
        most = device instanceof SmallDevice small ? small.bytes() : 0;
      }
    }

    @Override
    public void close() {
      session.close();
      network.close();
    }
  }

  @Test
  void networksThatComeAndGoLeaveNothing() {
    SmallDevice device = device(PLENTY);
    long first = 0;
    for (int turn = 0; turn < 5; turn++) {
      try (Held network = new Held(device)) {
        network.explain(SIDE);
        network.explain(SIDE / 2);
        long kept = device.bytes();
        network.explain(SIDE);
        network.explain(SIDE / 2);
        assertThat(device.bytes()).as("kept from pass to pass").isEqualTo(kept);
        first = first == 0 ? kept : first;
        assertThat(kept).as("of network %d", turn).isEqualTo(first).isPositive();
      }
      assertThat(device.bytes()).as("after network %d", turn).isZero();
    }
  }

  /** From hardly any to nearly enough: whatever step it is that finds none. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 20, 30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85})
  void tooLittleMemoryIsOneSentenceAndAllOfItIsGivenBack(int percent) {
    SmallDevice plenty = device(PLENTY);
    long enough;
    try (Held network = new Held(plenty)) {
      network.explain(SIDE);
      enough = plenty.bytes();
    }
    SmallDevice device = device(enough * percent / 100);
    try (Held network = new Held(device)) {
      assertThatThrownBy(() -> network.explain(SIDE))
          .isInstanceOf(OutOfDeviceMemory.class)
          .hasMessageContaining("has no room for")
          .hasMessageEndingWith(
              "use a smaller --size or fewer images in a batch, or leave --device out")
          .hasMessageNotContaining("\n");
    }
    assertThat(device.bytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 20, 30, 40, 45, 50, 55, 60})
  void trainingGivesAllBackToo(int percent) {
    SmallDevice plenty = device(PLENTY);
    long enough;
    try (Held network = new Held(plenty)) {
      network.learn();
      enough = network.most;
    }
    assertThat(plenty.bytes()).isZero();
    SmallDevice device = device(enough * percent / 100);
    try (Held network = new Held(device)) {
      assertThatThrownBy(network::learn).isInstanceOf(OutOfDeviceMemory.class);
    }
    assertThat(device.bytes()).isZero();
  }

  @Test
  void memoryThatIsKeptForOtherSizesIsFreedWhereThereIsNoneLeft() {
    SmallDevice plenty = device(PLENTY);
    long both;
    try (Held network = new Held(plenty)) {
      network.explain(SIDE);
      network.explain(SIDE + 32);
      both = plenty.bytes();
    }
    SmallDevice device = device(both - (both >> 3));
    try (Held network = new Held(device)) {
      float[] small = network.explain(SIDE);
      network.explain(SIDE + 32);
      assertThat(network.explain(SIDE)).isEqualTo(small);
    }
    assertThat(device.bytes()).isZero();
  }

  @Test
  void threadsWithNetworksOfTheirOwnShareADevice() throws Exception {
    SmallDevice device = device(PLENTY);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Held alone = new Held(device)) {
      float[] expected = alone.explain(SIDE);
      Callable<float[]> task =
          () -> {
            try (Held network = new Held(device)) {
              return network.explain(SIDE);
            }
          };
      List<Future<float[]>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(task));
      }
      for (Future<float[]> one : all) {
        assertThat(one.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(device.bytes()).isZero();
  }
}
