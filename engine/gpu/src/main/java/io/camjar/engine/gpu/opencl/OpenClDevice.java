package io.camjar.engine.gpu.opencl;

import static org.lwjgl.system.MemoryStack.stackPush;

import io.camjar.engine.CamjarException;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.device.DeviceMemory;
import io.camjar.engine.gpu.device.Facts;
import io.camjar.engine.gpu.device.Grid;
import io.camjar.engine.gpu.device.Kernel;
import io.camjar.engine.gpu.device.KernelText;
import io.camjar.engine.gpu.device.OutOfDeviceMemory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CLCapabilities;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/** A device with one context and one queue that keeps order. */
final class OpenClDevice implements Device {
  private final Facts facts;
  private final long device;
  private final long context;
  private final long queue;

  private record Source(String text, Map<String, Integer> constants) {}

  private record Named(Source source, String name) {}

  private final Map<Source, Long> programs = new HashMap<>();
  private final Map<Named, Kernel> kernels = new HashMap<>();

  OpenClDevice(Facts facts, long platform, long device) {
    this.facts = facts;
    this.device = device;
    CLCapabilities platformCapabilities = CL.createPlatformCapabilities(platform);
    CL.createDeviceCapabilities(device, platformCapabilities);
    try (MemoryStack stack = stackPush()) {
      PointerBuffer properties =
          stack.pointers(CL10.CL_CONTEXT_PLATFORM, platform, MemoryUtil.NULL);
      IntBuffer status = stack.mallocInt(1);
      this.context = CL10.clCreateContext(properties, device, null, MemoryUtil.NULL, status);
      Calls.check(status.get(0), "open " + facts.name());
      this.queue = CL10.clCreateCommandQueue(context, device, 0, status);
      Calls.check(status.get(0), "make a queue on " + facts.name());
    }
  }

  @Override
  public Facts facts() {
    return facts;
  }

  private void check(int status, String doing, long bytes) {
    if (status == CL10.CL_MEM_OBJECT_ALLOCATION_FAILURE
        || status == CL10.CL_OUT_OF_RESOURCES
        || status == CL10.CL_OUT_OF_HOST_MEMORY
        || status == CL10.CL_INVALID_BUFFER_SIZE) {
      throw new OutOfDeviceMemory(facts, bytes);
    }
    Calls.check(status, doing + " on " + facts.name());
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    if (bytes > facts.allocation()) {
      throw new OutOfDeviceMemory(facts, bytes);
    }
    try (MemoryStack stack = stackPush()) {
      IntBuffer status = stack.mallocInt(1);
      long handle =
          CL10.clCreateBuffer(context, CL10.CL_MEM_READ_WRITE, Math.max(bytes, 4), status);
      check(status.get(0), "take memory", bytes);
      return new DeviceMemory(handle, bytes);
    }
  }

  /** One thread at a time with launches: the collector's thread frees what nobody holds. */
  @Override
  public synchronized void free(DeviceMemory memory) {
    // The driver keeps it until the kernels that were queued with it have run.
    Calls.check(CL10.clReleaseMemObject(memory.handle()), "free memory");
  }

  @Override
  public void upload(DeviceMemory to, float[] values) {
    check(
        CL10.clEnqueueWriteBuffer(queue, to.handle(), true, 0, values, null, null),
        "copy values",
        to.bytes());
  }

  @Override
  public void upload(DeviceMemory to, int[] values) {
    check(
        CL10.clEnqueueWriteBuffer(queue, to.handle(), true, 0, values, null, null),
        "copy values",
        to.bytes());
  }

  @Override
  public void download(DeviceMemory from, long offset, FloatBuffer to) {
    check(
        CL10.clEnqueueReadBuffer(queue, from.handle(), true, offset * Float.BYTES, to, null, null),
        "copy values back",
        from.bytes());
  }

  @Override
  public void copy(DeviceMemory from, DeviceMemory to, long bytes) {
    check(
        CL10.clEnqueueCopyBuffer(queue, from.handle(), to.handle(), 0, 0, bytes, null, null),
        "copy values",
        bytes);
  }

  @Override
  public synchronized Kernel kernel(String text, String name, Map<String, Integer> constants) {
    Source source = new Source(text, constants);
    return kernels.computeIfAbsent(
        new Named(source, name),
        named -> {
          long program = programs.computeIfAbsent(source, this::compile);
          try (MemoryStack stack = stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            long handle = CL10.clCreateKernel(program, name, status);
            Calls.check(status.get(0), "make the kernel " + name);
            return new Kernel(name, handle);
          }
        });
  }

  private long compile(Source source) {
    try (MemoryStack stack = stackPush()) {
      IntBuffer status = stack.mallocInt(1);
      long program =
          CL10.clCreateProgramWithSource(
              context, KernelText.of(source.text, false, source.constants), status);
      Calls.check(status.get(0), "take the kernels' text");
      int built = CL10.clBuildProgram(program, device, "", null, MemoryUtil.NULL);
      if (built != 0) {
        throw new CamjarException(
            "%s does not compile the kernels of %s: %s"
                .formatted(facts.name(), source.text, log(program)));
      }
      return program;
    }
  }

  private String log(long program) {
    try (MemoryStack stack = stackPush()) {
      PointerBuffer length = stack.mallocPointer(1);
      CL10.clGetProgramBuildInfo(
          program, device, CL10.CL_PROGRAM_BUILD_LOG, (ByteBuffer) null, length);
      ByteBuffer bytes = MemoryUtil.memAlloc((int) length.get(0));
      try {
        CL10.clGetProgramBuildInfo(program, device, CL10.CL_PROGRAM_BUILD_LOG, bytes, null);
        return Calls.text(bytes);
      } finally {
        MemoryUtil.memFree(bytes);
      }
    }
  }

  /** One thread at a time: a kernel holds the arguments that it is queued with next. */
  @Override
  public synchronized void launch(Kernel kernel, Grid grid, Object... arguments) {
    long bytes = 0;
    for (int i = 0; i < arguments.length; i++) {
      bytes += set(kernel, i, arguments[i]);
    }
    try (MemoryStack stack = stackPush()) {
      PointerBuffer global = stack.pointers((long) grid.x() * grid.items(), grid.y(), grid.z());
      PointerBuffer local = stack.pointers(grid.items(), 1, 1);
      check(
          CL10.clEnqueueNDRangeKernel(queue, kernel.handle(), 3, null, global, local, null, null),
          "run " + kernel.name(),
          bytes);
    }
  }

  private static long set(Kernel kernel, int index, Object argument) {
    int status;
    if (argument instanceof DeviceMemory memory) {
      status = CL10.clSetKernelArg1p(kernel.handle(), index, memory.handle());
    } else if (argument instanceof Integer number) {
      status = CL10.clSetKernelArg1i(kernel.handle(), index, number);
    } else {
      status = CL10.clSetKernelArg1f(kernel.handle(), index, (Float) argument);
    }
    Calls.check(status, "set argument %d of %s".formatted(index, kernel.name()));
    return argument instanceof DeviceMemory memory ? memory.bytes() : 0;
  }

  @Override
  public void finish() {
    check(CL10.clFinish(queue), "finish", 0);
  }
}
