#!/usr/bin/env bash
# PyTorch 2.13.0, torch.onnx.export: divisor_override of average pools and scale_factor of antialiased resizes do not reach the file.
#
# AvgPool2d(3, divisor_override=1) is a sum: 45 for 1 ... 9. The file holds a plain AveragePool: 5. Older exporters refused such a pool (pytorch
# issue 105349); this one says nothing. interpolate(scale_factor=0.6) of 7 pixels makes 4 and
# samples every 1 / 0.6 pixels. The file does so for bilinear; with antialias=True it samples every 7 / 4 pixels, as interpolate(size=4) would, so the
# picture is stretched and each pixel is another one. Whole ratios agree and hide it. Hurt: local sums and counts by pools, and pre-processing
# by scale that is exported with the network. onnxscript, which does the translation, marks the second in its own tests as a mismatch to be mended; the file says nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check \
  torch==2.13.0 onnxscript==0.7.2 onnx==1.23.1 onnx-ir==1.0.0 numpy==2.4.6 onnxruntime==1.30.0 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PYTHON'
import onnxruntime
import torch
from torch import nn
from torch.nn import functional


class Resize(nn.Module):
    def __init__(self, antialias):
        super().__init__()
        self.antialias = antialias

    def forward(self, x):
        return functional.interpolate(x, scale_factor=(1, 0.6), mode="bilinear", antialias=self.antialias)


def show(values):
    return " ".join(f"{value:.2f}" for value in values.ravel().tolist())


def compare(name, network, x):
    network.eval()
    program = torch.onnx.export(network, (x,), verbose=False)
    session = onnxruntime.InferenceSession(program.model_proto.SerializeToString(), providers=["CPUExecutionProvider"])
    exported = session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]
    print(f"seen: {name}: PyTorch {show(network(x).detach())}, exported {show(exported)}")


square = torch.arange(1.0, 10).reshape(1, 1, 3, 3)
row = torch.arange(1.0, 8).reshape(1, 1, 1, 7)
compare("AvgPool2d", nn.AvgPool2d(3), square)
compare("AvgPool2d, divisor_override 1", nn.AvgPool2d(3, divisor_override=1), square)
compare("7 pixels times 0.6", Resize(False), row)
compare("7 pixels times 0.6, antialias", Resize(True), row)
print("seen: 7 pixels to 4, antialias:", show(functional.interpolate(row, size=(1, 4), mode="bilinear", antialias=True)))
PYTHON
python/bin/python probe.py 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: AvgPool2d: PyTorch 5.00, exported 5.00
seen: AvgPool2d, divisor_override 1: PyTorch 45.00, exported 5.00
seen: 7 pixels times 0.6: PyTorch 1.33 3.00 4.67 6.33, exported 1.33 3.00 4.67 6.33
seen: 7 pixels times 0.6, antialias: PyTorch 1.43 3.00 4.75 6.25, exported 1.52 3.08 4.92 6.48
seen: 7 pixels to 4, antialias: 1.52 3.08 4.92 6.48
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
