package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import java.util.Set;

/** What is said of a tensor that no known network has: what it may be, and what would help. */
final class Unexplained {
  private static final Set<String> ATTENTION =
      Set.of(
          "se",
          "ca",
          "sa",
          "cbam",
          "eca",
          "gc",
          "bam",
          "attn",
          "attention",
          "senet",
          "nonlocal",
          "channelattention",
          "spatialattention",
          "simam",
          "coordatt");
  private static final Set<String> SCALES =
      Set.of("temperature", "temp", "tau", "scale", "logit_scale", "logitscale");

  private Unexplained() {}

  /** The refusal of a tensor. */
  static Malformed of(String tensor) {
    String last = tensor.substring(tensor.lastIndexOf('.') + 1);
    if (last.equals("p")) {
      return new Malformed(
          "has the tensor '" + tensor + "', by its name the exponent of a generalised mean pool",
          "camjar runs ResNets with average pools, use one of those");
    }
    if (last.equals("mean") || last.equals("std")) {
      return new Malformed(
          "has the tensor '" + tensor + "', by which the network may normalise its input itself",
          "if it does, remove mean and std from the file and give their values as --mean and --std;"
              + " if it does not, remove them");
    }
    if (NameWords.anyOf(tensor, SCALES)) {
      return new Malformed(
          "has the tensor '" + tensor + "', by which the logits may be scaled",
          "multiply it into the classifier's weight and bias, and remove it from the file");
    }
    if (NameWords.anyOf(tensor, ATTENTION)) {
      return new Malformed(
          "has the tensor '"
              + tensor
              + "', by its name part of an attention module, which no ResNet that camjar runs has",
          "use a ResNet without attention");
    }
    return new Malformed(
        "has the tensor '" + tensor + "', which no ResNet that camjar runs has",
        "if no image passes through it, remove it from the file; otherwise use another network");
  }
}
