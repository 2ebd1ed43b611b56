package io.camjar.weights.onnx.graph.node;

import io.camjar.weights.bytes.Malformed;
import java.util.Map;

/**
 * Nodes that choose what to compute. Where the choice is known before an image is seen, the branch
 * that is taken stands in their place; what is left here cannot be run.
 */
final class ChoiceNodes {
  private ChoiceNodes() {}

  static final Map<String, Translator> TABLE =
      Map.of(
          "If",
          call -> {
            if (!call.isTraced(0) && call.known(0).at(0).elements() != 1) {
              throw Malformed.damaged(
                  "node '%s' has no one number as its condition".formatted(call.node().label()));
            }
            throw call.refuse(
                call.isTraced(0)
                    ? "chooses by the image's values what it computes"
                    : "chooses by the size of the image or of the batch what it computes");
          });
}
