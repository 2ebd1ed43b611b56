package io.camjar.weights.torch;

import java.util.Set;

/**
 * What a PyTorch file's pickle holds.
 *
 * @param root the saved object
 * @param inert names that the pickle called and that were left alone
 */
public record Unpickled(Object root, Set<String> inert) {}
