package io.camjar.gradcam;

/**
 * Milliseconds that each phase of one explanation took.
 *
 * @param load reading and decoding the image
 * @param preprocess framing and normalising it
 * @param forward the forward pass
 * @param backward the backward passes, one a class
 * @param map turning activations and gradients into maps
 * @param write writing files, the record itself excepted
 */
public record Timings(
    double load, double preprocess, double forward, double backward, double map, double write) {
  /** Nothing measured yet. */
  public static final Timings NONE = new Timings(0, 0, 0, 0, 0, 0);

  /** The same with the time of reading the image. */
  public Timings withLoad(double ms) {
    return new Timings(ms, preprocess, forward, backward, map, write);
  }

  /** The same with the time of preprocessing. */
  public Timings withPreprocess(double ms) {
    return new Timings(load, ms, forward, backward, map, write);
  }

  /** The same with the time of writing. */
  public Timings withWrite(double ms) {
    return new Timings(load, preprocess, forward, backward, map, ms);
  }

  /** Milliseconds since {@code start}, a reading of {@link System#nanoTime}, to a microsecond. */
  public static double since(long start) {
    long microseconds = (System.nanoTime() - start) / 1_000;
    return microseconds / 1e3;
  }
}
