package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.token.ChannelNorm;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A layer norm over the channels of each token or pixel.
 *
 * @param path its layer; null if it has no parameters
 * @param last whether the operation takes the last side for the channels, not the second
 * @param features channels
 * @param eps added to the variance
 * @param weight one a channel, filled up with zeros to whole blocks; ones where it has none
 * @param bias as {@code weight}; zeros where it has none
 */
public record LayerNormStep(
    @Nullable String path,
    boolean last,
    int features,
    double eps,
    Supplier<float[]> weight,
    Supplier<float[]> bias,
    int x)
    implements CpuStep.Unary {

  @Override
  public boolean fits(List<Operand> operands) {
    return operands.get(0).hasChannels(last);
  }

  @Override
  public @Nullable String learns() {
    return path;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    ChannelNorm.forward(pass.value(x), weight.get(), bias.get(), eps, y, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return List.of(x);
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    if (path != null && pass.schedule().trains(value)) {
      double[][] gradients =
          ChannelNorm.parameterGradients(dy, pass.value(x), eps, Threads.shared());
      pass.parameter(path + ".weight", gradients[0]);
      pass.parameter(path + ".bias", gradients[1]);
    }
    if (pass.wants(x)) {
      CpuStep.Unary.super.backward(pass, value, dy);
    }
  }

  @Override
  public void backward(
      Backward<BlockedTensor> pass, int value, BlockedTensor dy, BlockedTensor dx) {
    ChannelNorm.backward(dy, pass.value(x), weight.get(), eps, dx, Threads.shared());
  }
}
