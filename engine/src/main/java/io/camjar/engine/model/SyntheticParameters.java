package io.camjar.engine.model;

import io.camjar.engine.graph.Parameters;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.parameter.ParameterSource;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Parameters for any network without a file: every value follows from the tensor's name and its
 * place in it.
 *
 * <p>With them a network computes healthy numbers (activations and logits of moderate size at any
 * depth, few dead channels, no two classes alike) but knows nothing. They serve where the values do
 * not matter, such as benchmarks and tables of shapes, and where both sides of a comparison must
 * have the same: the parity tests' golden files hold results only, since Python makes the weights
 * from the same rule.
 *
 * <p>A value is {@code offset + scale * u}, with {@code u} uniform in (-1, 1) from {@link
 * HashedUniform}:
 *
 * <table>
 * <caption>Scale and offset by tensor</caption>
 * <tr><th>tensor</th><th>offset</th><th>scale</th></tr>
 * <tr><td>convolution weight</td><td>0</td><td>sqrt(6 / fan-in), He's bound</td></tr>
 * <tr><td>linear weight</td><td>0</td><td>sqrt(1.5 / fan-in)</td></tr>
 * <tr><td>weight of a block's bn2 and bn3</td><td>0.375</td><td>0.125</td></tr>
 * <tr><td>weight of any other batch norm, running variance</td><td>1</td><td>0.25</td></tr>
 * <tr><td>bias, running mean</td><td>0</td><td>0.25</td></tr>
 * </table>
 */
public final class SyntheticParameters implements Parameters {

  /** Always true: whatever is asked for exists. */
  @Override
  public boolean has(String path) {
    return true;
  }

  @Override
  public INDArray get(String path, long... shape) {
    float[] values = new float[Math.toIntExact(length(shape))];
    numbers(path, shape).read(FloatBuffer.wrap(values));
    return HostCopy.array(values, shape);
  }

  /** The sequence begins anew at each reading, so that a network need not hold the numbers. */
  @Override
  public Optional<ParameterSource> source(String path, long... shape) {
    return Optional.of(numbers(path, shape));
  }

  private static ParameterSource numbers(String path, long... shape) {
    long length = length(shape);
    long fanIn = length / shape[0];
    float scale;
    float offset;
    if (shape.length > 1) {
      scale = (float) Math.sqrt((shape.length == 4 ? 6.0 : 1.5) / fanIn);
      offset = 0;
    } else if (path.endsWith(".bn2.weight") || path.endsWith(".bn3.weight")) {
      // The end of a residual branch: at full size, 50 blocks would multiply the scale 50 times.
      scale = 0.125f;
      offset = 0.375f;
    } else {
      scale = 0.25f;
      offset = path.endsWith(".weight") || path.endsWith(".running_var") ? 1 : 0;
    }
    HashedUniform uniform = new HashedUniform(path);
    return to -> {
      for (long i = 0; i < length; i++) {
        to.put(offset + scale * uniform.at(i));
      }
    };
  }

  private static long length(long... shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
