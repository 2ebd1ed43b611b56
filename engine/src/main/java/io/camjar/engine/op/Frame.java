package io.camjar.engine.op;

import io.camjar.engine.kernel.Kernels;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What one operation sees of a pass: its inputs, its parameters, and where its results go.
 *
 * <p>Arrays that are read here are borrowed. Arrays that are handed over belong to the pass.
 */
public interface Frame {

  /** The arithmetic of the pass. */
  Kernels kernels();

  /**
   * Whether a batch norm uses and updates the batch's statistics: the pass trains, and does not ask
   * for the running ones here.
   */
  boolean isTraining();

  /** Whether the backward is that of guided backpropagation (arXiv 1412.6806). */
  boolean isGuided();

  /** What dropout draws from; training only. */
  SplittableRandom random();

  /** How many inputs there are. */
  int inputs();

  /** An input; in the backward only if {@link Op#backwardReads} has {@link Reads#INPUTS}. */
  INDArray input(int index);

  /** The shape of an input. */
  Shape inputShape(int index);

  /** The output, in the backward only, if {@link Op#backwardReads} has {@link Reads#OUTPUT}. */
  INDArray output();

  /** A parameter of this relative name. */
  INDArray parameter(String name);

  /** Leaves something of the forward's own for the backward; arrays live as long as the pass. */
  void save(Object what);

  /** What the forward left. */
  <T> T saved(Class<T> type);

  /** Whether a gradient of an input is wanted. */
  boolean wantsInput(int index);

  /** Whether gradients of the parameters are wanted. */
  boolean wantsParameters();

  /**
   * Hands over the gradient of an input that is wanted.
   *
   * @param gradient a new array, or the output's gradient itself
   */
  void inputGradient(int index, INDArray gradient);

  /**
   * Hands over zeros for an input that no gradient passes to, if one is wanted. Not products with
   * 0: an infinite gradient would make no numbers of them.
   */
  default void zeroGradient(int index, DataType type) {
    if (wantsInput(index)) {
      inputGradient(index, Nd4j.zeros(type, inputShape(index).toArray()));
    }
  }

  /** Hands over the gradient of a parameter of this relative name. */
  void parameterGradient(String name, INDArray gradient);

  /** The first input. */
  default INDArray input() {
    return input(0);
  }

  /** A parameter that the operation may lack. */
  default @Nullable INDArray parameter(String name, boolean present) {
    return present ? parameter(name) : null;
  }
}
