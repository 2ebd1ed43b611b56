package io.camjar.weights.torch.script;

import java.util.Map;

/**
 * One file of an archive's code.
 *
 * @param functions by name
 * @param types classes by name
 */
record ScriptFile(Map<String, Statement.Function> functions, Map<String, Type> types) {

  /**
   * A class.
   *
   * @param methods by name
   * @param constants what its class body sets, by name
   */
  record Type(Map<String, Statement.Function> methods, Map<String, Expression> constants) {}
}
