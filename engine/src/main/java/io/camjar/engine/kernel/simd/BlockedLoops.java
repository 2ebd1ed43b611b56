package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Element-wise work on blocked activations of one layout, an image and block a task; loops that the
 * just-in-time compiler turns into vectors by itself. What is zero around an image stays zero.
 */
public final class BlockedLoops {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private BlockedLoops() {}

  /** {@code y = max(x, 0)}. */
  public static void relu(BlockedTensor x, BlockedTensor y, Threads threads) {
    planes(
        x,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i++) {
            y.data[i] = Math.max(x.data[i], 0);
          }
        });
  }

  /** {@code dx = dy} where the ReLU's output {@code y} is positive, else 0; in place or not. */
  public static void reluBackward(
      BlockedTensor dy, BlockedTensor y, BlockedTensor dx, Threads threads) {
    planes(
        dy,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i += Lanes.COUNT) {
            FloatVector open = FloatVector.fromArray(S, y.data, i);
            FloatVector value = FloatVector.fromArray(S, dy.data, i);
            FloatVector.zero(S)
                .blend(value, open.compare(VectorOperators.GT, 0))
                .intoArray(dx.data, i);
          }
        });
  }

  /** {@code y = a + b}; {@code y} may be either. */
  public static void add(BlockedTensor a, BlockedTensor b, BlockedTensor y, Threads threads) {
    planes(
        a,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i++) {
            y.data[i] = a.data[i] + b.data[i];
          }
        });
  }

  /** {@code y = a * b}; {@code y} may be either. */
  public static void multiply(BlockedTensor a, BlockedTensor b, BlockedTensor y, Threads threads) {
    planes(
        a,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i++) {
            y.data[i] = a.data[i] * b.data[i];
          }
        });
  }

  /** {@code y = max(a, b)}; {@code y} may be either. */
  public static void maximum(BlockedTensor a, BlockedTensor b, BlockedTensor y, Threads threads) {
    planes(
        a,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i++) {
            y.data[i] = Math.max(a.data[i], b.data[i]);
          }
        });
  }

  /** {@code y = min(a, b)}; {@code y} may be either. */
  public static void minimum(BlockedTensor a, BlockedTensor b, BlockedTensor y, Threads threads) {
    planes(
        a,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i++) {
            y.data[i] = Math.min(a.data[i], b.data[i]);
          }
        });
  }

  /**
   * The gradient of one of two numbers of which the larger or the smaller goes on: {@code dy} where
   * it is {@code x}, half of it where both are equal, else 0.
   */
  public static void extremeBackward(
      BlockedTensor dy,
      BlockedTensor x,
      BlockedTensor other,
      boolean largest,
      BlockedTensor dx,
      Threads threads) {
    VectorOperators.Comparison loses = largest ? VectorOperators.LT : VectorOperators.GT;
    planes(
        dy,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i += Lanes.COUNT) {
            FloatVector own = FloatVector.fromArray(S, x.data, i);
            FloatVector rival = FloatVector.fromArray(S, other.data, i);
            FloatVector gradient = FloatVector.fromArray(S, dy.data, i);
            gradient
                .blend(gradient.mul(0.5f), own.eq(rival))
                .blend(0, own.compare(loses, rival))
                .intoArray(dx.data, i);
          }
        });
  }

  /** {@code y[n] = a[n] + b[0]}; {@code y} may be {@code a}. */
  public static void addToEach(BlockedTensor a, BlockedTensor b, BlockedTensor y, Threads threads) {
    planes(
        a,
        threads,
        (from, to, block) -> {
          int other = block * b.planePitch - from;
          for (int i = from; i < to; i++) {
            y.data[i] = a.data[i] + b.data[i + other];
          }
        });
  }

  /** {@code y[0] = sum over n of x[n]}. */
  public static void sumOfEach(BlockedTensor x, BlockedTensor y, Threads threads) {
    planes(
        y,
        threads,
        (from, to, block) -> {
          System.arraycopy(x.data, from, y.data, from, to - from);
          for (int image = 1; image < x.batch; image++) {
            for (int i = from; i < to; i++) {
              y.data[i] += x.data[i + image * x.imagePitch];
            }
          }
        });
  }

  /** Columns of {@code x} from the first on, as many as {@code y} has. */
  public static void slice(BlockedTensor x, int first, BlockedTensor y, Threads threads) {
    columns(x, first, y, 0, y.width, threads);
  }

  /** Copies {@code x} over columns of {@code y} from the first on. */
  public static void place(BlockedTensor x, BlockedTensor y, int first, Threads threads) {
    columns(x, 0, y, first, x.width, threads);
  }

  private static void columns(
      BlockedTensor x, int from, BlockedTensor y, int to, int count, Threads threads) {
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int image = task / x.blocks;
          int block = task % x.blocks;
          for (int row = 0; row < x.height; row++) {
            int source = x.offset(image, block, row, from);
            int target = y.offset(image, block, row, to);
            System.arraycopy(x.data, source, y.data, target, count * x.block);
          }
        });
  }

  /** {@code y = x * factor}; {@code y} may be {@code x}. */
  public static void scale(BlockedTensor x, float factor, BlockedTensor y, Threads threads) {
    planes(
        x,
        threads,
        (from, to, block) -> {
          for (int i = from; i < to; i++) {
            y.data[i] = x.data[i] * factor;
          }
        });
  }

  /** {@code y = x}. */
  public static void copy(BlockedTensor x, BlockedTensor y, Threads threads) {
    planes(
        x, threads, (from, to, block) -> System.arraycopy(x.data, from, y.data, from, to - from));
  }

  /** {@code y = x * scale[c] + shift[c]}; both arrays are padded as {@link Epilogue#pad} does. */
  public static void affine(
      BlockedTensor x, float[] scale, float[] shift, BlockedTensor y, Threads threads) {
    threads.run(
        x.tasks(),
        (task, worker) -> {
          int block = task % x.blocks;
          for (int row = 0; row < x.height; row++) {
            int from = x.offset(task / x.blocks, block, row, 0);
            for (int i = from; i < from + x.width * x.block; i += x.block) {
              for (int c = 0; c < x.block; c++) {
                y.data[i + c] =
                    x.data[i + c] * scale[block * x.block + c] + shift[block * x.block + c];
              }
            }
          }
        });
  }

  private interface Plane {
    void run(int from, int to, int block);
  }

  private static void planes(BlockedTensor x, Threads threads, Plane work) {
    threads.run(
        x.tasks(),
        (task, worker) ->
            work.run(task * x.planePitch, (task + 1) * x.planePitch, task % x.blocks));
  }
}
