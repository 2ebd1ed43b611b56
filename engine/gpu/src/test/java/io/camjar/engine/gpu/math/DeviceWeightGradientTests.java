package io.camjar.engine.gpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.Agreement;
import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.OnDevice;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.ReferenceKernels;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of weights whose sums are made in parts, as those over many places are. */
@OnDevice
class DeviceWeightGradientTests {

  /** Parts of a few places: the last one is shorter, and images end within a part. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 16",
    "1, 1, 48",
    "1, 1, 4096",
    "2, 1, 16",
    "2, 2, 32",
    "1, 2, 64",
  })
  void sumsInPartsAreThoseOfTheLoopsEachTime(int stride, int dilation, int deepest) {
    Conv2dGeometry g =
        new Conv2dGeometry(9, 37, 3, 3, stride, stride, dilation, dilation, dilation, dilation);
    Conv2d op = new Conv2d(g, false);
    Shape in = Shape.of(3, 9, 11, 8);
    Shape out = op.output("conv", List.of(in));
    try (INDArray x = SyntheticInput.images("x", 3, 9, 11, 8);
        INDArray dy = SyntheticInput.images("dy", 3, 37, out.at(2), out.at(3));
        INDArray dw = new ReferenceKernels().conv2dBackwardWeight(g, dy, x)) {
      Device device = DeviceCatalog.open("opencl");
      DeviceMath math = new DeviceMath(device);
      FreshMemory fresh = new FreshMemory(device);
      int[] taps = new DeviceConv2d(device, op).taps(false);
      DeviceMemory where = device.allocate((long) taps.length * Integer.BYTES);
      device.upload(where, taps);
      Tensor left = math.upload(HostCopy.floats(dy));
      Tensor right = math.upload(HostCopy.floats(x));
      float[] expected = HostCopy.floats(dw);
      Tensor result = math.upload(new float[expected.length]);
      DeviceWeightGradient gradient = new DeviceWeightGradient(device, op, deepest);
      gradient.run(left, out, right, in, where, result, fresh);
      float[] found = fresh.read(result);
      assertThat(Agreement.relativeMax(found, expected)).isLessThan(1e-5);
      gradient.run(left, out, right, in, where, result, fresh);
      assertThat(fresh.read(result)).isEqualTo(found);
    }
  }

  /**
   * Mean 1000, standard deviation 1: a sum of squares in single precision would have lost all of
   * the variance; and more numbers than one group adds up.
   */
  @ParameterizedTest
  @CsvSource({"2, 3, 5000", "1, 1, 20000", "40, 7, 1", "300, 2, 70"})
  void sumsOfChannelsKeepWhatSinglePrecisionRoundsAway(int images, int channels, int plane) {
    float[] values = new float[images * channels * plane];
    double[] mean = new double[channels];
    double[] squares = new double[channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1000 + Math.sqrt(2) * Math.sin(i * 0.7));
      int c = i / plane % channels;
      mean[c] += (double) values[i] / (images * plane);
      squares[c] += (double) values[i] * values[i] / (images * plane);
    }
    Device device = DeviceCatalog.open("opencl");
    Tensor x = new DeviceMath(device).upload(values);
    double[][] sums =
        new DevicePools(device).channelSums(x, x, channels, plane, new FreshMemory(device));
    for (int c = 0; c < channels; c++) {
      double m = sums[0][c] / (images * plane);
      assertThat(m).isCloseTo(mean[c], within(1e-9 * 1000));
      assertThat(sums[1][c] / (images * plane) - m * m)
          .isCloseTo(squares[c] - mean[c] * mean[c], within(1e-5));
    }
  }
}
