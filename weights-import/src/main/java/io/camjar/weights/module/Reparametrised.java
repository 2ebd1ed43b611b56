package io.camjar.weights.module;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.Optional;

/**
 * Weights that a file holds as the factors from which PyTorch computes them before each forward:
 * pruned ({@code torch/nn/utils/prune.py}), weight norm ({@code weight_norm.py}) and spectral norm
 * ({@code spectral_norm.py}), by the old hooks and by {@code torch.nn.utils.parametrizations}.
 */
final class Reparametrised {
  /** What a set of factors is called, and the tensor that they make. */
  record Made(String kind, TensorEntry tensor) {}

  private static final String PARAMETRISED = "parametrizations.";

  private final StateDict tensors;

  Reparametrised(StateDict tensors) {
    this.tensors = tensors;
  }

  /**
   * The tensor that this factor leads to, or nothing for a factor that is used up by another, and
   * for tensors that are no factor at all ({@link #isFactor}).
   */
  Optional<Made> made(String name) {
    if (name.endsWith("_orig")) {
      return Optional.of(byHook(name, name.substring(0, name.length() - "_orig".length())));
    }
    if (name.endsWith("_g") && tensors.has(start(name, "_g") + "_v")) {
      String target = start(name, "_g");
      return Optional.of(weightNorm(target, find(name), find(target + "_v")));
    }
    int at = name.lastIndexOf(PARAMETRISED);
    if (at >= 0 && name.endsWith(".original")) {
      return Optional.of(parametrised(name, target(name, at, ".original")));
    }
    if (at >= 0 && name.endsWith(".original0")) {
      TensorEntry v = factor(name, name.substring(0, name.length() - 1) + "1");
      return Optional.of(weightNorm(target(name, at, ".original0"), find(name), v));
    }
    return Optional.empty();
  }

  /** Whether the tensor is only there to compute another from. */
  boolean isFactor(String name) {
    if (name.lastIndexOf(PARAMETRISED) >= 0) {
      return true;
    }
    for (String end : new String[] {"_orig", "_mask", "_u", "_v"}) {
      if (name.endsWith(end) && tensors.has(start(name, end) + "_orig")) {
        return true;
      }
    }
    return (name.endsWith("_g") && tensors.has(start(name, "_g") + "_v"))
        || (name.endsWith("_v") && tensors.has(start(name, "_v") + "_g"));
  }

  private Made byHook(String name, String target) {
    if (tensors.has(target + "_mask")) {
      return new Made("pruned", masked(target, find(name), find(target + "_mask")));
    }
    return new Made(
        "spectrally normed",
        spectral(target, find(name), factor(name, target + "_u"), factor(name, target + "_v")));
  }

  private Made parametrised(String name, String target) {
    String first = name.substring(0, name.length() - "original".length()) + "0.";
    boolean second = tensors.names().stream().anyMatch(n -> n.startsWith(next(first)));
    if (second || !tensors.has(first + "_u") || !tensors.has(first + "_v")) {
      throw new Malformed(
          "has the parametrised tensor '"
              + name
              + "', which is no weight norm and no spectral norm",
          "call torch.nn.utils.parametrize.remove_parametrizations on the layer before saving");
    }
    return new Made(
        "spectrally normed", spectral(target, find(name), find(first + "_u"), find(first + "_v")));
  }

  private static String next(String first) {
    return first.substring(0, first.length() - 2) + "1.";
  }

  /** {@code layer.parametrizations.weight.original} is {@code layer.weight}. */
  private static String target(String name, int at, String end) {
    return name.substring(0, at)
        + name.substring(at + PARAMETRISED.length(), name.length() - end.length());
  }

  /** {@code weight = mask * original}. */
  private static TensorEntry masked(String target, TensorEntry original, TensorEntry mask) {
    require(target, original.elements() == mask.elements());
    float[] values = FloatTensor.values(original);
    float[] kept = FloatTensor.values(mask);
    double[] product = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      product[i] = (double) kept[i] * values[i];
    }
    return FloatTensor.of(target, product, original.shape());
  }

  /**
   * {@code weight = v * (g / norm(v))}, the norm over all dimensions but the one that g keeps
   * (Salimans and Kingma, arXiv 1602.07868).
   */
  private static Made weightNorm(String target, TensorEntry g, TensorEntry v) {
    long[] shape = v.shape();
    int kept = -1;
    for (int d = 0; d < g.rank(); d++) {
      if (g.size(d) != 1) {
        require(target, kept < 0 && g.rank() == shape.length && g.size(d) == shape[d]);
        kept = d;
      }
    }
    int rows = kept < 0 ? 1 : (int) shape[kept];
    long inner = 1;
    for (int d = kept + 1; kept >= 0 && d < shape.length; d++) {
      inner *= shape[d];
    }
    float[] scales = FloatTensor.values(g);
    float[] values = FloatTensor.values(v);
    require(target, scales.length == rows);
    double[] squares = new double[rows];
    for (int i = 0; i < values.length; i++) {
      squares[row(i, inner, rows, kept)] += (double) values[i] * values[i];
    }
    double[] weight = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = row(i, inner, rows, kept);
      weight[i] = values[i] * (scales[row] / Math.sqrt(squares[row]));
    }
    return new Made("weight-normed", FloatTensor.of(target, weight, shape));
  }

  private static int row(int index, long inner, int rows, int kept) {
    return kept < 0 ? 0 : (int) (index / inner % rows);
  }

  /**
   * {@code weight = original / (u . W v)} with W the original as a matrix of one row an output
   * (Miyato et al., arXiv 1802.05957), as evaluated: u and v as they were saved.
   */
  private static TensorEntry spectral(
      String target, TensorEntry original, TensorEntry u, TensorEntry v) {
    float[] values = FloatTensor.values(original);
    float[] left = FloatTensor.values(u);
    float[] right = FloatTensor.values(v);
    require(target, left.length > 0 && (long) left.length * right.length == values.length);
    require(target, original.rank() > 0 && original.size(0) == left.length);
    double sigma = 0;
    for (int row = 0; row < left.length; row++) {
      double product = 0;
      for (int column = 0; column < right.length; column++) {
        product += (double) values[row * right.length + column] * right[column];
      }
      sigma += left[row] * product;
    }
    double[] weight = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      weight[i] = values[i] / sigma;
    }
    return FloatTensor.of(target, weight, original.shape());
  }

  private TensorEntry find(String name) {
    return tensors.find(name).orElseThrow();
  }

  private TensorEntry factor(String of, String name) {
    return tensors
        .find(name)
        .orElseThrow(
            () ->
                new Malformed(
                    "has '" + of + "', but not '" + name + "', with which the weights are computed",
                    "save the whole state_dict, or remove the reparametrisation before saving"));
  }

  private static void require(String target, boolean fits) {
    if (!fits) {
      throw new Malformed(
          "has factors of '" + target + "' whose shapes do not fit each other",
          "save the model again from the program that trained it");
    }
  }

  private static String start(String name, String end) {
    return name.substring(0, name.length() - end.length());
  }
}
