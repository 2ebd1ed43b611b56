package io.camjar.weights;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.names.Recognised;
import io.camjar.weights.onnx.OnnxModel;
import io.camjar.weights.onnx.graph.OnnxNetwork;
import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Optional;

/**
 * The network of an ONNX model, or why there is none. The model says itself what it computes;
 * nothing is guessed from its tensors' names.
 */
record OnnxWeights(Optional<OnnxNetwork> network, Optional<Malformed> fault) {

  /** What names say of a file that needs none. */
  static final Recognised NO_NAMES =
      new Recognised(
          Optional.empty(),
          Optional.empty(),
          StateDict.of(List.of()),
          "",
          "",
          List.of(),
          List.of(),
          Optional.empty());

  static OnnxWeights of(OnnxModel model) {
    try {
      return new OnnxWeights(Optional.of(OnnxNetwork.of(model)), Optional.empty());
    } catch (Malformed e) {
      return new OnnxWeights(Optional.empty(), Optional.of(e));
    }
  }

  /** The activation that ends the model, as {@code --outputs} calls what it makes. */
  Optional<FinalActivation> finalActivation() {
    return network
        .flatMap(OnnxNetwork::activation)
        .map(last -> new FinalActivation(last.node(), kind(last.kind())));
  }

  private static String kind(String operation) {
    return switch (operation) {
      case "Sigmoid" -> "sigmoid";
      case "LogSoftmax" -> "log_softmax";
      default -> "softmax";
    };
  }
}
