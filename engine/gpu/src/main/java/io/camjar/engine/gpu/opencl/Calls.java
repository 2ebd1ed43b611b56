package io.camjar.engine.gpu.opencl;

import io.camjar.engine.CamjarException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What calls of OpenCL return. */
final class Calls {
  private Calls() {}

  /**
   * Fails unless a call succeeded.
   *
   * @param doing what it was to do, as a clause
   */
  static void check(int status, String doing) {
    if (status != 0) {
      throw new CamjarException(
          "OpenCL failed to %s (status %d); leave --device out to compute on the CPU"
              .formatted(doing, status));
    }
  }

  /** The text that a query left, which ends with a zero. */
  static String text(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    String text = new String(copy, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).strip();
  }
}
