package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.Constructors;
import io.camjar.weights.pickle.PickleCursor;
import io.camjar.weights.pickle.PickleLimits;
import io.camjar.weights.pickle.PickleMachine;
import io.camjar.weights.pickle.PyBytes;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyTuple;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream of {@code torch.save} before 1.6, and pickles without PyTorch around them.
 *
 * <p>A stream is five pickles (magic number, protocol, system, object, keys), then for each key an
 * element count and the elements, always little-endian. A pickle that does not begin with the magic
 * number is itself the object, as {@code pickle.dump} leaves it.
 */
public final class TorchLegacy {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  private final ByteRegion file;
  private final PickleLimits limits;
  private final Constructors constructors;
  private final Map<String, TorchStorage> storages = new HashMap<>();
  private final Map<String, ByteRegion> data = new HashMap<>();

  private TorchLegacy(ByteRegion file, PickleLimits limits, Constructors constructors) {
    this.file = file;
    this.limits = limits;
    this.constructors = constructors;
  }

  /**
   * What was read.
   *
   * @param stream whether it is a stream; otherwise a bare pickle
   */
  public record Read(boolean stream, Unpickled unpickled) {}

  /** Reads a stream or a bare pickle. */
  public static Read read(ByteRegion file) {
    Constructors constructors = TensorRebuilders.allowList();
    TorchLegacy reader = new TorchLegacy(file, new PickleLimits(), constructors);
    PickleCursor cursor = new PickleCursor(file, 0);
    Object first = reader.machine().load(cursor);
    boolean stream = MAGIC.equals(first);
    Object root = stream ? reader.stream(cursor) : first;
    if (cursor.position() != file.size()) {
      throw Malformed.damaged("bytes follow its last " + (stream ? "storage" : "instruction"));
    }
    return new Read(stream, new Unpickled(root, constructors.inert()));
  }

  /**
   * Reads the pickle of a NumPy array of Python objects; where it has one element, as {@code
   * numpy.save} makes of a dict, that is the root.
   */
  public static Unpickled objects(ByteRegion pickle) {
    Unpickled read = read(pickle).unpickled();
    Object only = read.root() instanceof NumpyTensor array ? array.only() : null;
    return only == null ? read : new Unpickled(only, read.inert());
  }

  /** {@code torch.storage._load_from_bytes(bytes)}: a storage as a stream inside a pickle. */
  static @Nullable Object nestedStorage(PyTuple arguments, PickleLimits limits) {
    if (!(arguments.get(0) instanceof PyBytes bytes)) {
      return null;
    }
    TorchLegacy reader = new TorchLegacy(bytes.region(), limits, Constructors.python());
    PickleCursor cursor = new PickleCursor(bytes.region(), 0);
    if (!MAGIC.equals(reader.machine().load(cursor))) {
      throw Malformed.damaged("a storage inside its pickle is not one of PyTorch's");
    }
    return reader.stream(cursor);
  }

  private PickleMachine machine() {
    return new PickleMachine(constructors, this::persistent, limits);
  }

  private Object stream(PickleCursor cursor) {
    if (!Long.valueOf(PROTOCOL).equals(machine().load(cursor))) {
      throw new Malformed(
          "is a PyTorch stream of an unknown protocol", "save it again with a newer PyTorch");
    }
    machine().load(cursor);
    Object root = machine().load(cursor);
    if (!(machine().load(cursor) instanceof PyList keys)) {
      throw Malformed.damaged("its list of storages is not a list");
    }
    for (Object key : keys.items()) {
      TorchStorage storage = storages.get(String.valueOf(key));
      if (storage == null) {
        throw Malformed.damaged("it has a storage that its pickle does not mention");
      }
      data.put(String.valueOf(key), RawStorage.read(cursor, file, storage.type().width()));
    }
    return root;
  }

  private Object persistent(Object id) {
    if (id instanceof PyTuple tuple) {
      if ("module".equals(tuple.get(0)) && tuple.get(1) instanceof PyGlobal type) {
        return type;
      }
      if ("storage".equals(tuple.get(0))
          && tuple.get(2) instanceof String key
          && tuple.get(4) instanceof Long elements) {
        return storage(key, StorageType.ofStorageClass(tuple.get(1)), elements, tuple.get(5));
      }
    }
    throw Malformed.damaged("its pickle refers to data in an unknown way");
  }

  private TorchStorage storage(String key, StorageType type, long elements, Object view) {
    TorchStorage root =
        storages.computeIfAbsent(
            key,
            k -> new TorchStorage(k, type, elements, ByteOrder.LITTLE_ENDIAN, () -> bytesOf(k)));
    if (view instanceof PyTuple tuple
        && tuple.get(1) instanceof Long offset
        && tuple.get(2) instanceof Long size) {
      return root.view(String.valueOf(tuple.get(0)), offset, size);
    }
    return root;
  }

  private ByteRegion bytesOf(String key) {
    ByteRegion bytes = data.get(key);
    if (bytes == null) {
      throw Malformed.truncated("storage '" + key + "' is not in it");
    }
    return bytes;
  }
}
