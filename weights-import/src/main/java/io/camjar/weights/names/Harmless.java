package io.camjar.weights.names;

import io.camjar.weights.names.part.NameWords;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * Tensors that belong to training and through which no image passes, by the names that losses,
 * metrics and optimizers have.
 *
 * <p>Nothing else may be ignored: a tensor between the input and the logits that is left out makes
 * another network.
 */
final class Harmless {
  private static final Set<String> LOSS =
      Set.of(
          "criterion",
          "criterions",
          "loss",
          "losses",
          "lossfn",
          "pos_weight",
          "class_weight",
          "class_weights",
          "classweights");
  private static final Set<String> METRIC =
      Set.of(
          "metric",
          "metrics",
          "accuracy",
          "acc",
          "auroc",
          "auc",
          "confmat",
          "confusion",
          "precision",
          "recall",
          "fscore",
          "f1score",
          "kappa",
          "mcc",
          "map",
          "meter");
  private static final Set<String> OPTIMIZER =
      Set.of("optimizer", "optimizers", "optim", "scheduler", "scaler", "momentum_buffer");

  /** What THOP's profiler leaves in every module that it has counted. */
  private static final Set<String> PROFILE = Set.of("total_ops", "total_params");

  private static final Set<String> STATES =
      Set.of("tp", "fp", "tn", "fn", "correct", "total", "confmat", "count");

  private Harmless() {}

  /** Whether a tensor has no elements, so that nothing can depend on it. */
  static boolean isEmpty(TensorEntry tensor) {
    return tensor.elements() == 0;
  }

  /** Whether a profiler left this number of operations or parameters in a module. */
  static boolean isProfile(TensorEntry tensor) {
    String name = tensor.name();
    return tensor.elements() == 1 && PROFILE.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /** Why a tensor may be ignored; empty if it may not. */
  static Optional<String> why(TensorEntry tensor, long features) {
    String name = tensor.name();
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (isEmpty(tensor)) {
      return Optional.of("a tensor without elements");
    }
    if (isProfile(tensor)) {
      return Optional.of("a count of a profiler");
    }
    boolean whole = !tensor.dtype().isFloating();
    boolean count = tensor.elements() <= 1 && !last.equals("zero_point");
    if (whole && (count || STATES.contains(last))) {
      return Optional.of("a counter of training");
    }
    boolean layer =
        tensor.rank() >= 2 && !whole && tensor.size(1) == features && !last.equals("centers");
    if (layer || tensor.rank() > 2) {
      return Optional.empty();
    }
    Set<String> words = NameWords.of(name);
    if (!Collections.disjoint(words, LOSS)) {
      return Optional.of("part of a loss");
    }
    if (!Collections.disjoint(words, METRIC)) {
      return Optional.of("part of a metric");
    }
    return Collections.disjoint(words, OPTIMIZER)
        ? Optional.empty()
        : Optional.of("part of an optimizer");
  }
}
