package io.camjar.engine.gpu.cuda;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.Driver;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.gpu.device.Quiet;
import io.camjar.engine.gpu.device.Recorder;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lwjgl.PointerBuffer;
import org.lwjgl.cuda.CU;
import org.lwjgl.cuda.NVRTC;
import org.lwjgl.system.MemoryStack;

/** The CUDA driver (libcuda) and NVIDIA's run-time compiler (libnvrtc). */
public final class CudaDriver implements Driver {
  private static final String WITHOUT =
      "; --device opencl needs no CUDA, no --device computes on the CPU";

  private static final int NO_DEVICE = 100;

  /** {@code false} has kernels queued one by one instead of as CUDA graphs. */
  private static final String GRAPHS = "camjar.gpu.graphs";

  private final Map<Facts, Device> open = new HashMap<>();
  private @Nullable List<Facts> found;

  @Override
  public String kind() {
    return "cuda";
  }

  @Override
  public synchronized List<Facts> devices() {
    List<Facts> all = found;
    if (all == null) {
      all = search();
      found = all;
    }
    return all;
  }

  private static List<Facts> search() {
    Quiet.begin();
    int status;
    try {
      status = CU.cuInit(0);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new CamjarException(
          "there is no CUDA: the driver's library (libcuda.so.1, nvcuda.dll) cannot be loaded;"
              + " install NVIDIA's driver"
              + WITHOUT,
          e);
    }
    if (status == NO_DEVICE) {
      throw new CamjarException(
          "there is no CUDA: the driver is there, but it finds no card" + WITHOUT);
    }
    Calls.check(status, "start the driver");
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer number = stack.mallocInt(1);
      Calls.check(CU.cuDriverGetVersion(number), "ask for its version");
      int version = number.get(0);
      Calls.check(CU.cuDeviceGetCount(number), "count the cards");
      List<Facts> all = new ArrayList<>();
      for (int index = 0, count = number.get(0); index < count; index++) {
        all.add(facts(index, version));
      }
      if (all.isEmpty()) {
        throw new CamjarException(
            "there is no CUDA: the driver is there, but it finds no card" + WITHOUT);
      }
      return List.copyOf(all);
    }
  }

  private static Facts facts(int index, int version) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer number = stack.mallocInt(1);
      Calls.check(CU.cuDeviceGet(number, index), "open card " + index);
      int device = number.get(0);
      ByteBuffer name = stack.malloc(256);
      Calls.check(CU.cuDeviceGetName(name, device), "ask for its name");
      PointerBuffer bytes = stack.mallocPointer(1);
      Calls.check(CU.cuDeviceTotalMem(bytes, device), "ask for its memory");
      return new Facts(
          "cuda",
          index,
          Calls.text(name),
          "CUDA driver %d.%d, compute capability %s"
              .formatted(version / 1000, version % 1000 / 10, capability(device)),
          attribute(device, CU.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
          bytes.get(0),
          bytes.get(0));
    }
  }

  /** The compute capability of a card that was listed, such as {@code 9.0}. */
  String capability(Facts card) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer device = stack.mallocInt(1);
      Calls.check(CU.cuDeviceGet(device, card.index()), "open " + card.name());
      return capability(device.get(0));
    }
  }

  /** Such as {@code 9.0}. */
  static String capability(int device) {
    return attribute(device, CU.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + "."
        + attribute(device, CU.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  private static int attribute(int device, int which) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer number = stack.mallocInt(1);
      Calls.check(CU.cuDeviceGetAttribute(number, which, device), "ask for an attribute");
      return number.get(0);
    }
  }

  /** Fails with what is missing unless the compiler can be loaded. */
  private static void requireCompiler() {
    try {
      NVRTC.getLibrary();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new CamjarException(
          "there is no NVRTC: the compiler's library (libnvrtc.so) cannot be loaded; install it"
              + " with the CUDA toolkit, or from NVIDIA's package cuda-nvrtc"
              + WITHOUT,
          e);
    }
  }

  /** The version of NVRTC, or what is missing. */
  public static String compiler() {
    Quiet.begin();
    try {
      requireCompiler();
    } catch (CamjarException e) {
      return "no: " + e.getMessage();
    }
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer major = stack.mallocInt(1);
      IntBuffer minor = stack.mallocInt(1);
      int status = NVRTC.nvrtcVersion(major, minor);
      return status == NVRTC.NVRTC_SUCCESS
          ? major.get(0) + "." + minor.get(0)
          : "no: " + NVRTC.nvrtcGetErrorString(status);
    }
  }

  @Override
  public synchronized Device open(Facts device) {
    requireCompiler();
    return open.computeIfAbsent(
        device,
        facts -> {
          Device card = new CudaDevice(facts);
          return System.getProperty(GRAPHS, "true").equals("false") ? card : new Recorder(card);
        });
  }
}
