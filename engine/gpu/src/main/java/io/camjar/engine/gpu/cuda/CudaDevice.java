package io.camjar.engine.gpu.cuda;

import io.camjar.engine.gpu.device.Command;
import io.camjar.engine.gpu.device.CommandGraphs;
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
import java.util.List;
import java.util.Map;
import org.lwjgl.PointerBuffer;
import org.lwjgl.cuda.CU;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A card with its primary context and one stream. */
final class CudaDevice implements Device, CommandGraphs.Maker {
  private static final Logger LOG = LoggerFactory.getLogger(CudaDevice.class);
  private static final int OUT_OF_MEMORY = 2;
  private static final String ARCHITECTURE = "sm_";

  /** The first architecture whose tensor cores know TF32. */
  private static final int TF32_SINCE = 80;

  private final Facts facts;
  private final String architecture;
  private final long context;
  private final long stream;

  /** Nothing ever runs on it: graphs are captured there, while the other goes on. */
  private final long capturing;

  private final CommandGraphs graphs = new CommandGraphs(this, LOG::warn);

  private record Source(String text, Map<String, Integer> constants) {}

  private record Named(Source source, String name) {}

  private final Map<Source, Long> modules = new HashMap<>();
  private final Map<Named, Kernel> kernels = new HashMap<>();

