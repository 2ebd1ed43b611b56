package io.camjar.engine.backend.cpu.conv;

import io.camjar.engine.backend.cpu.memory.BlockedShape;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.LayoutConversion;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.kernel.simd.conv.Conv2dWeightGradient;
import io.camjar.engine.kernel.simd.conv.PackedConv2d;
import io.camjar.engine.kernel.simd.winograd.WinogradWeightGradient;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One convolution as the cpu backend runs it: by the algorithm that a pass would choose, weights
 * laid out and activations in blocks before it runs. For measurements of single kernels.
 */
public final class PlannedConv2d {
  private final Algorithm algorithm;
  private final Runnable run;
  private final Supplier<INDArray> result;

  private PlannedConv2d(Algorithm algorithm, Runnable run, Supplier<INDArray> result) {
    this.algorithm = algorithm;
    this.run = run;
    this.result = result;
  }

  /**
   * The forward.
   *
   * @param x {@code [N, C, H, W]}
   * @param weight {@code [O, C, kH, kW]}
   */
  public static PlannedConv2d forward(Conv2dGeometry g, INDArray x, INDArray weight) {
    BlockedShape in = BlockedShape.of(x);
    BlockedShape out = outputs(g, in);
    boolean image = in.channels() < 4;
    Conv2d op = new Conv2d(g, false);
    Algorithm algorithm = Algorithm.inference(op, out, image, false, MemoryMode.alone());
    float[] oihw = HostCopy.floats(weight);
    PackedConv2d packed = algorithm.forward(op, oihw, image);
    Halo halo = packed.halo(in.height(), in.width(), out.height(), out.width());
    return of(algorithm, packed, x, image ? in.image(halo) : in.zeros(halo), out);
  }

  /**
   * The gradient of the input.
   *
   * @param dy {@code [N, O, oH, oW]}
   * @param weight {@code [O, C, kH, kW]}
   * @param height rows of the input
   * @param width columns of the input
   */
  public static PlannedConv2d backwardInput(
      Conv2dGeometry g, INDArray dy, INDArray weight, int height, int width) {
    BlockedShape out = BlockedShape.of(dy);
    BlockedShape in = out.withChannels(g.inChannels(), height, width);
    Conv2d op = new Conv2d(g, false);
    Algorithm algorithm = Algorithm.backward(op, in, MemoryMode.alone());
    PackedConv2d packed = algorithm.backwardInput(op, HostCopy.floats(weight));
    Halo halo = packed.halo(out.height(), out.width(), height, width);
    return of(algorithm, packed, dy, out.zeros(halo), in);
  }

  /**
   * The gradient of the weights.
   *
   * @param dy {@code [N, O, oH, oW]}
   * @param x {@code [N, C, H, W]}
   */
  public static PlannedConv2d backwardWeight(Conv2dGeometry g, INDArray dy, INDArray x) {
    BlockedShape in = BlockedShape.of(x);
    BlockedShape out = BlockedShape.of(dy);
    Algorithm algorithm = Algorithm.training(new Conv2d(g, false), out, false);
    INDArray gradient =
        HostCopy.uninitialized(g.outChannels(), g.inChannels(), g.kernelH(), g.kernelW());
    FloatBuffer oihw = HostCopy.buffer(gradient);
    Scratch scratch = new Scratch();
    Threads threads = Threads.shared();
    if (algorithm.winograd() != null) {
      WinogradWeightGradient kernel = new WinogradWeightGradient(g, algorithm.winograd());
      BlockedTensor from = filled(x, in.zeros(kernel.halo(in.height(), in.width())));
      BlockedTensor by = filled(dy, out.zeros(kernel.gradientHalo(out.height(), out.width())));
      return new PlannedConv2d(
          algorithm, () -> kernel.run(by, from, oihw, scratch, threads), () -> gradient);
    }
    Conv2dWeightGradient kernel = new Conv2dWeightGradient(g);
    Halo halo = kernel.halo(in.height(), in.width(), out.height(), out.width());
    BlockedTensor from = filled(x, in.channels() < 4 ? in.image(halo) : in.zeros(halo));
    BlockedTensor by = filled(dy, out.zeros(Halo.NONE));
    return new PlannedConv2d(
        algorithm, () -> kernel.run(by, from, oihw, scratch, threads), () -> gradient);
  }

  private static BlockedShape outputs(Conv2dGeometry g, BlockedShape in) {
    return in.withChannels(g.outChannels(), g.outH(in.height()), g.outW(in.width()));
  }

  private static PlannedConv2d of(
      Algorithm algorithm, PackedConv2d packed, INDArray x, BlockedTensor in, BlockedShape out) {
    filled(x, in);
    BlockedTensor y = out.zeros(Halo.NONE);
    Scratch scratch = new Scratch();
    Threads threads = Threads.shared();
    return new PlannedConv2d(
        algorithm,
        () -> packed.run(in, y, Epilogue.NOTHING, scratch, threads),
        () -> LayoutConversion.array(y));
  }

  private static BlockedTensor filled(INDArray x, BlockedTensor blocked) {
    LayoutConversion.fill(x, blocked, new Scratch());
    return blocked;
  }

  /** Computes it, from the same numbers each time. */
  public void run() {
    run.run();
  }

  /** What the last run computed, in PyTorch's layout. */
  public INDArray result() {
    return result.get();
  }

  /**
   * How it is computed: {@code direct}, {@code winograd2}, {@code winograd3}, {@code winograd4},
   * {@code winograd4rows} or {@code winograd4taps}.
   */
  public String algorithm() {
    return algorithm.name().toLowerCase(Locale.ROOT);
  }
}
