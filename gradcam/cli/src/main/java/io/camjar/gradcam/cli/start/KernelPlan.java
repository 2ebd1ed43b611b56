package io.camjar.gradcam.cli.start;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Decides, once a process and after its command line was understood, which kernels do the work.
 *
 * <p>The vector kernels are several times faster once they are compiled, but compiling them costs
 * about two seconds of processor time, which a few passes never earn back. The launcher knows
 * nothing of that: by the command's name it chooses flags that start quickly or flags that compute
 * quickly, and leaves the second ones in the environment. Where the first ones turn out to be wrong
 * the work goes to a JVM with the others: see {@link OtherJvm}. A wrong guess of the launcher costs
 * the start of one JVM, and never changes which kernels run.
 *
 * <p>A process that does not {@link #begin} takes what {@code Kernels.active()} finds.
 */
public final class KernelPlan {
  /** So many passes are over before the vector kernels are compiled. */
  static final int FEW = 12;

  private static final String PROPERTY = "camjar.kernels";
  private static final CompletableFuture<Boolean> DECIDED = new CompletableFuture<>();
  private static volatile boolean begun;
  private static volatile List<String> arguments = List.of();

  private KernelPlan() {}

  /** Lets later decisions count, in a process that is there for this command line alone. */
  public static void begin(String... args) {
    arguments = List.of(args);
    OtherJvm.endWithWaiting();
    begun = true;
  }

  /**
   * Chooses the kernels, unless the property {@code camjar.kernels} does.
   *
   * @param passes through the network, as {@link Work} counts them
   * @return how a JVM that suits such work better ended, if it was done there
   */
  public static OptionalInt decide(long passes) {
    if (!begun || DECIDED.isDone()) {
      return OptionalInt.empty();
    }
    if (System.getProperty(PROPERTY) == null) {
      if (isFew(passes)) {
        System.setProperty(PROPERTY, "nd4j");
      } else if (OtherJvm.isNeeded()) {
        DECIDED.complete(false);
        return OptionalInt.of(OtherJvm.run(arguments));
      }
    }
    DECIDED.complete(true);
    return OptionalInt.empty();
  }

  static boolean isFew(long passes) {
    return passes <= FEW;
  }

  /** Ends the wait of others where nothing is computed in this process. */
  public static void settle() {
    DECIDED.complete(false);
  }

  /** Waits for the decision; false where nothing is computed in this process. */
  public static boolean await() {
    return !begun || DECIDED.join();
  }
}
