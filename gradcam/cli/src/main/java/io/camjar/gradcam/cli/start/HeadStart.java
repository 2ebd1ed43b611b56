package io.camjar.gradcam.cli.start;

import io.camjar.engine.device.Devices;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.Kernels;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Starts ND4J on a thread of its own while the command line is parsed and the weights file is
 * opened: loading its native libraries takes about as long as both.
 */
public final class HeadStart {
  private static final List<String> COMPUTING = List.of("explain", "evaluate", "serve");
  private static volatile CompletableFuture<Void> nd4j = CompletableFuture.completedFuture(null);

  /** Why ND4J did not start: those who ask for it later are told less. */
  private static volatile @Nullable Throwable failure;

  private HeadStart() {}

  /** Starts it if a command with these arguments is going to compute. */
  public static void begin(String... args) {
    // On a device of its own ND4J is loaded only once that is known to be there.
    boolean elsewhere =
        Stream.of(args)
            .map(word -> word.replaceFirst("^--device=", ""))
            .anyMatch(word -> word.startsWith(Devices.CUDA_ND4J));
    if (args.length > 0 && COMPUTING.contains(args[0]) && !elsewhere) {
      nd4j = CompletableFuture.runAsync(HeadStart::start).whenComplete(HeadStart::keep);
    }
  }

  /**
   * Waits until ND4J has started, which must be before it is used: its classes need one another to
   * initialise, and two threads that begin at different ones would wait for each other for ever.
   * What has gone wrong there goes wrong again where ND4J is used, and is reported from there.
   */
  public static void await() {
    nd4j.handle((done, failure) -> done).join();
  }

  private static void keep(@Nullable Void done, @Nullable Throwable why) {
    failure = why == null ? null : NativeCache.rootOf(why);
  }

  /** What kept ND4J from starting, if anything did. */
  public static Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Runs one operation of each kind that a pass needs. */
  private static void start() {
    NativeCache.announcement().ifPresent(System.err::println);
    try (INDArray one = Nd4j.ones(DataType.FLOAT, 1, 1, 3, 3);
        INDArray row = Nd4j.ones(DataType.FLOAT, 1, 1)) {
      if (!KernelPlan.await()) {
        return;
      }
      Kernels kernels = Kernels.active();
      if (!kernels.name().equals("nd4j")) {
        return;
      }
      double[] factor = {1};
      try (INDArray sum = kernels.conv2d(Conv2dGeometry.square(1, 1, 3, 1, 1), one, one, null);
          INDArray normed = kernels.channelAffine(sum, factor, factor);
          INDArray added = kernels.add(normed, sum);
          INDArray rectified = kernels.relu(added);
          INDArray scores = kernels.linear(row, row, null)) {
        kernels.reluBackward(rectified, added).close();
        kernels.linearBackwardInput(scores, row).close();
      }
    }
  }
}
