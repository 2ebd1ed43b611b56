package io.camjar.engine.gpu.cuda;

import io.camjar.engine.CamjarException;
import java.nio.ByteBuffer;
import org.lwjgl.PointerBuffer;
import org.lwjgl.cuda.NVRTC;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/** NVRTC: the kernels' text to machine code of one architecture. */
final class Compiler {
  private Compiler() {}

  /**
   * Compiles a text.
   *
   * @param name for messages
   * @param architecture of the card, {@code sm_90}
   * @return the machine code, which the caller frees with {@code memFree}
   */
  static ByteBuffer compile(String name, String text, String architecture) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer pointer = stack.mallocPointer(1);
      check(
          NVRTC.nvrtcCreateProgram(pointer, text, name + ".cu", null, null), "take the text", name);
      long program = pointer.get(0);
      try {
        PointerBuffer options = stack.pointers(stack.ASCII("--gpu-architecture=" + architecture));
        int status = NVRTC.nvrtcCompileProgram(program, options);
        if (status != NVRTC.NVRTC_SUCCESS) {
          throw new CamjarException(
              "NVRTC does not compile the kernels of %s for %s: %s"
                  .formatted(name, architecture, log(program)));
        }
        check(NVRTC.nvrtcGetCUBINSize(program, pointer), "give machine code", name);
        ByteBuffer code = MemoryUtil.memAlloc((int) pointer.get(0));
        check(NVRTC.nvrtcGetCUBIN(program, code), "give machine code", name);
        return code;
      } finally {
        pointer.put(0, program);
        NVRTC.nvrtcDestroyProgram(pointer);
      }
    }
  }

  private static String log(long program) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer length = stack.mallocPointer(1);
      NVRTC.nvrtcGetProgramLogSize(program, length);
      ByteBuffer bytes = MemoryUtil.memAlloc((int) length.get(0));
      try {
        NVRTC.nvrtcGetProgramLog(program, bytes);
        return Calls.text(bytes);
      } finally {
        MemoryUtil.memFree(bytes);
      }
    }
  }

  private static void check(int status, String doing, String name) {
    if (status != NVRTC.NVRTC_SUCCESS) {
      throw new CamjarException(
          "NVRTC failed to %s of %s (%s)"
              .formatted(doing, name, NVRTC.nvrtcGetErrorString(status)));
    }
  }
}
