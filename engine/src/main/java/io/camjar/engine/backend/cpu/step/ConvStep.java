package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.conv.ConvWeights;
import io.camjar.engine.backend.cpu.conv.Convolution;
import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Memory;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.simd.Activation;
import io.camjar.engine.kernel.simd.BlockedNorms;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution or, on features, a linear layer, with what is folded into it.
 *
 * @param op the convolution; a linear layer is one of a single tap
 * @param weights where its numbers come from
 * @param residual a value added to the sums, or null
 * @param relu whether negative results become 0
 * @param activation another function that keeps zeros, which no gradient crosses, or null
 */
public record ConvStep(
    Conv2d op,
    ConvWeights weights,
    int x,
    @Nullable Integer residual,
    boolean relu,
    @Nullable Activation activation)
    implements Foldable {

  @Override
  public boolean fits(List<Operand> operands) {
    Operand in = operands.get(0);
    return weights.isLinear()
        ? in.hasChannels(true)
        : in.isImage() || (in.form() == Form.FEATURES && isPointwise());
  }

  @Override
  public boolean isPointwise() {
    return geometry().isPointwise() && op.isPlain();
  }

  /** Its shape, groups and the padding below and right excepted. */
  public Conv2dGeometry geometry() {
    return op.geometry();
  }

  /** The same with a batch norm behind it folded into its weights. */
  public ConvStep withAffine(AffineStep affine) {
    return new ConvStep(
        op, weights.scaled(affine.scale(), affine.shift()), x, residual, relu, activation);
  }

  @Override
  public ConvStep withResidual(int value) {
    return new ConvStep(op, weights, x, value, relu, activation);
  }

  @Override
  public ConvStep withRelu() {
    return new ConvStep(op, weights, x, residual, true, activation);
  }

  /** The same with a function of each number in its epilogue. */
  public ConvStep withActivation(Activation function) {
    return new ConvStep(op, weights, x, residual, relu, function);
  }

  @Override
  public @Nullable String learns() {
    return weights.path();
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    Convolution convolution = CpuLayout.of(pass.schedule()).convolution(value);
    BlockedTensor added = residual == null ? null : pass.value(residual);
    convolution.forward(
        pass.value(x),
        y,
        new Epilogue(convolution.bias(), added, relu, activation, null),
        Memory.of(pass.workspace()),
        Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    List<Integer> reads = new ArrayList<>();
    if (relu) {
      reads.add(value);
    }
    if (parameters) {
      reads.add(x);
    }
    return reads;
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    Convolution convolution = layout.convolution(value);
    BlockedTensor gradient = relu ? ReluMasking.masked(pass, value, dy) : dy;
    if (pass.schedule().trains(value)) {
      long[] shape = convolution.weightShape();
      float[] dWeight = pass.gradientMemory(Math.toIntExact(Shape.of(shape).length()));
      convolution.backwardWeight(
          gradient, pass.value(x), dWeight, Memory.of(pass.workspace()), Threads.shared());
      pass.parameter(weights.path() + ".weight", dWeight, shape);
      if (weights.hasBias()) {
        pass.parameter(
            weights.path() + ".bias",
            BlockedNorms.gradientSums(gradient, gradient, Threads.shared())[0]);
      }
    }
    if (pass.wants(x)) {
      BlockedTensor before = pass.gradientSoFar(x);
      BlockedTensor dx = before == null ? layout.take(x) : before;
      BlockedTensor mask = pass.masks(value, x) ? pass.value(x) : null;
      convolution.backwardInput(
          gradient,
          dx,
          new Epilogue(null, before, false, null, mask),
          Memory.of(pass.workspace()),
          Threads.shared());
      pass.set(x, dx);
    }
    if (residual != null && pass.wants(residual)) {
      pass.add(residual, pass.own(value, gradient));
    } else {
      pass.discard(value, gradient);
    }
  }
}
