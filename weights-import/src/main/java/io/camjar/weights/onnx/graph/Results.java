package io.camjar.weights.onnx.graph;

import io.camjar.weights.onnx.OnnxNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which outputs of a model its scores are: one, or one an exit.
 *
 * @param scores those that are computed, in the order of the file
 * @param others names of the model's further outputs, which are not computed
 * @param reason why others that give scores too are not, a clause; empty where that needs no reason
 */
record Results(List<Scores> scores, List<String> others, String reason) {
  /** So many names are told. */
  private static final int TOLD = 8;

  /**
   * The scores of one output. A softmax or sigmoid that ends it is left out: maps explain the
   * scores before it.
   *
   * @param output the output's name
   * @param logits the name of the value that is computed
   * @param activation the node that is left out
   */
  record Scores(String output, String logits, Optional<OnnxNode> activation) {}

  Results {
    scores = List.copyOf(scores);
    others = List.copyOf(others);
  }

  /** Whether these may be the scores of several exits. */
  boolean several() {
    return scores.size() > 1;
  }

  /** The first output alone. */
  Results first(String why) {
    List<String> left =
        scores.stream().skip(1).map(Scores::output).filter(name -> !others.contains(name)).toList();
    return new Results(
        scores.subList(0, 1), Stream.concat(left.stream(), others.stream()).toList(), why);
  }

  /** The names of the values that are computed. */
  List<String> logits() {
    return scores.stream().map(Scores::logits).toList();
  }

  /** The names of the outputs that are computed. */
  List<String> outputs() {
    return scores.stream().map(Scores::output).toList();
  }

  /** The activation that is left out, of the last exit that has one where there are several. */
  Optional<OnnxNode> activation() {
    return scores.stream().flatMap(one -> one.activation().stream()).reduce((one, next) -> next);
  }

  /** What a reader should know of the other outputs, a sentence; empty if there are none. */
  Optional<String> remark() {
    if (others.isEmpty()) {
      return Optional.empty();
    }
    int more = others.size() - TOLD;
    String told = String.join(", ", others.subList(0, Math.min(TOLD, others.size())));
    return Optional.of(
        "it has further outputs, which are not computed: %s%s%s."
            .formatted(
                told,
                more > 0 ? " and %d more".formatted(more) : "",
                reason.isEmpty() ? "" : " (" + reason + ")"));
  }
}
