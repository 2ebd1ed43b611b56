package io.camjar.engine.gpu.opencl;

import static org.lwjgl.system.MemoryStack.stackPush;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.Driver;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.gpu.device.Quiet;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.KHRICD;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryStack;

/** OpenCL: AMD, Intel, Apple, NVIDIA, and CPUs through pocl. */
public final class OpenClDriver implements Driver {
  private static final String MISSING =
      "there is no OpenCL: %s; install the driver of the device, or for the CPU pocl"
          + " (apt-get install pocl-opencl-icd), or leave --device out";

  private final Map<Facts, Handle> handles = new HashMap<>();
  private final Map<Facts, Device> open = new HashMap<>();
  private @Nullable List<Facts> found;

  private static boolean loaded;

  private record Handle(long platform, long device) {}

  @Override
  public String kind() {
    return "opencl";
  }

  @Override
  public synchronized List<Facts> devices() {
    List<Facts> all = found;
    if (all == null) {
      load();
      all = search();
      found = all;
    }
    return all;
  }

  /** Loads the library, which Debian has under a name that LWJGL does not try. */
  private static void load() {
    if (loaded) {
      return;
    }
    Quiet.begin();
    Configuration.OPENCL_EXPLICIT_INIT.set(true);
    try {
      create();
      loaded = true;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new CamjarException(
          MISSING.formatted("no libOpenCL.so.1 or other library of that name can be loaded"), e);
    }
  }

  private static void create() {
    try {
      CL.create();
    } catch (UnsatisfiedLinkError first) {
      try {
        CL.create("libOpenCL.so.1");
      } catch (UnsatisfiedLinkError second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }

  private List<Facts> search() {
    List<Facts> all = new ArrayList<>();
    try (MemoryStack stack = stackPush()) {
      IntBuffer count = stack.mallocInt(1);
      int status = CL10.clGetPlatformIDs(null, count);
      if (status == KHRICD.CL_PLATFORM_NOT_FOUND_KHR || (status == 0 && count.get(0) == 0)) {
        throw new CamjarException(
            MISSING.formatted("its library is there, but no platform is registered with it"));
      }
      Calls.check(status, "list the platforms");
      PointerBuffer platforms = stack.mallocPointer(count.get(0));
      Calls.check(CL10.clGetPlatformIDs(platforms, (IntBuffer) null), "list the platforms");
      for (int i = 0; i < platforms.capacity(); i++) {
        all.addAll(devices(platforms.get(i), all.size()));
      }
    }
    if (all.isEmpty()) {
      throw new CamjarException(
          MISSING.formatted("its library and a platform are there, but no device"));
    }
    return List.copyOf(all);
  }

  private List<Facts> devices(long platform, int first) {
    List<Facts> all = new ArrayList<>();
    try (MemoryStack stack = stackPush()) {
      IntBuffer count = stack.mallocInt(1);
      int status = CL10.clGetDeviceIDs(platform, CL10.CL_DEVICE_TYPE_ALL, null, count);
      if (status == CL10.CL_DEVICE_NOT_FOUND) {
        return all;
      }
      Calls.check(status, "list the devices");
      PointerBuffer devices = stack.mallocPointer(count.get(0));
      Calls.check(
          CL10.clGetDeviceIDs(platform, CL10.CL_DEVICE_TYPE_ALL, devices, (IntBuffer) null),
          "list the devices");
      for (int i = 0; i < devices.capacity(); i++) {
        Facts facts = facts(platform, devices.get(i), first + i);
        handles.put(facts, new Handle(platform, devices.get(i)));
        all.add(facts);
      }
    }
    return all;
  }

  private static Facts facts(long platform, long device, int index) {
    try (MemoryStack stack = stackPush()) {
      IntBuffer units = stack.mallocInt(1);
      Calls.check(
          CL10.clGetDeviceInfo(device, CL10.CL_DEVICE_MAX_COMPUTE_UNITS, units, null),
          "ask for the compute units");
      LongBuffer size = stack.mallocLong(1);
      Calls.check(
          CL10.clGetDeviceInfo(device, CL10.CL_DEVICE_GLOBAL_MEM_SIZE, size, null),
          "ask for the memory");
      long memory = size.get(0);
      Calls.check(
          CL10.clGetDeviceInfo(device, CL10.CL_DEVICE_MAX_MEM_ALLOC_SIZE, size, null),
          "ask for the largest allocation");
      return new Facts(
          "opencl",
          index,
          text(device, CL10.CL_DEVICE_NAME),
          platformText(platform, CL10.CL_PLATFORM_NAME)
              + ", "
              + platformText(platform, CL10.CL_PLATFORM_VERSION),
          units.get(0),
          memory,
          size.get(0));
    }
  }

  private static String text(long device, int what) {
    try (MemoryStack stack = stackPush()) {
      PointerBuffer length = stack.mallocPointer(1);
      Calls.check(
          CL10.clGetDeviceInfo(device, what, (ByteBuffer) null, length), "ask for its name");
      ByteBuffer bytes = stack.malloc((int) length.get(0));
      Calls.check(CL10.clGetDeviceInfo(device, what, bytes, null), "ask for its name");
      return Calls.text(bytes);
    }
  }

  private static String platformText(long platform, int what) {
    try (MemoryStack stack = stackPush()) {
      PointerBuffer length = stack.mallocPointer(1);
      Calls.check(
          CL10.clGetPlatformInfo(platform, what, (ByteBuffer) null, length), "ask for its name");
      ByteBuffer bytes = stack.malloc((int) length.get(0));
      Calls.check(CL10.clGetPlatformInfo(platform, what, bytes, null), "ask for its name");
      return Calls.text(bytes);
    }
  }

  @Override
  public synchronized Device open(Facts device) {
    Handle handle = handles.get(device);
    if (handle == null) {
      throw new IllegalArgumentException(device.id() + " was not listed");
    }
    return open.computeIfAbsent(
        device, facts -> new OpenClDevice(facts, handle.platform, handle.device));
  }
}
