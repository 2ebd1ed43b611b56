package io.camjar.engine.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An exponential moving average of all parameters and buffers: {@code a = decay a + (1 - decay) w}
 * after each update, from the first weights on, as timm's {@code ModelEmaV2}.
 */
public final class MovingAverage {
  private static final int RUN = 1 << 14;

  private record Run(FloatBuffer weights, float[] average, int from, int count) {}

  private final Network network;
  private final float decay;
  private final Map<String, float[]> averages = new LinkedHashMap<>();
  private final List<Run> runs = new ArrayList<>();
  private float[][] scratch = new float[0][];

  /**
   * An average that begins with the weights as they are.
   *
   * @param network whose parameters are borrowed
   * @param decay the share of what was, such as 0.999
   * @throws CamjarException if the decay is not in 0 to 1, or is 1
   */
  public MovingAverage(Network network, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new CamjarException("an average's decay must be 0 or more and below 1: " + decay);
    }
    this.network = network;
    this.decay = (float) decay;
    network
        .parameters()
        .forEach(
            (name, array) -> {
              float[] average = HostCopy.floats(array);
              averages.put(name, average);
              FloatBuffer weights = HostCopy.buffer(array);
              for (int from = 0; from < average.length; from += RUN) {
                runs.add(new Run(weights, average, from, Math.min(RUN, average.length - from)));
              }
            });
  }

  /** Takes note of the weights as they are now. */
  public void update() {
    float add = 1 - decay;
    each(
        (run, weights) -> {
          for (int i = 0; i < run.count; i++) {
            run.average[run.from + i] = decay * run.average[run.from + i] + add * weights[i];
          }
        });
  }

  /** Exchanges weights and averages, to evaluate; a second call exchanges them back. */
  public void swap() {
    network.update(
        parameters ->
            each(
                (run, weights) -> {
                  for (int i = 0; i < run.count; i++) {
                    float average = run.average[run.from + i];
                    run.average[run.from + i] = weights[i];
                    weights[i] = average;
                  }
                  run.weights.put(run.from, weights, 0, run.count);
                }));
  }

  @FunctionalInterface
  private interface Work {
    void on(Run run, float[] weights);
  }

  private void each(Work work) {
    Threads threads = Threads.shared();
    if (scratch.length < threads.count()) {
      scratch = new float[threads.count()][RUN];
    }
    threads.run(
        runs.size(),
        (i, worker) -> {
          Run run = runs.get(i);
          run.weights.get(run.from, scratch[worker], 0, run.count);
          work.on(run, scratch[worker]);
        });
  }

  /** The averages by parameter, its own arrays. */
  public Map<String, float[]> state() {
    return averages;
  }

  /**
   * Goes on from another's {@link #state}.
   *
   * @throws CamjarException if a parameter is missing or has another number of elements
   */
  public void restore(Map<String, float[]> state) {
    averages.forEach(
        (name, own) -> {
          float[] given = state.get(name);
          if (given == null || given.length != own.length) {
            throw new CamjarException("the averages lack " + name);
          }
          System.arraycopy(given, 0, own, 0, own.length);
        });
  }
}
