package io.camjar.weights.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes in order. */
@FunctionalInterface
public interface ByteSink {
  /** Takes all remaining bytes. */
  void write(ByteBuffer bytes) throws IOException;
}
