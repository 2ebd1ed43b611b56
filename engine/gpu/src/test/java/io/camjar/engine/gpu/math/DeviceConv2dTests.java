package io.camjar.engine.gpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.Agreement;
import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.gpu.device.Device;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions as a card of many units computes them: sums in parts, which are added up. */
class DeviceConv2dTests {
  private static final int UNITS = 132;
  private static final int CHANNELS = 95;

  /** Of the largest value, where only the order of sums differs. */
  private static final double SAME = 1e-5;

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
    assertThat(Tile.choose(40, 49, CHANNELS * 9, 1, UNITS).splits()).isGreaterThan(1);
    givesWhatTheLoopsGive(stride, ConvTable.of(DeviceCatalog.open("opencl").facts()));
  }

  /** Whichever way a table names; what Winograd's cannot compute is computed directly. */
  @OnDevice
  @ParameterizedTest
  @CsvSource({"1, f2", "1, f4", "2, f4", "1, 32x32/1", "2, 64x64/4"})
  void eachWayIsThatOfTheLoops(int stride, String way) {
    givesWhatTheLoopsGive(stride, ConvTable.always(way));
  }

  /**
   * Tiles of each shape of warps, sums in parts and rounded operands, with more outputs and places
   * than a tile has and a number of taps that is odd.
   */
  @OnDevice
  @ParameterizedTest
  @CsvSource({"FLOAT16, 2, 32x32/2", "TF32, 1, 32x64/1", "FLOAT16, 1, 64x64/1"})
  void tensorCoresGiveWhatRoundedOperandsGive(Precision precision, int stride, String way) {
    Example example = new Example(CHANNELS, 9, 72, 1, stride);
    ConvTable table = ConvTable.always(way);
    Device device = DeviceCatalog.open("opencl");
    List<float[]> plain = example.run(device, table, precision);
    assertClose(example.run(new TensorCores(device), table, precision), plain, SAME);
    List<float[]> loops = example.loops();
    assertClose(plain, loops, 2e-3);
    assertThat(Agreement.relativeMax(plain.get(0), loops.get(0))).isGreaterThan(SAME);
  }

  /** Small enough for {@code engine/gpu/oclgrind}, which interprets each item. */
  @OnDevice
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT16", "TF32"})
  void aSmallTileOfRoundedOperands(Precision precision) {
    Example example = new Example(3, 4, 40, 1, 1);
    ConvTable table = ConvTable.always("32x32/1");
    Device device = DeviceCatalog.open("opencl");
    List<float[]> loops = example.loops();
    assertClose(example.run(device, table, precision), loops, 2e-3);
    assertClose(example.run(new TensorCores(device), table, precision), loops, 2e-3);
  }

  @OnDevice
  @Test
  void aWeightThatFloat16DoesNotHoldIsTold() {
    Conv2d op = new Conv2d(Conv2dGeometry.square(2, 1, 1, 1, 0), false);
    Device device = DeviceCatalog.open("opencl");
    DeviceConv2d conv =
        new DeviceConv2d(device, op, ConvTable.always("32x32/1"), Precision.FLOAT16);
    assertThatThrownBy(
            () ->
                conv.upload(
                    new FreshMemory(device),
                    () -> new float[] {1, 1e5f},
                    Shape.of(1, 2, 4, 4),
                    false))
        .isInstanceOf(CamjarException.class)
        .hasMessage(
            "a weight is 100000.0, but float16 ends at 65504; use --precision tf32 or float32");
  }

  private static void givesWhatTheLoopsGive(int stride, ConvTable table) {
    Example example = new Example(CHANNELS, 7, 40, 1, stride);
    Device device = new Wide(DeviceCatalog.open("opencl"));
    assertClose(example.run(device, table, Precision.FLOAT32), example.loops(), SAME);
  }

  private static void assertClose(List<float[]> found, List<float[]> expected, double bound) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Agreement.relativeMax(found.get(i), expected.get(i))).isLessThan(bound);
    }
  }

  /** A convolution with bias, residual and ReLU, and back with a sum and a mask. */
  private record Example(int channels, int side, int outputs, int batch, int stride) {

    private Conv2d op() {
      return new Conv2d(Conv2dGeometry.square(channels, outputs, 3, stride, 1), true);
    }

    private Shape in() {
      return Shape.of(batch, channels, side, side);
    }

    private Shape out() {
      return op().output("conv", List.of(in()));
    }

    private INDArray x() {
      return SyntheticInput.images("x", batch, channels, side, side);
    }

    private INDArray w() {
      return SyntheticInput.images("w", outputs, channels, 3, 3);
    }

    private INDArray dy() {
      return SyntheticInput.images("dy", batch, outputs, out().at(2), out().at(3));
    }

    private INDArray bias() {
      return SyntheticInput.images("b", 1, 1, 1, outputs)
          .reshape('c', new long[] {outputs})
          .dup('c');
    }

    List<float[]> loops() {
      Conv2dGeometry g = op().geometry();
      try (INDArray x = x();
          INDArray w = w();
          INDArray dy = dy();
          INDArray bias = bias();
          INDArray y = LOOPS.conv2d(g, x, w, bias);
          INDArray dx = LOOPS.conv2dBackwardInput(g, dy, w, side, side)) {
        float[] expected = HostCopy.floats(y);
        float[] more = HostCopy.floats(dy);
        for (int i = 0; i < expected.length; i++) {
          expected[i] = Math.max(0, expected[i] + more[i]);
        }
        float[] masks = HostCopy.floats(x);
        float[] gradient = HostCopy.floats(dx);
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] = masks[i] > 0 ? gradient[i] + masks[i] : 0;
        }
        return List.of(expected, gradient);
      }
    }

    List<float[]> run(Device device, ConvTable table, Precision precision) {
      DeviceMath math = new DeviceMath(device);
      FreshMemory memory = new FreshMemory(device);
      DeviceConv2d conv = new DeviceConv2d(device, op(), table, precision);
      try (INDArray x = x();
          INDArray w = w();
          INDArray dy = dy();
          INDArray bias = bias()) {
        float[] weights = HostCopy.floats(w);
        Tensor added = math.upload(HostCopy.floats(dy));
        Tensor result = math.upload(new float[(int) out().length()]);
        conv.forward(
            math.upload(HostCopy.floats(x)),
            in(),
            conv.upload(memory, () -> weights, in(), false),
            memory.words("taps", () -> conv.taps(false)),
            result,
            out(),
            new Ending(math.upload(HostCopy.floats(bias)), added, null, Function.RELU),
            memory);
        float[] masks = HostCopy.floats(x);
        Tensor back = math.upload(masks);
        conv.backwardInput(
            added,
            out(),
            conv.upload(memory, () -> weights, in(), true),
            memory.words("taps", () -> conv.taps(true)),
            back,
            in(),
            new Ending(null, back, math.upload(masks), Function.NONE),
            memory);
        return List.of(memory.read(result), memory.read(back));
      }
    }
  }

  /** A device that says it has tensor cores, whose work OpenCL does by their written layout. */
  private static final class TensorCores extends OtherDevice {
    TensorCores(Device device) {
      super(device);
    }

    @Override
    public boolean hasTensorCores() {
      return true;
    }
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
