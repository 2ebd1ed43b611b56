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
public sealed interface Op
    permits Input,
        Conv2d,
        Linear,
        BatchNorm,
        ReLU,
        SiLU,
        MaxPool2d,
        AvgPool2d,
        AdaptiveAvgPool2d,
        AdaptiveMaxPool2d,
        AdaptiveConcatPool2d,
        Add,
        Flatten,
        Dropout {

  /** What a backend does with each operation; the compiler finds the one it lacks. */
  interface Visitor<R> {
    R visit(Input op);

    R visit(Conv2d op);

    R visit(Linear op);

    R visit(BatchNorm op);

    R visit(ReLU op);

    R visit(SiLU op);

    R visit(MaxPool2d op);

    R visit(AvgPool2d op);

    R visit(AdaptiveAvgPool2d op);

    R visit(AdaptiveMaxPool2d op);

    R visit(AdaptiveConcatPool2d op);

    R visit(Add op);

    R visit(Flatten op);

    R visit(Dropout op);
  }

  /** Calls the visitor's method for this operation. */
  <R> R accept(Visitor<R> visitor);

  /** PyTorch's name of the operation, such as {@code Conv2d}. */
  default String kind() {
    return getClass().getSimpleName();
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
