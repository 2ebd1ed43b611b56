package io.camjar.gradcam.metric;

import java.util.stream.IntStream;

/** Pixels by what a map says of them. */
final class Relevance {
  private Relevance() {}

  /** Pixel indices, the most relevant first; of equals the first in row order stays first. */
  static int[] descending(float[] map) {
    return IntStream.range(0, map.length)
        .boxed()
        .sorted((a, b) -> Float.compare(map[b], map[a]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
