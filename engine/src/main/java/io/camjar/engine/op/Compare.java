package io.camjar.engine.op;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Whether a relation holds between two numbers on two tensors, broadcast: 1 where it does, else 0.
 * As truths, numbers other than 0 hold. No gradient passes, as of PyTorch's comparisons.
 *
 * @param relation which
 */
public record Compare(Relation relation) implements Arithmetic {

  /** Relations of two numbers, and of two truths. */
  public enum Relation {
    /** {@code a < b}. */
    LESS("Less", (a, b) -> a < b),
    /** {@code a <= b}. */
    LESS_OR_EQUAL("LessOrEqual", (a, b) -> a <= b),
    /** {@code a > b}. */
    GREATER("Greater", (a, b) -> a > b),
    /** {@code a >= b}. */
    GREATER_OR_EQUAL("GreaterOrEqual", (a, b) -> a >= b),
    /** {@code a == b}. */
    EQUAL("Equal", (a, b) -> a == b),
    /** Both hold. */
    AND("And", (a, b) -> a != 0 && b != 0),
    /** One holds, or both do. */
    OR("Or", (a, b) -> a != 0 || b != 0),
    /** One alone holds. */
    XOR("Xor", (a, b) -> (a != 0) != (b != 0));

    private final String kind;
    private final Test test;

    Relation(String kind, Test test) {
      this.kind = kind;
      this.test = test;
    }
  }

  private interface Test {
    boolean holds(double a, double b);
  }

  @Override
  public String kind() {
    return relation.kind;
  }

  @Override
  public boolean hasKinks() {
    return true;
  }

  @Override
  public double value(double a, double b) {
    return relation.test.holds(a, b) ? 1 : 0;
  }

  @Override
  public double byFirst(double a, double b) {
    return 0;
  }

  @Override
  public double bySecond(double a, double b) {
    return 0;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public void backward(Frame frame, INDArray dy) {
    frame.zeroGradient(0, dy.dataType());
    frame.zeroGradient(1, dy.dataType());
  }
}
