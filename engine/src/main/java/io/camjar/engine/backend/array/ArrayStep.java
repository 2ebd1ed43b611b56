package io.camjar.engine.backend.array;

import io.camjar.engine.graph.Node;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.op.Frame;
import io.camjar.engine.op.Reads;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.run.Schedule;
import io.camjar.engine.run.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An operation as it is written down, on arrays. */
record ArrayStep(
    Node node,
    List<Integer> inputs,
    Kernels kernels,
    Map<String, INDArray> parameters,
    boolean training)
    implements Step<INDArray> {

  @Override
  public @Nullable String learns() {
    return node.learns() ? node.path() : null;
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
  public INDArray forward(Forward<INDArray> pass, int value) {
    return node.op().forward(new Sight(pass.schedule(), value, pass, null, null));
  }

  @Override
  public void backward(Backward<INDArray> pass, int value, INDArray dy) {
    node.op().backward(new Sight(pass.schedule(), value, null, pass, dy), dy);
  }

  /** What the operation sees of a forward or a backward. */
  private final class Sight implements Frame {
    private final Schedule<INDArray> schedule;
    private final int value;
    private final @Nullable Forward<INDArray> forward;
    private final @Nullable Backward<INDArray> backward;
    private final @Nullable INDArray dy;

    Sight(
        Schedule<INDArray> schedule,
        int value,
        @Nullable Forward<INDArray> forward,
        @Nullable Backward<INDArray> backward,
        @Nullable INDArray dy) {
      this.schedule = schedule;
      this.value = value;
      this.forward = forward;
      this.backward = backward;
      this.dy = dy;
    }

    private Forward<INDArray> ahead() {
      if (forward == null) {
        throw new IllegalStateException(node.path() + " runs backward");
      }
      return forward;
    }

    private Backward<INDArray> back() {
      if (backward == null) {
        throw new IllegalStateException(node.path() + " runs forward");
      }
      return backward;
    }

    @Override
    public Kernels kernels() {
      return kernels;
    }

    @Override
    public boolean isTraining() {
      return training;
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
    public INDArray input(int index) {
      int input = inputs.get(index);
      return forward == null ? back().value(input) : forward.value(input);
    }

    @Override
    public Shape inputShape(int index) {
      return schedule.shape(inputs.get(index));
    }

    @Override
    public INDArray output() {
      return back().value(value);
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
      return schedule.wants(inputs.get(index));
    }

    @Override
    public boolean wantsParameters() {
      return schedule.trains(value);
    }

    @Override
    public void inputGradient(int index, INDArray gradient) {
      // An addition hands the same gradient to both inputs: each has its own.
      back().add(inputs.get(index), gradient == dy ? gradient.dup('c') : gradient);
    }

    @Override
    public void parameterGradient(String name, INDArray gradient) {
      back().parameter(node.parameter(name), gradient);
    }
  }
}
