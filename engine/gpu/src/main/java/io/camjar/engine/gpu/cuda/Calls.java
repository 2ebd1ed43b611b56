package io.camjar.engine.gpu.cuda;

import io.camjar.engine.CamjarException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.lwjgl.PointerBuffer;
import org.lwjgl.cuda.CU;
import org.lwjgl.system.MemoryStack;

/** What calls of the driver return. */
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
          "CUDA failed to %s (%s); leave --device out to compute on the CPU"
              .formatted(doing, name(status)));
    }
  }

  private static String name(int status) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer text = stack.mallocPointer(1);
      return CU.cuGetErrorName(status, text) == 0 ? text.getStringUTF8(0) : "status " + status;
    }
  }

  /** The text in a buffer, which ends with a zero. */
  static String text(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    String text = new String(copy, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).strip();
  }
}
