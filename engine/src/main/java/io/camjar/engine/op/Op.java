package io.camjar.engine.op;

import io.camjar.engine.ShapeException;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A differentiable operation on tensors: its attributes, its shape rule, its forward and its
 * backward. It holds no parameters and no state, so one operation serves many networks.
 *
 * <p>The forward and the backward here call {@link io.camjar.engine.kernel.Kernels}, so they run on
 * all of them, in single and double precision. A backend may compute the same by other means.
 */
public interface Op {

  /**
   * What a backend does with each operation. It overrides the operations that it has a way of its
   * own for; all others, also those without a method here, come to {@link #other}.
   */
  interface Visitor<R> {

    /** An operation that the visitor does not override. */
    R other(Op op);

    default R visit(Input op) {
      return other(op);
    }

    default R visit(Conv2d op) {
      return other(op);
    }

    default R visit(Linear op) {
      return other(op);
    }

    default R visit(BatchNorm op) {
      return other(op);
    }

    default R visit(ReLU op) {
      return other(op);
    }

    default R visit(MaxPool2d op) {
      return other(op);
    }

    default R visit(AvgPool2d op) {
      return other(op);
    }

    default R visit(AdaptiveAvgPool2d op) {
      return other(op);
    }

    default R visit(AdaptiveMaxPool2d op) {
      return other(op);
    }

    default R visit(AdaptiveConcatPool2d op) {
      return other(op);
    }

    default R visit(Add op) {
      return other(op);
    }

    default R visit(Flatten op) {
      return other(op);
    }

    default R visit(Dropout op) {
      return other(op);
    }
  }

  /** Calls the visitor's method for this operation. */
  default <R> R accept(Visitor<R> visitor) {
    return visitor.other(this);
  }

  /** PyTorch's name of the operation, such as {@code Conv2d}. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /**
   * Whether the derivative by a number jumps where the number passes a limit, or another number of
   * its place. Rounding ahead of the operation then decides which way a gradient goes. Maxima over
   * places do not count: between values that rounding can put in another order a gradient only
   * moves to a place nearby.
   */
  default boolean hasKinks() {
    return false;
  }

  /**
   * The shape of the output.
   *
   * @param path the name that an error tells
   * @throws ShapeException if the inputs do not fit
   */
  Shape output(String path, List<Shape> inputs);

  /** The parameters and buffers, in PyTorch's order. */
  default List<Param> parameters() {
    return List.of();
  }

  /** Multiply-accumulates of one forward. */
  default long multiplyAccumulates(Shape input, Shape output) {
    return 0;
  }

  /**
   * Whether the attributes are those that every backend has a way for, where the operation has
   * rarer ones too, such as groups or a dilation.
   */
  default boolean isPlain() {
    return true;
  }

  /** Whether an evaluating pass leaves the input as it is. */
  default boolean isIdentity(boolean training) {
    return false;
  }

  /**
   * What the backward reads besides what the forward saved.
   *
   * @param training whether the pass trains
   * @param parameters whether it yields the gradients of the parameters
   */
  default Set<Reads> backwardReads(boolean training, boolean parameters) {
    return Set.of();
  }

  /** The output, a new array. */
  INDArray forward(Frame frame);

  /** Hands over the gradients that the frame wants, given the gradient of the output. */
  void backward(Frame frame, INDArray dy);

  /** The error for an input that does not fit. */
  default ShapeException mismatch(String path, String expected, Shape found) {
    return new ShapeException(path, kind(), "an input of shape " + expected, found.toString());
  }

  /** The only input's shape, unchanged. */
  static Shape same(List<Shape> inputs) {
    return inputs.get(0);
  }
}
