package io.camjar.engine.run;

import io.camjar.engine.CamjarException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The values that a caller asked for, made arrays or feature maps when they are looked at. */
final class Kept {
  private final String what;
  private final Map<String, Integer> points;
  private final boolean shared;
  private final Map<String, INDArray> arrays = new HashMap<>();
  private final Map<String, FeatureMaps> maps = new HashMap<>();
  private boolean closed;

  /** Makes an array of a value. */
  interface Source {
    INDArray array(int graphValue);

    @Nullable FeatureMaps featureMaps(int graphValue);
  }

  /**
   * Values that were asked for.
   *
   * @param what they are, for messages: {@code the activation}
   * @param points paths and the graph's values that they name
   * @param shared whether arrays belong to the pass
   */
  Kept(String what, Map<String, Integer> points, boolean shared) {
    this.what = what;
    this.points = points;
    this.shared = shared;
  }

  INDArray array(String path, Source source) {
    int value = value(path);
    return arrays.computeIfAbsent(path, p -> source.array(value));
  }

  FeatureMaps featureMaps(String path, Source source) {
    int value = value(path);
    return maps.computeIfAbsent(
        path,
        p -> {
          FeatureMaps inPlace = source.featureMaps(value);
          return inPlace != null ? inPlace : ArrayFeatureMaps.of(array(path, source));
        });
  }

  private int value(String path) {
    requireOpen(what + " of " + path);
    Integer value = points.get(path);
    if (value == null) {
      throw new CamjarException(
          "%s of %s was not traced, traced were %s"
              .formatted(what, path, new java.util.TreeSet<>(points.keySet())));
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
