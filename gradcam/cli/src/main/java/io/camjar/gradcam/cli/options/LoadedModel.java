package io.camjar.gradcam.cli.options;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;

/**
 * A network and how to explain it.
 *
 * @param network closed with this
 * @param explainer with the labels and the preprocessing that the weights suggest
 */
public record LoadedModel(Network network, Explainer explainer) implements AutoCloseable {
  @Override
  public void close() {
    network.close();
  }
}
