package io.camjar.engine.train.optimizer;

import java.util.List;

/**
 * Adam (Kingma and Ba, arXiv 1412.6980) and AdamW (Loshchilov and Hutter, arXiv 1711.05101) as
 * PyTorch has them: {@code m = beta1 m + (1 - beta1) g}, {@code v = beta2 v + (1 - beta2) g^2},
 * {@code w -= rate / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps)}.
 *
 * @param beta1 of the mean
 * @param beta2 of the square
 * @param eps added behind the root
 * @param decoupled whether decay shrinks the weights themselves ({@code w *= 1 - rate decay}), as
 *     AdamW has it, and is not part of the gradient
 */
public record Adam(double beta1, double beta2, double eps, boolean decoupled) implements Rule {
  /** Adam with PyTorch's defaults. */
  public static Adam plain() {
    return new Adam(0.9, 0.999, 1e-8, false);
  }

  /** AdamW with PyTorch's defaults. */
  public static Adam decoupledDecay() {
    return new Adam(0.9, 0.999, 1e-8, true);
  }

  @Override
  public List<String> slots() {
    return Moments.SLOTS;
  }

  @Override
  public double momentum() {
    return beta1;
  }

  @Override
  public void update(Span span) {
    Moments.direction(span, beta2, eps, decoupled ? 0 : span.decay());
    float[] w = span.weights();
    float[] direction = span.gradient();
    int from = span.from();
    float shrink = decoupled ? (float) (1 - span.rate() * span.decay()) : 1;
    float rate = (float) span.rate();
    for (int i = 0; i < span.count(); i++) {
      w[i] = shrink * w[i] - rate * direction[from + i];
    }
  }
}
