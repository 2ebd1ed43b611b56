package io.camjar.weights.pickle;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The allow-list: what is really made when a pickle calls one of these names.
 *
 * <p>A name that is not here is never resolved; calling it makes a {@link PyObject}.
 */
public final class Constructors {
  /** Makes a value from a call's positional arguments. */
  @FunctionalInterface
  public interface Constructor {
    /**
     * The value, or null to leave the call to an inert {@link PyObject}.
     *
     * @param limits asked before anything is copied
     */
    @Nullable Object construct(PyTuple arguments, PickleLimits limits);
  }

  private static final int MAX_REMEMBERED = 1000;

  private final Map<String, Constructor> byName = new HashMap<>();
  private final Set<String> inert = new LinkedHashSet<>();

  /** Plain Python: dicts, lists, sets, bytes. */
  public static Constructors python() {
    Constructors list = new Constructors();
    list.allow("collections.OrderedDict", PythonBuiltins::dict);
    list.allow("collections.Counter", PythonBuiltins::dict);
    list.allow("collections.defaultdict", (arguments, limits) -> new PyDict());
    for (String module : new String[] {"builtins.", "__builtin__."}) {
      list.allow(module + "dict", PythonBuiltins::dict);
      list.allow(module + "set", PythonBuiltins::list);
      list.allow(module + "frozenset", PythonBuiltins::list);
      list.allow(module + "list", PythonBuiltins::list);
      list.allow(module + "bytearray", PythonBuiltins::bytes);
      list.allow(module + "bytes", PythonBuiltins::bytes);
    }
    list.allow("_codecs.encode", PythonBuiltins::bytes);
    for (String module : new String[] {"copyreg.", "copy_reg."}) {
      list.allow(module + "_reconstructor", PythonBuiltins::reconstructor);
    }
    return list;
  }

  /** Adds a name. */
  public Constructors allow(String qualifiedName, Constructor constructor) {
    byName.put(qualifiedName, constructor);
    return this;
  }

  /** The names that were called and left inert, in the order met; at most a thousand. */
  public Set<String> inert() {
    return Collections.unmodifiableSet(inert);
  }

  /** The value of calling {@code callable}: allowed, or inert. */
  Object call(Object callable, PyTuple arguments, PickleLimits limits) {
    if (callable instanceof PyGlobal global) {
      Constructor constructor = byName.get(global.qualifiedName());
      Object value = constructor == null ? null : constructor.construct(arguments, limits);
      if (value != null) {
        return value;
      }
    }
    PyObject object = new PyObject(callable, arguments);
    if (inert.size() < MAX_REMEMBERED && object.typeName().length() <= MAX_REMEMBERED) {
      inert.add(object.typeName());
    }
    return object;
  }
}
