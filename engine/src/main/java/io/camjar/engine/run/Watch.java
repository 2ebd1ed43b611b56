package io.camjar.engine.run;

import java.util.Set;

/**
 * What a pass shows while it goes by, without keeping it: unlike points that are asked for, what is
 * watched is freed as soon as nothing reads it any more.
 *
 * @param activations points whose values are shown when they are computed, by path or alias
 * @param gradients points whose gradients are shown when they are complete
 * @param branches whether, where a residual block begins, the gradient that comes through its
 *     branch and the one that comes through its shortcut are shown apart
 */
public record Watch(Set<String> activations, Set<String> gradients, boolean branches) {
  /** Nothing. */
  public static final Watch NONE = new Watch(Set.of(), Set.of(), false);

  public Watch {
    activations = Set.copyOf(activations);
    gradients = Set.copyOf(gradients);
  }

  /** Whether nothing is watched. */
  public boolean isNothing() {
    return activations.isEmpty() && gradients.isEmpty() && !branches;
  }
}
