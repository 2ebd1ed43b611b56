package io.camjar.gradcam.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.train.MovingAverage;
import io.camjar.engine.train.NonFiniteException;
import io.camjar.engine.train.Seeds;
import io.camjar.engine.train.Trainer;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.gradcam.flow.FlowReport;
import io.camjar.gradcam.flow.TrainingFlow;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.train.data.Batch;
import io.camjar.gradcam.train.data.Batches;
import io.camjar.gradcam.train.data.Dataset;
import io.camjar.gradcam.train.data.DecodedImages;
import io.camjar.weights.container.preparation.Normalization;
import io.camjar.weights.container.preparation.Preparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network on a data set, and writes it to a file with a state to go on from.
 *
 * <p>Order of images, changes to them, mixes and dropout follow from the seed and from where they
 * happen. A run that goes on from the state of another, after a kill in the middle of an epoch or
 * elsewhere, ends with the bits of a run that was not interrupted.
 */
public final class TrainingRun {
  private final Network network;
  private final Dataset data;
  private final TrainingSettings settings;
  private final Path out;
  private final TrainingListener listener;
  private final Preparation preparation;
  private final Map<String, String> described;
  private final DecodedImages train;
  private final Validation validation;
  private final float[] mean;
  private final float[] std;
  private final List<EpochReport> reports = new ArrayList<>();
  private Trainer trainer;
  private Learner learner;
  private Optimizer optimizer;
  private @Nullable MovingAverage average;
  private @Nullable TrainingFlow flow;
  private double best = -1;

  /** How a run ended. */
  public enum End {
    /** All epochs were done. */
    DONE,
    /** It was asked to stop, and its state is saved. */
    STOPPED
  }

  /** The running sums of an epoch. */
  private static final class Sums {
    double loss;
    int seen;
    int right;
    double gradientNorm;
    double rate;
  }

  /**
   * A run.
   *
   * @param network to be trained, borrowed
   * @param origin what the network's first weights are, in words; a state of another is refused
   * @param out the file to write, {@code .safetensors}
   * @param cache bytes of decoded images that may be kept in memory
   * @throws CamjarException if all that learns is frozen
   */
  public TrainingRun(
      Network network,
      String origin,
      Dataset data,
      TrainingSettings settings,
      Normalization normalization,
      Path out,
      long cache,
      TrainingListener listener) {
    this.network = network;
    this.data = data;
    this.settings = settings;
    this.out = out;
    this.listener = listener;
    this.preparation = ModelFile.preparation(settings, normalization);
    this.described = new TreeMap<>(settings.text());
    described.put("network", network.architecture().toString());
    described.put("start", origin);
    described.put("classes", String.join(",", data.folders()));
    described.put("images", Integer.toString(data.train().size()));
    Preset preset =
        Preset.usual("torchvision", "camjar train")
            .following(preparation)
            .withChannels(network.architecture().inChannels());
    this.mean = preset.mean();
    this.std = preset.std();
    AtomicLong room = new AtomicLong(cache);
    this.validation = new Validation(network, data.val(), preset, settings.batch(), room);
    this.train =
        new DecodedImages(
            data.train(), image -> Validation.shortSide(image, settings.resize()), room);
    phaseOf(settings.epochs() - 1).requireLearning(network);
    begin(phaseOf(0).requireLearning(network));
  }

  private Phase phaseOf(int epoch) {
    return Phase.of(epoch, settings, network, perEpoch());
  }

  private int perEpoch() {
    return Batches.count(data.train().size(), settings.batch(), false);
  }

  private void begin(Phase phase) {
    optimizer = phase.optimizer(network);
    trainer =
        new Trainer(
            network,
            CrossEntropy.smoothed(settings.smoothing()),
            optimizer,
            phase.schedule(),
            Seeds.of(settings.seed(), phase.number()));
    trainer.freeze(phase.frozen()).useRunning(phase.frozen());
    learner = new Learner(trainer, settings, data.names().size());
    if (flow != null) {
      trainer.hooks(flow.hooks());
    }
    if (settings.average() > 0) {
      if (average == null) {
        average = new MovingAverage(network, settings.average());
      }
      trainer.average(average);
    }
  }

