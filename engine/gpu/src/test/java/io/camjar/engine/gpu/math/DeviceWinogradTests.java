package io.camjar.engine.gpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Agreement;
import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Winograd's convolution on a device against the loops in double precision. */
class DeviceWinogradTests {
  private static final Kernels LOOPS = new ReferenceKernels();

  /**
   * Tiles that fit, that overhang on both sides, padding of 0 to 2, an image smaller than a tile.
   */
  @OnDevice
  @ParameterizedTest
  @CsvSource({
    "2, 1, 8, 8, 1", "2, 2, 7, 9, 1", "2, 1, 5, 6, 0", "2, 1, 3, 3, 2",
    "4, 1, 8, 8, 1", "4, 2, 7, 9, 1", "4, 1, 6, 11, 0", "4, 1, 3, 3, 2"
  })
  void givesWhatTheLoopsGive(int f, int batch, int height, int width, int pad) {
    Conv2d op = new Conv2d(Conv2dGeometry.square(20, 35, 3, 1, pad), true);
    Conv2dGeometry g = op.geometry();
    Shape in = Shape.of(batch, 20, height, width);
    Shape out = op.output("conv", List.of(in));
    try (INDArray x = SyntheticInput.images("x", batch, 20, height, width);
        INDArray w = SyntheticInput.images("w", 35, 20, 3, 3);
        INDArray dy = SyntheticInput.images("dy", batch, 35, out.at(2), out.at(3));
        INDArray bias =
            SyntheticInput.images("b", 1, 1, 1, 35).reshape('c', new long[] {35}).dup('c');
        INDArray y = LOOPS.conv2d(g, x, w, bias);
        INDArray dx = LOOPS.conv2dBackwardInput(g, dy, w, height, width)) {
      Device device = DeviceCatalog.open("opencl");
      DeviceMath math = new DeviceMath(device);
      DeviceWinograd winograd = new DeviceWinograd(device, f);
      float[] weights = HostCopy.floats(w);
      Tensor added = math.upload(HostCopy.floats(dy));
      Tensor result = math.upload(new float[(int) out.length()]);
      FreshMemory fresh = new FreshMemory(device);
      winograd.run(
          math.upload(HostCopy.floats(x)),
          in,
          math.upload(winograd.weights(weights, 35, 20, false)).memory(),
          pad,
          pad,
          result,
          out,
          new Ending(math.upload(HostCopy.floats(bias)), added, null, Function.RELU),
          fresh);
      float[] expected = HostCopy.floats(y);
      float[] more = HostCopy.floats(dy);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Math.max(0, expected[i] + more[i]);
      }
      assertThat(Agreement.relativeMax(fresh.read(result), expected)).isLessThan(1e-5);

      Tensor gradient = math.upload(new float[(int) in.length()]);
      winograd.run(
          added,
          out,
          math.upload(winograd.weights(weights, 35, 20, true)).memory(),
          2 - pad,
          2 - pad,
          gradient,
          in,
          Ending.NOTHING,
          fresh);
      assertThat(Agreement.relativeMax(fresh.read(gradient), HostCopy.floats(dx))).isLessThan(1e-5);
    }
  }

  @Test
  void onlyPlainConvolutionsOfThreeByThreeAreComputedSo() {
    assertThat(DeviceWinograd.supports(new Conv2d(Conv2dGeometry.square(8, 8, 3, 1, 1), false)))
        .isTrue();
    assertThat(DeviceWinograd.supports(new Conv2d(Conv2dGeometry.square(8, 8, 3, 2, 1), false)))
        .isFalse();
    assertThat(DeviceWinograd.supports(new Conv2d(Conv2dGeometry.square(8, 8, 1, 1, 0), false)))
        .isFalse();
    assertThat(DeviceWinograd.supports(new Conv2d(Conv2dGeometry.square(8, 8, 3, 1, 3), false)))
        .isFalse();
  }
}
