package io.camjar.engine.op;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A parameter as a value of its own, such as a position embedding: an operation without inputs. Its
 * parameter has the name of its path.
 *
 * @param shape its shape
 * @param learned whether it has a gradient; constants have none
 */
public record Parameter(Shape shape, boolean learned) implements Op {

  @Override
  public Shape output(String path, List<Shape> inputs) {
    return shape;
  }

  @Override
  public List<Param> parameters() {
    return List.of(new Param("", shape, learned));
  }

  @Override
  public INDArray forward(Frame frame) {
    // A copy: every array of a pass is closed on its own.
    return frame.parameter("").dup('c');
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    if (learned && frame.wantsParameters()) {
      frame.parameterGradient("", dy.dup('c'));
    }
  }
}
