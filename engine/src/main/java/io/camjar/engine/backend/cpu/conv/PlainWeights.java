package io.camjar.engine.backend.cpu.conv;

/**
 * One array through which weights go on their way to where they are laid out: an array for each
 * would leave as much garbage as there are weights.
 */
public final class PlainWeights {
  private float[] values = new float[0];

  /** The weights of a layer; valid until the next are read. */
  float[] read(ConvWeights weights) {
    int length = weights.length();
    if (values.length < length) {
      values = new float[length];
    }
    weights.oihw(values);
    return values;
  }
}
