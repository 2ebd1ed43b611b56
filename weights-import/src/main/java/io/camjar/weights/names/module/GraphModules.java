package io.camjar.weights.names.module;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Layer;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.ReplacedHead;
import io.camjar.engine.model.family.Family;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Reshape;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.FinalActivation;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.part.Part;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a file holds whole modules, each of its layers must be the operation of that name in the
 * network's graph, with the same attributes.
 */
public final class GraphModules {
  private final Map<String, Op> ops = new HashMap<>();
  private final Architecture member;
  private final Family family;
  private final String prefix;
  private final Map<String, SavedModule> modules;
  private final Optional<String> classifier;

  private GraphModules(
      Family family, Architecture member, String prefix, Map<String, SavedModule> modules) {
    this.family = family;
    this.member = member;
    this.prefix = prefix;
    this.modules = modules;
    this.classifier = ReplacedHead.moduleOf(member);
    Graph graph = member.graph();
    for (Layer layer : graph.layers()) {
      if (layer.node()) {
        ops.put(layer.path(), graph.nodes().get(layer.value()).op());
      }
    }
  }

  /** The first layer of the file that the network has not; empty if there is none. */
  public static Optional<Malformed> difference(
      Family family, Architecture member, String prefix, Map<String, SavedModule> modules) {
    if (modules.isEmpty()) {
      return Optional.empty();
    }
    GraphModules check = new GraphModules(family, member, prefix, modules);
    try {
      modules.forEach(check::check);
      return Optional.empty();
    } catch (Malformed e) {
      return Optional.of(e);
    }
  }

  private void check(String path, SavedModule module) {
    ModuleValueCheck.hooks(path, module);
    requireHeads(path, module);
    Op op = path.startsWith(prefix) ? ops.get(inGraph(path)) : null;
    boolean nothing =
        SavedModule.NEUTRAL.contains(module.simpleName()) && (op == null || op.isIdentity(false));
    boolean row = module.isLeaf() && module.isSequential();
    if (module.isOwn() && (module.isLeaf() || op != null)) {
      throw ModuleClasses.own(path, module);
    }
    if (!module.isLeaf() || row || nothing || isLast(path)) {
      return;
    }
    if (op == null) {
      throw new Malformed(
          "has a layer of class %s at '%s', which %s has not"
              .formatted(module.type(), path, member.name()),
          "save the state_dict if the forward is that of " + member.name());
    }
    OpAttributes.of(op)
        .difference(module)
        .ifPresent(
            what -> {
              throw new Malformed(
                  "has the layer '%s' (%s) with %s".formatted(path, module.simpleName(), what),
                  "save the state_dict if the forward is that of " + member.name());
            });
  }

  /**
   * Whether a module ends the classifier's {@code Sequential} and turns the logits into
   * probabilities; camjar's scores are those before it. Elsewhere nobody knows what it is applied
   * to.
   */
  private boolean isLast(String path) {
    SavedModule row = modules.get(path.substring(0, Math.max(0, path.lastIndexOf('.'))));
    return FinalActivation.isLast(modules, path)
        && row != null
        && row.isSequential()
        && path.startsWith(prefix)
        && classifier.filter(module -> Part.isWithin(inGraph(path), module)).isPresent();
  }

  private String inGraph(String path) {
    return family.canonicalModule(path.substring(prefix.length()));
  }

  /** Into how many heads attention cuts its features is in no tensor. */
  private void requireHeads(String path, SavedModule module) {
    Object heads = module.value("num_heads").orElse(SavedModule.NONE);
    if (path.startsWith(prefix)
        && ops.get(inGraph(path) + ".q_heads") instanceof Reshape cut
        && heads instanceof Long
        && !heads.equals(cut.sides().get(2))) {
      throw new Malformed(
          "has the attention '%s' with %s heads, where camjar takes those of %s to be %s"
              .formatted(path, heads, member.name(), cut.sides().get(2)),
          "use a vision transformer whose heads have 64 features each, or export it to ONNX");
    }
  }
}
