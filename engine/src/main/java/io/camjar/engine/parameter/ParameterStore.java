package io.camjar.engine.parameter;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network's parameters and buffers by full name, each held once: a parameter that can be read
 * again from where it came, such as a file, has no array until one is asked for.
 *
 * <p>As a map it gives the arrays, and makes those that there are none of. An array that was given
 * out stays, and from then on it is the parameter: whoever has it may change it. Who wants the
 * numbers alone, to lay them out for a kernel, asks for {@link #floats}, which makes no array.
 *
 * <p>Shared by threads, as long as nobody changes the arrays.
 */
public final class ParameterStore extends AbstractMap<String, INDArray> implements AutoCloseable {
  private final Map<String, ParameterSlot> slots;

  private ParameterStore(Map<String, ParameterSlot> slots) {
    this.slots = slots;
  }

  /** Parameters in the order in which they are given. */
  public static final class Builder {
    private final Map<String, ParameterSlot> slots = new LinkedHashMap<>();

    /** A parameter that is an array; the store owns it. */
    public Builder array(String name, INDArray array) {
      slots.put(name, new ParameterSlot(name, array));
      return this;
    }

    /** A float32 parameter of this shape that is read when it is needed. */
    public Builder source(String name, ParameterSource source, long... shape) {
      slots.put(name, new ParameterSlot(name, source, shape));
      return this;
    }

    /** All of them. */
    public ParameterStore build() {
      return new ParameterStore(new LinkedHashMap<>(slots));
    }
  }

  /** These parameters: the map itself if it is a store, else one of its arrays as they are now. */
  public static ParameterStore of(Map<String, INDArray> parameters) {
    if (parameters instanceof ParameterStore store) {
      return store;
    }
    Builder builder = new Builder();
    parameters.forEach(builder::array);
    return builder.build();
  }

  /** The same parameters but for some; what both hold is closed with either. */
  public ParameterStore with(Map<String, INDArray> arrays) {
    Map<String, ParameterSlot> changed = new LinkedHashMap<>(slots);
    arrays.forEach((name, array) -> changed.put(name, new ParameterSlot(name, array)));
    return new ParameterStore(changed);
  }

  /** Whether all are of this type. */
  public boolean areAll(DataType type) {
    return slots.values().stream().allMatch(slot -> slot.type() == type);
  }

  /** The type of the first; FLOAT where there are none. */
  public DataType type() {
    return slots.isEmpty() ? DataType.FLOAT : slots.values().iterator().next().type();
  }

  /**
   * Refuses parameters of several types, which no pass can compute with.
   *
   * @throws CamjarException naming two of them
   */
  public void requireOneType() {
    slots.forEach(
        (name, slot) -> {
          if (slot.type() != type()) {
            throw new CamjarException(
                "tensor %s is %s, but %s is %s; parameters are of one type"
                    .formatted(name, slot.type(), slots.keySet().iterator().next(), type()));
          }
        });
  }

  /** How many numbers a parameter has. */
  public int length(String name) {
    return slot(name).length();
  }

  /** A copy of a float32 parameter's numbers in c order; no array is made for it. */
  public float[] floats(String name) {
    float[] values = new float[length(name)];
    floats(name, values);
    return values;
  }

  /** As the other, to the front of an array that is long enough. */
  public void floats(String name, float[] values) {
    slot(name).copyTo(values);
  }

  /** A copy of a parameter's numbers in c order, in double precision. */
  public double[] doubles(String name) {
    ParameterSlot slot = slot(name);
    if (slot.type() != DataType.FLOAT) {
      return HostCopy.doubles(slot.array());
    }
    float[] floats = floats(name);
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** Makes the arrays that there are none of. */
  public void readAll() {
    slots.values().forEach(ParameterSlot::array);
  }

  /** Bytes of all arrays that there are. */
  public long bytes() {
    return slots.values().stream().mapToLong(ParameterSlot::bytes).sum();
  }

  private ParameterSlot slot(String name) {
    ParameterSlot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalStateException("there is no parameter " + name);
    }
    return slot;
  }

  @Override
  public boolean containsKey(Object name) {
    return slots.containsKey(name);
  }

  @Override
  public Set<String> keySet() {
    return Collections.unmodifiableSet(slots.keySet());
  }

  @Override
  public @Nullable INDArray get(Object name) {
    ParameterSlot slot = slots.get(name);
    return slot == null ? null : slot.array();
  }

  /** The entries; arrays are made as an iterator comes to them. */
  @Override
  public Set<Entry<String, INDArray>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, INDArray>> iterator() {
        Iterator<Entry<String, ParameterSlot>> all = slots.entrySet().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public Entry<String, INDArray> next() {
            Entry<String, ParameterSlot> next = all.next();
            return new SimpleImmutableEntry<>(next.getKey(), next.getValue().array());
          }
        };
      }

      @Override
      public int size() {
        return slots.size();
      }
    };
  }

  /** Frees all arrays; nothing can be read any more. */
  @Override
  public void close() {
    slots.values().forEach(ParameterSlot::close);
  }
}
