package io.camjar.engine.kernel.simd.token;

import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Lanes;
import io.camjar.engine.threads.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Layer normalisation over the channels of each place (Ba et al., arXiv 1607.06450): of tokens, or
 * of the pixels of images.
 *
 * <p>The mean is summed first, then differences to it and their squares: nothing is lost where a
 * mean is large compared with its deviation. All tensors of a call have one layout.
 */
public final class ChannelNorm {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = Places.RUN * Lanes.COUNT;

  private ChannelNorm() {}

  /**
   * {@code y = (x - mean) / sqrt(variance + eps) * weight + bias}.
   *
   * @param weight one value a channel, filled up with zeros to whole blocks, like {@code bias}
   */
  public static void forward(
      BlockedTensor x, float[] weight, float[] bias, double eps, BlockedTensor y, Threads threads) {
    float[] inside = Places.inside(x);
    Places.run(
        x,
        threads,
        (at, count, number) -> {
          float[] mean = new float[Places.RUN];
          float[] factor = new float[Places.RUN];
          moments(x, inside, eps, at, count, mean, factor, 0);
          for (int b = 0; b < x.blocks; b++) {
            int from = at + b * x.planePitch;
            int c = b * Lanes.BLOCK;
            normalise(x.data, from, count, mean, factor, weight, bias, c, y.data);
            normalise(
                x.data,
                from + Lanes.COUNT,
                count,
                mean,
                factor,
                weight,
                bias,
                c + Lanes.COUNT,
                y.data);
          }
        });
  }

  /** What a backward needs of the forward's input. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Moments(float[] mean, float[] factor) {
    static Moments of(BlockedTensor x, float[] inside, double eps, Threads threads) {
      Moments moments = new Moments(new float[Places.count(x)], new float[Places.count(x)]);
      Places.run(
          x,
          threads,
          (at, count, number) ->
              moments(x, inside, eps, at, count, moments.mean, moments.factor, number));
      return moments;
    }
  }

  /**
   * The gradient of the input: {@code (g - mean(g) - x' mean(g x')) / sqrt(variance + eps)} with
   * {@code g = dy weight} and {@code x'} the normalised input.
   *
   * @param dx may be {@code dy}
   */
  public static void backward(
      BlockedTensor dy,
      BlockedTensor x,
      float[] weight,
      double eps,
      BlockedTensor dx,
      Threads threads) {
    float[] inside = Places.inside(x);
    Places.run(
        x,
        threads,
        (at, count, number) -> {
          float[] mean = new float[Places.RUN];
          float[] factor = new float[Places.RUN];
          moments(x, inside, eps, at, count, mean, factor, 0);
          float[] sums = new float[LANES];
          float[] dots = new float[LANES];
          for (int b = 0; b < 2 * x.blocks; b++) {
            int from = at + b / 2 * x.planePitch + b % 2 * Lanes.COUNT;
            gradientSums(dy.data, x.data, from, count, mean, weight, b * Lanes.COUNT, sums, dots);
          }
          double[] sum = new double[Places.RUN];
          double[] dot = new double[Places.RUN];
          Places.reduce(sums, count, sum);
          Places.reduce(dots, count, dot);
          float[] shift = new float[Places.RUN];
          float[] slope = new float[Places.RUN];
          for (int i = 0; i < count; i++) {
            shift[i] = (float) (sum[i] / x.channels());
            slope[i] = (float) (dot[i] / x.channels() * factor[i] * factor[i]);
          }
          for (int b = 0; b < 2 * x.blocks; b++) {
            int from = at + b / 2 * x.planePitch + b % 2 * Lanes.COUNT;
            int c = b * Lanes.COUNT;
            combine(
                dy.data, x.data, from, count, mean, factor, shift, slope, weight, inside, c,
                dx.data);
          }
        });
  }

  /** The gradients of weight and bias, {@code [2][C]}: sums of {@code dy x'} and of {@code dy}. */
  public static double[][] parameterGradients(
      BlockedTensor dy, BlockedTensor x, double eps, Threads threads) {
    Moments moments = Moments.of(x, Places.inside(x), eps, threads);
    int padded = x.blocks * x.block;
    double[][] all = new double[2][padded];
    threads.run(
        x.blocks,
        (b, worker) -> {
          float[] run = new float[2 * Lanes.BLOCK];
          for (int row = 0; row < x.batch() * x.height(); row++) {
            for (int column = 0; column < x.width(); column += 8 * Places.RUN) {
              int at = x.offset(row / x.height(), b, row % x.height(), column);
              int count = Math.min(8 * Places.RUN, x.width() - column);
              int number = row * x.width() + column;
              Arrays.fill(run, 0);
              for (int half = 0; half < 2; half++) {
                parameterSums(
                    dy.data,
                    x.data,
                    at + half * Lanes.COUNT,
                    count,
                    moments.mean,
                    moments.factor,
                    number,
                    run,
                    half * Lanes.COUNT);
              }
              for (int c = 0; c < Lanes.BLOCK; c++) {
                all[0][b * Lanes.BLOCK + c] += run[c];
                all[1][b * Lanes.BLOCK + c] += run[Lanes.BLOCK + c];
              }
            }
          }
        });
    return new double[][] {
      Arrays.copyOf(all[0], x.channels()), Arrays.copyOf(all[1], x.channels())
    };
  }

