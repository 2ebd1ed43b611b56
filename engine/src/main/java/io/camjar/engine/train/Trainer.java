package io.camjar.engine.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.hook.Hooks;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.engine.run.Watcher;
import io.camjar.engine.statistics.UpdateNorms;
import io.camjar.engine.train.loss.Loss;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a network, batch by batch.
 *
 * <p>A batch may come in parts: {@link #add} each, then {@link #update}. What is drawn (dropout)
 * follows from the seed, the number of the update and that of the part, so that training that goes
 * on from a state has the bits of training that was not interrupted. Belongs to one thread at a
 * time.
 */
public final class Trainer {
  private final Network network;
  private final Loss loss;
  private final Optimizer optimizer;
  private final LearningRateSchedule schedule;
  private final long seed;
  private Request request = Request.training();
  private OptionalDouble mostNorm = OptionalDouble.empty();
  private OptionalDouble mostValue = OptionalDouble.empty();
  private @Nullable MovingAverage average;
  private @Nullable Hooks hooks;
  private long updates;
  private int parts;

  /**
   * What one part of a batch gave.
   *
   * @param loss of the part
   * @param logits {@code [N, C]}, c order
   */
  public record Part(double loss, float[] logits) {}

  /**
   * What an update did.
   *
   * @param gradientNorm the L2 norm of all gradients, before they were clipped
   * @param rate the largest learning rate of a group
   */
  public record Update(double gradientNorm, double rate) {}

  /**
   * A trainer.
   *
   * @param network to be trained, borrowed
   * @param optimizer of its parameters
   * @param seed what all that is drawn follows from
   */
  public Trainer(
      Network network, Loss loss, Optimizer optimizer, LearningRateSchedule schedule, long seed) {
    this.network = network;
    this.loss = loss;
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.seed = seed;
  }

  /**
   * Leaves the parameters below these paths as they are, and computes nothing for them alone. As in
   * PyTorch, their batch norms go on using and moving the batch's statistics, unless {@link
   * #useRunning} names them too.
   */
  public Trainer freeze(Collection<String> paths) {
    request = request.withFrozen(paths);
    return this;
  }

  /**
   * Lets the batch norms below these paths use their running statistics and leave them as they are,
   * PyTorch's {@code module.eval()}. In a body that does not learn they belong to its weights:
   * moved towards other images, they may make single activations grow from block to block.
   */
  public Trainer useRunning(Collection<String> paths) {
    request = request.withRunning(paths);
    return this;
  }

  /** Shrinks the gradients of an update to this norm. */
  public Trainer clipNorm(double most) {
    mostNorm = OptionalDouble.of(most);
    return this;
  }

  /** Brings each value of a gradient into this range around 0. */
  public Trainer clipValue(double most) {
    mostValue = OptionalDouble.of(most);
    return this;
  }

  /**
   * Calls hooks with what each part of a batch and each update computes; a step of theirs is an
   * update. Activations and gradients are those of a part, gradients of parameters are not yet
   * clipped, and updates are what the optimiser adds.
   *
   * @param called of the same network
   */
  public Trainer hooks(Hooks called) {
    hooks = called;
    called.restore(updates);
    return this;
  }

  /** Keeps an average of the weights. */
  public Trainer average(MovingAverage kept) {
    average = kept;
    return this;
  }

  /**
   * Runs a part of a batch forward and back, and adds its gradients to those of the update.
   *
   * @param x images {@code [N, C, H, W]}, borrowed
   * @param share of the batch, 1 for a whole one
   * @throws NonFiniteException if the loss is not a finite number; nothing was changed but the
   *     running statistics of batch norms
   */
  public Part add(INDArray x, Targets targets, double share) {
    if (targets.count() != x.size(0)) {
      throw new CamjarException(
          "there are %d images and %d targets".formatted(x.size(0), targets.count()));
    }
    Part part = pass(x, targets, share);
    if (!Double.isFinite(part.loss)) {
      throw new NonFiniteException(
          "the loss",
          part.loss,
          NonFinite.find(network, x, request, Seeds.random(seed, updates, parts)));
    }
    parts++;
    return part;
  }

  private Part pass(INDArray x, Targets targets, double share) {
    Request asked = hooks == null ? request : hooks.request(request);
    Watcher watcher = hooks == null ? Watcher.NONE : hooks;
    try (Trace trace =
        network.traceTraining(x, asked, Seeds.random(seed, updates, parts), watcher)) {
      float[] logits = HostCopy.floats(trace.logits());
      float[] gradient = new float[logits.length];
      double value = loss.of(logits, targets, gradient);
      if (Double.isFinite(value)) {
        try (INDArray start = HostCopy.array(gradient, trace.logits().shape());
            Gradients gradients = network.backward(trace, start)) {
          optimizer.take(gradients, share);
        }
      }
      return new Part(value, logits);
    }
  }

  /**
   * Changes the parameters by the gradients that were added.
   *
   * @throws NonFiniteException if a gradient is not finite; no parameter was changed
   */
  public Update update() {
    if (parts == 0) {
      throw new IllegalStateException("no gradients were added");
    }
    double norm = optimizer.gradientNorm();
    if (!Double.isFinite(norm)) {
      throw new NonFiniteException(
          "the gradient",
          norm,
          new NonFinite(NonFinite.Where.GRADIENT, optimizer.lastNonFiniteGradient().orElse("")));
    }
    Map<String, Double> norms =
        hooks != null && hooks.asksNorms() ? optimizer.gradientNorms() : Map.of();
    mostNorm.ifPresent(most -> optimizer.clipNorm(norm, most));
    mostValue.ifPresent(optimizer::clipValue);
    Map<String, UpdateNorms> done = Map.of();
    if (hooks == null) {
      optimizer.update(schedule, updates);
    } else if (norms.isEmpty()) {
      optimizer.update(schedule, updates, hooks::update);
    } else {
      done = optimizer.measuredUpdate(schedule, updates, hooks::update, norms);
    }
    if (average != null) {
      average.update();
    }
    double rate = schedule.rate(optimizer.largestRate(), updates);
    updates++;
    parts = 0;
    if (hooks != null) {
      try {
        hooks.norms(done); // the update is done, whatever a hook makes of it
      } finally {
        hooks.advance();
      }
    }
    return new Update(norm, rate);
  }

  /** One update by one batch. */
  public Part step(INDArray x, Targets targets) {
    Part part = add(x, targets, 1);
    update();
    return part;
  }

  /** How many updates there were. */
  public long updates() {
    return updates;
  }

  /** Goes on from this number of updates. */
  public void restore(long done) {
    updates = done;
    parts = 0;
    if (hooks != null) {
      hooks.restore(done);
    }
  }
}
