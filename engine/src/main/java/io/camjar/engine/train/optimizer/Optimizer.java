package io.camjar.engine.train.optimizer;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.SquareSums;
import io.camjar.engine.model.Network;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.statistics.UpdateNorms;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums up gradients and changes a network's parameters by a {@link Rule}, where they lie.
 *
 * <p>Values are changed in runs of fixed length, each by one thread, and norms are sums of the
 * runs' sums in order: the bits of a result do not depend on the number of threads. Belongs to one
 * thread at a time.
 */
public final class Optimizer {
  /** Values of a run; its weights stay in a core's own cache. */
  private static final int RUN = 1 << 14;

  /** PyTorch's: keeps a norm of 0 from dividing. */
  private static final double CLIP_EPS = 1e-6;

  private record Run(LearnedTensor tensor, int from, int count) {}

  /** What one worker needs for a run. */
  private static final class Room {
    final float[] weights = new float[RUN];

    /** The weights before an update that is measured. */
    final float[] old = new float[RUN];

    final SquareSums squares = new SquareSums();

    double squares(Run run) {
      return squares.of(run.tensor.gradient, run.from, run.count);
    }
  }

  private final Rule rule;
  private final Network network;
  private final List<LearnedTensor> tensors = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final double[] sums;
  private final double[] otherSums;
  private Room[] rooms = new Room[0];

  /** Whether {@link #sums} are those of the gradients as they are. */
  private boolean summed;

  /**
   * An optimiser; its groups together are the parameters that it may change.
   *
   * @param network whose parameters are borrowed
   * @throws CamjarException if a parameter is in two groups, or unknown
   */
  public Optimizer(Rule rule, Network network, List<ParameterGroup> groups) {
    this.rule = rule;
    this.network = network;
    Map<String, ParameterGroup> byName = new LinkedHashMap<>();
    for (ParameterGroup group : groups) {
      for (String name : group.names()) {
        if (!network.parameters().containsKey(name)) {
          throw new CamjarException("the network has no parameter " + name + " to be optimised");
        }
        if (byName.put(name, group) != null) {
          throw new CamjarException("the parameter " + name + " is in two groups");
        }
      }
    }
    network
        .parameters()
        .forEach(
            (name, array) -> {
              ParameterGroup group = byName.get(name);
              if (group != null) {
                add(
                    new LearnedTensor(
                        name, array, group.rate(), group.decay(), rule.slots().size()));
              }
            });
    this.sums = new double[runs.size()];
    this.otherSums = new double[runs.size()];
  }

  private void add(LearnedTensor tensor) {
    tensors.add(tensor);
    for (int from = 0; from < tensor.length; from += RUN) {
      runs.add(new Run(tensor, from, Math.min(RUN, tensor.length - from)));
    }
  }

  /**
   * Adds the gradients of a batch, or of a part of one.
   *
   * @param scale what each is multiplied by: the part's share of the batch
   */
  public void add(Gradients gradients, double scale) {
    add(gradients, scale, false);
  }

  /**
   * As {@link #add}, of gradients that nobody looks at afterwards: those that need not be summed up
   * are taken without a copy, and {@code gradients} has them no more.
   */
  public void take(Gradients gradients, double scale) {
    add(gradients, scale, true);
  }

  private void add(Gradients gradients, double scale, boolean takes) {
    Set<String> names = gradients.parameterNames();
    boolean[] arrives = new boolean[runs.size()];
    FloatBuffer[] sources = new FloatBuffer[runs.size()];
    for (int i = 0; i < sources.length; i++) {
      LearnedTensor tensor = runs.get(i).tensor;
      if (runs.get(i).from > 0) {
        arrives[i] = arrives[i - 1];
        sources[i] = sources[i - 1];
      } else if (names.contains(tensor.name)) {
        arrives[i] = true;
        if (!takes || scale != 1 || tensor.arrived || !tensor.take(gradients)) {
          sources[i] = HostCopy.readable(gradients.parameter(tensor.name));
        }
      }
    }
    Room[] rooms = rooms();
    Threads.shared()
        .run(
            runs.size(),
            (i, worker) -> {
              if (arrives[i]) {
                Run run = runs.get(i);
                if (sources[i] != null) {
                  run.tensor.add(
                      sources[i], (float) scale, run.from, run.count, rooms[worker].weights);
                }
                sums[i] = rooms[worker].squares(run); // while the gradients are near
              }
            });
    for (int i = 0; i < sources.length; i++) {
      runs.get(i).tensor.arrived |= arrives[i];
    }
    summed = true;
  }

