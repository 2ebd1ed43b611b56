package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Steps of plain SGD on the cross-entropy of one batch, again and again. */
final class TorchTrainingRun implements Prepared {
  private final TorchResNet network;
  private final Tensor pictures;
  private final LongPointer numbers;
  private final Tensor labels;

  TorchTrainingRun(TorchResNet network, Tensor pictures) {
    this.network = network;
    this.pictures = pictures;
    long batch = pictures.size(0);
    this.numbers =
        new LongPointer(LongStream.range(0, batch).map(i -> Task.label((int) i)).toArray());
    this.labels =
        torch.from_blob(numbers, new long[] {batch}, new TensorOptions(torch.ScalarType.Long));
  }

  @Override
  public String settings() {
    return "autograd, plain SGD in place";
  }

  @Override
  public float[] answer() {
    float[] losses = new float[Task.COMPARED_STEPS];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = step();
    }
    return losses;
  }

  @Override
  public void run() {
    step();
  }

  private float step() {
    try (PointerScope scope = new PointerScope()) {
      Tensor y = pictures;
      for (int stage = 0; stage < TorchResNet.STAGES; stage++) {
        y = network.stage(stage, y, true);
      }
      Tensor loss = torch.cross_entropy_loss(network.head(y), labels);
      loss.backward();
      try (AutoGradMode mode = new AutoGradMode(false)) {
        Scalar step = new Scalar(-Task.LEARNING_RATE);
        for (Tensor parameter : network.parameters()) {
          parameter.add_(parameter.grad(), step);
          parameter.mutable_grad().reset();
        }
      }
      return loss.item_float();
    }
  }

  @Override
  public void close() {
    network.close();
    labels.close();
    numbers.close();
  }
}
