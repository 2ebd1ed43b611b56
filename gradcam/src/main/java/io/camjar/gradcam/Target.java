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

  /** The {@code count} most probable classes, the first first. */
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

  /** The shares of the target's classes, after softmax or sigmoid, in place of their logits. */
  static Target probability(Target of) {
    return new OfProbability(of);
  }

  /**
   * How far the target's classes are ahead of another class: the difference of the logits. Of
   * {@code top(k)} the other class is the k-th, so {@code top(2)} is the runner-up; a class is not
   * compared with itself.
   */
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
   * @param name what records and images call it
   * @param index the class it is filed under
   */
  static Target score(String name, int index, Score score) {
    return new Scored(name, index, score);
  }

  /** What a method that knows no class explains of a network that has no classifier. */
  static Target noClass() {
    return new NoClass();
  }

  /**
   * The scores it stands for, each with its class.
   *
   * @param logits of one image
   * @param readout which classes they stand for
   * @throws CamjarException if the model has no such class, or the image leaves nothing to explain
   */
  default List<Explained> explained(float[] logits, Readout readout) {
    return select(logits, readout).stream()
        .map(label -> new Explained(label, readout.logit(label.index())))
        .toList();
  }

  /**
   * The classes it stands for.
   *
   * @param logits of one image
   * @param readout which classes they stand for
   * @throws CamjarException if the model has no such class
   */
  List<ClassLabel> select(float[] logits, Readout readout);

  /**
   * Makes sure that the model has such classes, before any arithmetic is done.
   *
   * @throws CamjarException if it has not, or if no image leaves anything to explain
   */
  default void check(Readout readout) {
    select(new float[readout.labels().outputs()], readout);
  }

  /** See {@link #top}. */
  record Top(int count) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      int classes = readout.labels().count();
      if (count < 1 || count > classes) {
        throw new CamjarException(
            "the top %d classes were asked for, but the model has %d".formatted(count, classes));
      }
      return readout.descending(logits).limit(count).mapToObj(readout.labels()::at).toList();
    }
  }

  /** See {@link #index}. */
  record Index(int index) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return List.of(readout.labels().at(index));
    }
  }

  /** See {@link #named}. */
  record Named(String name) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return List.of(readout.labels().named(name));
    }
  }

  /** See {@link #probability}. */
  record OfProbability(Target of) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return explained(logits, readout).stream().map(Explained::label).toList();
    }

    @Override
    public List<Explained> explained(float[] logits, Readout readout) {
      return of.select(logits, readout).stream()
          .map(label -> explained(label, readout.share(label.index()), logits))
          .toList();
    }

    private static Explained explained(ClassLabel label, Score share, float[] logits) {
      boolean flat = true;
      for (float slope : share.gradient(logits)) {
        flat &= slope == 0;
      }
      if (flat) {
        throw new CamjarException(
            "the network is so certain that the gradient of the probability of %s is 0, and a map of it would be blank; explain the logit"
                .formatted(label.display()));
      }
      return new Explained(
          new ClassLabel(label.index(), "p(%s)".formatted(label.display())), share);
    }
  }

  /** See {@link #against}. */
  record Against(Target of, Target other) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return explained(logits, readout).stream().map(Explained::label).toList();
    }

    @Override
    public List<Explained> explained(float[] logits, Readout readout) {
      if (readout.labels().count() < 2) {
        throw new CamjarException(
            "the network has one output, so there is no class to compare with; leave --against"
                + " out");
      }
      ClassLabel rival = rival(logits, readout);
      List<Explained> compared =
          of.select(logits, readout).stream()
              .filter(label -> label.index() != rival.index())
              .map(label -> compare(label, rival, readout))
              .toList();
      if (compared.isEmpty()) {
        throw itself(rival.display());
      }
      return compared;
    }

    private CamjarException itself(String name) {
      boolean runnerUp = other instanceof Top top && top.count() > 1;
      return new CamjarException(
          "%s was to be explained against itself, which would show nothing; name another class, or"
                  .formatted(name)
              + (runnerUp
                  ? " --against top1 for the top-1 class"
                  : " --against top2 for the runner-up"));
    }

    /** Of the K most probable classes the K-th: "against top2" means the runner-up. */
    private ClassLabel rival(float[] logits, Readout readout) {
      List<ClassLabel> rivals = other.select(logits, readout);
      return rivals.get(rivals.size() - 1);
    }

    private static Explained compare(ClassLabel label, ClassLabel rival, Readout readout) {
      return new Explained(
          new ClassLabel(label.index(), label.display() + " against " + rival.display()),
          readout.difference(label.index(), rival.index()));
    }

    /** Which classes are the most probable is known of an image only: all may differ there. */
    @Override
    public void check(Readout readout) {
      of.check(readout);
      other.check(readout);
      boolean known = !(of instanceof Top) && !(other instanceof Top);
      if (known || readout.labels().count() < 2) {
        explained(new float[readout.labels().outputs()], readout);
      } else if (of.equals(other) && of.equals(top1())) {
        throw itself("the top-1 class");
      }
    }
  }

  /** See {@link #binary}. */
  record Binary(boolean positive) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return readout.labels().twoSided()
          ? List.of(readout.labels().at(positive ? 1 : 0))
          : List.of(new ClassLabel(0, positive ? "positive" : "negative"));
    }

    @Override
    public List<Explained> explained(float[] logits, Readout readout) {
      return List.of(new Explained(select(logits, readout).get(0), Score.binary(positive)));
    }

    @Override
    public void check(Readout readout) {
      if (readout.labels().outputs() != 1) {
        throw new CamjarException(
            "the %s side of a single output was asked for, but the network has %d outputs; name a class"
                .formatted(positive ? "positive" : "negative", readout.labels().outputs()));
      }
    }
  }

  /** See {@link #score}. */
  record Scored(String name, int index, Score score) implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return List.of(new ClassLabel(readout.labels().at(index).index(), name));
    }

    @Override
    public List<Explained> explained(float[] logits, Readout readout) {
      return List.of(new Explained(select(logits, readout).get(0), score));
    }
  }

  /** See {@link #noClass}. */
  record NoClass() implements Target {
    @Override
    public List<ClassLabel> select(float[] logits, Readout readout) {
      return List.of(ClassLabel.NONE);
    }

    @Override
    public List<Explained> explained(float[] logits, Readout readout) {
      return List.of(new Explained(ClassLabel.NONE, Score.of(y -> 0, y -> new float[y.length])));
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