  /** The L2 norm of all gradients that have arrived, as one vector. */
  public double gradientNorm() {
    if (!summed) {
      Room[] rooms = rooms();
      Threads.shared()
          .run(runs.size(), (i, worker) -> sums[i] = rooms[worker].squares(runs.get(i)));
      summed = true;
    }
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += runs.get(i).tensor.arrived ? sums[i] : 0;
    }
    return Math.sqrt(sum);
  }

  /** The L2 norm of each gradient that has arrived, by the parameter's name. */
  public Map<String, Double> gradientNorms() {
    gradientNorm(); // sums the runs, unless that is done
    Map<String, Double> norms = new LinkedHashMap<>();
    ofTensors(sums)
        .forEach(
            (tensor, sum) -> {
              if (tensor.arrived) {
                norms.put(tensor.name, Math.sqrt(sum));
              }
            });
    return norms;
  }

  /** The sums of the runs of each tensor. */
  private Map<LearnedTensor, Double> ofTensors(double... byRun) {
    Map<LearnedTensor, Double> byTensor = new LinkedHashMap<>();
    for (int i = 0; i < byRun.length; i++) {
      byTensor.merge(runs.get(i).tensor, byRun[i], Double::sum);
    }
    return byTensor;
  }

  /** The parameter nearest to the output whose gradient is not finite. */
  public Optional<String> lastNonFiniteGradient() {
    for (int i = tensors.size() - 1; i >= 0; i--) {
      LearnedTensor tensor = tensors.get(i);
      if (tensor.arrived) {
        for (float g : tensor.gradient) {
          if (!Float.isFinite(g)) {
            return Optional.of(tensor.name);
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Shrinks all gradients so that their norm is at most this, as PyTorch's {@code clip_grad_norm_}.
   *
   * @param norm that of {@link #gradientNorm}
   */
  public void clipNorm(double norm, double most) {
    double factor = most / (norm + CLIP_EPS);
    if (factor < 1) {
      float f = (float) factor;
      change(g -> g * f);
    }
  }

  /** Brings each value of the gradients into {@code [-most, most]}. */
  public void clipValue(double most) {
    float limit = (float) most;
    change(g -> Math.max(-limit, Math.min(limit, g)));
  }

  /** What becomes of one value. */
  @FunctionalInterface
  private interface Change {
    float of(float value);
  }

  private void change(Change change) {
    summed = false;
    Threads.shared()
        .run(
            runs.size(),
            (i, worker) -> {
              Run run = runs.get(i);
              float[] g = run.tensor.gradient;
              for (int k = run.from; k < run.from + run.count; k++) {
                g[k] = change.of(g[k]);
              }
            });
  }

  /**
   * Changes the parameters whose gradients have arrived; the next {@link #add} begins anew.
   *
   * @param update the number of the update, for the schedule
   */
  public void update(LearningRateSchedule schedule, long update) {
    update(schedule, update, network::update);
  }

  /**
   * As the other, through a function that changes the network's parameters and may look on.
   *
   * @param through calls what it is given with the network's parameters, as {@link Network#update}
   */
  public void update(
      LearningRateSchedule schedule,
      long update,
      Consumer<Consumer<Map<String, INDArray>>> through) {
    update(schedule, update, through, work -> work);
  }

  /**
   * As the other, and sums what it does to each parameter while its values are at hand.
   *
   * @param gradients the norms of the gradients, before they were clipped
   * @return the norms by name, of the parameters whose gradients have arrived
   */
  public Map<String, UpdateNorms> measuredUpdate(
      LearningRateSchedule schedule,
      long update,
      Consumer<Consumer<Map<String, INDArray>>> through,
      Map<String, Double> gradients) {
    double[] before = new double[runs.size()];
    double[] added = new double[runs.size()];
    update(schedule, update, through, work -> measured(work, before, added));
    Map<LearnedTensor, Double> weights = ofTensors(before);
    Map<LearnedTensor, Double> changes = ofTensors(added);
    Map<String, UpdateNorms> norms = new LinkedHashMap<>();
    for (LearnedTensor tensor : tensors) {
      Double gradient = gradients.get(tensor.name);
      if (gradient != null) {
        norms.put(
            tensor.name,
            new UpdateNorms(
                Math.sqrt(weights.getOrDefault(tensor, 0.0)),
                gradient,
                Math.sqrt(changes.getOrDefault(tensor, 0.0))));
      }
    }
    return norms;
  }

  /** The same work, with the sums of squares of a run's weights before it and of their changes. */
  private Work measured(Work work, double[] before, double[] added) {
    Room[] rooms = rooms();
    return (run, weights, i, worker) -> {
      Room room = rooms[worker];
      System.arraycopy(weights, 0, room.old, 0, run.count);
      before[i] = room.squares.of(room.old, 0, run.count);
      work.on(run, weights, i, worker);
      added[i] = room.squares.ofChange(room.old, weights, run.count);
    };
  }

  /**
   * Changes the parameters.
   *
   * @param around makes of what changes a run's weights what is done
   */
  private void update(
      LearningRateSchedule schedule,
      long update,
      Consumer<Consumer<Map<String, INDArray>>> through,
      UnaryOperator<Work> around) {
    double momentum = schedule.momentum(update).orElse(rule.momentum());
    for (LearnedTensor tensor : tensors) {
      tensor.step += tensor.arrived ? 1 : 0;
    }
    Work rules =
        (run, weights, i, worker) -> rule.update(span(run, weights, schedule, update, momentum));
    through.accept(
        parameters -> {
          if (rule.layerwise()) { // which leaves the weights alone
            each(rules);
            scaled(schedule, update, around);
          } else {
            each(around.apply(rules));
          }
        });
    tensors.forEach(tensor -> tensor.arrived = false);
    summed = false;
  }

  private Rule.Span span(
      Run run, float[] weights, LearningRateSchedule schedule, long update, double momentum) {
    LearnedTensor tensor = run.tensor;
    return new Rule.Span(
        weights,
        tensor.gradient,
        tensor.slots,
        run.from,
        run.count,
        schedule.rate(tensor.rate, update),
        momentum,
        tensor.decay,
        tensor.step);
  }

  /** The step of a layerwise rule, whose directions lie where gradients were. */
  private void scaled(LearningRateSchedule schedule, long update, UnaryOperator<Work> around) {
    Room[] rooms = rooms();
    each(
        (run, weights, i, worker) -> {
          sums[i] = rooms[worker].squares(run);
          otherSums[i] = rooms[worker].squares.of(weights, 0, run.count);
        });
    Map<LearnedTensor, Double> trust = new LinkedHashMap<>();
    Map<LearnedTensor, Double> squaresOfWeights = ofTensors(otherSums);
    ofTensors(sums)
        .forEach(
            (tensor, direction) -> {
              double weights = squaresOfWeights.getOrDefault(tensor, 0.0);
              boolean plain = tensor.decay == 0 || direction == 0 || weights == 0;
              trust.put(tensor, plain ? 1 : Math.sqrt(weights / direction));
            });
    each(
        around.apply(
            (run, weights, number, worker) -> {
              LearnedTensor tensor = run.tensor;
              float step =
                  (float) (schedule.rate(tensor.rate, update) * trust.getOrDefault(tensor, 1.0));
              for (int k = 0; k < run.count; k++) {
                weights[k] -= step * tensor.gradient[run.from + k];
              }
            }));
  }

  /** What is done with a run, whose weights are copied before and written back afterwards. */
  @FunctionalInterface
  private interface Work {
    void on(Run run, float[] weights, int number, int worker);
  }

  private void each(Work work) {
    Room[] rooms = rooms();
    Threads.shared()
        .run(
            runs.size(),
            (i, worker) -> {
              Run run = runs.get(i);
              if (run.tensor.arrived) {
                float[] weights = rooms[worker].weights;
                run.tensor.read(run.from, run.count, weights);
                work.on(run, weights, i, worker);
                run.tensor.write(run.from, run.count, weights);
              }
            });
  }

  /** A room for each worker. */
  private Room[] rooms() {
    int workers = Threads.shared().count();
    if (rooms.length < workers) {
      rooms = new Room[workers];
      Arrays.setAll(rooms, worker -> new Room());
    }
    return rooms;
  }

  /** The learning rate of the group of a parameter, before a schedule. */
  public double rate(String parameter) {
    return tensors.stream()
        .filter(tensor -> tensor.name.equals(parameter))
        .mapToDouble(tensor -> tensor.rate)
        .findFirst()
        .orElseThrow(() -> new CamjarException(parameter + " is not optimised"));
  }

  /** The largest learning rate of a group, before a schedule. */
  public double largestRate() {
    return tensors.stream().mapToDouble(tensor -> tensor.rate).max().orElse(0);
  }

  /**
   * The optimiser's state, its own arrays: {@code exp_avg.layer1.0.conv1.weight} and so on, and
   * {@code step.NAME}, one number a parameter.
   */
  public Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    for (LearnedTensor tensor : tensors) {
      for (int slot = 0; slot < tensor.slots.length; slot++) {
        state.put(rule.slots().get(slot) + "." + tensor.name, tensor.slots[slot]);
      }
      state.put("step." + tensor.name, new float[] {tensor.step});
    }
    return state;
  }

  /**
   * Goes on from another's {@link #state}.
   *
   * @throws CamjarException if something is missing or of another length
   */
  public void restore(Map<String, float[]> state) {
    state()
        .forEach(
            (name, own) -> {
              float[] given = state.get(name);
              if (given == null || given.length != own.length) {
                throw new CamjarException(
                    "the state of the optimiser has %s %s, expected %d values"
                        .formatted(
                            given == null ? "no" : given.length + " values of", name, own.length));
              }
              System.arraycopy(given, 0, own, 0, own.length);
            });
    for (LearnedTensor tensor : tensors) {
      float[] steps = state.get("step." + tensor.name);
      tensor.step = steps == null ? 0 : (long) steps[0];
      tensor.arrived = false;
    }
  }
}
