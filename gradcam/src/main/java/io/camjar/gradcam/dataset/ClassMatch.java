package io.camjar.gradcam.dataset;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;

/** Which class of one network is which of another. */
public final class ClassMatch {
  private final Labels first;
  private final Labels second;
  private final boolean byName;

  private ClassMatch(Labels first, Labels second, boolean byName) {
    this.first = first;
    this.second = second;
    this.byName = byName;
  }

  /**
   * By name where both networks' classes have names, in whatever order; else by index.
   *
   * @throws CamjarException if a class of the first has no counterpart
   */
  public static ClassMatch of(Labels first, Labels second) {
    boolean named = !first.names().isEmpty() && !second.names().isEmpty();
    if (named) {
      for (String name : first.names()) {
        if (second.find(name).isEmpty()) {
          throw new CamjarException(
              "the first network has a class \"%s\" and the second has none; give both the same classes with --labels"
                  .formatted(name));
        }
      }
    }
    if (first.count() != second.count()) {
      throw new CamjarException(
          "the first network has %d classes and the second %d, so their answers cannot be compared"
              .formatted(first.count(), second.count()));
    }
    return new ClassMatch(first, second, named);
  }

  /** The second network's class that is this class of the first. */
  public ClassLabel inSecond(ClassLabel label) {
    return byName ? second.named(first.names().get(label.index())) : second.at(label.index());
  }

  /** Whether these two are one class. */
  public boolean same(ClassLabel ofFirst, ClassLabel ofSecond) {
    return inSecond(ofFirst).index() == ofSecond.index();
  }
}
