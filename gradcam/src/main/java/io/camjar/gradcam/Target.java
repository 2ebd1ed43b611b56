package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.target.Score;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which classes to explain, and which score of them: a class's logit, before softmax, unless
 * another is asked for.
 */
public sealed interface Target {
  /** The most likely class. */
  static Target top1() {
    return top(1);
  }

  /** The {@code count} most likely classes, the likeliest first. */
  static Target top(int count) {
    return new Top(count);
  }

  /** The class of that index. */
  static Target index(int index) {
    return new Index(index);
  }

  /** The class of that name; letter case is free where it must be. */
  static Target named(String name) {
    return new Named(name);
  }

  /** The probabilities of the target's classes, after softmax, in place of their logits. */
  static Target probability(Target of) {
    return new OfProbability(of);
  }

  /** How far the target's classes are ahead of another class: the difference of the logits. */
  static Target against(Target of, Target other) {
    return new Against(of, other);
  }

  /** One of the two classes of a network with a single output; see {@link Score#binary}. */
  static Target binary(boolean positive) {
    return new Binary(positive);
  }

  /**
   * Any score.
   *
   * @param name what records and pictures call it
   * @param index the class it is filed under
   */
  static Target score(String name, int index, Score score) {
    return new Scored(name, index, score);
  }

  /**
   * The scores it stands for, each with its class.
   *
   * @param logits one value a class
   * @throws CamjarException if the model has no such class
   */
  default List<Explained> explained(float[] logits, Labels labels) {
    return select(logits, labels).stream()
        .map(label -> new Explained(label, Score.logit(label.index())))
        .toList();
  }

  /**
   * The classes it stands for.
   *
   * @param logits one value a class
   * @throws CamjarException if the model has no such class
   */
  List<ClassLabel> select(float[] logits, Labels labels);

  /**
   * Makes sure that the model has such classes, before any arithmetic is done.
   *
   * @throws CamjarException if it has not
   */
  default void check(Labels labels) {
    select(new float[labels.count()], labels);
  }

  /** See {@link #top}. */
  record Top(int count) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      if (count < 1 || count > labels.count()) {
        throw new CamjarException(
            "the top %d classes were asked for, but the model has %d"
                .formatted(count, labels.count()));
      }
      return descending(logits).limit(count).mapToObj(labels::at).toList();
    }
  }

  /** See {@link #index}. */
  record Index(int index) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      return List.of(labels.at(index));
    }
  }

  /** See {@link #named}. */
  record Named(String name) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      return List.of(labels.named(name));
    }
  }

  /** See {@link #probability}. */
  record OfProbability(Target of) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      return of.select(logits, labels).stream()
          .map(label -> new ClassLabel(label.index(), "p(%s)".formatted(label.display())))
          .toList();
    }

    @Override
    public List<Explained> explained(float[] logits, Labels labels) {
      return select(logits, labels).stream()
          .map(label -> new Explained(label, Score.probability(label.index())))
          .toList();
    }
  }

  /** See {@link #against}. */
  record Against(Target of, Target other) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      return explained(logits, labels).stream().map(Explained::label).toList();
    }

    @Override
    public List<Explained> explained(float[] logits, Labels labels) {
      ClassLabel rival = other.select(logits, labels).get(0);
      return of.select(logits, labels).stream()
          .map(
              label ->
                  new Explained(
                      new ClassLabel(
                          label.index(), label.display() + " against " + rival.display()),
                      Score.difference(label.index(), rival.index())))
          .toList();
    }
  }

  /** See {@link #binary}. */
  record Binary(boolean positive) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      return List.of(new ClassLabel(0, positive ? "positive" : "negative"));
    }

    @Override
    public List<Explained> explained(float[] logits, Labels labels) {
      return List.of(new Explained(select(logits, labels).get(0), Score.binary(positive)));
    }
  }

  /** See {@link #score}. */
  record Scored(String name, int index, Score score) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Labels labels) {
      return List.of(new ClassLabel(labels.at(index).index(), name));
    }

    @Override
    public List<Explained> explained(float[] logits, Labels labels) {
      return List.of(new Explained(select(logits, labels).get(0), score));
    }
  }

  /** Class indices, the largest logit first; of equals the first stays first, NaN comes last. */
  static IntStream descending(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted((a, b) -> Float.compare(rank(logits[b]), rank(logits[a])))
        .mapToInt(Integer::intValue);
  }

  private static float rank(float logit) {
    return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit + 0f;
  }
}
