package io.camjar.engine.run;

import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.op.Frame;
import io.camjar.engine.op.Reads;
import io.camjar.engine.op.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An operation as it is written down, on arrays. A backend whose tensors are not arrays runs so the
 * operations that it has no step of its own for: what goes in and out is copied.
 *
 * @param node the operation
 * @param inputs the values it reads, as its backend numbers them
 * @param kernels what it computes with
 * @param parameters the graph's, by full name
 * @param training whether passes train
 * @param <T> the backend's tensors
 */
public record OpStep<T>(
    Node node,
    List<Integer> inputs,
    Kernels kernels,
    Map<String, INDArray> parameters,
    boolean training)
    implements Step<T> {

  @Override
  public @Nullable String learns() {
    return node.learns() ? node.path() : null;
  }

  @Override
  public boolean hasKinks() {
    return node.op().hasKinks();
  }

  @Override
  public List<Integer> backwardReads(int value, boolean learning) {
    Set<Reads> reads = node.op().backwardReads(training, learning);
    List<Integer> values = new ArrayList<>();
    if (reads.contains(Reads.INPUTS)) {
      values.addAll(inputs);
    }
    if (reads.contains(Reads.OUTPUT)) {
      values.add(value);
    }
    return values;
  }

  @Override
  public T forward(Forward<T> pass, int value) {
    try (Sight sight = new Sight(pass.schedule(), value, pass, null, null)) {
      return sight.load(value, node.op().forward(sight));
    }
  }

  @Override
  public void backward(Backward<T> pass, int value, T dy) {
    try (Sight sight = new Sight(pass.schedule(), value, null, pass, dy)) {
      node.op().backward(sight, sight.dy());
    }
  }

  /** What the operation sees of a forward or a backward. */
  private final class Sight implements Frame, AutoCloseable {
    private final Schedule<T> schedule;
    private final Layout<T> layout;
    private final int value;
    private final @Nullable Forward<T> forward;
    private final @Nullable Backward<T> backward;
    private final @Nullable INDArray dy;

    /** The inputs that were copied, and behind them the output. */
    private final @Nullable INDArray[] copies = new INDArray[inputs.size() + 1];

    Sight(
        Schedule<T> schedule,
        int value,
        @Nullable Forward<T> forward,
        @Nullable Backward<T> backward,
        @Nullable T dy) {
      this.schedule = schedule;
      this.layout = schedule.layout();
      this.value = value;
      this.forward = forward;
      this.backward = backward;
      this.dy = dy == null ? null : layout.array(value, dy, schedule.shape(value));
    }

    private Forward<T> ahead() {
      if (forward == null) {
        throw new IllegalStateException(node.path() + " runs backward");
      }
      return forward;
    }

    private Backward<T> back() {
      if (backward == null) {
        throw new IllegalStateException(node.path() + " runs forward");
      }
      return backward;
    }

    INDArray dy() {
      if (dy == null) {
        throw new IllegalStateException(node.path() + " runs forward");
      }
      return dy;
    }

    /** An array that belongs to the pass as a tensor of this value. */
    T load(int of, INDArray array) {
      Object workspace = forward == null ? back().workspace() : forward.workspace();
      T tensor = layout.load(of, array, workspace);
      if (tensor != array) {
        array.close();
      }
      return tensor;
    }

    @Override
    public Kernels kernels() {
      return kernels;
    }

    @Override
    public boolean isTraining() {
      return training && schedule.request().usesBatch(node.path());
    }

    @Override
    public boolean isGuided() {
      return schedule.request().guided();
    }

    @Override
    public SplittableRandom random() {
      return ahead().random();
    }

    @Override
    public int inputs() {
      return inputs.size();
    }

    @Override
    public INDArray input(int index) {
      return array(index, inputs.get(index), inputShape(index));
    }

    @Override
    public Shape inputShape(int index) {
      return schedule.graphShape(node.inputs().get(index));
    }

    @Override
    public INDArray output() {
      return array(inputs.size(), value, schedule.shape(value));
    }

    private INDArray array(int place, int of, Shape shape) {
      INDArray array = copies[place];
      if (array == null) {
        T tensor = forward == null ? back().value(of) : forward.value(of);
        array = layout.array(of, tensor, shape);
        copies[place] = array;
      }
      return array;
    }

    @Override
    public INDArray parameter(String name) {
      INDArray parameter = parameters.get(node.parameter(name));
      if (parameter == null) {
        throw new IllegalStateException(node.path() + " has no parameter " + name);
      }
      return parameter;
    }

    @Override
    public void save(Object what) {
      ahead().save(value, what);
    }

    @Override
    public <S> S saved(Class<S> type) {
      return back().saved(value, type);
    }

    @Override
    public boolean wantsInput(int index) {
      int input = inputs.get(index);
      return backward == null ? schedule.wants(input) : backward.wants(input);
    }

    @Override
    public boolean wantsParameters() {
      return schedule.trains(value);
    }

    @Override
    public void inputGradient(int index, INDArray gradient) {
      // An addition hands the same gradient to both inputs: each has its own.
      int input = inputs.get(index);
      back().add(input, load(input, gradient == dy ? gradient.dup('c') : gradient));
    }

    @Override
    public void parameterGradient(String name, INDArray gradient) {
      back().parameter(node.parameter(name), gradient);
    }

    /** Closes what was copied. */
    @Override
    public void close() {
      if (layout.sharesArrays()) {
        return;
      }
      if (dy != null) {
        dy.close();
      }
      for (INDArray copy : copies) {
        if (copy != null) {
          copy.close();
        }
      }
    }
  }
}
