package io.camjar.engine.model.family;

import io.camjar.engine.model.Architecture;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Networks of one design, which the names and shapes of their parameters tell apart. */
public interface Family {

  /** What the literature calls it, such as {@code VGG}. */
  String title();

  /** Its published members, such as {@code vgg16_bn}. */
  List<String> names();

  /**
   * A published member on colour images.
   *
   * @param name one of {@link #names()}
   * @param classes how many it scores
   */
  Architecture member(String name, int classes);

  /** The graph's name of a parameter that others name otherwise; the name itself if they do not. */
  default String canonical(String name) {
    return name;
  }

  /** The graph's path of a module that others name otherwise; the path itself if they do not. */
  default String canonicalModule(String path) {
    return path;
  }

  /**
   * The member that these parameters are meant for, of whatever width and number of classes.
   *
   * <p>It need not fit: it may have parameters that are not given, or other shapes, and some that
   * are given it may not have. Whoever loads them compares.
   *
   * @param shapes of parameters and buffers by their names in PyTorch
   * @return empty if the names are not this family's
   */
  Optional<Architecture> recognise(Map<String, long[]> shapes);

  /**
   * As {@link #recognise}, of parameters that need not have those of a classifier: what the member
   * has there is then of no consequence.
   */
  default Optional<Architecture> recogniseBody(Map<String, long[]> shapes) {
    return recognise(shapes);
  }
}
