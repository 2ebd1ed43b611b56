package io.camjar.engine.train.optimizer;

import java.util.Set;

/**
 * Parameters that are changed alike.
 *
 * @param names full names, such as {@code layer1.0.conv1.weight}
 * @param rate the learning rate, before a schedule
 * @param decay weight decay
 */
public record ParameterGroup(Set<String> names, double rate, double decay) {
  public ParameterGroup {
    names = Set.copyOf(names);
  }
}
