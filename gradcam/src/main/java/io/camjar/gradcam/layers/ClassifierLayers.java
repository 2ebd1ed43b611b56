package io.camjar.gradcam.layers;

import io.camjar.engine.model.Exit;
import io.camjar.engine.model.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One classifier of a network, and the layers that are explained by its scores.
 *
 * @param exit which of several it is; null where the network has one, or its last is meant
 * @param network the network that ends with it
 * @param layers by path; all lie before it
 */
public record ClassifierLayers(@Nullable Exit exit, Network network, List<String> layers) {
  public ClassifierLayers {
    layers = List.copyOf(layers);
  }
}
