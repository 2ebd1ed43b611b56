package io.camjar.engine.train.optimizer;

import java.util.List;

/** How one optimiser changes a parameter, value by value. Implementations hold no state. */
public interface Rule {

  /** What it keeps for each value of a parameter, under PyTorch's names. */
  List<String> slots();

  /** The momentum, or the first beta, where no schedule sets it. */
  double momentum();

  /**
   * Whether the step of a whole tensor is scaled by its norm. Such a rule leaves the weights alone
   * and puts a direction in the gradient's place.
   */
  default boolean layerwise() {
    return false;
  }

  /** Changes some values of a tensor. */
  void update(Span span);

  /**
   * What one update of some neighbouring values is about.
   *
   * @param weights the values, from index 0; to be changed
   * @param gradient of the whole tensor; may be overwritten
   * @param slots state of the whole tensor, in the order of {@link Rule#slots}
   * @param from where the values begin in gradient and slots
   * @param count how many they are
   * @param rate the learning rate
   * @param momentum as the schedule says, or the rule
   * @param decay weight decay
   * @param step how many updates this tensor has had, with this one
   */
  record Span(
      float[] weights,
      float[] gradient,
      float[][] slots,
      int from,
      int count,
      double rate,
      double momentum,
      double decay,
      long step) {}
}
