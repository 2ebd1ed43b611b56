package io.camjar.weights.torch;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.pickle.Constructors;
import io.camjar.weights.pickle.PickleLimits;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyTuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions by which PyTorch's pickles make tensors ({@code torch/_utils.py}), as data.
 *
 * <p>Sizes, strides and offsets are in elements.
 */
final class TensorRebuilders {
  private static final int MAX_RANK = 32;

  private TensorRebuilders() {}

  /**
   * The allow-list of plain Python with PyTorch's additions.
   *
   * <p>The storages that plain {@code pickle.dump} puts inside as bytes are read one level deep.
   */
  static Constructors allowList() {
    Constructors list = Constructors.python();
    list.allow("torch._utils._rebuild_tensor", (a, limits) -> strided(a, 0));
    list.allow("torch._utils._rebuild_tensor_v2", (a, limits) -> strided(a, 0));
    list.allow("torch._utils._rebuild_tensor_v3", (a, limits) -> typed(a));
    list.allow("torch._utils._rebuild_parameter", (a, limits) -> tensorAt(a, 0));
    list.allow("torch._utils._rebuild_parameter_with_state", (a, limits) -> tensorAt(a, 0));
    list.allow("torch.nn.parameter.Parameter", (a, limits) -> tensorAt(a, 0));
    list.allow("torch._tensor._rebuild_from_type", TensorRebuilders::fromType);
    list.allow("torch._tensor._rebuild_from_type_v2", TensorRebuilders::fromType);
    list.allow("fastai.torch_core._fa_rebuild_tensor", (a, limits) -> strided(a, 1));
    for (String device :
        new String[] {"_rebuild_xla_tensor", "_rebuild_device_tensor_from_numpy"}) {
      // (array, dtype, device, requires_grad): what a TPU or another accelerator saves.
      list.allow("torch._utils." + device, (a, limits) -> tensorAt(a, 0));
    }
    list.allow(
        "torch._utils._rebuild_device_tensor_from_cpu_tensor", (a, limits) -> tensorAt(a, 0));
    NumpyTensor.allow(list);
    list.allow("torch.Size", TensorRebuilders::size);
    list.allow("torch.storage._load_from_bytes", TorchLegacy::nestedStorage);
    unreadable(list, "_rebuild_qtensor", "quantised");
    unreadable(list, "_rebuild_sparse_tensor", "sparse");
    unreadable(list, "_rebuild_sparse_csr_tensor", "sparse");
    unreadable(list, "_rebuild_meta_tensor_no_storage", "meta (empty)");
    unreadable(list, "_rebuild_nested_tensor", "nested");
    unreadable(list, "_rebuild_wrapper_subclass", "wrapped");
    list.allow(
        "fastai.torch_core._fa_rebuild_qtensor", (a, l) -> new TorchTensor.Unreadable("quantised"));
    return list;
  }

  private static void unreadable(Constructors list, String function, String kind) {
    list.allow("torch._utils." + function, (a, limits) -> new TorchTensor.Unreadable(kind));
  }

  /** {@code (storage, offset, size, stride, ...)} from argument {@code first} on. */
  private static TorchTensor strided(PyTuple arguments, int first) {
    if (arguments.get(first) instanceof TorchStorage storage) {
      return strided(arguments, first, storage, storage.type());
    }
    throw Malformed.damaged("its pickle makes a tensor without a storage");
  }

  /** {@code (storage, offset, size, stride, requires_grad, hooks, dtype)}. */
  private static TorchTensor typed(PyTuple arguments) {
    if (arguments.get(0) instanceof TorchStorage storage) {
      return strided(arguments, 0, storage, StorageType.ofDtype(arguments.get(6)));
    }
    throw Malformed.damaged("its pickle makes a tensor without a storage");
  }

  private static TorchTensor strided(
      PyTuple arguments, int first, TorchStorage storage, StorageType type) {
    if (!(arguments.get(first + 1) instanceof Long offset)) {
      throw Malformed.damaged("its pickle makes a tensor without an offset");
    }
    return new TorchTensor.Strided(
        storage, type, offset, longs(arguments.get(first + 2)), longs(arguments.get(first + 3)));
  }

  private static @Nullable Object tensorAt(PyTuple arguments, int index) {
    return arguments.get(index) instanceof TorchTensor tensor ? tensor : null;
  }

  /** {@code (function, type, arguments, state)}: a subclass of Tensor, read as a plain tensor. */
  private static @Nullable Object fromType(PyTuple arguments, PickleLimits limits) {
    if (!(arguments.get(0) instanceof PyGlobal function)
        || !(arguments.get(2) instanceof PyTuple inner)) {
      return null;
    }
    return switch (function.qualifiedName()) {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> strided(inner, 0);
      case "torch._utils._rebuild_tensor_v3" -> typed(inner);
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
          tensorAt(inner, 0);
      default -> null;
    };
  }

  private static @Nullable Object size(PyTuple arguments, PickleLimits limits) {
    Object sizes = arguments.get(0);
    if (sizes instanceof PyTuple) {
      return sizes;
    }
    return sizes instanceof PyList list ? new PyTuple(List.copyOf(list.items())) : null;
  }

  private static long[] longs(Object value) {
    List<Object> items =
        value instanceof PyTuple tuple
            ? tuple.items()
            : value instanceof PyList list ? list.items() : List.of(value);
    if (items.size() > MAX_RANK) {
      throw Malformed.damaged("its pickle makes a tensor of " + items.size() + " dimensions");
    }
    long[] longs = new long[items.size()];
    for (int i = 0; i < longs.length; i++) {
      if (!(items.get(i) instanceof Long size)) {
        throw Malformed.damaged("its pickle makes a tensor whose sizes are not integers");
      }
      longs[i] = size;
    }
    return longs;
  }
}
