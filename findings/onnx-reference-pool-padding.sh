#!/usr/bin/env bash
# onnx 1.23.1 (Python), ReferenceEvaluator: padding of pools: SAME_LOWER, unequal pads and SAME with dilation go wrong.
#
# MaxPool with SAME_LOWER and a stride puts the odd cell behind, as SAME_UPPER does, and rounds the size down: 2x2 with stride 2 over 1 ... 5 is
# 1 3 5, here 3 5. ONNX says ceil(input / stride) cells and the odd cell at the beginning; AveragePool does it right. MaxPool with stride 1 reads pads as top, bottom,
# left, right where ONNX has them as top, left, bottom, right: 2x2 with one cell below and one at the right makes 2x4
# of 3x3 cells. AveragePool with SAME and dilation pads as without dilation: windows are shifted and the map ends in zeros. No message.
# ONNX Runtime is right in the first two; in the third its map is too small (onnxruntime-dilated-same-pools.sh).
# Hurt: whoever holds an engine or an exporter against the reference with such pools.
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


def show(what, operator, x, right, **attributes):
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * x.ndim)]
    graph = helper.make_graph([node], "pool", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=8)
    reference = ReferenceEvaluator(model).run(None, {"x": x})[0]
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    print(f"{what}: {text(reference)}")
    print(f"  should be {text(np.array(right))}, ONNX Runtime {text(session.run(None, {'x': x})[0])}")


def text(y):
    rows = y.reshape(-1, y.shape[-1])
    return " / ".join(" ".join(f"{value:g}" for value in row) for row in rows)


def cells(*shape):
    """1, 2, 3 ... in one image of one channel."""
    return np.arange(1, np.prod(shape) + 1, dtype=np.float32).reshape(1, 1, *shape)


lower = {"auto_pad": "SAME_LOWER", "strides": [2]}
show("MaxPool of 2, stride 2, SAME_LOWER", "MaxPool", cells(5), [1, 3, 5], kernel_shape=[2], **lower)
show("MaxPool of 3, stride 2, SAME_LOWER", "MaxPool", cells(4), [2, 4], kernel_shape=[3], **lower)
show("AveragePool of 3, stride 2, SAME_LOWER", "AveragePool", cells(4), [1.5, 3], kernel_shape=[3], **lower)
behind = {"kernel_shape": [2, 2], "pads": [0, 0, 1, 1]}
show("MaxPool 2x2, stride 1, pads 0 0 1 1", "MaxPool", cells(3, 3), [[5, 6, 6], [8, 9, 9], [8, 9, 9]], **behind)
show("the same with SAME_UPPER", "MaxPool", cells(3, 3), [[5, 6, 6], [8, 9, 9], [8, 9, 9]], kernel_shape=[2, 2], auto_pad="SAME_UPPER")
dilated = {"kernel_shape": [3], "dilations": [2]}
show("AveragePool of 3, dilation 2, SAME_UPPER", "AveragePool", cells(6), [2, 3, 3, 4, 4, 5], auto_pad="SAME_UPPER", **dilated)
show("the same with pads 2 and 2", "AveragePool", cells(6), [2, 3, 3, 4, 4, 5], pads=[2, 2], **dilated)
PY
python/bin/python probe.py 2>/dev/null >seen
cat >expected <<'SEEN'
MaxPool of 2, stride 2, SAME_LOWER: 3 5
  should be 1 3 5, ONNX Runtime 1 3 5
MaxPool of 3, stride 2, SAME_LOWER: 3 4
  should be 2 4, ONNX Runtime 2 4
AveragePool of 3, stride 2, SAME_LOWER: 1.5 3
  should be 1.5 3, ONNX Runtime 1.5 3
MaxPool 2x2, stride 1, pads 0 0 1 1: 4 5 6 6 / 7 8 9 9
  should be 5 6 6 / 8 9 9 / 8 9 9, ONNX Runtime 5 6 6 / 8 9 9 / 8 9 9
the same with SAME_UPPER: 5 6 6 / 8 9 9 / 8 9 9
  should be 5 6 6 / 8 9 9 / 8 9 9, ONNX Runtime 5 6 6 / 8 9 9 / 8 9 9
AveragePool of 3, dilation 2, SAME_UPPER: 3 3 4 4 0 0
  should be 2 3 3 4 4 5, ONNX Runtime 3 3 4 4
the same with pads 2 and 2: 2 3 3 4 4 5
  should be 2 3 3 4 4 5, ONNX Runtime 2 3 3 4 4 5
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
