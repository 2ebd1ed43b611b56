package io.camjar.gradcam.cli;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Loads the network that a command is to work with. */
final class Models {
  private Models() {}

  /**
   * The network of a weights file, or the built-in one.
   *
   * @throws io.camjar.engine.CamjarException if the file cannot be used
   */
  static LoadedModel load(@Nullable Path weights) {
    Checkpoint checkpoint = weights == null ? Checkpoints.builtin() : Checkpoints.open(weights);
    CompletableFuture.runAsync(checkpoint::sha256); // asked for by the explainer
    HeadStart.await();
    Network network = checkpoint.network();
    return new LoadedModel(network, Explainer.of(network, checkpoint));
  }
}
