package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.GpuBackend;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.run.BackendEquivalenceTests.Case;
import java.util.List;
import org.junit.jupiter.api.Test;

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

  @Test
  void runs() {
    List<Case> all = BackendEquivalenceTests.graphs();
    for (String name : CASES) {
      Case found = all.stream().filter(c -> c.name().equals(name)).findAny().orElseThrow();
      Request request = Request.of(BackendEquivalenceTests.points(found));
      assertThat(
              BackendEquivalenceTests.run(
                  found,
                  request,
                  (parameters, training) ->
                      Backends.open(GpuBackend.on("opencl"), found.graph(), parameters, training)))
          .as(name)
          .isNotEmpty();
    }
    DeviceCatalog.open("opencl").finish();
  }
}
