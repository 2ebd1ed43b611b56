package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.PackMemory;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.kernel.simd.winograd.WinogradConv2d;
import io.camjar.engine.kernel.simd.winograd.WinogradWeightGradient;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution in training, for one size of input: its weights change from step to step, so they
 * are laid out right before each use, when what they are laid out in is still in cache.
 */
public final class TrainedConv2d implements Convolution {
  /** Floats of weights that one task copies. */
  private static final int CHUNK = 1 << 16;

  private final Conv2d op;
  private final Conv2dGeometry g;
  private final INDArray weight;
  private final @Nullable INDArray bias;
  private final boolean image;
  private final boolean goesBack;
  private final BlockedShape x;
  private final BlockedShape y;
  private final Algorithm ahead;
  private final Algorithm back;

  /**
   * Plans a convolution.
   *
   * @param image whether it reads the network's input
   * @param goesBack whether a gradient of the input is wanted
   */
  public TrainedConv2d(
      Conv2d op,
      ConvWeights weights,
      boolean image,
      boolean goesBack,
      BlockedShape x,
      BlockedShape y) {
    this.op = op;
    this.g = op.geometry();
    this.weight = weights.weight();
    this.bias = weights.bias();
    this.image = image;
    this.goesBack = goesBack;
    this.x = x;
    this.y = y;
    this.ahead = Algorithm.training(op, y, image);
    this.back = Algorithm.backward(op, x, MemoryMode.alone());
  }

  @Override
  public Halo inputHalo(Memory memory, Threads threads) {
    Halo forward =
        packedForward(memory, threads).halo(x.height(), x.width(), y.height(), y.width());
    return forward.union(
        ahead.winograd() != null
            ? new WinogradWeightGradient(g, ahead.winograd()).halo(x.height(), x.width())
            : DirectConvolution.gradientHalo(op, x, y));
  }

  @Override
  public Halo gradientHalo(Memory memory, Threads threads) {
    Halo backward =
        !goesBack
            ? Halo.NONE
            : packedBackward(memory, threads).halo(y.height(), y.width(), x.height(), x.width());
    return ahead.winograd() != null
        ? backward.union(
            new WinogradWeightGradient(g, ahead.winograd()).gradientHalo(y.height(), y.width()))
        : backward;
  }

  @Override
  public float @Nullable [] bias() {
    return bias == null ? null : Epilogue.pad(HostCopy.floats(bias));
  }

  @Override
  public void forward(
      BlockedTensor in, BlockedTensor out, Epilogue epilogue, Memory memory, Threads threads) {
    packedForward(memory, threads).run(in, out, epilogue, memory.scratch(), threads);
  }

  @Override
  public void backwardInput(
      BlockedTensor dy, BlockedTensor dx, Epilogue epilogue, Memory memory, Threads threads) {
    packedBackward(memory, threads).run(dy, dx, epilogue, memory.scratch(), threads);
  }

  @Override
  public long[] weightShape() {
    return weight.shape();
  }

  @Override
  public void backwardWeight(
      BlockedTensor dy, BlockedTensor in, float[] gradient, Memory memory, Threads threads) {
    FloatBuffer oihw = FloatBuffer.wrap(gradient);
    if (ahead.winograd() != null) {
      new WinogradWeightGradient(g, ahead.winograd()).run(dy, in, oihw, memory.scratch(), threads);
    } else {
      DirectConvolution.backwardWeight(op, dy, in, oihw, memory.scratch(), threads);
    }
  }

  private PackedConv2d packedForward(Memory memory, Threads threads) {
    PackMemory packed = memory.packed();
    return ahead.winograd() != null
        ? WinogradConv2d.forwardOnce(g, HostCopy.readable(weight), ahead.winograd(), packed)
        : DirectConvolution.forward(op, weights(memory, threads), image, packed, threads);
  }

  private PackedConv2d packedBackward(Memory memory, Threads threads) {
    PackMemory packed = memory.packed();
    return back.winograd() != null
        ? WinogradConv2d.backwardInputOnce(g, HostCopy.readable(weight), back.winograd(), packed)
        : DirectConvolution.backwardInput(op, weights(memory, threads), packed, threads);
  }

  private float[] weights(Memory memory, Threads threads) {
    int length = Math.toIntExact(weight.length());
    float[] plain = memory.plain(length);
    threads.run(
        (length + CHUNK - 1) / CHUNK,
        (task, worker) ->
            HostCopy.floats(weight, task * CHUNK, Math.min(CHUNK, length - task * CHUNK), plain));
    return plain;
  }
}
