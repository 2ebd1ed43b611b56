package io.camjar.weights.pickle;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the allowed names of plain Python make. */
final class PythonBuiltins {
  private PythonBuiltins() {}

  /** {@code OrderedDict()}, of nothing, a dict, or a list of pairs. */
  static PyDict dict(PyTuple arguments, PickleLimits limits) {
    PyDict dict = new PyDict();
    Object source = arguments.get(0);
    if (source instanceof PyDict other) {
      limits.objects(other.size());
      for (int i = 0; i < other.size(); i++) {
        dict.put(other.keys().get(i), other.values().get(i));
      }
    }
    limits.objects(itemsOf(source).size());
    for (Object item : itemsOf(source)) {
      List<Object> pair = itemsOf(item);
      if (pair.size() == 2) {
        dict.put(pair.get(0), pair.get(1));
      }
    }
    return dict;
  }

  /** {@code list()} and {@code set()}, of nothing or of a sequence. */
  static PyList list(PyTuple arguments, PickleLimits limits) {
    limits.objects(itemsOf(arguments.get(0)).size());
    PyList list = new PyList();
    list.items().addAll(itemsOf(arguments.get(0)));
    return list;
  }

  /** {@code _codecs.encode(text, 'latin1')}, as protocol 2 writes bytes; {@code bytes()}. */
  static @Nullable Object bytes(PyTuple arguments, PickleLimits limits) {
    if (arguments.size() == 0) {
      return new PyBytes(ByteRegion.wrap(new byte[0]));
    }
    if (arguments.get(0) instanceof PyBytes bytes) {
      return bytes;
    }
    if (arguments.get(0) instanceof String text && text.chars().allMatch(c -> c < 256)) {
      limits.string(text.length());
      return new PyBytes(ByteRegion.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
    return null;
  }

  /** {@code copyreg._reconstructor(cls, base, state)}, as protocols 0 and 1 make objects. */
  static PyObject reconstructor(PyTuple arguments, PickleLimits limits) {
    return new PyObject(arguments.get(0), PyTuple.EMPTY);
  }

  private static List<Object> itemsOf(Object value) {
    if (value instanceof PyList list) {
      return list.items();
    }
    return value instanceof PyTuple tuple ? tuple.items() : List.of();
  }
}