  /** Mean and {@code 1 / sqrt(variance + eps)} of some places. */
  private static void moments(
      BlockedTensor x,
      float[] inside,
      double eps,
      int at,
      int count,
      float[] mean,
      float[] factor,
      int to) {
    float[] lanes = new float[LANES];
    float[] squares = new float[LANES];
    double[] sum = new double[Places.RUN];
    double[] square = new double[Places.RUN];
    Places.sum(x, at, count, lanes);
    Places.reduce(lanes, count, sum);
    for (int i = 0; i < count; i++) {
      mean[to + i] = (float) (sum[i] / x.channels());
    }
    Arrays.fill(lanes, 0);
    for (int b = 0; b < 2 * x.blocks; b++) {
      int from = at + b / 2 * x.planePitch + b % 2 * Lanes.COUNT;
      differences(x.data, from, count, mean, to, inside, b * Lanes.COUNT, lanes, squares);
    }
    Places.reduce(lanes, count, sum);
    Places.reduce(squares, count, square);
    for (int i = 0; i < count; i++) {
      double rest = sum[i] / x.channels();
      double variance = Math.max(0, square[i] / x.channels() - rest * rest);
      mean[to + i] += (float) rest;
      factor[to + i] = (float) (1 / Math.sqrt(variance + eps));
    }
  }

  private static void differences(
      float[] x,
      int from,
      int count,
      float[] mean,
      int first,
      float[] inside,
      int c,
      float[] lanes,
      float[] squares) {
    for (int i = 0; i < count; i++) {
      FloatVector d =
          FloatVector.fromArray(S, x, from + i * Lanes.BLOCK)
              .sub(mean[first + i])
              .mul(FloatVector.fromArray(S, inside, c));
      int to = i * Lanes.COUNT;
      FloatVector.fromArray(S, lanes, to).add(d).intoArray(lanes, to);
      d.fma(d, FloatVector.fromArray(S, squares, to)).intoArray(squares, to);
    }
  }

  private static void normalise(
      float[] x,
      int from,
      int count,
      float[] mean,
      float[] factor,
      float[] weight,
      float[] bias,
      int c,
      float[] y) {
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      FloatVector.fromArray(S, x, at)
          .sub(mean[i])
          .mul(factor[i])
          .fma(FloatVector.fromArray(S, weight, c), FloatVector.fromArray(S, bias, c))
          .intoArray(y, at);
    }
  }

  private static void gradientSums(
      float[] dy,
      float[] x,
      int from,
      int count,
      float[] mean,
      float[] weight,
      int c,
      float[] sums,
      float[] dots) {
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      int to = i * Lanes.COUNT;
      FloatVector g = FloatVector.fromArray(S, dy, at).mul(FloatVector.fromArray(S, weight, c));
      FloatVector d = FloatVector.fromArray(S, x, at).sub(mean[i]);
      FloatVector.fromArray(S, sums, to).add(g).intoArray(sums, to);
      g.fma(d, FloatVector.fromArray(S, dots, to)).intoArray(dots, to);
    }
  }

  private static void combine(
      float[] dy,
      float[] x,
      int from,
      int count,
      float[] mean,
      float[] factor,
      float[] shift,
      float[] slope,
      float[] weight,
      float[] inside,
      int c,
      float[] dx) {
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      FloatVector g = FloatVector.fromArray(S, dy, at).mul(FloatVector.fromArray(S, weight, c));
      FloatVector d = FloatVector.fromArray(S, x, at).sub(mean[i]);
      g.sub(shift[i])
          .sub(d.mul(slope[i]))
          .mul(factor[i])
          .mul(FloatVector.fromArray(S, inside, c))
          .intoArray(dx, at);
    }
  }

  private static void parameterSums(
      float[] dy,
      float[] x,
      int from,
      int count,
      float[] mean,
      float[] factor,
      int first,
      float[] run,
      int to) {
    FloatVector products = FloatVector.zero(S);
    FloatVector sum = FloatVector.zero(S);
    for (int i = 0; i < count; i++) {
      int at = from + i * Lanes.BLOCK;
      FloatVector g = FloatVector.fromArray(S, dy, at);
      sum = sum.add(g);
      products =
          FloatVector.fromArray(S, x, at)
              .sub(mean[first + i])
              .mul(factor[first + i])
              .fma(g, products);
    }
    products.intoArray(run, to);
    sum.intoArray(run, Lanes.BLOCK + to);
  }
}