  /**
   * Shows the listener what flows through the network.
   *
   * @param watched of the same network, borrowed
   */
  public TrainingRun watch(TrainingFlow watched) {
    flow = watched;
    trainer.hooks(watched.hooks());
    return this;
  }

  /** The epochs that are over, with those of the run that this one goes on from. */
  public List<EpochReport> reports() {
    return List.copyOf(reports);
  }

  /** The images that could not be read so far, and why. */
  public Map<String, String> unusable() {
    Map<String, String> all = new TreeMap<>(train.unusable());
    all.putAll(validation.unusable());
    return all;
  }

  /** The state that a run with this file goes on from. */
  public static Path stateFile(Path out) {
    return TrainingState.file(out);
  }

  /**
   * Trains from the beginning.
   *
   * @throws CamjarException if a loss, a gradient or an answer is not finite; the last saved state
   *     stays
   * @throws CamjarException if a file cannot be written; one that is there stays
   */
  public End run() {
    return run(0, 0, new Sums());
  }

  /**
   * Trains on from the state of another run with this file and the same settings.
   *
   * @throws CamjarException if there is none, or the settings are others
   */
  public End resume() {
    Path file = TrainingState.file(out);
    TrainingState state = TrainingState.read(file);
    state.requireSettings(described, file);
    Map<String, float[]> weights = state.under("network.");
    network.update(
        parameters ->
            parameters.forEach(
                (name, array) -> {
                  float[] values = weights.get(name);
                  if (values == null || values.length != array.length()) {
                    throw new CamjarException("%s lacks the weights %s".formatted(file, name));
                  }
                  HostCopy.buffer(array).put(values);
                }));
    boolean begins = state.batch() == 0 && state.epoch() > 0;
    if (state.epoch() < settings.epochs()) {
      Phase phase = phaseOf(state.epoch());
      begins &= phase.begins(state.epoch());
      begin(phase);
    }
    if (!begins) {
      optimizer.restore(state.under("optimizer."));
    }
    if (average != null) {
      average.restore(state.under("average."));
    }
    trainer.restore(state.updates());
    reports.addAll(state.reports());
    best = state.best();
    Sums sums = new Sums();
    sums.loss = state.lossSum();
    sums.seen = state.seen();
    sums.right = state.right();
    sums.rate = state.rate();
    sums.gradientNorm = state.gradientNorm();
    return run(state.epoch(), state.batch(), sums);
  }

