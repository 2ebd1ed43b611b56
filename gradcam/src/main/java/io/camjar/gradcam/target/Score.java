package io.camjar.gradcam.target;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What a map explains: a number made of one image's logits, with its gradient. Immutable.
 *
 * <p>Grad-CAM's paper explains the logit, before softmax: a probability's gradient also asks what
 * would lower the other classes, and vanishes where the network is certain.
 */
public interface Score {
  /** Its value for these logits, one a class. */
  double value(float[] logits);

  /** Its derivative with respect to each logit; of the length of {@code logits}. */
  float[] gradient(float[] logits);

  /** The same with its sign changed: what speaks for it speaks against this. */
  default Score negated() {
    return new Negated(this);
  }

  /** The class's score before softmax, {@code y_c}. */
  static Score logit(int index) {
    return new Logit(index);
  }

  /** The class's share after softmax over all classes, {@code softmax(y)_c}. */
  static Score probability(int index) {
    return new Probability(index);
  }

  /** How far one class is ahead of another, {@code y_a - y_b}. */
  static Score difference(int index, int other) {
    return new Difference(index, other);
  }

  /**
   * The only output of a two-class network that has one: itself for the positive class, its
   * negative for the negative one, as pytorch-grad-cam's {@code BinaryClassifierOutputTarget}.
   */
  static Score binary(boolean positive) {
    return new BinaryOutput(positive);
  }

  /**
   * Any function of the logits.
   *
   * @param value the function
   * @param gradient its derivative with respect to each logit
   */
  static Score of(ToDoubleFunction<float[]> value, Function<float[], float[]> gradient) {
    return new CustomScore(value, gradient);
  }
}
