package io.camjar.engine.plan;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.simd.Blocked;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedNorms;
import io.camjar.engine.kernel.simd.BlockedPools;
import io.camjar.engine.kernel.simd.Finish;
import io.camjar.engine.nn.Normalisation;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.trace.Gradients;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The way back of one training step: the gradients of all parameters.
 *
 * <p>A value's gradient is complete when the walk reaches the node that computes it. It is then
 * nobody else's, and is overwritten where that saves memory.
 */
final class TrainingWalk {
  private final TrainingPass pass;
  private final TrainingProgram program;
  private final Threads threads;
  private final Gradients parameters;
  private final @Nullable Blocked[] gradients;

  /** Whether a value's gradient has passed the value's rectifier. */
  private final boolean[] gated;

  TrainingWalk(TrainingPass pass, Gradients parameters) {
    this.pass = pass;
    this.program = pass.program();
    this.threads = pass.threads();
    this.parameters = parameters;
    this.gradients = new Blocked[program.values()];
    this.gated = new boolean[program.values()];
  }

  /** Memory for the gradient of the scores, to be filled by the caller. */
  Blocked scores() {
    int last = program.values() - 1;
    Blocked gradient = take(last);
    gradients[last] = gradient;
    return gradient;
  }

  /** Walks back to the first layer. */
  void run() {
    for (int value = program.values() - 1; value > 0; value--) {
      Node node = program.node(value);
      Blocked dy = gradients[value];
      if (node != null && dy != null) {
        gradients[value] = null;
        if (program.rectified(value) && !gated[value]) {
          BlockedLoops.reluBackward(dy, pass.value(value), dy, threads);
        }
        step(value, node, dy);
      }
    }
  }

  private void step(int value, Node node, Blocked dy) {
    if (node instanceof Node.Conv conv) {
      convolution(value, conv, dy);
    } else if (node instanceof Node.Norm norm) {
      norm(value, norm, dy);
    } else if (node instanceof Node.Relu relu) {
      BlockedLoops.reluBackward(dy, pass.value(value), dy, threads);
      add(relu.x(), dy);
    } else if (node instanceof Node.Add add) {
      Blocked copy = take(value);
      BlockedLoops.copy(dy, copy, threads);
      add(add.branch(), dy);
      add(add.shortcut(), copy);
    } else if (node instanceof Node.MaxPool pool) {
      Blocked dx = take(pool.x());
      new BlockedPools(pool.geometry()).maxBackward(dy, pass.value(pool.x()), dx, threads);
      give(value, dy);
      add(pool.x(), dx);
    } else if (node instanceof Node.AvgPool pool) {
      Blocked dx = take(pool.x());
      new BlockedPools(pool.geometry()).averageBackward(dy, dx, threads);
      give(value, dy);
      add(pool.x(), dx);
    } else if (node instanceof Node.GlobalPool pool) {
      Blocked dx = take(pool.x());
      pool.backward(dy, pass.value(pool.x()), dx, threads);
      give(value, dy);
      add(pool.x(), dx);
    } else {
      throw new IllegalStateException("no training of " + node);
    }
  }

  private void convolution(int value, Node.Conv conv, Blocked dy) {
    TrainedConv2d convolution = program.convolution(value);
    String path = conv.weights().path();
    int x = conv.x();
    INDArray dWeight = convolution.backwardWeight(dy, pass.value(x), pass.memory(), threads);
    parameters.parameter(path + ".weight", dWeight);
    if (conv.weights().bias() != null) {
      double[] sums = BlockedNorms.gradientSums(dy, dy, threads)[0];
      parameters.parameter(path + ".bias", array(sums));
    }
    if (x > 0) {
      Blocked before = gradients[x];
      Blocked dx = before == null ? take(x) : before;
      gated[x] = program.gates(value, x);
      Finish finish = new Finish(null, before, false, gated[x] ? pass.value(x) : null);
      convolution.backwardInput(dy, dx, finish, pass.memory(), threads);
      gradients[x] = dx;
    }
    shortcut(value, conv.residual(), dy);
  }

  private void norm(int value, Node.Norm norm, Blocked dy) {
    Blocked x = pass.value(norm.x());
    Normalisation.Gradient g =
        pass.norm(value)
            .gradient(BlockedNorms.gradientSums(dy, x, threads), program.shape(value).perChannel());
    parameters.parameter(norm.layer().path() + ".weight", array(g.dWeight()));
    parameters.parameter(norm.layer().path() + ".bias", array(g.dBias()));
    Integer residual = norm.residual();
    Blocked dx = residual == null ? dy : take(value);
    BlockedNorms.combine(
        dy, Pass.pad(g.dyFactor()), x, Pass.pad(g.xFactor()), Pass.pad(g.constant()), dx, threads);
    add(norm.x(), dx);
    if (residual != null) {
      add(residual, dy);
    }
  }

  /** Hands a gradient on to the residual that was added, if there was one. */
  private void shortcut(int value, @Nullable Integer residual, Blocked dy) {
    if (residual == null) {
      give(value, dy);
    } else {
      add(residual, dy);
    }
  }

  /** Adds a gradient that nothing else uses. */
  private void add(int value, Blocked gradient) {
    Blocked sum = gradients[value];
    if (value == 0) {
      give(value, gradient);
    } else if (sum == null) {
      gradients[value] = gradient;
    } else {
      BlockedLoops.add(sum, gradient, sum, threads);
      give(value, gradient);
    }
  }

  private static INDArray array(double[] values) {
    return HostCopy.array(values, DataType.FLOAT, values.length);
  }

  private Blocked take(int value) {
    return pass.buffers().take(program.shape(value), program.halo(value), false);
  }

  private void give(int value, Blocked blocked) {
    pass.buffers().give(program.shape(value), program.halo(value), false, blocked);
  }
}
