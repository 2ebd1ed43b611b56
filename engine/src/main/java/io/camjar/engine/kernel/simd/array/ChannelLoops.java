package io.camjar.engine.kernel.simd.array;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.threads.Threads;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Element-wise work and sums over channels on plain {@code [N, C, ...]} floats, a plane a task.
 *
 * <p>Loops that the just-in-time compiler turns into vectors by itself. Sums are in double
 * precision and in the order of the reference loops.
 */
final class ChannelLoops {
  private ChannelLoops() {}

  /** Work on the values {@code from} to {@code to - 1} of a plane of channel {@code c}. */
  private interface Plane {
    void run(int from, int to, int c);
  }

  private static void planes(INDArray x, Plane work) {
    int channels = (int) x.size(1);
    int planes = Math.toIntExact(x.size(0) * channels);
    int length = Math.toIntExact(x.length() / planes);
    Threads.shared()
        .run(
            planes,
            (task, worker) -> work.run(task * length, (task + 1) * length, task % channels));
  }

  static INDArray relu(INDArray x) {
    float[] v = HostCopy.floats(x);
    planes(
        x,
        (from, to, c) -> {
          for (int i = from; i < to; i++) {
            v[i] = Math.max(v[i], 0);
          }
        });
    return HostCopy.array(v, x.shape());
  }

  static INDArray reluBackward(INDArray dy, INDArray y) {
    float[] v = HostCopy.floats(dy);
    float[] forward = HostCopy.floats(y);
    planes(
        dy,
        (from, to, c) -> {
          for (int i = from; i < to; i++) {
            v[i] = forward[i] > 0 ? v[i] : 0;
          }
        });
    return HostCopy.array(v, dy.shape());
  }

  static INDArray add(INDArray a, INDArray b) {
    float[] v = HostCopy.floats(a);
    float[] w = HostCopy.floats(b);
    planes(
        a,
        (from, to, c) -> {
          for (int i = from; i < to; i++) {
            v[i] += w[i];
          }
        });
    return HostCopy.array(v, a.shape());
  }

  static INDArray affine(INDArray x, double[] scale, double[] shift) {
    float[] v = HostCopy.floats(x);
    planes(
        x,
        (from, to, c) -> {
          float factor = (float) scale[c];
          float offset = (float) shift[c];
          for (int i = from; i < to; i++) {
            v[i] = v[i] * factor + offset;
          }
        });
    return HostCopy.array(v, x.shape());
  }

  static INDArray combine(INDArray a, double[] p, INDArray b, double[] q, double[] r) {
    float[] v = HostCopy.floats(a);
    float[] w = HostCopy.floats(b);
    planes(
        a,
        (from, to, c) -> {
          float pc = (float) p[c];
          float qc = (float) q[c];
          float rc = (float) r[c];
          for (int i = from; i < to; i++) {
            v[i] = v[i] * pc + w[i] * qc + rc;
          }
        });
    return HostCopy.array(v, a.shape());
  }

  /** Work on one channel of all images; {@code plane} is the length of a plane. */
  private interface Channel {
    void run(int c, int channels, int plane);
  }

  private static void channels(INDArray x, Channel work) {
    int channels = (int) x.size(1);
    int plane = Math.toIntExact(x.length() / (x.size(0) * channels));
    Threads.shared().run(channels, (c, worker) -> work.run(c, channels, plane));
  }

  static double[][] moments(INDArray x) {
    float[] v = HostCopy.floats(x);
    int count = v.length / (int) x.size(1);
    double[][] moments = new double[2][(int) x.size(1)];
    channels(
        x,
        (c, channels, plane) -> {
          double mean = 0;
          for (int start = c * plane; start < v.length; start += channels * plane) {
            for (int i = start; i < start + plane; i++) {
              mean += (double) v[i] / count;
            }
          }
          double variance = 0;
          for (int start = c * plane; start < v.length; start += channels * plane) {
            for (int i = start; i < start + plane; i++) {
              variance += (v[i] - mean) * (v[i] - mean) / count;
            }
          }
          moments[0][c] = mean;
          moments[1][c] = variance;
        });
    return moments;
  }

  static double[][] sums(INDArray a, INDArray b) {
    float[] v = HostCopy.floats(a);
    float[] w = HostCopy.floats(b);
    double[][] sums = new double[2][(int) a.size(1)];
    channels(
        a,
        (c, channels, plane) -> {
          for (int start = c * plane; start < v.length; start += channels * plane) {
            for (int i = start; i < start + plane; i++) {
              sums[0][c] += v[i];
              sums[1][c] += (double) v[i] * w[i];
            }
          }
        });
    return sums;
  }
}
