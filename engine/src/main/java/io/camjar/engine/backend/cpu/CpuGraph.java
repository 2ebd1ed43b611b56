package io.camjar.engine.backend.cpu;

import io.camjar.engine.backend.cpu.conv.MemoryMode;
import io.camjar.engine.backend.cpu.conv.PackedWeights;
import io.camjar.engine.backend.cpu.memory.Buffers;
import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.GradientMemory;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.backend.cpu.step.BlockedGraph;
import io.camjar.engine.backend.cpu.step.ConvStep;
import io.camjar.engine.backend.cpu.step.CpuLayout;
import io.camjar.engine.backend.cpu.step.CpuStep;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.kernel.MemoryUse;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Layout;
import io.camjar.engine.run.Lowered;
import io.camjar.engine.run.OpStep;
import io.camjar.engine.run.Schedule;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** A graph as steps on blocked activations, with its packed weights and scratch memory. */
final class CpuGraph implements Lowered<BlockedTensor>, BlockedGraph {
  private final Graph graph;
  private final List<@Nullable Step<BlockedTensor>> steps;

  /** The same, each as its operation is written down. */
  private final List<@Nullable OpStep<BlockedTensor>> plain;

  private final int[] values;
  private final List<@Nullable Form> forms;
  private final boolean learning;
  private final boolean[] images;
  private final PackedWeights weights;
  private final GradientMemory gradients = new GradientMemory();
  private final Deque<Memory> memories = new ConcurrentLinkedDeque<>();

  CpuGraph(
      Graph graph,
      List<@Nullable Step<BlockedTensor>> steps,
      List<@Nullable OpStep<BlockedTensor>> plain,
      int[] values,
      List<@Nullable Form> forms,
      boolean learning) {
    this.graph = graph;
    this.weights = new PackedWeights(MemoryMode.of(graph));
    this.steps = steps;
    this.plain = plain;
    this.values = values;
    this.forms = forms;
    this.learning = learning;
    this.images = new boolean[steps.size()];
    for (int value = 0; value < images.length; value++) {
      images[value] = readAsImage(value);
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public List<@Nullable Step<BlockedTensor>> steps() {
    return steps;
  }

  @Override
  public int value(int graphValue) {
    return values[graphValue];
  }

  @Override
  public List<@Nullable Step<BlockedTensor>> fused(Use use) {
    List<@Nullable Step<BlockedTensor>> fitting = new ArrayList<>(steps);
    for (int value = 0; value < fitting.size(); value++) {
      OpStep<BlockedTensor> op = plain.get(value);
      if (op != null && steps.get(value) instanceof CpuStep step) {
        List<Operand> operands = operands(op, use.graphShapes());
        boolean fits = operands == null || step.fits(operands);
        if (!fits || leavesOut(step, op, use.apart())) {
          fitting.set(value, op);
        }
      }
    }
    return Fusion.of(fitting, use, places(use.graphShapes()));
  }

  /** What values look like in memory; null for what comes before the pass. */
  private List<@Nullable Operand> places(List<@Nullable Shape> graphShapes) {
    List<@Nullable Operand> places = new ArrayList<>();
    steps.forEach(step -> places.add(null));
    for (int value = values.length - 1; value >= 0; value--) {
      Shape shape = graphShapes.get(value);
      if (shape != null) {
        places.set(values[value], new Operand(form(values[value], shape), shape));
      }
    }
    return places;
  }

  /** Whether a step takes an input for a constant whose gradient may be asked for. */
  private static boolean leavesOut(CpuStep step, OpStep<?> op, Set<Integer> apart) {
    return op.inputs().stream()
        .anyMatch(input -> apart.contains(input) && !step.inputs().contains(input));
  }

  /** The inputs of an operation; null where one of them comes before the pass. */
  private @Nullable List<Operand> operands(OpStep<?> op, List<@Nullable Shape> graphShapes) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < op.inputs().size(); i++) {
      Shape shape = graphShapes.get(op.node().inputs().get(i));
      if (shape == null) {
        return null;
      }
      operands.add(new Operand(form(op.inputs().get(i), shape), shape));
    }
    return operands;
  }

  @Override
  public Form form(int value, Shape shape) {
    Form form = forms.get(value);
    return form == null || (form == Form.TOKENS && shape.rank() < 3) ? Form.of(shape) : form;
  }

  @Override
  public Size<BlockedTensor> size() {
    Buffers buffers = new Buffers();
    return new Size<>() {
      @Override
      public Layout<BlockedTensor> layout(Schedule<BlockedTensor> schedule) {
        return new CpuLayout(CpuGraph.this, schedule, buffers);
      }

      @Override
      public long bytes() {
        return buffers.bytes();
      }
    };
  }

  /** Passes that are under way have their own scratch memory with them. */
  @Override
  public MemoryUse memory() {
    long scratch = memories.stream().mapToLong(Memory::bytes).sum();
    return weights.memory().plus(new MemoryUse(0, 0, 0, scratch + gradients.bytes()));
  }

  @Override
  public boolean learning() {
    return learning;
  }

  @Override
  public boolean isInput(int value) {
    return steps.get(value) == null;
  }

  @Override
  public boolean isImage(int value) {
    return images[value];
  }

  private boolean readAsImage(int value) {
    return isInput(value)
        && steps.stream()
            .filter(step -> step != null && step.inputs().contains(value))
            .allMatch(
                step ->
                    step instanceof ConvStep conv
                        && conv.op().groups() == 1
                        && BlockedTensor.fewChannels(conv.geometry().inChannels()));
  }

  @Override
  public PackedWeights weights() {
    return weights;
  }

  @Override
  public GradientMemory gradients() {
    return gradients;
  }

  @Override
  public Memory acquire() {
    Memory memory = memories.pollFirst();
    return memory == null ? new Memory() : memory;
  }

  @Override
  public void release(Memory memory) {
    memories.addFirst(memory);
  }
}
