package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.conv.DirectConv2d;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.threads.Threads;
import org.jspecify.annotations.Nullable;

/** A convolution in evaluation mode: its weights are laid out once for all passes. */
public final class PackedConvolution implements Convolution {
  /**
   * Weights from which a linear layer is taken for one behind a ReLU, whose zeros need no weights:
   * classifiers of some hidden layers have such, a lone classifier behind a mean is smaller.
   */
  private static final int LARGE = 1 << 22;

  private final BlockedShape x;
  private final BlockedShape y;
  private final PackedConv2d forward;
  private final @Nullable PackedConv2d backward;
  private final float @Nullable [] bias;

  /**
   * Plans a convolution.
   *
   * @param image whether it reads the network's input
   * @param exact as {@link Algorithm#inference} has it, for the forward
   * @param goesBack whether a gradient of the input is wanted
   * @param summed of how many neighbouring inputs each only the sum of the gradient is; 0 if each
   *     input's own is
   * @param plain what weights that are not laid out yet go through
   */
  public PackedConvolution(
      Conv2d op,
      ConvWeights given,
      boolean image,
      BlockedShape x,
      BlockedShape y,
      boolean exact,
      boolean goesBack,
      int summed,
      PackedWeights weights,
      PlainWeights plain) {
    this.x = x;
    this.y = y;
    this.bias = weights.bias(given);
    boolean oneImage = given.isLinear() && x.perChannel() == 1;
    Algorithm algorithm = Algorithm.inference(op, y, image, exact, weights.mode());
    this.forward =
        oneImage && op.geometry().weights() >= LARGE
            ? weights.ofOneImage(given, false)
            : sums(weights.forward(op, given, algorithm, image, plain), exact);
    if (!goesBack) {
      this.backward = null;
    } else if (oneImage) {
      this.backward =
          summed > 1 ? weights.ofChannels(given, summed) : weights.ofOneImage(given, true);
    } else {
      // A gradient is linear in what flows back: no rounding changes its way.
      Algorithm back = Algorithm.backward(op, x, weights.mode());
      this.backward = sums(weights.backward(op, given, back, plain), false);
    }
  }

  /** With longer sums where the result need not be exact; weights in memory serve both. */
  private static PackedConv2d sums(PackedConv2d conv, boolean exact) {
    return conv instanceof DirectConv2d direct && !exact ? direct.inLongSums() : conv;
  }

  @Override
  public Halo inputHalo(Memory memory, Threads threads) {
    return forward.halo(x.height(), x.width(), y.height(), y.width());
  }

  @Override
  public Halo gradientHalo(Memory memory, Threads threads) {
    return backward == null
        ? Halo.NONE
        : backward.halo(y.height(), y.width(), x.height(), x.width());
  }

  @Override
  public float @Nullable [] bias() {
    return bias;
  }

  @Override
  public void forward(
      BlockedTensor in, BlockedTensor out, Epilogue epilogue, Memory memory, Threads threads) {
    forward.run(in, out, epilogue, memory.scratch(), threads);
  }

  @Override
  public void backwardInput(
      BlockedTensor dy, BlockedTensor dx, Epilogue epilogue, Memory memory, Threads threads) {
    if (backward == null) {
      throw new IllegalStateException("no gradient of the input was planned");
    }
    backward.run(dy, dx, epilogue, memory.scratch(), threads);
  }

  @Override
  public long[] weightShape() {
    throw noGradient();
  }

  @Override
  public void backwardWeight(
      BlockedTensor dy, BlockedTensor in, float[] gradient, Memory memory, Threads threads) {
    throw noGradient();
  }

  private static IllegalStateException noGradient() {
    return new IllegalStateException("weights have gradients in training only");
  }
}
