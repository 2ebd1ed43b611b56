package io.camjar.engine.train.optimizer;

import io.camjar.engine.CamjarException;
import java.util.List;

/**
 * Stochastic gradient descent as PyTorch's {@code SGD}: {@code g += decay w}; {@code b = momentum b
 * + (1 - dampening) g}, {@code g} itself at the first step; {@code w -= rate b}, or {@code rate (g
 * + momentum b)} with Nesterov's method.
 *
 * @param momentum 0 for none
 * @param dampening of the momentum
 * @param nesterov whether the step looks ahead
 */
public record Sgd(double momentum, double dampening, boolean nesterov) implements Rule {

  /**
   * A rule.
   *
   * @throws CamjarException if the momentum is negative, or Nesterov's method has none or is
   *     dampened
   */
  public Sgd {
    if (!(momentum >= 0)) {
      throw new CamjarException("momentum must not be negative, found " + momentum);
    }
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new CamjarException("Nesterov's method needs a momentum and no dampening");
    }
  }

  /** With momentum, without dampening. */
  public Sgd(double momentum) {
    this(momentum, 0, false);
  }

  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : List.of("momentum_buffer");
  }

  @Override
  public void update(Span span) {
    float[] w = span.weights();
    float[] g = span.gradient();
    int from = span.from();
    float rate = (float) span.rate();
    float decay = (float) span.decay();
    if (momentum == 0) {
      for (int i = 0; i < span.count(); i++) {
        w[i] -= rate * (g[from + i] + decay * w[i]);
      }
      return;
    }
    float[] b = span.slots()[0];
    boolean first = span.step() == 1;
    float keep = first ? 0 : (float) span.momentum();
    float add = first ? 1 : (float) (1 - dampening);
    float ahead = nesterov ? (float) span.momentum() : 1;
    float plain = nesterov ? 1 : 0;
    for (int i = 0; i < span.count(); i++) {
      float gradient = g[from + i] + decay * w[i];
      float buffer = keep * b[from + i] + add * gradient;
      b[from + i] = buffer;
      w[i] -= rate * (plain * gradient + ahead * buffer);
    }
  }
}
