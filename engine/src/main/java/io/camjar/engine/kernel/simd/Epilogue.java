package io.camjar.engine.kernel.simd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a convolution does to its sums before it stores them: {@code max(sum + bias + residual, 0)},
 * or another function of these sums; each part only if it is wanted.
 *
 * @param bias one value a channel, as {@link #pad} makes it
 * @param residual added value by value; of the output's shape
 * @param relu whether negative results become 0
 * @param activation another function, which keeps zeros, or null
 * @param mask a ReLU's output, of the output's shape: where it is not positive, so that no gradient
 *     passed it, the result becomes 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Epilogue(
    float @Nullable [] bias,
    @Nullable BlockedTensor residual,
    boolean relu,
    @Nullable Activation activation,
    @Nullable BlockedTensor mask) {

  /** Stores the sums as they are. */
  public static final Epilogue NOTHING = new Epilogue(null, null, false, null, null);

  /** A forward's: nothing is masked. */
  public Epilogue(float @Nullable [] bias, @Nullable BlockedTensor residual, boolean relu) {
    this(bias, residual, relu, null, null);
  }

  /** The least value that is stored. */
  float floor() {
    return relu ? 0 : Float.NEGATIVE_INFINITY;
  }

  /** A bias filled up with zeros to whole blocks. */
  public static float[] pad(float[] bias) {
    return Arrays.copyOf(bias, Lanes.padded(bias.length));
  }

  /** One value a channel in single precision, filled up with zeros to whole blocks. */
  public static float[] pad(double[] values) {
    float[] floats = new float[Lanes.padded(values.length)];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
