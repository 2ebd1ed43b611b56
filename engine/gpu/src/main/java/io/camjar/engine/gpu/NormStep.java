package io.camjar.engine.gpu;

import io.camjar.engine.gpu.math.Function;
import io.camjar.engine.gpu.math.Tensor;
import io.camjar.engine.gpu.memory.Lent;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Normalisation;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.run.Schedule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A batch norm whose parameters get gradients: sums over channels and what is done with them at
 * each place on the device, the few numbers a channel in between on the host in double precision.
 *
 * @param node the operation
 * @param parameters by relative name
 * @param training whether passes train: mean and variance are then those of the batch where the
 *     request does not ask for the running ones
 * @param relu whether negative results become 0
 */
record NormStep(
    Node node,
    BatchNorm op,
    java.util.function.Function<String, INDArray> parameters,
    boolean training,
    int x,
    boolean relu)
    implements GpuStep {

  NormStep withRelu() {
    return new NormStep(node, op, parameters, training, x, true);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(x);
  }

  @Override
  public @Nullable String learns() {
    return node.path();
  }

  private boolean ofBatch(Schedule<Tensor> schedule) {
    return training && schedule.request().usesBatch(node.path());
  }

  private int plane(GpuLayout layout) {
    Shape in = layout.graphShape(node.inputs().get(0));
    return Math.toIntExact(in.length() / in.side(0) / in.side(1));
  }

  private double count(Tensor tensor) {
    return (double) tensor.length() / op.features();
  }

  private double[][] sums(GpuLayout layout, Tensor u, Tensor v) {
    return layout.pools().channelSums(u, v, op.features(), plane(layout), layout.arena());
  }

  /** Mean and biased variance of each channel. */
  private double[][] moments(GpuLayout layout, Tensor in) {
    double[][] moments = sums(layout, in, in);
    double count = count(in);
    for (int c = 0; c < op.features(); c++) {
      double mean = moments[0][c] / count;
      moments[0][c] = mean;
      moments[1][c] = Math.max(0, moments[1][c] / count - mean * mean);
    }
    return moments;
  }

  @Override
  public void forward(Forward<Tensor> pass, int value, Tensor y) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor in = pass.value(x);
    Normalisation norm =
        ofBatch(pass.schedule())
            ? op.ofBatch(moments(layout, in), count(in), parameters)
            : op.running(parameters);
    pass.save(value, norm);
    try (Lent scale = lent(layout, norm.scale());
        Lent shift = lent(layout, norm.shift())) {
      layout
          .math()
          .affine(
              in,
              scale.tensor(),
              shift.tensor(),
              y,
              plane(layout),
              relu ? Function.RELU : Function.NONE);
    }
  }

  /** Numbers of channels on the device, those of one kind behind one another. */
  private static Lent lent(GpuLayout layout, double[]... kinds) {
    float[] numbers = new float[kinds.length * kinds[0].length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) kinds[i / kinds[0].length][i % kinds[0].length];
    }
    return layout.arena().lend(numbers);
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return relu ? List.of(x, value) : List.of(x);
  }

  @Override
  public void backward(Backward<Tensor> pass, int value, Tensor dy) {
    ReluMasking.passed(pass, value, dy, relu, gradient -> back(pass, value, gradient));
  }

  private void back(Backward<Tensor> pass, int value, Tensor gradient) {
    GpuLayout layout = GpuLayout.of(pass.schedule());
    Tensor in = pass.value(x);
    Normalisation norm = pass.saved(value, Normalisation.class);
    boolean ofBatch = ofBatch(pass.schedule());
    boolean trains = pass.schedule().trains(value);
    int plane = plane(layout);
    if (trains || ofBatch) {
      Normalisation.Gradient g = norm.gradient(sums(layout, gradient, in), count(in));
      if (trains) {
        pass.parameter(node.path() + ".weight", g.dWeight());
        pass.parameter(node.path() + ".bias", g.dBias());
      }
      if (ofBatch && pass.wants(x)) {
        try (Lent factors = lent(layout, g.dyFactor(), g.xFactor(), g.constant())) {
          pass.add(
              x,
              layout.filled(
                  x, dx -> layout.math().combine(gradient, in, factors.tensor(), dx, plane)));
        }
      }
    }
    if (!ofBatch && pass.wants(x)) {
      try (Lent scale = lent(layout, norm.scale())) {
        pass.add(
            x, layout.filled(x, dx -> layout.math().scale(gradient, scale.tensor(), dx, plane)));
      }
    }
    pass.discard(value, gradient);
  }
}
