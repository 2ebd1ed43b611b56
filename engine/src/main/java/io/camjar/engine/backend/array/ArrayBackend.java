package io.camjar.engine.backend.array;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.op.Input;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.Lowered;
import io.camjar.engine.run.OpStep;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Calls each operation's own forward and backward, in single or double precision, on any kernels.
 * It runs every graph, so it is the last that is asked.
 */
public final class ArrayBackend implements Backend {
  private final Kernels kernels;

  /** On the kernels of this process. */
  public ArrayBackend() {
    this(Kernels.active());
  }

  /** On these kernels. */
  public ArrayBackend(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public String name() {
    return kernels.name();
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public Optional<String> lacks(Graph graph, Map<String, INDArray> parameters) {
    return Optional.empty();
  }

  @Override
  public Lowered<INDArray> lower(Graph graph, Map<String, INDArray> parameters, boolean training) {
    List<@Nullable Step<INDArray>> steps = new ArrayList<>();
    int[] values = new int[graph.nodes().size()];
    for (int value = 0; value < values.length; value++) {
      Node node = graph.nodes().get(value);
      if (node.op().isIdentity(training)) {
        values[value] = values[node.inputs().get(0)];
        continue;
      }
      values[value] = steps.size();
      if (node.op() instanceof Input) {
        steps.add(null);
      } else {
        List<Integer> inputs = node.inputs().stream().map(input -> values[input]).toList();
        steps.add(new OpStep<>(node, inputs, kernels, parameters, training));
      }
    }
    return new ArrayGraph(graph, steps, values, new ArrayLayout(kernels));
  }

  private record ArrayGraph(
      Graph graph, List<@Nullable Step<INDArray>> steps, int[] values, ArrayLayout layout)
      implements Lowered<INDArray> {

    @Override
    public int value(int graphValue) {
      return values[graphValue];
    }

    @Override
    public Size<INDArray> size() {
      return schedule -> layout;
    }
  }
}
