package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The values that a caller asked for, made arrays or feature maps when they are looked at. */
final class Kept {
  private final String what;
  private final Map<String, Integer> points;
  private final Source source;
  private final boolean shared;
  private final Map<String, INDArray> arrays = new HashMap<>();
  private final Map<String, FeatureMaps> maps = new HashMap<>();
  private boolean closed;

  /** A pass, by the graph's values. */
  interface Source {

    /** A value as an array. */
    INDArray array(int graphValue);

    /** A value as feature maps, or null if there is no better way than an array. */
    @Nullable FeatureMaps featureMaps(int graphValue);
  }

  /**
   * Values that were asked for.
   *
   * @param what they are, for messages: {@code the activation}
   * @param points paths and the graph's values that they name
   * @param source the pass
   * @param shared whether arrays belong to the pass
   */
  Kept(String what, Map<String, Integer> points, Source source, boolean shared) {
    this.what = what;
    this.points = points;
    this.source = source;
    this.shared = shared;
  }

  INDArray array(String path) {
    int value = value(path);
    return arrays.computeIfAbsent(path, p -> source.array(value));
  }

  FeatureMaps featureMaps(String path) {
    int value = value(path);
    return maps.computeIfAbsent(
        path,
        p -> {
          FeatureMaps inPlace = source.featureMaps(value);
          return inPlace != null ? inPlace : ArrayFeatureMaps.of(array(path));
        });
  }

  private int value(String path) {
    requireOpen(what + " of " + path);
    Integer value = points.get(path);
    if (value == null) {
      throw new CamjarException(
          "%s of %s was not traced, traced were %s"
              .formatted(what, path, new TreeSet<>(points.keySet())));
    }
    return value;
  }

  void requireOpen(String of) {
    if (closed) {
      throw new IllegalStateException(of + " was asked for after its owner was closed");
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Bytes of the arrays that are not the pass's. */
  long bytes() {
    ToIntFunction<INDArray> width = array -> array.dataType().width();
    return shared
        ? 0
        : arrays.values().stream().mapToLong(a -> a.length() * width.applyAsInt(a)).sum();
  }

  void close() {
    closed = true;
    if (!shared) {
      arrays.values().forEach(INDArray::close);
    }
    arrays.clear();
    maps.clear();
  }
}
