package io.camjar.engine.hook;

import io.camjar.engine.hook.Hook.Kind;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Point;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Seen;
import io.camjar.engine.run.Watch;
import io.camjar.engine.run.Watcher;
import io.camjar.engine.statistics.UpdateNorms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The hooks of a loop that trains or explains. It asks for what they want to see and hands itself
 * to the passes:
 *
 * <pre>{@code
 * Hooks hooks = new Hooks(network);
 * try (Hooks.Scope scope = hooks.add(Hook.of(Kind.GRADIENT, "layer3.*", look).every(10))) {
 *   for (...) {
 *     Trace trace = network.traceTraining(x, hooks.request(Request.training()), random, hooks);
 *     Gradients gradients = network.backward(trace, dLogits);
 *     hooks.update(parameters -> optimizer.step(parameters, gradients));
 *     hooks.advance();
 *   }
 * } // the hook is gone
 * }</pre>
 *
 * <p>The passes stay those of the compiled backend: a point that is looked at is computed on its
 * own, all others are fused as ever. Of one loop; hooks may come and go on any thread.
 */
public final class Hooks implements Watcher {
  private final Network network;
  private final List<Hook> hooks = new CopyOnWriteArrayList<>();
  private long step;

  /** For as long as it is open a hook is called. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** None, at step 0. */
  public Hooks(Network network) {
    this.network = network;
  }

  /**
   * Adds a hook.
   *
   * @throws io.camjar.engine.CamjarException if it names a point that there is not
   */
  public Scope add(Hook hook) {
    boolean ofPoints = hook.kind() == Kind.ACTIVATION || hook.kind() == Kind.GRADIENT;
    Hook resolved =
        ofPoints && !hook.isPattern()
            ? new Hook(
                hook.kind(),
                network.points().resolve(hook.pattern()).path(),
                hook.every(),
                hook.replaces(),
                hook.learning(),
                hook.look())
            : hook;
    hooks.add(resolved);
    return () -> hooks.remove(resolved);
  }

  /** The number of the step. */
  public long step() {
    return step;
  }

  /** The next step begins. */
  public void advance() {
    step++;
  }

  /** Goes on at this step, as a loop does that was interrupted. */
  public void restore(long next) {
    step = next;
  }

  /** The request of a pass, showing what the hooks that are due at this step look at. */
  public Request request(Request request) {
    Set<String> activations = points(Kind.ACTIVATION);
    Set<String> gradients = points(Kind.GRADIENT);
    Watch watch = request.watch();
    activations.addAll(watch.activations());
    gradients.addAll(watch.gradients());
    boolean branches = watch.branches() || isDue(Kind.BRANCH) || isDue(Kind.SHORTCUT);
    return request.withWatch(new Watch(activations, gradients, branches));
  }

  /** Whether a hook that is due at this step looks at norms of updates. */
  public boolean asksNorms() {
    return isDue(Kind.NORMS);
  }

  /**
   * Shows the norms of an update that was done.
   *
   * @param norms by the full name of each parameter that was changed
   */
  public void norms(Map<String, UpdateNorms> norms) {
    for (Hook hook : hooks) {
      if (hook.kind() == Kind.NORMS && hook.isDue(step)) {
        norms.forEach(
            (name, of) -> {
              if (hook.matches(name)) {
                hook.look().at(new View(hook, name, step, of));
              }
            });
      }
    }
  }

  private boolean isDue(Kind kind) {
    return hooks.stream().anyMatch(hook -> hook.kind() == kind && hook.isDue(step));
  }

  private Set<String> points(Kind kind) {
    Set<String> paths = new TreeSet<>();
    for (Hook hook : hooks) {
      if (hook.kind() == kind && hook.isDue(step)) {
        for (Point point : network.points().all()) {
          if (hook.matches(point.path()) && (!hook.learning() || learns(point.path()))) {
            paths.add(point.path());
          }
        }
        if (!hook.isPattern()) {
          paths.add(hook.pattern());
        }
      }
    }
    return paths;
  }

  private boolean learns(String path) {
    return network.parameters().keySet().stream().anyMatch(name -> name.startsWith(path + "."));
  }

  @Override
  public void activation(String path, Seen value) {
    look(Kind.ACTIVATION, path, value);
  }

  @Override
  public void gradient(String path, Seen value) {
    look(Kind.GRADIENT, path, value);
  }

  @Override
  public void part(String sum, boolean branch, Seen value) {
    look(branch ? Kind.BRANCH : Kind.SHORTCUT, sum, value);
  }

  private void look(Kind kind, String path, Seen value) {
    for (Hook hook : hooks) {
      if (hook.kind() == kind
          && hook.isDue(step)
          && hook.matches(path)
          && (!hook.learning() || learns(path))) {
        hook.look().at(new View(hook, path, step, value, null, null));
      }
    }
  }

  @Override
  public boolean asksParameter(String name) {
    return hooks.stream()
        .anyMatch(hook -> hook.kind() == Kind.PARAMETER && hook.isDue(step) && hook.matches(name));
  }

  @Override
  public void parameter(String name, INDArray gradient) {
    for (Hook hook : hooks) {
      if (hook.kind() == Kind.PARAMETER && hook.isDue(step) && hook.matches(name)) {
        INDArray parameter = network.parameters().get(name);
        hook.look().at(new View(hook, name, step, null, gradient, parameter));
      }
    }
  }

  /**
   * Changes parameters through {@link Network#update} and shows the changes to the hooks on
   * updates, for whose parameters a copy is made before.
   *
   * @param change given all parameters and buffers by canonical name, whose values it may set
   */
  public void update(Consumer<Map<String, INDArray>> change) {
    Map<String, INDArray> before = new HashMap<>();
    for (Hook hook : hooks) {
      if (hook.kind() == Kind.UPDATE && hook.isDue(step)) {
        network
            .parameters()
            .forEach(
                (name, value) -> {
                  if (hook.matches(name)) {
                    before.computeIfAbsent(name, n -> value.dup('c'));
                  }
                });
      }
    }
    try {
      network.update(
          parameters -> {
            change.accept(parameters);
            before.forEach((name, old) -> show(name, old, parameters));
          });
    } finally {
      before.values().forEach(INDArray::close);
    }
  }

  private void show(String name, INDArray before, Map<String, INDArray> parameters) {
    INDArray value = parameters.get(name);
    if (value == null) {
      return;
    }
    for (Hook hook : hooks) {
      if (hook.kind() == Kind.UPDATE && hook.isDue(step) && hook.matches(name)) {
        try (INDArray added = value.sub(before)) {
          hook.look().at(new View(hook, name, step, null, added, before));
          if (hook.replaces()) {
            value.assign(before).addi(added);
          }
        }
      }
    }
  }
}
