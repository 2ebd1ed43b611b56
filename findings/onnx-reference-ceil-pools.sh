#!/usr/bin/env bash
# onnx 1.23.1 (Python), ReferenceEvaluator: ceil_mode shifts the windows of AveragePool and gives MaxPool rows and columns of zeros.
#
# ceil_mode lets the last window hang over the end (ONNX points to PyTorch, whose windows start at the padding in front). The evaluator puts half of the
# overhang in front, so with two cells or more of it (strides from 3 on) each window of an AveragePool starts too early and the last value is never read:
# means of three over 1 ... 7 with stride 3 are 2 5 7, here 1.5 4 6. A MaxPool with stride 1 counts its padding twice: 4x4 cells under 3x3 with pads 1 become
# 6x6 in place of 4x4, zeros at the end. No message. MaxPool with other strides is right, ceil_mode 0 too, and ONNX Runtime in all.
# Hurt: comparisons of networks from PyTorch or Caffe: torchvision's GoogLeNet writes that MaxPool nine times.
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


show("AveragePool of 3, stride 3", "AveragePool", cells(7), [2, 5, 7], kernel_shape=[3], strides=[3], ceil_mode=1)
show("AveragePool of 4, stride 4", "AveragePool", cells(10), [2.5, 6.5, 9.5], kernel_shape=[4], strides=[4], ceil_mode=1)
show("AveragePool of 3, stride 2", "AveragePool", cells(6), [2, 4, 5.5], kernel_shape=[3], strides=[2], ceil_mode=1)
maxima = [[6, 7, 8, 8], [10, 11, 12, 12], [14, 15, 16, 16], [14, 15, 16, 16]]
padded = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
show("MaxPool 3x3, stride 1, pads 1", "MaxPool", cells(4, 4), maxima, ceil_mode=1, **padded)
show("the same with ceil_mode 0", "MaxPool", cells(4, 4), maxima, **padded)
show("MaxPool 3x3, stride 2, pads 1", "MaxPool", cells(4, 4), [[6, 8, 8], [14, 16, 16], [14, 16, 16]], ceil_mode=1, strides=[2, 2], **padded)
PY
python/bin/python probe.py 2>/dev/null >seen
cat >expected <<'SEEN'
AveragePool of 3, stride 3: 1.5 4 6
  should be 2 5 7, ONNX Runtime 2 5 7
AveragePool of 4, stride 4: 2 5.5 8.5
  should be 2.5 6.5 9.5, ONNX Runtime 2.5 6.5 9.5
AveragePool of 3, stride 2: 2 4 5.5
  should be 2 4 5.5, ONNX Runtime 2 4 5.5
MaxPool 3x3, stride 1, pads 1: 6 7 8 8 0 0 / 10 11 12 12 0 0 / 14 15 16 16 0 0 / 14 15 16 16 0 0 / 0 0 0 0 0 0 / 0 0 0 0 0 0
  should be 6 7 8 8 / 10 11 12 12 / 14 15 16 16 / 14 15 16 16, ONNX Runtime 6 7 8 8 / 10 11 12 12 / 14 15 16 16 / 14 15 16 16
the same with ceil_mode 0: 6 7 8 8 / 10 11 12 12 / 14 15 16 16 / 14 15 16 16
  should be 6 7 8 8 / 10 11 12 12 / 14 15 16 16 / 14 15 16 16, ONNX Runtime 6 7 8 8 / 10 11 12 12 / 14 15 16 16 / 14 15 16 16
MaxPool 3x3, stride 2, pads 1: 6 8 8 / 14 16 16 / 14 16 16
  should be 6 8 8 / 14 16 16 / 14 16 16, ONNX Runtime 6 8 8 / 14 16 16 / 14 16 16
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
