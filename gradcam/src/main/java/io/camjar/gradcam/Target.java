package io.camjar.gradcam;

import io.camjar.engine.CamjarException;
import java.util.List;
import java.util.stream.IntStream;

/** Which classes to explain; the score that is explained is the class's logit, before softmax. */
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