  private End run(int firstEpoch, int firstBatch, Sums firstSums) {
    int from = firstBatch;
    Sums sums = firstSums;
    for (int epoch = firstEpoch; epoch < settings.epochs(); epoch++) {
      if (from == 0 && epoch > 0 && phaseOf(epoch).begins(epoch)) {
        begin(phaseOf(epoch));
      }
      long start = System.nanoTime();
      int before = sums.seen;
      if (!learn(epoch, from, sums)) {
        return End.STOPPED;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      EpochReport report = measure(epoch, sums, (sums.seen - before) / seconds);
      reports.add(report);
      save(epoch + 1, 0, new Sums());
      listener.epoch(report, network);
      exchange();
      from = 0;
      sums = new Sums();
    }
    return End.DONE;
  }

  /** Learns from the rest of an epoch; false if it was asked to stop. */
  private boolean learn(int epoch, int firstBatch, Sums sums) {
    int[] order = order(epoch);
    int side = settings.size();
    try (Batches batches =
        new Batches(
            train,
            order,
            settings.batch(),
            side,
            firstBatch,
            false,
            (index, values, at) -> make(epoch, index, values, at))) {
      int total = Math.min(order.length, batches.count() * settings.batch());
      for (int number = firstBatch; batches.hasNext(); number++) {
        Batch batch = batches.next();
        if (batch.count() > 1) {
          learn(epoch, number, batch, sums);
        }
        listener.batch(
            epoch + 1,
            Math.min(total, (number + 1) * settings.batch()),
            total,
            sums.loss / Math.max(1, sums.seen),
            (double) sums.right / Math.max(1, sums.seen));
        if (listener.stops()) {
          save(epoch, number + 1, sums);
          return false;
        }
      }
    }
    if (sums.seen == 0) {
      throw new CamjarException(
          "none of the images in train could be read; save them again as JPEG or PNG");
    }
    return true;
  }

  private int[] order(int epoch) {
    int[] order = IntStream.range(0, train.count()).toArray();
    SplittableRandom random = Seeds.random(settings.seed(), 1, epoch);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private boolean make(int epoch, int index, float[] values, int at) {
    return train
        .get(index)
        .map(
            image -> {
              settings
                  .augmentation()
                  .sample(
                      image,
                      settings.size(),
                      mean,
                      std,
                      Seeds.random(settings.seed(), 2, epoch, index),
                      values,
                      at);
              return true;
            })
        .orElse(false);
  }

  private void learn(int epoch, int number, Batch batch, Sums sums) {
    Learner.Learned learned;
    try {
      learned = learner.learn(batch, Seeds.random(settings.seed(), 3, epoch, number));
    } catch (NonFiniteException e) {
      throw new CamjarException(
          "training stopped in epoch %d, batch %d: %s"
              .formatted(epoch + 1, number + 1, e.getMessage()),
          e);
    }
    sums.loss += learned.loss() * batch.count();
    sums.seen += batch.count();
    sums.right += learned.right();
    sums.gradientNorm = learned.update().gradientNorm();
    sums.rate = learned.update().rate();
    if (flow != null) {
      Optional<FlowReport> report = flow.take(batch.count());
      if (report.isPresent()) {
        long done = (long) epoch * perEpoch() + number;
        listener.flow(epoch + 1, number + 1, done, learned.loss(), report.get());
      }
    }
  }

  /** Measures the network, or its average, whose weights stay in it until {@link #exchange}. */
  private EpochReport measure(int epoch, Sums sums, double speed) {
    exchange();
    Validation.Result result;
    try {
      result = validation.run();
    } catch (CamjarException e) {
      throw new CamjarException(
          "training stopped after epoch %d: %s".formatted(epoch + 1, e.getMessage()), e);
    }
    return new EpochReport(
        epoch + 1,
        sums.loss / sums.seen,
        result.loss(),
        result.accuracy(),
        speed,
        (double) sums.right / sums.seen,
        sums.rate,
        sums.gradientNorm,
        unusable().size());
  }

  private void exchange() {
    if (average != null) {
      average.swap();
    }
  }

  /** After an epoch the network is as it was measured; within one, as it is learned. */
  private void save(int epoch, int batch, Sums sums) {
    try {
      if (batch == 0) {
        ModelFile.write(out, network, data.names(), preparation, epoch);
        exchange();
      }
      EpochReport last = reports.isEmpty() ? null : reports.get(reports.size() - 1);
      best = last == null ? best : Math.max(best, last.accuracy());
      state(epoch, batch, sums).write(TrainingState.file(out));
      if (batch == 0) {
        exchange();
      }
    } catch (IOException e) {
      throw new CamjarException(
          "%s could not be saved (%s); what was saved before is still there. Make room, then go on with --resume"
              .formatted(out, e.getMessage()),
          e);
    }
  }

  private TrainingState state(int epoch, int batch, Sums sums) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach((name, array) -> tensors.put("network." + name, HostCopy.floats(array)));
    optimizer.state().forEach((name, values) -> tensors.put("optimizer." + name, values));
    if (average != null) {
      average.state().forEach((name, values) -> tensors.put("average." + name, values));
    }
    boolean begins = batch == 0 && epoch < settings.epochs() && phaseOf(epoch).begins(epoch);
    return new TrainingState(
        described,
        epoch,
        batch,
        begins && epoch > 0 ? 0 : trainer.updates(),
        sums.loss,
        sums.seen,
        sums.right,
        sums.rate,
        sums.gradientNorm,
        best,
        reports,
        tensors);
  }
}
