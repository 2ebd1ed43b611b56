package io.camjar.engine.train.optimizer;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.run.Gradients;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A parameter that an optimiser changes: its memory, its gradient and the optimiser's state. */
final class LearnedTensor {
  final String name;
  final int length;
  final double rate;
  final double decay;
  final float[][] slots;
  private final FloatBuffer weights;

  /** How many updates it has had; one that was frozen has had fewer than others. */
  long step;

  /** What has arrived since the last update. */
  float[] gradient;

  /** Whether a gradient has arrived since the last update. */
  boolean arrived;

  /**
   * A tensor.
   *
   * @param array the network's own
   * @param slots how many values the optimiser keeps for each of its values
   */
  LearnedTensor(String name, INDArray array, double rate, double decay, int slots) {
    this.name = name;
    this.length = Math.toIntExact(array.length());
    this.rate = rate;
    this.decay = decay;
    this.gradient = new float[length];
    this.slots = new float[slots][length];
    this.weights = HostCopy.buffer(array);
  }

  /**
   * Takes its gradient without a copy.
   *
   * @return whether the values lie where they can be taken
   */
  boolean take(Gradients gradients) {
    Optional<float[]> taken = gradients.exchange(name, gradient);
    taken.ifPresent(values -> gradient = values);
    return taken.isPresent();
  }

  /**
   * Adds some values of a gradient.
   *
   * @param source all its values
   * @param scratch room for as many as are added
   */
  void add(FloatBuffer source, float scale, int from, int count, float[] scratch) {
    if (!arrived && scale == 1) {
      source.get(from, gradient, from, count);
      return;
    }
    source.get(from, scratch, 0, count);
    if (!arrived) {
      Arrays.fill(gradient, from, from + count, 0);
    }
    for (int i = 0; i < count; i++) {
      gradient[from + i] += scale * scratch[i];
    }
  }

  /** Copies values from {@code from} on to the beginning of an array. */
  void read(int from, int count, float[] values) {
    weights.get(from, values, 0, count);
  }

  /** Copies values from the beginning of an array to {@code from}. */
  void write(int from, int count, float[] values) {
    weights.put(from, values, 0, count);
  }
}
