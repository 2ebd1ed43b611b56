package io.camjar.weights.torch;

import io.camjar.weights.module.SavedModule;
import io.camjar.weights.tensor.StateDict;
import java.util.Map;

/**
 * The model inside what was saved.
 *
 * @param tensors parameters and buffers under their names in the file
 * @param choice the keys or attributes that led to it and who chose them
 * @param modules the modules by path, where whole modules were pickled; otherwise empty
 */
public record SavedModel(StateDict tensors, KeyChoice choice, Map<String, SavedModule> modules) {}
