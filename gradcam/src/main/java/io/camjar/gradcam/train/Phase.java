package io.camjar.gradcam.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Request;
import io.camjar.engine.train.optimizer.Adam;
import io.camjar.engine.train.optimizer.Lamb;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Rule;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.CosineWarmup;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import io.camjar.engine.train.schedule.OneCycle;
import io.camjar.engine.train.schedule.StepDecay;
import java.util.ArrayList;
import java.util.List;

/**
 * Epochs with one optimiser and one schedule: those in which the body is frozen, and the others.
 *
 * @param number 0 for the first
 * @param firstEpoch counted from 0
 * @param updates of all its epochs
 * @param frozen paths of layers that do not learn
 * @param bodyRate what the body's rate is multiplied by
 */
record Phase(
    int number,
    int firstEpoch,
    long updates,
    List<String> frozen,
    double bodyRate,
    TrainingSettings settings) {

  static Phase of(int epoch, TrainingSettings settings, Network network, int updatesPerEpoch) {
    int frozenEpochs = Math.min(settings.frozenEpochs(), settings.epochs());
    List<String> frozen = new ArrayList<>(settings.frozen());
    if (epoch < frozenEpochs) {
      frozen.addAll(LayerPaths.body(network));
      return new Phase(
          0, 0, (long) frozenEpochs * updatesPerEpoch, List.copyOf(frozen), 1, settings);
    }
    long updates = (long) (settings.epochs() - frozenEpochs) * updatesPerEpoch;
    return new Phase(
        frozenEpochs == 0 ? 0 : 1,
        frozenEpochs,
        updates,
        List.copyOf(frozen),
        settings.bodyRate(),
        settings);
  }

  /**
   * Refuses to spend epochs in which no parameter changes.
   *
   * @throws CamjarException if all that learns is frozen
   */
  Phase requireLearning(Network network) {
    Request request = Request.training().withFrozen(frozen);
    if (network.graph().nodes().stream()
        .noneMatch(node -> node.learns() && request.trains(node.path()))) {
      throw new CamjarException(
          frozen.size() > settings.frozen().size()
              ? "--freeze holds the head, and --frozen-epochs all else in the first epochs, so nothing learns in them; give --frozen-epochs 0"
              : "--freeze holds every layer, so nothing learns; leave one out of it");
    }
    return this;
  }

  /** Whether an epoch is its first. */
  boolean begins(int epoch) {
    return epoch == firstEpoch;
  }

  /** A new optimiser of the network's parameters. */
  Optimizer optimizer(Network network) {
    double rate = settings.rate();
    return new Optimizer(
        rule(settings.optimizer()),
        network,
        ParameterGroups.decaying(
            network.graph(),
            path -> network.architecture().isHead(path) ? rate : rate * bodyRate,
            settings.decay()));
  }

  private static Rule rule(String name) {
    return switch (name) {
      case "adamw" -> new Adam(0.9, 0.99, 1e-8, true);
      case "adam" -> new Adam(0.9, 0.99, 1e-8, false);
      case "sgd" -> new Sgd(0.9, 0, true);
      case "lamb" -> new Lamb();
      default -> throw new CamjarException("there is no optimiser " + name);
    };
  }

  /** Its learning rates. */
  LearningRateSchedule schedule() {
    return switch (settings.schedule()) {
      case "onecycle" -> new OneCycle(updates, 0.25, 25, 1e4, 0.85, 0.95);
      case "cosine" -> new CosineWarmup(updates / 20, Math.max(1, updates), 0.01, 0);
      case "step" -> new StepDecay(Math.max(1, updates / 3), 0.1);
      default -> LearningRateSchedule.constant();
    };
  }
}
