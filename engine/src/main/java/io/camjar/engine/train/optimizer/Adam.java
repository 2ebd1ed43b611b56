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
  static final List<String> SLOTS = List.of("exp_avg", "exp_avg_sq");

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
    return SLOTS;
  }

  @Override
  public double momentum() {
    return beta1;
  }

  @Override
  public void update(Span span) {
    float[] w = span.weights();
    float[] g = span.gradient();
    float[] m = span.slots()[0];
    float[] v = span.slots()[1];
    int from = span.from();
    float b1 = (float) span.momentum();
    float b2 = (float) beta2;
    float inGradient = decoupled ? 0 : (float) span.decay();
    float shrink = decoupled ? (float) (1 - span.rate() * span.decay()) : 1;
    float add1 = (float) (1 - span.momentum());
    float add2 = (float) (1 - beta2);
    float rate = (float) (span.rate() / (1 - Math.pow(span.momentum(), span.step())));
    float root = (float) (1 / Math.sqrt(1 - Math.pow(beta2, span.step())));
    float e = (float) eps;
    for (int i = 0; i < span.count(); i++) {
      float gradient = g[from + i] + inGradient * w[i];
      float mean = b1 * m[from + i] + add1 * gradient;
      float square = b2 * v[from + i] + add2 * gradient * gradient;
      m[from + i] = mean;
      v[from + i] = square;
      w[i] = shrink * w[i] - rate * mean / ((float) Math.sqrt(square) * root + e);
    }
  }
}
