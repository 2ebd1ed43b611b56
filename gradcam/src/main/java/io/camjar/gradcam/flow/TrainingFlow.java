package io.camjar.gradcam.flow;

import io.camjar.engine.hook.Hook;
import io.camjar.engine.hook.Hook.Kind;
import io.camjar.engine.hook.Hooks;
import io.camjar.engine.hook.View;
import io.camjar.engine.kernel.Norms;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Points;
import io.camjar.engine.run.Trace;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.UpdateNorms;
import io.camjar.gradcam.math.Finite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gathers the statistics of every so many updates of a training by hooks, which change no bit of
 * it. They are those of the update's batch. Of a batch in parts, each part's loss is a mean over
 * the part, and so are gradients at points; gradients of parameters are those of the update, before
 * they are clipped. For the thread that trains.
 */
public final class TrainingFlow implements AutoCloseable {
  private final Network network;
  private final Measure measure;
  private final Thresholds thresholds;
  private final Hooks hooks;
  private final PointFlows flows;
  private final Set<String> paths;
  private final Map<String, UpdateNorms> norms = new HashMap<>();

  /**
   * Of no update yet.
   *
   * @param network that is trained, borrowed
   * @param every update 0 is gathered and every so many after it
   */
  public TrainingFlow(Network network, Measure measure, Thresholds thresholds, int every) {
    this.network = network;
    this.measure = measure;
    this.thresholds = thresholds;
    this.hooks = new Hooks(network);
    this.flows = new PointFlows(network);
    this.paths = flows.paths();
    for (Hook hook :
        List.of(
            Hook.of(Kind.ACTIVATION, Points.INPUT, this::input),
            Hook.of(Kind.ACTIVATION, "**", this::activation),
            Hook.of(Kind.GRADIENT, "**", this::gradient),
            Hook.of(Kind.BRANCH, "**", view -> part(view, true)),
            Hook.of(Kind.SHORTCUT, "**", view -> part(view, false)),
            Hook.of(Kind.NORMS, "**", view -> norms.put(view.name(), view.norms())))) {
      hooks.add(hook.every(every)); // for as long as the hooks themselves
    }
  }

  /** The hooks of the trainer. */
  public Hooks hooks() {
    return hooks;
  }

  private void input(View view) {
    flows.addActivation(Points.INPUT, view.summary(measure));
  }

  private void activation(View view) {
    if (paths.contains(view.name())) { // one path a value
      flows.addActivation(view.name(), view.summary(measure));
    }
  }

  private void gradient(View view) {
    if (paths.contains(view.name())) {
      flows.addGradient(view.name(), view.summary(measure));
    }
  }

  private void part(View view, boolean branch) {
    flows.addPart(view.name(), branch, view.summary(measure));
  }

  /**
   * What was gathered since the last call, if anything was; called after each update.
   *
   * @param images of the batch
   */
  public Optional<FlowReport> take(int images) {
    if (flows.isEmpty()) {
      return Optional.empty();
    }
    List<FlowPoint> points = flows.points();
    Integer logits = network.graph().outputs().get(Trace.LOGITS);
    double score = logits == null ? 1 : flows.gradientNorm(logits);
    FlowReport report =
        new FlowReport(
            images,
            points,
            flows.parameters().stream().map(this::flow).toList(),
            Findings.of(points, thresholds, flows.inputRms(), score));
    clear();
    return Optional.of(report);
  }

  private ParameterFlow flow(String name) {
    UpdateNorms of = norms.get(name);
    if (of == null) { // one that is not trained
      INDArray parameter = network.parameters().get(name);
      Double norm = parameter == null ? null : Finite.orNull(Norms.l2(parameter));
      return new ParameterFlow(name, norm, null, null);
    }
    return new ParameterFlow(
        name,
        Finite.orNull(of.parameter()),
        Finite.orNull(of.gradient()),
        Finite.orNull(of.logRatio()));
  }

  private void clear() {
    flows.clear();
    norms.clear();
  }

  @Override
  public void close() {
    clear();
  }
}
