package io.camjar.engine.gpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.Agreement;
import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.gpu.device.OtherDevice;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions as a card of many units computes them: sums in parts, which are added up. */
class DeviceConv2dTests {
  private static final int UNITS = 132;
  private static final Kernels LOOPS = new ReferenceKernels();

  @Test
  void fewPlacesAreSharedOutByPartsOfTheSums() {
    Tile.Choice last = Tile.choose(512, 49, 4608, 1, UNITS);
    assertThat(last.splits()).isGreaterThan(1);
    assertThat(last.splits() * last.depth()).isGreaterThanOrEqualTo(4608);
    assertThat((last.splits() - 1) * last.depth()).isLessThan(4608);
  }

  @Test
  void manyPlacesAreComputedInLargeTilesAndWhole() {
    Tile.Choice first = Tile.choose(128, 64 * 56 * 56, 576, 1, UNITS);
    assertThat(first.splits()).isOne();
    assertThat(first.tile()).isEqualTo(Tile.ALL.get(0));
  }

  @OnDevice
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void sumsInPartsAreThoseOfTheLoops(int stride) {
    assertThat(Tile.choose(40, 49, 96 * 9, 1, UNITS).splits()).isGreaterThan(1);
    givesWhatTheLoopsGive(stride, ConvTable.of(DeviceCatalog.open("opencl").facts()));
  }

  /** Whichever way a table names; what Winograd's cannot compute is computed directly. */
  @OnDevice
  @ParameterizedTest
  @CsvSource({"1, f2", "1, f4", "2, f4", "1, 32x32/1", "2, 64x64/4"})
  void eachWayIsThatOfTheLoops(int stride, String way) {
    givesWhatTheLoopsGive(stride, ConvTable.always(way));
  }

  private static void givesWhatTheLoopsGive(int stride, ConvTable table) {
    Conv2d op = new Conv2d(Conv2dGeometry.square(96, 40, 3, stride, 1), true);
    Conv2dGeometry g = op.geometry();
    Shape in = Shape.of(1, 96, 7, 7);
    Shape out = op.output("conv", List.of(in));
    try (INDArray x = SyntheticInput.pictures("x", 1, 96, 7, 7);
        INDArray w = SyntheticInput.pictures("w", 40, 96, 3, 3);
        INDArray dy = SyntheticInput.pictures("dy", 1, 40, out.at(2), out.at(3));
        INDArray bias =
            SyntheticInput.pictures("b", 1, 1, 1, 40).reshape('c', new long[] {40}).dup('c');
        INDArray y = LOOPS.conv2d(g, x, w, bias);
        INDArray dx = LOOPS.conv2dBackwardInput(g, dy, w, 7, 7)) {
      Device device = new Wide(DeviceCatalog.open("opencl"));
      DeviceMath math = new DeviceMath(device);
      DeviceConv2d conv = new DeviceConv2d(device, op, table);
      float[] weights = HostCopy.floats(w);
      Tensor added = math.upload(HostCopy.floats(dy));
      Tensor result = math.upload(new float[(int) out.length()]);
      conv.forward(
          math.upload(HostCopy.floats(x)),
          in,
          math.upload(conv.weights(weights, in, false)),
          taps(device, conv.taps(false)),
          result,
          out,
          new Ending(math.upload(HostCopy.floats(bias)), added, null, Function.RELU),
          new FreshMemory(device));
      float[] expected = HostCopy.floats(y);
      float[] more = HostCopy.floats(dy);
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Math.max(0, expected[i] + more[i]);
      }
      assertThat(Agreement.relativeMax(new FreshMemory(device).read(result), expected))
          .isLessThan(1e-5);

      float[] masks = HostCopy.floats(x);
      Tensor back = math.upload(masks);
      conv.backwardInput(
          added,
          out,
          math.upload(conv.weights(weights, in, true)),
          taps(device, conv.taps(true)),
          back,
          in,
          new Ending(null, back, math.upload(masks), Function.NONE),
          new FreshMemory(device));
      float[] gradient = HostCopy.floats(dx);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = masks[i] > 0 ? gradient[i] + masks[i] : 0;
      }
      assertThat(Agreement.relativeMax(new FreshMemory(device).read(back), gradient))
          .isLessThan(1e-5);
    }
  }

  private static DeviceMemory taps(Device device, int[] taps) {
    DeviceMemory memory = device.allocate((long) taps.length * Integer.BYTES);
    device.upload(memory, taps);
    return memory;
  }

  /** A device that says it has many units. */
  private static final class Wide extends OtherDevice {
    Wide(Device device) {
      super(device);
    }

    @Override
    public Facts facts() {
      Facts f = super.facts();
      return new Facts(
          f.kind(), f.index(), f.name(), f.driver(), UNITS, f.memory(), f.allocation());
    }
  }
}
