#!/usr/bin/env bash
# onnx 1.23.1 (Python), ReferenceEvaluator: BatchNormalization of opset 9 to 13 mixes the statistics of the input into mean and variance.
#
# ONNX says of opset 9: with one output the node is in test mode, y = scale * (x - mean) / sqrt(var + epsilon) + bias. momentum is for training only, but since
# it has a default (0.9) the evaluator takes each node as one in training, and normalises by nine tenths of the stored statistics and one
# tenth of those of this input. So an image's answer depends on the other images of the batch. No message; shapes are right.
# Opset 14 and 15 are right, ONNX Runtime is right in all. Hurt: whoever takes the reference's values as truth for a network of opset 9 to 13:
# an engine that is right looks wrong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.1 numpy==2.4.6 onnxruntime==1.30.0 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PY'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator


def model(opset, images):
    """A batch norm with scale 1, bias 0, mean 10 and variance 4."""
    node = helper.make_node("BatchNormalization", ["x", "scale", "bias", "mean", "var"], ["y"])
    weights = {"scale": 1, "bias": 0, "mean": 10, "var": 4}
    inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, [images, 1, 1, 4])] for name in "xy")
    tensors = [helper.make_tensor(name, TensorProto.FLOAT, [1], [value]) for name, value in weights.items()]
    graph = helper.make_graph([node], "norm", inputs, outputs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def text(y):
    return " ".join(f"{value:.2f}" for value in y[0].ravel())


alone = np.array([10, 12, 14, 16], np.float32).reshape(1, 1, 1, 4)
together = np.concatenate([alone, 10 * alone])
for opset in (9, 11, 13, 14, 15):
    for x in (alone, together):
        reference = ReferenceEvaluator(model(opset, len(x))).run(None, {"x": x})[0]
        session = onnxruntime.InferenceSession(model(opset, len(x)).SerializeToString(), providers=["CPUExecutionProvider"])
        runtime = session.run(None, {"x": x})[0]
        right = (x - 10) / np.sqrt(4 + 1e-5)
        print(f"opset {opset}, first of {len(x)}: {text(reference)}, should be {text(right)}, ONNX Runtime {text(runtime)}")
PY
python/bin/python probe.py 2>/dev/null >seen
cat >expected <<'SEEN'
opset 9, first of 1: -0.15 0.84 1.83 2.82, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 9, first of 2: -0.32 -0.22 -0.11 -0.01, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 11, first of 1: -0.15 0.84 1.83 2.82, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 11, first of 2: -0.32 -0.22 -0.11 -0.01, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 13, first of 1: -0.15 0.84 1.83 2.82, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 13, first of 2: -0.32 -0.22 -0.11 -0.01, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 14, first of 1: 0.00 1.00 2.00 3.00, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 14, first of 2: 0.00 1.00 2.00 3.00, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 15, first of 1: 0.00 1.00 2.00 3.00, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
opset 15, first of 2: 0.00 1.00 2.00 3.00, should be 0.00 1.00 2.00 3.00, ONNX Runtime 0.00 1.00 2.00 3.00
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
