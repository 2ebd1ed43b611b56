package io.camjar.weights.torch;

import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Map;

/**
 * The model inside what was saved.
 *
 * @param tensors parameters and buffers under their names in the file
 * @param wrappers the keys or attributes that led to it from the outside in, {@code [model]}
 * @param classes class names by module path, where whole modules were pickled; otherwise empty
 */
public record SavedModel(StateDict tensors, List<String> wrappers, Map<String, String> classes) {}
