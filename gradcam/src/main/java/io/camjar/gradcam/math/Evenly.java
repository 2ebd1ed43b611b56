package io.camjar.gradcam.math;

import java.util.List;
import java.util.stream.LongStream;

/** A few of many things, spread evenly over all of them. */
public final class Evenly {
  private Evenly() {}

  /**
   * At most so many, in their order: of {@code n} the ones at {@code floor(i * n / limit)}, the
   * first always; all if there are no more than that.
   */
  public static <T> List<T> spread(List<T> all, int limit) {
    long count = Math.min(limit, all.size());
    return LongStream.range(0, count)
        .mapToObj(i -> all.get((int) (i * all.size() / count)))
        .toList();
  }
}
