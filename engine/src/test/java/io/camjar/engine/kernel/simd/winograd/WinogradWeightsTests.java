package io.camjar.engine.kernel.simd.winograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights that are transformed in loops have the bits of those transformed in vectors. */
class WinogradWeightsTests {

  static Stream<Arguments> weights() {
    int[][] channels = {{64, 64}, {32, 96}, {40, 33}, {3, 17}, {70, 5}};
    return Stream.of(Winograd.values())
        .flatMap(
            method ->
                Stream.of(channels)
                    .flatMap(
                        c ->
                            Stream.of(
                                Arguments.of(method, c[0], c[1], false),
                                Arguments.of(method, c[0], c[1], true))));
  }

  @ParameterizedTest(name = "{0}, {1} to {2} channels, backward {3}")
  @MethodSource("weights")
  void haveTheSameBitsInLoopsAndInVectors(Winograd method, int in, int out, boolean backward) {
    Conv2dGeometry geometry = new Conv2dGeometry(in, out, 3, 3, 1, 1, 1, 1, 1, 1);
    float[] oihw = new float[out * in * 9];
    Random random = new Random(7L * in + out);
    for (int i = 0; i < oihw.length; i++) {
      oihw[i] = (float) random.nextGaussian();
    }
    assertArrayEquals(
        transformed(method, geometry, oihw, backward, new KernelVectors()),
        transformed(method, geometry, oihw, backward, new KernelLoops()));
  }

  private static float[] transformed(
      Winograd method, Conv2dGeometry g, float[] oihw, boolean backward, KernelRows rows) {
    WinogradWeights weights =
        new WinogradWeights(method, g, FloatBuffer.wrap(oihw), backward, rows);
    PackMemory memory = new PackMemory();
    weights.all(memory, Threads.shared());
    memory.rewind();
    return memory.take(0);
  }
}
