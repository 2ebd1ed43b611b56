package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Form;
import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.ChannelConcat;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Channels of several values, or of one, one behind the other, with what is folded into the copy: a
 * batch norm that evaluates, and a ReLU.
 *
 * @param parts the values
 * @param axis the side along which they lie behind one another
 * @param affine what is done to each channel, or null
 * @param relu whether negative results become 0
 */
public record ConcatStep(List<Integer> parts, int axis, @Nullable AffineStep affine, boolean relu)
    implements CpuStep {

  @Override
  public boolean fits(List<Operand> operands) {
    Form form = operands.get(0).form();
    return operands.stream().allMatch(o -> o.isChannels(axis) && o.form() == form);
  }

  /** The same with a batch norm behind it. */
  public ConcatStep withAffine(AffineStep folded) {
    return new ConcatStep(parts, axis, folded, relu);
  }

  /** The same with a ReLU behind it. */
  public ConcatStep withRelu() {
    return new ConcatStep(parts, axis, affine, true);
  }

  @Override
  public List<Integer> inputs() {
    return parts;
  }

  /** Whether it changes no number. */
  boolean isPlain() {
    return affine == null && !relu;
  }

  /** Where the first part was computed in its place, only the others are copied. */
  @Override
  public BlockedTensor forward(Forward<BlockedTensor> pass, int value) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    if (!isPlain() || !layout.isInPlace(parts.get(0), value)) {
      return CpuStep.super.forward(pass, value);
    }
    BlockedTensor first = pass.value(parts.get(0));
    BlockedTensor y = first.withChannels(layout.shape(value).channels());
    List<BlockedTensor> others = parts.stream().skip(1).map(pass::value).toList();
    ChannelConcat.copy(others, y, first.channels, null, null, false, Threads.shared());
    return y;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    float[] scale = affine == null ? null : Epilogue.pad(affine.scale());
    float[] shift = affine == null ? null : Epilogue.pad(affine.shift());
    List<BlockedTensor> read = parts.stream().map(pass::value).toList();
    ChannelConcat.copy(read, y, 0, scale, shift, relu, Threads.shared());
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return relu ? List.of(value) : List.of();
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    BlockedTensor gradient = relu ? ReluMasking.masked(pass, value, dy) : dy;
    float[] scale = affine == null ? null : Epilogue.pad(affine.scale());
    int first = 0;
    for (int part : parts) {
      if (pass.wants(part)) {
        BlockedTensor dx = layout.take(part);
        ChannelConcat.slice(gradient, first, scale, dx, Threads.shared());
        pass.add(part, dx);
      }
      first += layout.shape(part).channels();
    }
    pass.discard(value, gradient);
  }
}
