package io.camjar.gradcam.cli.options;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.start.HeadStart;
import io.camjar.gradcam.cli.start.KernelPlan;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import io.camjar.weights.NonFiniteWeights;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Loads the network that a command is to work with. */
public final class Models {
  private Models() {}

  /**
   * The network of a weights file, or the built-in one; says what the reader should know of it.
   *
   * @param key which network of several; null to go by the rule
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  public static LoadedModel load(@Nullable Path weights, @Nullable String key, PrintWriter err) {
    Checkpoint checkpoint =
        weights == null ? Checkpoints.builtin() : Checkpoints.open(weights, key);
    CompletableFuture.runAsync(checkpoint::sha256); // asked for by the explainer
    KernelPlan.decide(1); // where the command has not told of more
    HeadStart.await();
    Network network = checkpoint.network();
    remark(checkpoint, err);
    return new LoadedModel(network, Explainer.of(network, checkpoint));
  }

  /**
   * Names tensors with NaN or infinite values in one line, if there are any that are more than
   * limits.
   */
  public static void remarkNonFinite(Checkpoint checkpoint, List<String> tensors, PrintWriter err) {
    Set<String> bounds = tensors.isEmpty() ? Set.of() : checkpoint.bounds();
    List<String> weights = tensors.stream().filter(name -> !bounds.contains(name)).toList();
    if (!weights.isEmpty()) {
      err.println("camjar: " + checkpoint.source() + ": " + NonFiniteWeights.sentence(weights));
      err.flush();
    }
  }

  /** Says in a line each what was assumed about a file and what is unusual in it. */
  public static void remark(Checkpoint checkpoint, PrintWriter err) {
    checkpoint
        .remarks()
        .forEach(remark -> err.println("camjar: " + checkpoint.source() + ": " + remark));
    err.flush();
  }
}
