package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.TensorEntry;

/** A tensor inside a pickle: readable, or refused with a reason if it is wanted as a weight. */
sealed interface TorchTensor permits TorchTensor.Strided, TorchTensor.Unreadable, NumpyTensor {

  /**
   * The tensor under a name.
   *
   * @throws Malformed if it does not fit its storage or is of a kind that camjar does not read
   */
  TensorEntry entry(String name);

  /** Whether it has the four dimensions of a convolution's weights, as far as can be told. */
  boolean mayBeConvolution();

  /** The number of dimensions; -1 where it cannot be told. */
  int rank();

  /** Whether its elements are numbers, as far as can be told. */
  default boolean isNumeric() {
    return true;
  }

  /** What it is in a message. */
  default String describe() {
    return rank() < 0 ? "single tensor" : "single tensor of %d dimensions".formatted(rank());
  }

  /**
   * A strided view.
   *
   * @param type the element type, which may differ from the storage's if that is untyped
   * @param offset index of the first element
   */
  record Strided(TorchStorage storage, StorageType type, long offset, long[] shape, long[] strides)
      implements TorchTensor {
    @Override
    public TensorEntry entry(String name) {
      return new TensorEntry(name, storage.resolve(type), offset, shape, strides);
    }

    @Override
    public boolean mayBeConvolution() {
      return shape.length == 4;
    }

    @Override
    public int rank() {
      return shape.length;
    }
  }

  /**
   * A tensor that has no plain elements.
   *
   * @param kind {@code quantised}, {@code sparse} and so on
   */
  record Unreadable(String kind) implements TorchTensor {
    @Override
    public TensorEntry entry(String name) {
      throw new Malformed(
          "has the " + kind + " tensor '" + name + "', which camjar does not read",
          kind.equals("quantised")
              ? "give the floating-point model from which the quantised one was made"
              : "save the model with ordinary floating-point weights");
    }

    @Override
    public boolean mayBeConvolution() {
      return true;
    }

    @Override
    public int rank() {
      return -1;
    }
  }
}
