package io.camjar.engine.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Values that are made when their keys are first asked for, and kept for those asked for last: a
 * caller who always asks for something else makes them anew each time, and memory does not grow.
 * Safe for threads, of which several may make the same value at once; all get one of them.
 */
public final class Recent<K, V> {
  private final Map<K, V> values;

  /**
   * Without values.
   *
   * @param kept how many are kept
   */
  public Recent(int kept) {
    this.values =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > kept;
          }
        };
  }

  /** The value of a key. */
  public V get(K key, Function<? super K, ? extends V> make) {
    synchronized (values) {
      V known = values.get(key);
      if (known != null) {
        return known;
      }
    }
    V made = make.apply(key);
    synchronized (values) {
      V other = values.putIfAbsent(key, made);
      return other == null ? made : other;
    }
  }

  /** How many there are. */
  public int size() {
    synchronized (values) {
      return values.size();
    }
  }
}
