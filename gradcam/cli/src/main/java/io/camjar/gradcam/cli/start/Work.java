package io.camjar.gradcam.cli.start;

import io.camjar.gradcam.MapOptions.Smoothing;
import io.camjar.gradcam.method.CamMethod;
import java.util.Collection;
import java.util.List;

/** How much a command is going to compute. */
public final class Work {
  /** What the vector kernels are for: more than can be counted before it is done. */
  public static final long MUCH = Long.MAX_VALUE;

  /** An image and its mirror image, each at three brightnesses. */
  private static final int AUGMENTED = 6;

  /** Channels of a last block, each of which costs a pass. */
  private static final int CHANNELS = 256;

  /** Samples of an input of ordinary size, three channels of 224 by 224. */
  private static final long ORDINARY_BYTES = 3L * 224 * 224 * Float.BYTES;

  private Work() {}

  /**
   * Passes through the network, roughly.
   *
   * @param images how many are explained
   * @param methods by which methods
   * @param smoothing what takes noise away
   */
  public static long passes(long images, List<CamMethod> methods, Collection<Smoothing> smoothing) {
    long each = 0;
    for (CamMethod method : methods) {
      each += method.asksRepeatedly() ? CHANNELS : 1;
    }
    return images * each * (smoothing.contains(Smoothing.AUG) ? AUGMENTED : 1);
  }

  /** How many inputs of ordinary size a file of so many bytes has room for. */
  public static long inputs(long bytes) {
    return Math.max(1, bytes / ORDINARY_BYTES);
  }
}
