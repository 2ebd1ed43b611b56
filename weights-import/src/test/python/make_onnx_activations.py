"""Writes the networks of OnnxActivationTests: every activation of torch.nn behind one convolution, a score each, as PyTorch's
exporters write them.

    /usr/bin/python3 make_onnx_activations.py    (Debian's python3-torch 1.13: opsets 9, 13 and 17)
    python3 make_onnx_activations.py             (PyTorch 2.13 and onnxscript 0.7: opset 17 again, and dynamo's exporter)

Leaves src/test/resources/io/camjar/weights/onnx/activations/NAME.onnx, and in expected.json what each has, PyTorch's scores of one
image, and the raw Grad-CAM map (sum over channels of weight times activation) of each score at the convolution.
"""
import json
import pathlib
import warnings

import onnx
import torch
from torch import nn

warnings.filterwarnings("ignore")
TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/activations"
SIDE = 12
ACTIVATIONS = {
    "CELU": nn.CELU(0.6), "ELU": nn.ELU(0.7), "GELU": nn.GELU(), "GELU of tanh": nn.GELU(approximate="tanh"), "GLU": nn.GLU(1),
    "Hardshrink": nn.Hardshrink(0.3), "Hardsigmoid": nn.Hardsigmoid(), "Hardswish": nn.Hardswish(), "Hardtanh": nn.Hardtanh(-0.4, 0.9),
    "LeakyReLU": nn.LeakyReLU(0.2), "LogSigmoid": nn.LogSigmoid(), "LogSoftmax": nn.LogSoftmax(1), "Mish": nn.Mish(),
    "PReLU": nn.PReLU(), "PReLU of channels": nn.PReLU(4), "RReLU": nn.RReLU(), "ReLU": nn.ReLU(), "ReLU6": nn.ReLU6(),
    "SELU": nn.SELU(), "SiLU": nn.SiLU(), "Sigmoid": nn.Sigmoid(), "Softmax": nn.Softmax(1), "Softmax2d": nn.Softmax2d(),
    "Softmin": nn.Softmin(1), "Softplus": nn.Softplus(), "Softplus of 2": nn.Softplus(2), "Softplus to 1": nn.Softplus(2, 1),
    "Softshrink": nn.Softshrink(0.3), "Softsign": nn.Softsign(), "Tanh": nn.Tanh(), "Tanhshrink": nn.Tanhshrink(),
    "Threshold": nn.Threshold(0, 0), "Threshold of 0.1": nn.Threshold(0.1, -2),
}
# What an exporter refuses; or writes as something else: that of TorchScript leaves out from where on Softplus is a line.
TORCHSCRIPT = {"Softplus to 1", "Threshold of 0.1"}
LEFT_OUT = {"opset9": TORCHSCRIPT | {"CELU"}, "opset13": TORCHSCRIPT, "opset17": TORCHSCRIPT, "new-opset17": TORCHSCRIPT, "dynamo": {"RReLU"}}


class Activations(nn.Module):
    def __init__(self, names):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, 2)
        self.all = nn.ModuleList(ACTIVATIONS[name] for name in names)
        self.fc = nn.ModuleList(nn.Linear(2 if name == "GLU" else 4, 1) for name in names)
        for layer in [self.conv, *self.fc]:
            for parameter in layer.parameters():
                parameter.data = torch.sin(torch.arange(parameter.numel()) * 1.7 + 1).reshape(parameter.shape) * 0.4
        self.eval()

    def forward(self, x):
        maps = self.conv(x)
        return torch.cat([fc(activation(maps).mean((2, 3))) for fc, activation in zip(self.fc, self.all)], 1)


def synthetic():
    """The image that OnnxActivationTests computes too."""
    return torch.tensor([(i * i * 31 + i * 7919) % 1009 / 1009 * 4 - 2 for i in range(3 * SIDE * SIDE)]).reshape(1, 3, SIDE, SIDE)


def expected(model, score):
    maps = model.conv(synthetic()).detach().requires_grad_()
    y = model.fc[score](model.all[score](maps).mean((2, 3)))
    y.backward()
    cam = (maps.grad[0].mean((1, 2))[:, None, None] * maps[0]).sum(0).detach()
    return {"score": float(f"{y.item():.8g}"), "map": [float(f"{value:.8g}") for value in cam.flatten().tolist()]}


def export(model, kind, file):
    axes = {0: "n", 2: "h", 3: "w"}
    if kind == "dynamo":
        torch.onnx.export(model, (synthetic(),), file, dynamo=True, external_data=False, dynamic_shapes=(axes,))
        net = onnx.load(file)
        for node in net.graph.node:  # where in which Python file it was written
            del node.metadata_props[:]
        onnx.save(net, file)
    else:
        new = {"dynamo": False} if kind.startswith("new") else {}
        torch.onnx.export(model, synthetic(), file, opset_version=int(kind.split("opset")[1]), input_names=["images"],
                          output_names=["scores"], dynamic_axes={"images": axes, "scores": {0: "n"}}, **new)


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    record = TARGET / "expected.json"
    all = json.loads(record.read_text()) if record.exists() else {"files": {}, "scores": {}}
    new = not torch.__version__.startswith("1.")
    for kind in ["new-opset17", "dynamo"] if new else ["opset9", "opset13", "opset17"]:
        names = [name for name in ACTIVATIONS if name not in LEFT_OUT[kind]]
        model = Activations(names)
        export(model, kind, str(TARGET / f"{kind}.onnx"))
        all["files"][kind] = names
        for score, name in enumerate(names):
            found = expected(model, score)
            known = all["scores"].setdefault(name, found)
            assert torch.allclose(torch.tensor(found["map"]), torch.tensor(known["map"]), rtol=1e-4, atol=1e-6), name
        print(kind, (TARGET / f"{kind}.onnx").stat().st_size, "bytes", len(names))
    record.write_text(json.dumps(all, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
