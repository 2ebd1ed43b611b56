package io.camjar.weights.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.pickle.PyDict;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.DType;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuleWalkerTests {
  private final StorageType floats = new StorageType("FloatStorage", Optional.of(DType.FLOAT32), 4);
  private final TorchStorage storage =
      new TorchStorage(
          "0", floats, 1, ByteOrder.LITTLE_ENDIAN, () -> ByteRegion.wrap(new byte[] {0, 0, 0, 0}));
  private final TorchTensor tensor =
      new TorchTensor.Strided(storage, floats, 0, new long[] {1}, new long[] {1});

  @Test
  void namesAreThePathsThatStateDictGives() {
    PyObject child = module("torch.nn", "Linear");
    put(child, "_parameters", "weight", tensor);
    put(child, "_buffers", "steps", tensor);
    PyObject root = module("__main__", "Net");
    put(root, "_modules", "fc", child);
    SavedModel model = ModuleWalker.walk(root, KeyChoice.only(List.of()));
    assertThat(model.tensors().names()).containsExactly("fc.weight", "fc.steps");
    assertThat(model.modules().get("").type()).isEqualTo("__main__.Net");
    assertThat(model.modules().get("").children()).containsExactly("fc");
    assertThat(model.modules().get("fc").type()).isEqualTo("torch.nn.Linear");
  }

  @ParameterizedTest
  @CsvSource({
    "__torch__.torch.nn.modules.___torch_mangle_3.conv, torch.nn.modules.conv.Net",
    "__torch__.nets.___torch_mangle_3, __torch__.nets.Net",
    "__torch__, __torch__.Net"
  })
  void classesOfAScriptAreTold(String module, String type) {
    PyObject root = module(module, "Net");
    assertThat(ModuleWalker.walk(root, KeyChoice.only(List.of())).modules().get("").type())
        .isEqualTo(type);
  }

  @Test
  void buffersThatStateDictLeavesOutAreLeftOut() {
    PyObject root = module("__main__", "Net");
    put(root, "_buffers", "kept", tensor);
    put(root, "_buffers", "dropped", tensor);
    PyList names = new PyList();
    names.items().add("dropped");
    PyDict state = new PyDict();
    state.put("_non_persistent_buffers_set", names);
    root.setState(state);
    assertThat(ModuleWalker.walk(root, KeyChoice.only(List.of())).tensors().names())
        .containsExactly("kept");
  }

  @Test
  void attributesAreKeptAsPlainValues() {
    PyObject conv = module("torch.nn", "Conv2d");
    put(conv, "_parameters", "weight", tensor);
    PyDict state = new PyDict();
    state.put("dilation", PyTuple.of(2L, 2L));
    conv.setState(state);
    assertThat(ModuleWalker.walk(conv, KeyChoice.only(List.of())).modules().get("").values())
        .containsEntry("dilation", List.of(2L, 2L));
  }

  private static PyObject module(String module, String name) {
    PyObject object = new PyObject(new PyGlobal(module, name), PyTuple.EMPTY);
    PyDict state = new PyDict();
    for (String dict : List.of("_parameters", "_buffers", "_modules")) {
      state.put(dict, new PyDict());
    }
    object.setState(state);
    return object;
  }

  private static void put(PyObject module, String dict, String name, Object value) {
    ((PyDict) module.attribute(dict)).put(name, value);
  }
}
