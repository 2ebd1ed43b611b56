package io.camjar.benchmarks.engine;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.engine.model.Network;
import io.camjar.engine.train.Trainer;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Steps of plain SGD on the cross-entropy of one batch, again and again, by the trainer that users
 * have.
 */
final class SgdRun extends NetworkRun {
  private final Trainer trainer;
  private final Targets labels;

  SgdRun(Network network, INDArray pictures) {
    super(network, pictures);
    int batch = Math.toIntExact(pictures.size(0));
    this.labels = new Targets.Classes(IntStream.range(0, batch).map(Task::label).toArray());
    Optimizer optimizer =
        new Optimizer(
            new Sgd(0), network, ParameterGroups.alike(network.graph(), Task.LEARNING_RATE, 0));
    this.trainer =
        new Trainer(network, CrossEntropy.plain(), optimizer, LearningRateSchedule.constant(), 0);
  }

  @Override
  public float[] answer() {
    float[] losses = new float[Task.COMPARED_STEPS];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (float) step();
    }
    return losses;
  }

  @Override
  public void run() {
    step();
  }

  private double step() {
    return trainer.step(pictures, labels).loss();
  }
}
