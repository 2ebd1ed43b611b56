package io.camjar.engine.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.gpu.device.Command;
import io.camjar.engine.gpu.device.CommandGraphs;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.OtherDevice;
import io.camjar.engine.gpu.device.OutOfDeviceMemory;
import io.camjar.engine.gpu.device.Recorder;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Passes whose commands are kept back and started as graphs, as on CUDA: here a graph is the list
 * of its commands, which OpenCL runs.
 */
@OnDevice
class RecordedPassTests {
  private static final int SIDE = 64;

  /** A device of graphs that are lists, which counts them. */
  private static final class Listing extends OtherDevice implements CommandGraphs.Maker {
    private final List<List<Command>> made = new ArrayList<>();
    private final CommandGraphs graphs = new CommandGraphs(this, sentence -> {});
    private int started;

    Listing(Device device) {
      super(device);
    }

    @Override
    public void queue(List<Command> commands) {
      if (!graphs.start(commands)) {
        commands.forEach(command -> command.queue(this));
      }
    }

    @Override
    public long capture(List<Command> commands) {
      made.add(commands);
      return made.size();
    }

    @Override
    public void start(long graph) {
      started++;
      made.get((int) graph - 1).forEach(command -> command.queue(this));
    }

    @Override
    public void free(long graph) {}
  }

  private static Network network() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(10));
    return Network.of(
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
  }

  private static Session<?> session(Network network, Device device) {
    return Backends.open(GpuBackend.on(device), network.graph(), network.parameters(), false);
  }

  /** Logits and maps of a deep block and the last one. */
  private static List<Object> explain(Network network, Session<?> session, int side) {
    String input = network.graph().nodes().get(0).path();
    List<String> points = List.of("layer1.0", "layer4");
    try (INDArray x = SyntheticInput.images("recorded", 1, 3, side, side);
        Trace trace = session.trace(Map.of(input, x), Request.of(points), null);
        INDArray seed = Nd4j.zeros(1, 10).putScalar(new int[] {0, 3}, 1);
        Gradients gradients = network.backward(trace, seed)) {
      List<Object> all = new ArrayList<>(List.of(HostCopy.floats(trace.logits())));
      for (String point : points) {
        double[] weights = gradients.featureMaps(point).means(0);
        all.add(trace.featureMaps(point).weightedSum(0, weights));
      }
      return all;
    }
  }

  private static void assertSame(List<Object> found, List<Object> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i)).isEqualTo(expected.get(i));
    }
  }

  @Test
  void anExplanationIsTwoGraphsASizeWhichAreStartedAgain() {
    Listing listing = new Listing(DeviceCatalog.open("opencl"));
    try (Network network = network();
        Session<?> bare = session(network, DeviceCatalog.open("opencl"));
        Session<?> recorded = session(network, new Recorder(listing))) {
      for (int side : new int[] {SIDE, 32}) {
        List<Object> expected = explain(network, bare, side);
        for (int turn = 0; turn < 6; turn++) {
          assertSame(explain(network, recorded, side), expected);
        }
      }
      // A forward and a backward for each size.
      assertThat(listing.made).hasSize(4);
      assertThat(listing.started).isGreaterThanOrEqualTo(4 * 3);
      assertThat(listing.made.get(0).size()).isGreaterThan(20);
    }
  }

  @Test
  void threadsRecordAtOnce() throws Exception {
    Listing listing = new Listing(DeviceCatalog.open("opencl"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Network network = network();
        Session<?> session = session(network, new Recorder(listing))) {
      List<Object> expected = explain(network, session, SIDE);
      List<Future<List<Object>>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(threads.submit(() -> explain(network, session, SIDE)));
      }
      for (Future<List<Object>> one : all) {
        assertSame(one.get(), expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 50, 70, 85})
  void passesThatFailForWantOfMemoryGiveAllOfItBack(int percent) {
    SmallDevice plenty = new SmallDevice(DeviceCatalog.open("opencl"), 1L << 30);
    long enough;
    try (Network network = network();
        Session<?> session = session(network, new Recorder(plenty))) {
      explain(network, session, SIDE);
      enough = plenty.bytes();
    }
    assertThat(plenty.bytes()).isZero();
    SmallDevice small = new SmallDevice(DeviceCatalog.open("opencl"), enough * percent / 100);
    try (Network network = network();
        Session<?> session = session(network, new Recorder(small))) {
      assertThatThrownBy(() -> explain(network, session, SIDE))
          .isInstanceOf(OutOfDeviceMemory.class);
    }
    assertThat(small.bytes()).isZero();
  }
}
