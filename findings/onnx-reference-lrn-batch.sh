#!/usr/bin/env bash
# onnx 1.23.1 (Python), ReferenceEvaluator: LRN looks at neighbours only in as many channels as there are images in the batch.
#
# ONNX says of LRN: channel c is divided by (bias + alpha / size * the sum of squares of the channels around c) ^ beta, in every image alike. The loop over
# channels runs over the length of the batch. So with one image only the first channel is normalised; the sum of the others is 0, with bias 1 they
# leave as they came. An image alone and the same image in a batch give different answers. No message. With AlexNet's and GoogLeNet's attributes and
# activations of some hundreds the values are off by a factor of four. ONNX Runtime gives the formula's values.
# Hurt: whoever holds an engine or an exporter against the reference with AlexNet, GoogLeNet or CaffeNet, mostly with one image.
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

ALPHA, BETA, BIAS, SIZE = 1e-4, 0.75, 1.0, 5


def model(shape):
    node = helper.make_node("LRN", ["x"], ["y"], alpha=ALPHA, beta=BETA, bias=BIAS, size=SIZE)
    inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)] for name in "xy")
    graph = helper.make_graph([node], "lrn", inputs, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def by_hand(x):
    """x / (bias + alpha / size * sum of squares over the window of channels) ^ beta."""
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        window = x[:, max(0, c - (SIZE - 1) // 2) : c + SIZE // 2 + 1]
        y[:, c] = x[:, c] / (BIAS + ALPHA / SIZE * (window**2).sum(axis=1)) ** BETA
    return y


def text(y):
    return " ".join(f"{value:.1f}" for value in y[0].ravel())


image = np.array([100, 200, 300, 400], np.float32).reshape(1, 4, 1, 1)
for images in (1, 2, 4):
    x = np.repeat(image, images, axis=0)
    reference = ReferenceEvaluator(model(x.shape)).run(None, {"x": x})[0]
    session = onnxruntime.InferenceSession(model(x.shape).SerializeToString(), providers=["CPUExecutionProvider"])
    print(f"batch of {images}, channels of the first image: {text(reference)}")
    print(f"  should be {text(by_hand(x))}, ONNX Runtime {text(session.run(None, {'x': x})[0])}")
PY
python/bin/python probe.py 2>/dev/null >seen
cat >expected <<'SEEN'
batch of 1, channels of the first image: 36.7 200.0 300.0 400.0
  should be 36.7 46.5 69.7 95.0, ONNX Runtime 36.7 46.5 69.7 95.0
batch of 2, channels of the first image: 36.7 46.5 300.0 400.0
  should be 36.7 46.5 69.7 95.0, ONNX Runtime 36.7 46.5 69.7 95.0
batch of 4, channels of the first image: 36.7 46.5 69.7 95.0
  should be 36.7 46.5 69.7 95.0, ONNX Runtime 36.7 46.5 69.7 95.0
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
