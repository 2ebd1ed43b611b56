package io.camjar.benchmarks.kernel;

import java.util.Locale;

/**
 * The convolutions of one part of a network, as one pass runs them and as they run when nothing
 * else has been in the caches meanwhile.
 *
 * @param name the part, such as {@code layer3}
 * @param milliseconds in a pass
 * @param cachedMilliseconds the same convolutions, each right after itself
 * @param gigaflops billions of operations that the definition needs, as {@link
 *     ConvolutionShape#flops}
 * @param computed billions of operations that the chosen algorithms compute, without transforms
 */
record LayerGroup(
    String name,
    double milliseconds,
    double cachedMilliseconds,
    double gigaflops,
    double computed) {

  /** What takes most of the time of a group. */
  enum Bound {
    ARITHMETIC("multiply-adds"),
    MEMORY("memory"),
    REST("transforms and the rest");

    private final String words;

    Bound(String words) {
      this.words = words;
    }

    /** As tables say it. */
    String words() {
      return words;
    }
  }

  /** Both groups in one, under another name. */
  LayerGroup plus(LayerGroup other, String both) {
    return new LayerGroup(
        both,
        milliseconds + other.milliseconds,
        cachedMilliseconds + other.cachedMilliseconds,
        gigaflops + other.gigaflops,
        computed + other.computed);
  }

  /** The share of the time that the multiply-adds alone would take at the peak. */
  double arithmeticShare(double peakGigaflops) {
    return computed / peakGigaflops * 1e3 / milliseconds;
  }

  /** The share of the time that is saved when operands lie in cache. */
  double memoryShare() {
    return Math.max(0, 1 - cachedMilliseconds / milliseconds);
  }

  /** The largest of the two shares and of what is left. */
  Bound bound(double peakGigaflops) {
    double arithmetic = arithmeticShare(peakGigaflops);
    double memory = memoryShare();
    double rest = 1 - arithmetic - memory;
    if (arithmetic >= Math.max(memory, rest)) {
      return Bound.ARITHMETIC;
    }
    return memory >= rest ? Bound.MEMORY : Bound.REST;
  }

  /** A row of the table that {@link LayerGroups} prints. */
  String row(double peakGigaflops) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.0f | %.0f | %.0f | %s |",
        name,
        milliseconds,
        gigaflops / milliseconds * 1e3,
        100 * arithmeticShare(peakGigaflops),
        100 * memoryShare(),
        bound(peakGigaflops).words());
  }
}
