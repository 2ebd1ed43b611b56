package io.camjar.weights.names.part;

import io.camjar.weights.bytes.Malformed;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/** What is said of a tensor that no known network has: what it may be, and what would help. */
public final class Unexplained {
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

  private static final Set<String> STATISTICS =
      Set.of("mean", "means", "std", "stds", "mu", "stddev", "new_mean", "new_std");
  private static final Pattern BLOCK =
      Pattern.compile("(.*\\.)?(layer|stage|block|res)s?[._]?\\d.*");

  private Unexplained() {}

  /** The refusal of a tensor of which only the name is known. */
  public static Malformed of(String tensor) {
    return of(tensor, new long[] {1});
  }

  /** The refusal of a tensor. */
  public static Malformed of(String tensor, long[] shape) {
    String last = tensor.substring(tensor.lastIndexOf('.') + 1);
    long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    boolean inBlock = BLOCK.matcher(tensor).matches();
    if (last.equals("p")) {
      return new Malformed(
          "has the tensor '" + tensor + "', by its name the exponent of a generalised mean pool",
          "camjar runs ResNets with average pools, use one of those");
    }
    int rank = shape.length;
    boolean perChannel = rank >= 3 && elements == 3 && shape[rank - 1] == 1 && shape[rank - 2] == 1;
    if (!inBlock && (NameWords.anyOf(last, STATISTICS) || perChannel)) {
      return new Malformed(
          "has the tensor '" + tensor + "', by which the network may normalise its input itself",
          "if it does, remove mean and std from the file and give their values as --mean and --std;"
              + " if it does not, remove them");
    }
    if (!inBlock && elements == 1 && NameWords.anyOf(tensor, SCALES)) {
      return new Malformed(
          "has the tensor '" + tensor + "', by which the logits may be scaled",
          "multiply it into the classifier's weight and bias, and remove it from the file");
    }
    if (NameWords.anyOf(tensor, ATTENTION)) {
      return new Malformed(
          "has the tensor '"
              + tensor
              + "', by its name part of an attention module, which camjar's ResNets do not have",
          "use a ResNet without attention");
    }
    return new Malformed(
        "has the tensor '" + tensor + "', which camjar's ResNets do not have",
        "if no image passes through it, remove it from the file; otherwise use another network");
  }
}
