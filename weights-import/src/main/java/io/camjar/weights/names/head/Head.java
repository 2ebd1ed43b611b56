package io.camjar.weights.names.head;

import io.camjar.engine.model.resnet.HeadSpec;
import java.util.List;
import java.util.Map;

/**
 * What follows a body.
 *
 * @param spec its layers
 * @param replacements beginnings of its names in the file to beginnings in the engine
 * @param assumptions what its names and shapes leave open and was assumed
 */
public record Head(HeadSpec spec, Map<String, String> replacements, List<String> assumptions) {}
