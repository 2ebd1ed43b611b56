package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.Activation;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.op.Clip;
import io.camjar.engine.op.GELU;
import io.camjar.engine.op.Hardsigmoid;
import io.camjar.engine.op.Hardswish;
import io.camjar.engine.op.LeakyReLU;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Sigmoid;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of each number by itself; ReLU has a step of its own.
 *
 * @param activation the function
 * @param hasKinks as its operation says
 * @param x what it reads
 */
public record ActivationStep(Activation activation, boolean hasKinks, int x)
    implements CpuStep.Unary {

  /** The function that an operation is; null if it is none of these. */
  public static @Nullable Activation of(Op op) {
    if (op instanceof Clip clip) {
      return new Activation(Activation.Kind.CLIP, (float) clip.min(), (float) clip.max());
    } else if (op instanceof LeakyReLU leaky) {
      return new Activation(Activation.Kind.LEAKY_RELU, (float) leaky.slope(), 0);
    } else if (op instanceof Hardsigmoid hard) {
      return new Activation(Activation.Kind.HARDSIGMOID, (float) hard.alpha(), (float) hard.beta());
    } else if (op instanceof GELU gelu) {
      return new Activation(gelu.tanh() ? Activation.Kind.GELU_TANH : Activation.Kind.GELU);
    } else if (op instanceof SiLU) {
      return new Activation(Activation.Kind.SILU);
    } else if (op instanceof Hardswish) {
      return new Activation(Activation.Kind.HARDSWISH);
    } else if (op instanceof Sigmoid) {
      return new Activation(Activation.Kind.SIGMOID);
    }
    return null;
  }

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    activation.forward(pass.value(x), y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(x);
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    activation.backward(dy, pass.value(x), dx, Threads.shared());
  }
}