  CudaDevice(Facts facts) {
    this.facts = facts;
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer device = stack.mallocInt(1);
      Calls.check(CU.cuDeviceGet(device, facts.index()), "open " + facts.name());
      this.architecture = ARCHITECTURE + CudaDriver.capability(device.get(0)).replace(".", "");
      PointerBuffer pointer = stack.mallocPointer(1);
      Calls.check(
          CU.cuDevicePrimaryCtxRetain(pointer, device.get(0)), "make a context on " + facts.name());
      this.context = pointer.get(0);
      enter();
      Calls.check(
          CU.cuStreamCreate(pointer, CU.CU_STREAM_NON_BLOCKING),
          "make a stream on " + facts.name());
      this.stream = pointer.get(0);
      Calls.check(
          CU.cuStreamCreate(pointer, CU.CU_STREAM_NON_BLOCKING),
          "make a stream on " + facts.name());
      this.capturing = pointer.get(0);
    }
  }

  /** The driver's calls act on the context of the thread. */
  private void enter() {
    Calls.check(CU.cuCtxSetCurrent(context), "enter the context");
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public boolean hasTensorCores() {
    return Integer.parseInt(architecture.substring(ARCHITECTURE.length())) >= TF32_SINCE;
  }

  private void check(int status, String doing) {
    Calls.check(status, doing + " on " + facts.name());
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    enter();
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer pointer = stack.mallocPointer(1);
      int status = CU.cuMemAlloc(pointer, Math.max(bytes, 16));
      if (status == OUT_OF_MEMORY) {
        throw new OutOfDeviceMemory(facts, bytes);
      }
      check(status, "take memory");
      return new DeviceMemory(pointer.get(0), bytes);
    }
  }

  @Override
  public void free(DeviceMemory memory) {
    enter();
    // Waits for what was queued.
    check(CU.cuMemFree(memory.handle()), "free memory");
  }

  @Override
  public void upload(DeviceMemory to, float[] values) {
    FloatBuffer copy = MemoryUtil.memAllocFloat(values.length);
    try {
      copy.put(values).flip();
      upload(to, MemoryUtil.memByteBuffer(copy));
    } finally {
      MemoryUtil.memFree(copy);
    }
  }

  @Override
  public void upload(DeviceMemory to, int[] values) {
    IntBuffer copy = MemoryUtil.memAllocInt(values.length);
    try {
      copy.put(values).flip();
      upload(to, MemoryUtil.memByteBuffer(copy));
    } finally {
      MemoryUtil.memFree(copy);
    }
  }

  private void upload(DeviceMemory to, ByteBuffer values) {
    enter();
    check(CU.cuMemcpyHtoDAsync(to.handle(), values, stream), "copy values");
    finish();
  }

  @Override
  public void download(DeviceMemory from, long offset, FloatBuffer to) {
    enter();
    check(
        CU.cuMemcpyDtoHAsync(
            MemoryUtil.memByteBuffer(to), from.handle() + offset * Float.BYTES, stream),
        "copy values back");
    finish();
  }

  @Override
  public void copy(DeviceMemory from, DeviceMemory to, long bytes) {
    enter();
    copy(from, to, bytes, stream);
  }

  private void copy(DeviceMemory from, DeviceMemory to, long bytes, long on) {
    check(CU.cuMemcpyDtoDAsync(to.handle(), from.handle(), bytes, on), "copy values");
  }

  @Override
  public synchronized Kernel kernel(String text, String name, Map<String, Integer> constants) {
    enter();
    Source source = new Source(text, constants);
    return kernels.computeIfAbsent(
        new Named(source, name),
        named -> {
          long module = modules.computeIfAbsent(source, this::load);
          try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer function = stack.mallocPointer(1);
            check(
                CU.cuModuleGetFunction(function, module, stack.ASCII(name)),
                "find the kernel " + name);
            return new Kernel(name, function.get(0));
          }
        });
  }

  private long load(Source source) {
    ByteBuffer code =
        Compiler.compile(
            source.text, KernelText.of(source.text, true, source.constants), architecture);
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer module = stack.mallocPointer(1);
      check(CU.cuModuleLoadData(module, code), "load the kernels of " + source.text);
      return module.get(0);
    } finally {
      MemoryUtil.memFree(code);
    }
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Object... arguments) {
    enter();
    launch(kernel, grid, List.of(arguments), stream);
  }

  private void launch(Kernel kernel, Grid grid, List<Object> arguments, long on) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer pointers = stack.mallocPointer(arguments.size());
      for (Object argument : arguments) {
        if (argument instanceof DeviceMemory memory) {
          pointers.put(MemoryUtil.memAddress(stack.longs(memory.handle())));
        } else if (argument instanceof Integer number) {
          pointers.put(MemoryUtil.memAddress(stack.ints(number)));
        } else {
          pointers.put(MemoryUtil.memAddress(stack.floats((Float) argument)));
        }
      }
      pointers.flip();
      check(
          CU.cuLaunchKernel(
              kernel.handle(),
              grid.x(),
              grid.y(),
              grid.z(),
              grid.items(),
              1,
              1,
              0,
              on,
              pointers,
              null),
          "run " + kernel.name());
    }
  }

  @Override
  public void queue(List<Command> commands) {
    enter();
    if (!graphs.start(commands)) {
      commands.forEach(command -> queue(command, stream));
    }
  }

  private void queue(Command command, long on) {
    if (command instanceof Command.Launch launch) {
      launch(launch.kernel(), launch.grid(), launch.arguments(), on);
    } else if (command instanceof Command.Copy copy) {
      copy(copy.from(), copy.to(), copy.bytes(), on);
    }
  }

  @Override
  public long capture(List<Command> commands) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer pointer = stack.mallocPointer(1);
      check(
          CU.cuStreamBeginCapture_v2(capturing, CU.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
          "begin to capture a graph");
      int ended;
      try {
        commands.forEach(command -> queue(command, capturing));
      } finally {
        ended = CU.cuStreamEndCapture(capturing, pointer);
      }
      check(ended, "capture a graph");
      long graph = pointer.get(0);
      int made = CU.cuGraphInstantiateWithFlags(pointer, graph, 0);
      CU.cuGraphDestroy(graph);
      check(made, "make a graph");
      return pointer.get(0);
    }
  }

  @Override
  public void start(long graph) {
    check(CU.cuGraphLaunch(graph, stream), "start a graph");
  }

  @Override
  public void free(long graph) {
    check(CU.cuGraphExecDestroy(graph), "free a graph");
  }

  @Override
  public void finish() {
    enter();
    check(CU.cuStreamSynchronize(stream), "finish");
  }
}
