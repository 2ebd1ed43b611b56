package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Answers;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Grad-CAM by autograd, activations and gradients kept at the stages as hooks keep them.
 *
 * <p>With frozen parameters the graph begins at the first stage that is kept, and the gradients are
 * those of the kept stages alone, which needs a forward cut in two; hooks on a whole module, with
 * the parameters frozen, need an image that requires a gradient. Otherwise it is {@code
 * score.backward()}, as users and pytorch-grad-cam call it, which also makes the gradients of all
 * parameters.
 */
final class TorchMapsRun implements Prepared {
  private final TorchResNet network;
  private final Tensor pictures;
  private final int first;
  private final boolean frozen;
  private final boolean cut;

  /**
   * Prepares it.
   *
   * @param hooked whether the gradient goes back to the image
   */
  TorchMapsRun(TorchResNet network, Tensor pictures, int first, boolean hooked) {
    this.network = network;
    this.pictures = pictures;
    this.first = first;
    this.frozen = !network.parameters().get(0).requires_grad();
    this.cut = frozen && !hooked;
    if (hooked) {
      pictures.set_requires_grad(true);
    }
  }

  @Override
  public String settings() {
    if (!frozen) {
      return "parameters not frozen, score.backward()";
    }
    return cut
        ? "parameters frozen, graph from the first kept block on"
        : "parameters frozen, hooks on the blocks, score.backward() to the image";
  }

  @Override
  public float[] answer() {
    try (PointerScope scope = new PointerScope()) {
      return Answers.joined(maps().stream().map(TorchTensors::floats).toList());
    }
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      maps();
    }
  }

  /** The maps {@code [N, h, w]}, one a kept stage. */
  private List<Tensor> maps() {
    List<Tensor> kept = new ArrayList<>();
    Tensor y = pictures;
    for (int stage = 0; stage < TorchResNet.STAGES; stage++) {
      try (AutoGradMode mode = new AutoGradMode(!cut || stage > first)) {
        y = network.stage(stage, y, false);
      }
      if (stage >= first) {
        if (cut && stage == first) {
          y.set_requires_grad(true);
        }
        if (!cut) {
          y.retain_grad();
        }
        kept.add(y);
      }
    }
    Tensor score = network.head(y).narrow(1, Task.EXPLAINED_CLASS, 1).sum();
    List<Tensor> gradients = cut ? ofKept(score, kept) : ofEverything(score, kept);
    List<Tensor> maps = new ArrayList<>();
    try (AutoGradMode mode = new AutoGradMode(false)) {
      for (int i = 0; i < kept.size(); i++) {
        Tensor weights = gradients.get(i).mean(new long[] {2, 3}, true, new ScalarTypeOptional());
        maps.add(weights.mul(kept.get(i)).sum(1));
      }
    }
    return maps;
  }

  private static List<Tensor> ofKept(Tensor score, List<Tensor> kept) {
    TensorVector gradients =
        torch.grad(new TensorVector(score), new TensorVector(kept.toArray(Tensor[]::new)));
    return List.of(gradients.get());
  }

  private List<Tensor> ofEverything(Tensor score, List<Tensor> kept) {
    score.backward();
    List<Tensor> gradients = kept.stream().map(Tensor::grad).toList();
    // zero_grad(set_to_none=True)
    network.parameters().forEach(parameter -> parameter.mutable_grad().reset());
    pictures.mutable_grad().reset();
    return gradients;
  }

  @Override
  public void close() {
    network.close();
  }
}
