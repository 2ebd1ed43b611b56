package io.camjar.weights.onnx.graph.node;

import io.camjar.engine.op.Shape;
import io.camjar.weights.onnx.constant.Constant;
import java.util.List;

/** What a name of an ONNX model stands for while the model is translated. */
public sealed interface Value {

  /**
   * Numbers that do not depend on the image's pixels.
   *
   * @param byProbe one tensor if it does not depend on the image's size either, else one a probe
   */
  record Known(List<Constant> byProbe) implements Value {
    public Known {
      byProbe = List.copyOf(byProbe);
    }

    static Known of(Constant constant) {
      return new Known(List.of(constant));
    }

    /** Collects one tensor a probe; one alone if all are the same. */
    static Known of(List<Constant> all) {
      Constant first = all.get(0);
      return all.stream().allMatch(first::sameAs) ? of(first) : new Known(all);
    }

    boolean isFixed() {
      return byProbe.size() == 1;
    }

    Constant at(int probe) {
      return byProbe.get(isFixed() ? 0 : probe);
    }
  }

  /**
   * A value of the engine's graph.
   *
   * @param number the value's number in the graph
   * @param shapes its shape at each probe
   * @param integers whether the model computes it in integers, which the graph holds as floats
   */
  record Traced(int number, List<Shape> shapes, boolean integers) implements Value {
    public Traced {
      shapes = List.copyOf(shapes);
    }

    /** Floats or truths. */
    public Traced(int number, List<Shape> shapes) {
      this(number, shapes, false);
    }

    /** The same value, of integers or not. */
    Traced as(boolean ofIntegers) {
      return new Traced(number, shapes, ofIntegers);
    }

    /** Its shape at the first probe, whose rank is that of all. */
    public Shape shape() {
      return shapes.get(0);
    }

    public int rank() {
      return shape().rank();
    }

    /** Whether a side is the same at all probes. */
    boolean isFixed(int axis) {
      long side = shape().side(axis);
      return shapes.stream().allMatch(shape -> shape.side(axis) == side);
    }
  }
}
