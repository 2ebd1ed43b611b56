package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.GpuBackend;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.gpu.math.ConvTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The smallest graphs that run every kernel once: what {@code engine/gpu/oclgrind} watches. */
@OnDevice
class OneOfEachKernelTests {
  private static final List<String> CASES =
      List.of(
          "conv in groups",
          "conv",
          "depthwise",
          "squeeze and excitation",
          "scale and shift of each channel",
          "linear",
          "tokens",
          "max-pool of an image",
          "average pool",
          "concat pool",
          "places behind one another",
          "a value read twice",
          "relu of an image",
          "silu of an image",
          "batch norm of an image");

  /** Those whose parameters learn by kernels. */
  private static final List<String> LEARNING =
      List.of(
          "conv in groups",
          "conv",
          "depthwise",
          "linear",
          "batch norm of an image",
          "batch norm of features");

  private static final int ITEMS = 64;

  @AfterEach
  void finish() {
    System.clearProperty(ConvTable.PROPERTY);
    DeviceCatalog.open("opencl").finish();
  }

  @Test
  void runs() {
    CASES.forEach(name -> run(name, false));
  }

  @Test
  void learns() {
    LEARNING.forEach(name -> run(name, true));
  }

  /** Winograd's convolution, and one whose sums are split, with what adds up its parts. */
  @ParameterizedTest
  @ValueSource(strings = {"f2", "f4", "32x32/2"})
  void runsInEachWay(String way, @TempDir Path folder) throws IOException {
    Path table = folder.resolve("table");
    Files.writeString(table, "* = " + way);
    System.setProperty(ConvTable.PROPERTY, table.toString());
    run("conv", false);
  }

  /** The kernel that measures what a device can do at best: two groups of one turn. */
  @Test
  void measures() {
    Device device = DeviceCatalog.open("opencl");
    DeviceMemory memory = device.allocate(2L * ITEMS * Float.BYTES);
    device.launch(
        device.kernel("peak", "fma_peak", Map.of()), new Grid(2, 1, 1, ITEMS), memory, 1, .5f, 1f);
    FloatBuffer first =
        ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    device.download(memory, 0, first);
    device.free(memory);
    assertThat(first.get(0)).isEqualTo(16 * 15 / 2 * .5f + 16);
  }

  private static void run(String name, boolean learns) {
    EquivalenceCase found =
        EquivalenceCases.all().stream().filter(c -> c.name().equals(name)).findAny().orElseThrow();
    Request request = Request.of(found.points());
    assertThat(
            BackendEquivalenceTests.run(
                found,
                learns ? Request.training().withPoints(request.points()) : request,
                (parameters, training) ->
                    Backends.open(GpuBackend.on("opencl"), found.graph(), parameters, training)))
        .as(name)
        .isNotEmpty();
  }
}
