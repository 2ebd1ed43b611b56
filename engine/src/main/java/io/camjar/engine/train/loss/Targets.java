package io.camjar.engine.train.loss;

import io.camjar.engine.CamjarException;

/** What a network should answer for each image of a batch. */
public sealed interface Targets {

  /** How many images there are. */
  int count();

  /**
   * One class an image.
   *
   * @param indices of the classes, from 0
   */
  record Classes(int[] indices) implements Targets {
    @Override
    public int count() {
      return indices.length;
    }
  }

  /**
   * A value an output and image: probabilities of classes, as mixed images have, labels of 0 and 1,
   * or numbers to be predicted.
   *
   * @param values {@code [N, C]}, c order
   * @param outputs C
   */
  record Values(float[] values, int outputs) implements Targets {
    public Values {
      if (outputs < 1 || values.length % outputs != 0) {
        throw new CamjarException(
            "targets of %d outputs an image cannot be %d values".formatted(outputs, values.length));
      }
    }

    @Override
    public int count() {
      return values.length / outputs;
    }
  }

  /** The same as a value an output: 1 at an image's class, 0 elsewhere. */
  default Values values(int outputs) {
    if (this instanceof Values values) {
      if (values.outputs != outputs) {
        throw new CamjarException(
            "the targets have %d values an image, the network has %d outputs"
                .formatted(values.outputs, outputs));
      }
      return values;
    }
    int[] indices = ((Classes) this).indices;
    float[] dense = new float[indices.length * outputs];
    for (int n = 0; n < indices.length; n++) {
      dense[n * outputs + requireClass(indices[n], outputs)] = 1;
    }
    return new Values(dense, outputs);
  }

  /** How many outputs each image of these logits has; refuses targets of another batch. */
  default int outputsOf(float[] logits) {
    if (count() < 1 || logits.length % count() != 0) {
      throw new CamjarException(
          "%d logits do not belong to a batch of %d targets".formatted(logits.length, count()));
    }
    return logits.length / count();
  }

  /** The class itself, if the network has it. */
  static int requireClass(int index, int classes) {
    if (index < 0 || index >= classes) {
      throw new CamjarException(
          "there is no class %d, the network has %d".formatted(index, classes));
    }
    return index;
  }
}
