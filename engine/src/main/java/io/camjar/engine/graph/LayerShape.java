package io.camjar.engine.graph;

/**
 * A layer as shapes pass through it.
 *
 * @param path the layer's full name
 * @param kind its class, such as {@code Conv2d}
 * @param parameters how many numbers it holds itself, without the layers inside it: weights, biases
 *     and running statistics
 * @param multiplyAccumulates of one forward of the layer itself
 * @param input shape of its input
 * @param output shape of its output
 */
@SuppressWarnings("ArrayRecordComponent") // a row of a table, never compared
public record LayerShape(
    String path,
    String kind,
    long parameters,
    long multiplyAccumulates,
    long[] input,
    long[] output) {

  /** Bytes that caching the output takes in single precision. */
  public long activationBytes() {
    long bytes = Float.BYTES;
    for (long side : output) {
      bytes *= side;
    }
    return bytes;
  }
}
