package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files of changes to a network instead of one: LoRA and its relatives. */
public final class Adapters {
  private static final Pattern FACTOR =
      Pattern.compile(
          "(.*\\.)?(lora_(A|B|down|up|embedding_A|embedding_B|magnitude_vector)"
              + "|lokr_\\w+|hada_w[12]_[ab]|ia3_l|oft_r|vera_lambda_[bd])(\\..*)?");

  private Adapters() {}

  /** Why a file with such tensors is refused; empty if it has none. */
  public static Optional<Malformed> refusal(StateDict tensors) {
    return tensors.names().stream()
        .filter(name -> FACTOR.matcher(name).matches())
        .findFirst()
        .map(
            name ->
                new Malformed(
                    "holds a LoRA adapter ('"
                        + name
                        + "'), which changes a network's weights, and camjar does not apply it",
                    "merge it into its network with PEFT's merge_and_unload() and save that"));
  }
}
