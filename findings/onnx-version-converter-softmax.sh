#!/usr/bin/env bash
# onnx 1.23.1 (Python), onnx.version_converter: Softmax over channels from opset 13 to 12 and Hardmax from 11 to 13 become other functions.
#
# Until opset 12 axis cuts the shape in two and all that lies behind it is normalised together; from 13 on axis is the one axis that is. convert_version keeps the
# node and its axis. So a segmentation network's Softmax over channels (axis 1) of [images, channels, height, width], brought down to opset 12, is one over
# all channels and pixels: two even classes are 0.125 in each of four pixels, not 0.5. LogSoftmax does it too. Up from 11 Softmax is flattened and right,
# Hardmax is not: it marks the greatest of each column in place of the greatest of the image. Softmax over the last axis is right both ways. No message; the
# converted files pass the checker, and ONNX Runtime runs both.
# Hurt: who converts down for a runtime that knows opset 12 at most, and thresholds probabilities.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.1 numpy==2.4.6 onnxruntime==1.30.0 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PY'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, version_converter


def run(model, x):
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return " ".join(f"{value:.4g}" for value in session.run(None, {"x": x})[0].ravel())


def show(operator, axis, x, before, after):
    info = [helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], axis=axis)], "g", info[:1], info[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", before)], ir_version=7)
    converted = version_converter.convert_version(model, after)
    print(f"seen: {operator}, axis {axis}, {before} -> {after}: {run(model, x)} -> {run(converted, x)}")


two_classes = np.zeros((1, 2, 2, 2), np.float32)
show("Softmax", 1, two_classes, 13, 12)
show("LogSoftmax", 1, two_classes, 13, 12)
show("Softmax", 3, two_classes, 13, 12)
show("Softmax", 1, two_classes, 11, 13)
show("Hardmax", 1, np.array([[[1, 2], [4, 3]]], np.float32), 11, 13)
PY
python/bin/python probe.py | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: Softmax, axis 1, 13 -> 12: 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 -> 0.125 0.125 0.125 0.125 0.125 0.125 0.125 0.125
seen: LogSoftmax, axis 1, 13 -> 12: -0.6931 -0.6931 -0.6931 -0.6931 -0.6931 -0.6931 -0.6931 -0.6931 -> -2.079 -2.079 -2.079 -2.079 -2.079 -2.079 -2.079 -2.079
seen: Softmax, axis 3, 13 -> 12: 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 -> 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5
seen: Softmax, axis 1, 11 -> 13: 0.125 0.125 0.125 0.125 0.125 0.125 0.125 0.125 -> 0.125 0.125 0.125 0.125 0.125 0.125 0.125 0.125
seen: Hardmax, axis 1, 11 -> 13: 0 0 1 0 -> 0 0 1 1
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
