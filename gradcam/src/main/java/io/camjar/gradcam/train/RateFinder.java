package io.camjar.gradcam.train;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.engine.train.NonFiniteException;
import io.camjar.engine.train.Seeds;
import io.camjar.engine.train.Trainer;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.train.data.Batch;
import io.camjar.gradcam.train.data.Batches;
import io.camjar.gradcam.train.data.Dataset;
import io.camjar.gradcam.train.data.DecodedImages;
import io.camjar.weights.container.preparation.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Looks for a learning rate (Smith, arXiv 1506.01186): the rate rises exponentially from update to
 * update until the loss is far above its least, as fastai's {@code lr_find} does it. The network is
 * of no use afterwards.
 */
public final class RateFinder {
  private static final double FIRST = 1e-7;
  private static final double LAST = 10;

  /** The share of the past in the smoothed loss. */
  private static final double SMOOTH = 0.9;

  /** Beyond so many times the least loss it has diverged. */
  private static final double DIVERGED = 4;

  private RateFinder() {}

  /**
   * One update.
   *
   * @param rate its learning rate
   * @param loss smoothed over the updates so far
   */
  public record Point(double rate, double loss) {}

  /**
   * The losses, and what they suggest.
   *
   * @param points in the order of their rates
   * @param steepest the rate at which the loss falls fastest; of no use unless it {@link #falls}
   * @param tenthOfLeast a tenth of the rate of the least loss
   */
  public record Found(List<Point> points, double steepest, double tenthOfLeast) {
    /** Whether the loss was ever below that of the first update. */
    public boolean falls() {
      return points.stream().anyMatch(point -> point.loss < points.get(0).loss);
    }
  }

  /**
   * Finds rates, of an update as the last epochs of a training with these settings make it: what is
   * frozen stays, and the body learns by its share of the rate.
   *
   * @param settings whose schedule and rate do not matter
   * @param updates at most
   * @param watch told after each update how many there were
   */
  public static Found find(
      Network network,
      Dataset data,
      TrainingSettings settings,
      Normalization normalization,
      int updates,
      IntConsumer watch) {
    Preset preset =
        Preset.usual("torchvision", "camjar find-lr")
            .following(ModelFile.preparation(settings, normalization));
    DecodedImages images =
        new DecodedImages(
            data.train(),
            image -> Validation.shortSide(image, settings.resize()),
            new AtomicLong());
    int needed = updates * settings.batch();
    int[] order = new int[needed];
    SplittableRandom random = Seeds.random(settings.seed(), 1, 0);
    for (int i = 0; i < needed; i++) {
      order[i] = random.nextInt(images.count());
    }
    // The head gets the rate, the body its share of it, as in the training that it is for.
    LearningRateSchedule rising = (base, update) -> base / settings.rate() * rate(update, updates);
    Phase phase =
        Phase.of(settings.epochs() - 1, settings, network, updates).requireLearning(network);
    Trainer trainer =
        new Trainer(
                network,
                CrossEntropy.smoothed(settings.smoothing()),
                phase.optimizer(network),
                rising,
                settings.seed())
            .freeze(phase.frozen())
            .useRunning(phase.frozen());
    Learner learner = new Learner(trainer, settings, data.names().size());
    List<Point> points = new ArrayList<>();
    double mean = 0;
    double least = Double.POSITIVE_INFINITY;
    try (Batches batches =
        new Batches(
            images,
            order,
            settings.batch(),
            settings.size(),
            0,
            false,
            (index, values, at) ->
                images
                    .get(index)
                    .map(
                        image -> {
                          settings
                              .augmentation()
                              .sample(
                                  image,
                                  settings.size(),
                                  preset.mean(),
                                  preset.std(),
                                  Seeds.random(settings.seed(), 2, 0, index),
                                  values,
                                  at);
                          return true;
                        })
                    .orElse(false))) {
      while (batches.hasNext()) {
        Batch batch = batches.next();
        if (batch.count() < 2) {
          continue;
        }
        double loss = loss(learner, batch, Seeds.random(settings.seed(), 3, 0, points.size()));
        mean = SMOOTH * mean + (1 - SMOOTH) * loss;
        double smoothed = mean / (1 - Math.pow(SMOOTH, points.size() + 1));
        if (!Double.isFinite(loss) || smoothed > DIVERGED * least) {
          break;
        }
        points.add(new Point(rate(points.size(), updates), smoothed));
        least = points.size() > 5 ? Math.min(least, smoothed) : least;
        watch.accept(points.size());
      }
    }
    return found(points);
  }

  private static double loss(Learner learner, Batch batch, SplittableRandom random) {
    try {
      return learner.learn(batch, random).loss();
    } catch (NonFiniteException e) {
      return Double.NaN;
    }
  }

  private static double rate(long update, int updates) {
    return FIRST * Math.pow(LAST / FIRST, (double) update / Math.max(1, updates - 1));
  }

  static Found found(List<Point> points) {
    if (points.size() < 10) {
      throw new CamjarException(
          "only %d updates were possible before the loss was no longer finite; give more images or a smaller --batch"
              .formatted(points.size()));
    }
    int least = 0;
    for (int i = 1; i < points.size(); i++) {
      least = points.get(i).loss < points.get(least).loss ? i : least;
    }
    int steepest = 1;
    for (int i = 2; i <= least; i++) {
      steepest = fall(points, i) > fall(points, steepest) ? i : steepest;
    }
    return new Found(List.copyOf(points), points.get(steepest).rate, points.get(least).rate / 10);
  }

  private static double fall(List<Point> points, int i) {
    return points.get(i - 1).loss - points.get(i).loss;
  }
}
