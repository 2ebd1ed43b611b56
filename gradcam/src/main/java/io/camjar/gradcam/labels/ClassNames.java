package io.camjar.gradcam.labels;

import java.util.List;

/**
 * Names of classes in index order.
 *
 * @param names one a class
 * @param ids what data sets call the classes besides, {@code n01440764}; one a class, or none
 */
public record ClassNames(List<String> names, List<String> ids) {
  public ClassNames {
    names = List.copyOf(names);
    ids = List.copyOf(ids);
  }

  /** Names without ids. */
  static ClassNames of(List<String> names) {
    return new ClassNames(names, List.of());
  }
}
