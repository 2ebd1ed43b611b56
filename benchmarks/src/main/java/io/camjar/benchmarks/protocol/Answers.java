package io.camjar.benchmarks.protocol;

import java.util.List;

/** Answers in pieces. */
public final class Answers {

  private Answers() {}

  /** The pieces one after the other. */
  public static float[] joined(List<float[]> pieces) {
    float[] all = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
    int at = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }
}
