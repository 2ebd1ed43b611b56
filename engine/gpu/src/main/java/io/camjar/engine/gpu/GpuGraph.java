package io.camjar.engine.gpu;

import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.math.DeviceMath;
import io.camjar.engine.gpu.math.DevicePools;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.gpu.memory.Arena;
import io.camjar.engine.gpu.memory.Uploads;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Lowered;
import io.camjar.engine.run.OpStep;
import io.camjar.engine.run.Schedule;
import io.camjar.engine.run.Step;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A graph as steps on a device, with its weights there. */
final class GpuGraph implements Lowered<Tensor> {
  private static final Logger LOG = LoggerFactory.getLogger(GpuGraph.class);

  /** Frees the memory of graphs that nobody closed. */
  private static final Cleaner CLEANER = Cleaner.create();

  /** Kinds of operations that the log has named. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private final Graph graph;
  private final List<@Nullable Step<Tensor>> steps;

  /** The same, each as its operation is written down. */
  private final List<@Nullable OpStep<Tensor>> plain;

  private final int[] values;
  private final Set<Integer> reshaped;
  private final Device device;
  private final DeviceMath math;
  private final DevicePools pools;
  private final Uploads uploads;
  private final Cleaner.Cleanable memory;

  /**
   * A graph.
   *
   * @param reshaped values that other shapes of the graph are the same numbers of
   */
  GpuGraph(
      Graph graph,
      List<@Nullable Step<Tensor>> steps,
      List<@Nullable OpStep<Tensor>> plain,
      int[] values,
      Set<Integer> reshaped,
      Device device) {
    this.graph = graph;
    this.steps = steps;
    this.plain = plain;
    this.values = values;
    this.reshaped = reshaped;
    this.device = device;
    this.math = new DeviceMath(device);
    this.pools = new DevicePools(device);
    Uploads held = new Uploads(device);
    this.uploads = held;
    this.memory = CLEANER.register(this, held::close);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public List<@Nullable Step<Tensor>> steps() {
    return steps;
  }

  @Override
  public int value(int graphValue) {
    return values[graphValue];
  }

  @Override
  public List<@Nullable Step<Tensor>> fused(Use use) {
    List<@Nullable Step<Tensor>> fitting = new ArrayList<>(steps);
    for (int value = 0; value < fitting.size(); value++) {
      OpStep<Tensor> op = plain.get(value);
      if (op != null && steps.get(value) instanceof GpuStep step) {
        List<Shape> shapes = shapes(op, use.graphShapes());
        boolean fits = shapes == null || step.fits(shapes);
        if (!fits || leavesOut(step, op, use.apart())) {
          fitting.set(value, op);
        }
      }
    }
    for (Step<Tensor> step : fitting) {
      if (step instanceof OpStep<Tensor> op && TOLD.add(op.node().op().kind())) {
        LOG.info(
            "{} has no kernel for {} as {} has it; that runs on the host, between two copies",
            device.facts().id(),
            op.node().op().kind(),
            op.node().path());
      }
    }
    return GpuFusion.of(fitting, use);
  }

  /** Whether a step takes an input for a constant whose gradient may be asked for. */
  private static boolean leavesOut(GpuStep step, OpStep<?> op, Set<Integer> apart) {
    return op.inputs().stream()
        .anyMatch(input -> apart.contains(input) && !step.inputs().contains(input));
  }

  /** The shapes of an operation's inputs; null where one of them comes before the pass. */
  private static @Nullable List<Shape> shapes(OpStep<?> op, List<@Nullable Shape> graphShapes) {
    List<Shape> shapes = new ArrayList<>();
    for (int input : op.node().inputs()) {
      Shape shape = graphShapes.get(input);
      if (shape == null) {
        return null;
      }
      shapes.add(shape);
    }
    return shapes;
  }

  @Override
  public Size<Tensor> size() {
    Arena arena = new Arena(device);
    return new Memories(this, arena, CLEANER);
  }

  /** The memory of one size of input; freed when it is closed or nobody has it any more. */
  private static final class Memories implements Size<Tensor> {
    private final GpuGraph graph;
    private final Arena arena;
    private final Cleaner.Cleanable memory;

    Memories(GpuGraph graph, Arena arena, Cleaner cleaner) {
      this.graph = graph;
      this.arena = arena;
      this.memory = cleaner.register(this, arena::close);
    }

    @Override
    public GpuLayout layout(Schedule<Tensor> schedule) {
      return new GpuLayout(graph, schedule, arena);
    }

    @Override
    public void close() {
      memory.clean();
    }
  }

  @Override
  public void close() {
    memory.clean();
  }

  Device device() {
    return device;
  }

  DeviceMath math() {
    return math;
  }

  DevicePools pools() {
    return pools;
  }

  Uploads uploads() {
    return uploads;
  }

  /** Whether other shapes of the graph are the same numbers as this value. */
  boolean isReshaped(int value) {
    return reshaped.contains(value);
  }
}
