package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.target.Outputs;
import io.camjar.gradcam.target.Score;
import io.camjar.gradcam.target.SigmoidScore;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.What;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How a network's logits are read: which classes they stand for, and what a class's share is.
 * Immutable.
 *
 * <p>There is a logit a class, but for networks of one output whose two sides have names: the
 * output speaks for the second class and its negative for the first, as with {@code
 * BCEWithLogitsLoss}.
 */
public final class Readout {
  /** The reason where no names are known. */
  public static final String NO_NAMES = "no names are known";

  private final Decision<Labels> labels;
  private final Decision<Outputs> outputs;

  private Readout(Decision<Labels> labels, Decision<Outputs> outputs) {
    this.labels = labels;
    this.outputs = outputs;
    if (outputs.value() == Outputs.SOFTMAX && labels.value().outputs() == 1) {
      throw new CamjarException(
          "the network has one output, whose softmax is 1 whatever it sees; read it as sigmoid, or"
              + " as raw if it is no answer to yes or no");
    }
  }

  /**
   * A way of reading.
   *
   * @throws CamjarException if a single output is to be read as a softmax, which is always 1
   */
  public static Readout of(Decision<Labels> labels, Decision<Outputs> outputs) {
    return new Readout(labels, outputs);
  }

  /** Classes without names; a softmax, or a sigmoid of a single output. */
  public static Readout of(Labels labels) {
    return of(new Decision<>(labels, Decision.By.ASSUMED, NO_NAMES), usual(labels));
  }

  /**
   * As a file says it, or one that belongs to it; else what is usual.
   *
   * @throws CamjarException if the file holds no network that camjar runs
   */
  public static Readout of(Checkpoint checkpoint) {
    return StatedReadout.of(checkpoint, checkpoint.requireArchitecture().classes());
  }

  /** What is usual for so many outputs. */
  static Decision<Outputs> usual(Labels labels) {
    if (labels.outputs() == 0) {
      return new Decision<>(Outputs.RAW, Decision.By.NETWORK, "the network has no classifier");
    }
    return labels.outputs() == 1
        ? new Decision<>(Outputs.SIGMOID, Decision.By.NETWORK, "the network has one output")
        : new Decision<>(Outputs.SOFTMAX, Decision.By.ASSUMED, "usual for classes");
  }

  /**
   * The same with these names.
   *
   * @throws CamjarException if they do not fit the outputs
   */
  public Readout with(Decision<Labels> names) {
    return of(labels.value().replacedBy(names), outputs);
  }

  /** The same with outputs of this meaning. */
  public Readout reading(Decision<Outputs> meaning) {
    return of(labels, meaning);
  }

  /** The names of the classes. */
  public Labels labels() {
    return labels.value();
  }

  /** The same, with where they come from. */
  public Decision<Labels> labelsDecision() {
    return labels;
  }

  /** What outputs mean. */
  public Outputs outputs() {
    return outputs.value();
  }

  /** The same, with who says so. */
  public Decision<Outputs> outputsDecision() {
    return outputs;
  }

  /** {@code softmax}, {@code sigmoid} or {@code raw}; {@code none} without a classifier. */
  public String meaning() {
    return labels().outputs() == 0 ? "none" : outputs().word();
  }

  /** Whether several classes can be right of one image: each is asked about by itself. */
  public boolean severalLabels() {
    return outputs() == Outputs.SIGMOID && labels().outputs() > 1;
  }

  /** What was assumed of the outputs and of their names, with who said so. */
  public List<Assumption> assumed() {
    String named =
        labels().names().isEmpty() ? "numbers" : "%d names".formatted(labels().names().size());
    Assumption activation = outputs.assumed(What.ACTIVATION, meaning());
    return labels().outputs() == 0
        ? List.of(activation)
        : List.of(activation, labels.assumed(What.LABELS, named));
  }

  /** Scores before softmax or sigmoid, one a class. */
  public float[] scores(float[] logits) {
    return labels().twoSided() ? new float[] {-logits[0], logits[0]} : logits;
  }

  /** Shares of the classes, 0 to 1; all NaN where there are none. */
  public double[] shares(float[] logits) {
    return outputs().shares(scores(logits));
  }

  /** See {@link Outputs#loss}. */
  public double loss(float[] logits, int actual) {
    return outputs().loss(scores(logits), actual);
  }

  /** All classes, that of the largest score first, of equals the first. */
  public List<Prediction> ranked(float[] logits) {
    float[] scores = scores(logits);
    double[] shares = shares(logits);
    return descending(logits)
        .mapToObj(i -> new Prediction(labels().at(i), scores[i], shares[i]))
        .toList();
  }

  /** The class of the largest score, the first of equals. */
  public Prediction predicted(float[] logits) {
    int index = descending(logits).findFirst().orElseThrow();
    return new Prediction(labels().at(index), scores(logits)[index], shares(logits)[index]);
  }

  /** A class's share with so many decimals; its score where there are no shares. */
  public String figure(float[] logits, int index, int decimals) {
    double figure = outputs() == Outputs.RAW ? scores(logits)[index] : shares(logits)[index];
    return String.format(Locale.ROOT, "%." + decimals + "f", figure);
  }

  /** Class indices, the largest score first. */
  IntStream descending(float[] logits) {
    // A logit of 0 counts for the second of two sides: 0 is not below 0.
    return labels().twoSided()
        ? logits[0] < 0 ? IntStream.of(0, 1) : IntStream.of(1, 0)
        : Target.descending(logits);
  }

  /** A class's score before softmax or sigmoid, to be explained. */
  public Score logit(int index) {
    labels().at(index);
    return labels().twoSided() ? Score.binary(index == 1) : Score.logit(index);
  }

  /**
   * A class's share, to be explained.
   *
   * @throws CamjarException if there are none
   */
  public Score share(int index) {
    return switch (outputs()) {
      case SOFTMAX -> Score.probability(index);
      case SIGMOID -> new SigmoidScore(logit(index));
      case RAW ->
          throw new CamjarException(
              "the outputs are read as raw numbers, which have no probabilities (%s); explain the"
                      .formatted(outputs.reason())
                  + " logit, or read them as sigmoid or softmax");
    };
  }

  /** The share where there is one, else the score itself: what measures of maps go by. */
  public Score measured(int index) {
    return outputs() == Outputs.RAW ? logit(index) : share(index);
  }

  /** How far one class is ahead of another, to be explained. */
  public Score difference(int index, int other) {
    if (!labels().twoSided()) {
      return Score.difference(index, other);
    }
    float sign = Integer.signum(index - other);
    return Score.of(y -> 2.0 * sign * y[0], y -> new float[] {2 * sign});
  }
}
