package io.camjar.engine.kernel.simd.conv;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.kernel.simd.EpilogueRow;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.kernel.simd.ReluMask;
import io.camjar.engine.kernel.simd.Scratch;
import io.camjar.engine.threads.Threads;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The product of one image's features with a matrix, {@code y[o] = sum over i of x[i] w[i][o]}, for
 * features of which many are zeros: their rows of weights are not read. Reading weights is all that
 * such a product waits for; a ReLU leaves zeros in a forward as in a backward, and the gradient of
 * one logit is one number among zeros.
 *
 * <p>Some rows are added to a strip of the result together, each read in order. Sums run over the
 * rows in their order. Where a weight is no finite number, no row is left out: its product with
 * zero is none.
 */
public final class SparseLinear implements PackedConv2d {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /** Floats of a strip of the result: it stays in the nearest cache while rows go by. */
  private static final int STRIP = 1024;

  /** Rows that are added together. */
  private static final int ROWS = 4;

  /** Rows that are filled together where a matrix is transposed. */
  private static final int TURNED = 16;

  private final int inputs;
  private final int pitch;
  private final float[] rows;
  private final boolean finite;

  private SparseLinear(int inputs, int pitch, float[] rows, boolean finite) {
    this.inputs = inputs;
    this.pitch = pitch;
    this.rows = rows;
    this.finite = finite;
  }

  /**
   * The forward of a linear layer.
   *
   * @param weights {@code [outputs, inputs]}
   */
  public static SparseLinear forward(float[] weights, int outputs, Threads threads) {
    int inputs = weights.length / outputs;
    int pitch = Lanes.padded(outputs);
    float[] rows = new float[Math.multiplyExact(inputs, pitch)];
    threads.run(
        (inputs + TURNED - 1) / TURNED,
        (task, worker) -> {
          int end = Math.min(inputs, (task + 1) * TURNED);
          for (int o = 0; o < outputs; o++) {
            for (int i = task * TURNED; i < end; i++) {
              rows[i * pitch + o] = weights[o * inputs + i];
            }
          }
        });
    return new SparseLinear(inputs, pitch, rows, areFinite(weights));
  }

  /** The backward to the input: from the gradient of the outputs to that of the inputs. */
  public static SparseLinear backwardInput(float[] weights, int outputs) {
    int inputs = weights.length / outputs;
    int pitch = Lanes.padded(inputs);
    float[] rows = pitch == inputs ? weights : new float[Math.multiplyExact(outputs, pitch)];
    for (int o = 0; o < outputs && rows != weights; o++) {
      System.arraycopy(weights, o * inputs, rows, o * pitch, inputs);
    }
    return new SparseLinear(outputs, pitch, rows, areFinite(weights));
  }

  private static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Halo halo(int inH, int inW, int outH, int outW) {
    return Halo.NONE;
  }

  @Override
  public void run(
      BlockedTensor x, BlockedTensor y, Epilogue epilogue, Scratch scratch, Threads threads) {
    if (x.channels != inputs || x.batch * x.height * x.width != 1) {
      throw new IllegalArgumentException("input %s is not one of features".formatted(x));
    }
    int used = finite ? countOfOthersThanZero(x) : inputs;
    int[] kept = new int[used];
    float[] factors = new float[used];
    int count = 0;
    for (int i = 0; count < used; i++) {
      float value = x.data[x.feature(0, i)];
      if (value != 0 || !finite) {
        kept[count] = i * pitch;
        factors[count++] = value;
      }
    }
    int strip = STRIP / Lanes.BLOCK;
    threads.run(
        (y.blocks + strip - 1) / strip,
        (task, worker) -> {
          int first = task * strip;
          int blocks = Math.min(strip, y.blocks - first);
          start(y, epilogue.residual(), first, blocks);
          add(kept, factors, used, y, first, blocks);
          finish(y, epilogue, first, blocks);
        });
  }

  private int countOfOthersThanZero(BlockedTensor x) {
    int count = 0;
    for (int i = 0; i < inputs; i++) {
      if (x.data[x.feature(0, i)] != 0) {
        count++;
      }
    }
    return count;
  }

  private static void start(
      BlockedTensor y, @Nullable BlockedTensor residual, int first, int blocks) {
    for (int b = first; b < first + blocks; b++) {
      int to = y.offset(0, b, 0, 0);
      for (int lane = 0; lane < Lanes.BLOCK; lane++) {
        y.data[to + lane] =
            residual == null ? 0 : residual.data[residual.offset(0, b, 0, 0) + lane];
      }
    }
  }

  private void add(int[] kept, float[] factors, int count, BlockedTensor y, int first, int blocks) {
    int to = y.offset(0, first, 0, 0);
    int at = first * Lanes.BLOCK;
    int i = 0;
    for (; i + ROWS <= count; i += ROWS) {
      four(kept, factors, i, at, y.data, to, y.planePitch, blocks);
    }
    for (; i < count; i++) {
      one(kept[i] + at, factors[i], y.data, to, y.planePitch, blocks);
    }
  }

  private void four(
      int[] kept, float[] factors, int i, int at, float[] y, int to, int pitch, int blocks) {
    int a = kept[i] + at;
    int b = kept[i + 1] + at;
    int c = kept[i + 2] + at;
    int d = kept[i + 3] + at;
    float fa = factors[i];
    float fb = factors[i + 1];
    float fc = factors[i + 2];
    float fd = factors[i + 3];
    for (int n = 0; n < blocks; n++) {
      for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
        int k = n * Lanes.BLOCK + lane;
        FloatVector sum = FloatVector.fromArray(S, y, to + n * pitch + lane);
        sum = FloatVector.fromArray(S, rows, a + k).fma(FloatVector.broadcast(S, fa), sum);
        sum = FloatVector.fromArray(S, rows, b + k).fma(FloatVector.broadcast(S, fb), sum);
        sum = FloatVector.fromArray(S, rows, c + k).fma(FloatVector.broadcast(S, fc), sum);
        sum = FloatVector.fromArray(S, rows, d + k).fma(FloatVector.broadcast(S, fd), sum);
        sum.intoArray(y, to + n * pitch + lane);
      }
    }
  }

  private void one(int a, float factor, float[] y, int to, int pitch, int blocks) {
    for (int n = 0; n < blocks; n++) {
      for (int lane = 0; lane < Lanes.BLOCK; lane += Lanes.COUNT) {
        FloatVector sum = FloatVector.fromArray(S, y, to + n * pitch + lane);
        FloatVector.fromArray(S, rows, a + n * Lanes.BLOCK + lane)
            .fma(FloatVector.broadcast(S, factor), sum)
            .intoArray(y, to + n * pitch + lane);
      }
    }
  }

  private static void finish(BlockedTensor y, Epilogue epilogue, int first, int blocks) {
    for (int b = first; b < first + blocks; b++) {
      EpilogueRow.inPlace(epilogue, y, b, y.offset(0, b, 0, 0), 1, 1);
      BlockedTensor mask = epilogue.mask();
      if (mask != null) {
        ReluMask.row(mask, y, 0, b, 0, 0, 1, 1);
      }
    }
  }

  @Override
  public long bytes() {
    return (long) rows.length * Float.BYTES;
  }
}
