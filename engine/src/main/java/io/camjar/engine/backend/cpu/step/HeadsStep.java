package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.token.Heads;
import io.camjar.engine.op.Shape;
import io.camjar.engine.op.Transpose;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.threads.Threads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Channels of tokens as a matrix for each head of attention, or such matrices as tokens again: a
 * slice, a reshape and a transpose in one copy.
 *
 * @param kind which of these
 * @param first the first channel of the tokens that is a head's
 */
public record HeadsStep(Kind kind, int first, int x) implements CpuStep {

  /** Which way, and how the matrices of heads lie. */
  public enum Kind {
    /** {@code [N, T, heads D]} to {@code [N, heads, T, D]}. */
    SPLIT,
    /** {@code [N, T, heads D]} to {@code [N, heads, D, T]}. */
    SPLIT_TRANSPOSED,
    /** {@code [N, heads, T, D]} to {@code [N, T, heads D]}. */
    JOIN
  }

  private static final Transpose SWAP = Transpose.of(0, 2, 1, 3);
  private static final Transpose TURN = Transpose.of(0, 2, 3, 1);

  /**
   * What a reshape and a transpose behind it are; null if they are no heads.
   *
   * @param tokens the shape that is reshaped
   * @param split the shape that is transposed
   */
  public static @Nullable Kind splitting(Shape tokens, Shape split, Transpose transpose) {
    boolean heads =
        tokens.rank() == 3
            && split.rank() == 4
            && tokens.side(0) == split.side(0)
            && tokens.side(1) == split.side(1);
    if (!heads) {
      return null;
    }
    return transpose.equals(SWAP)
        ? Kind.SPLIT
        : transpose.equals(TURN) ? Kind.SPLIT_TRANSPOSED : null;
  }

  /**
   * Whether a transpose and a reshape behind it join heads.
   *
   * @param heads the shape that is transposed
   * @param tokens the shape of the result
   */
  public static boolean joins(Shape heads, Transpose transpose, Shape tokens) {
    return transpose.equals(SWAP)
        && tokens.rank() == 3
        && tokens.side(0) == heads.side(0)
        && tokens.side(1) == heads.side(2);
  }

  /**
   * The same from the value that a slice takes its tokens from.
   *
   * @param tokens the shape of the sliced value
   */
  public HeadsStep of(SliceStep slice, Shape tokens) {
    return new HeadsStep(kind, first + slice.first(tokens), slice.x());
  }

  @Override
  public boolean fits(List<Operand> operands) {
    return true;
  }

  @Override
  public boolean isPointwise() {
    return false;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(x);
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedTensor from = pass.value(x);
    switch (kind) {
      case SPLIT -> Heads.split(from, first, y, Threads.shared());
      case SPLIT_TRANSPOSED -> Heads.splitTransposed(from, first, y, Threads.shared());
      case JOIN -> {
        y.clear();
        Heads.join(from, y, 0, Threads.shared());
      }
    }
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    BlockedTensor before = kind == Kind.JOIN ? null : pass.gradientSoFar(x);
    BlockedTensor dx = before == null ? layout.take(x) : before;
    if (kind == Kind.JOIN) {
      Heads.split(dy, 0, dx, Threads.shared());
      pass.add(x, dx);
      return;
    }
    if (before == null) {
      dx.clear();
    }
    if (kind == Kind.SPLIT) {
      Heads.join(dy, dx, first, Threads.shared());
    } else {
      Heads.joinTransposed(dy, dx, first, Threads.shared());
    }
    pass.set(x, dx);
  }
}
