package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.Constructors;
import io.camjar.weights.pickle.PersistentLoader;
import io.camjar.weights.pickle.PickleCursor;
import io.camjar.weights.pickle.PickleLimits;
import io.camjar.weights.pickle.PickleMachine;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyTuple;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tar layout of PyTorch 0.1: members {@code storages}, {@code tensors} and {@code pickle}, as
 * {@code legacy_load} of {@code torch/serialization.py} still reads it.
 */
public final class TorchTar {
  private static final int MAX_RANK = 32;

  private final Map<String, ByteRegion> members;
  private final PickleLimits limits = new PickleLimits();
  private final Constructors constructors = TensorRebuilders.allowList();
  private final PickleMachine plain =
      new PickleMachine(constructors, PersistentLoader.NONE, limits);
  private final Map<String, TorchStorage> storages = new HashMap<>();
  private final Map<String, TorchTensor> tensors = new HashMap<>();

  private TorchTar(Map<String, ByteRegion> members) {
    this.members = members;
  }

  /** Whether the region begins as tar archives do. */
  public static boolean looksLike(ByteRegion file) {
    return TarMembers.looksLike(file);
  }

  /** Reads the object that was saved. */
  public static Unpickled read(ByteRegion file) {
    TorchTar tar = new TorchTar(TarMembers.read(file));
    tar.readStorages(tar.member("storages"));
    tar.readTensors(tar.member("tensors"));
    PickleMachine machine = new PickleMachine(tar.constructors, tar::persistent, tar.limits);
    Object root = machine.load(new PickleCursor(tar.member("pickle"), 0));
    return new Unpickled(root, tar.constructors.inert());
  }

  private void readStorages(ByteRegion region) {
    PickleCursor cursor = new PickleCursor(region, 0);
    long count = count(cursor);
    for (long i = 0; i < count; i++) {
      PyTuple header = tuple(plain.load(cursor));
      StorageType type = StorageType.ofStorageClass(header.get(2));
      ByteRegion bytes = RawStorage.read(cursor, region, type.width());
      String key = String.valueOf(header.get(0));
      long elements = bytes.size() / type.width();
      storages.put(
          key, new TorchStorage(key, type, elements, ByteOrder.LITTLE_ENDIAN, () -> bytes));
    }
    if (plain.load(cursor) instanceof PyList views) {
      for (Object view : views.items()) {
        PyTuple tuple = tuple(view);
        if (tuple.get(2) instanceof Long offset && tuple.get(3) instanceof Long size) {
          String key = String.valueOf(tuple.get(0));
          storages.put(key, storage(tuple.get(1)).view(key, offset, size));
        }
      }
    }
  }

  private void readTensors(ByteRegion region) {
    PickleCursor cursor = new PickleCursor(region, 0);
    long count = count(cursor);
    for (long i = 0; i < count; i++) {
      PyTuple header = tuple(plain.load(cursor));
      TorchStorage storage = storage(header.get(1));
      int rank = region.i32(cursor.position());
      if (rank < 0 || rank > MAX_RANK) {
        throw Malformed.damaged("it has a tensor of " + rank + " dimensions");
      }
      cursor.skip(8);
      long[] shape = longs(region, cursor, rank);
      long[] strides = longs(region, cursor, rank);
      long offset = longs(region, cursor, 1)[0];
      tensors.put(
          String.valueOf(header.get(0)),
          new TorchTensor.Strided(storage, storage.type(), offset, shape, strides));
    }
  }

  private Object persistent(Object id) {
    if (id instanceof PyTuple container && container.get(0) instanceof PyGlobal type) {
      return type;
    }
    Object known = tensors.get(String.valueOf(id));
    if (known == null) {
      known = storage(id);
    }
    return known;
  }

  private TorchStorage storage(Object key) {
    TorchStorage storage = storages.get(String.valueOf(key));
    if (storage == null) {
      throw Malformed.damaged("it refers to a storage that is not there");
    }
    return storage;
  }

  private long count(PickleCursor cursor) {
    if (plain.load(cursor) instanceof Long count) {
      return count;
    }
    throw Malformed.damaged("it does not begin with a count");
  }

  private ByteRegion member(String name) {
    ByteRegion member = members.get(name);
    if (member == null) {
      throw new Malformed(
          "is a tar archive, but not a checkpoint: it has no member '" + name + "'",
          "unpack it and give the weights file inside");
    }
    return member;
  }

  private static long[] longs(ByteRegion region, PickleCursor cursor, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = region.i64(cursor.position());
      cursor.skip(Long.BYTES);
    }
    return values;
  }

  private static PyTuple tuple(Object value) {
    if (value instanceof PyTuple tuple) {
      return tuple;
    }
    if (value instanceof PyList list) {
      return new PyTuple(List.copyOf(list.items()));
    }
    throw Malformed.damaged("it describes a storage or tensor in an unknown way");
  }
}
