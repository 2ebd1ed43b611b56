package io.camjar.gradcam.serve.models;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;

/**
 * A network and how it is explained.
 *
 * @param network closed when nobody uses it any more
 * @param explainer with labels and preprocessing
 */
public record ServedModel(Network network, Explainer explainer) {}
