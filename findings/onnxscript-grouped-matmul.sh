#!/usr/bin/env bash
# onnxscript 0.7.2 (Python), the optimiser that PyTorch's exporter runs by default: a linear layer for each group takes other groups' weights.
#
# x is [groups, images, cells, features]; x.reshape(groups, images * cells, features) times weights of [groups, features, outputs], reshaped back, gives each
# group its own matrix. The optimiser takes both reshapes away where the shapes of MatMul(x, weights) fit, and never looks at the shape between them.
# MatMul itself lays the weights along the second axis, the images. With as many images as groups the shapes fit: group 0 of x gets one matrix for
# each image. Weights 1 and 10, groups 1 2 and 3 4: 1 2 30 40 is right, 1 20 3 40 comes out. With three images the shapes do not
# fit and all is right. No message. Hurt: networks with a matrix for each camera, expert or head, exported at a size where two counts are equal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check \
  onnxscript==0.7.2 onnx==1.23.1 onnx-ir==1.0.0 numpy==2.4.6 onnxruntime==1.30.0 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
import onnxscript.optimizer
from onnx import TensorProto, helper, numpy_helper

GROUPS = 2


def network(images):
    nodes = [
        helper.make_node("Reshape", ["x", "by_group"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weights"], ["products"]),
        helper.make_node("Reshape", ["products", "by_image"], ["y"]),
    ]
    constants = {
        "by_group": np.array([GROUPS, images, 1]),
        "by_image": np.array([GROUPS, images, 1, 1]),
        "weights": np.array([1, 10], np.float32).reshape(GROUPS, 1, 1),
    }
    graph = helper.make_graph(
        nodes,
        "grouped",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [GROUPS, images, 1, 1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [GROUPS, images, 1, 1])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    return model


def answer(model, x):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return " ".join(f"{value:.0f}" for value in session.run(None, {"x": x})[0].ravel())


for images in (2, 3):
    x = np.arange(1, 1 + GROUPS * images, dtype=np.float32).reshape(GROUPS, images, 1, 1)
    model = network(images)
    optimized = onnxscript.optimizer.optimize(model)
    print(
        f"seen: {GROUPS} groups, {images} images: {answer(model, x)};",
        f"optimised to {' '.join(node.op_type for node in optimized.graph.node)}: {answer(optimized, x)}",
    )
PYTHON
python/bin/python probe.py 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: 2 groups, 2 images: 1 2 30 40; optimised to MatMul: 1 20 3 40
seen: 2 groups, 3 images: 1 2 3 40 50 60; optimised to Reshape MatMul Reshape: 1 2 3 40 50 60
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
