"""Exports torchvision's networks at full size, runs each file in ONNX Runtime and in camjar, and prints a table.

    /usr/bin/python3 onnx_full_size.py onnxruntime-1.29.0.jar CLASSES FOLDER [NAME...]

CLASSES is the class path of weights-import, behind options of Java if there are any. Each network has random weights and is written three times by
torch.onnx.export: with fixed sizes, with fixed sizes and keep_initializers_as_inputs, and with open sizes. Files lie in
FOLDER until OnnxRuntimeLogits.java and OnnxFullSize.java have run them. A row gives the largest difference of a logit over the three files, relative to
the largest logit: from ONNX Runtime, for files with open sizes also at other sizes, and from PyTorch; and how far the
Grad-CAM map of the default layer is from PyTorch's (relative L2). The layer is found in PyTorch by its values.
"""
import json
import pathlib
import shlex
import subprocess
import sys
import warnings

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torchvision import models

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "fakes"), str(HERE.parents[3] / "engine/src/test/python")]

from make_families import cam, picture, quiet, settle  # noqa: E402

warnings.filterwarnings("ignore")
NETWORKS = """alexnet vgg11_bn vgg16 squeezenet1_1 densenet121 googlenet inception_v3 resnet18 resnet50 resnext50_32x4d
    wide_resnet50_2 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small efficientnet_b0 efficientnet_v2_s regnet_y_400mf
    regnet_x_400mf convnext_tiny vit_b_16 mnasnet1_0 shufflenet_v2_x1_0 swin_t""".split()
BATCH = {0: "n"}
PLACES = {0: "n", 2: "h", 3: "w"}
# Their positions are those of one size; the pools of the others are exported for one size only.
ONE_SIZE = ("vit_b_16", "swin_t", "alexnet", "vgg11_bn", "vgg16")
LIMIT = 1e-4


def network(name, side):
    torch.manual_seed(7)
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    net = quiet(settle(getattr(models, name)(**options), side))
    for key, parameter in net.named_parameters():
        if key.endswith("layer_scale"):
            nn.init.uniform_(parameter, 0.1, 1.0)
    return net


def export(net, name, side, folder):
    """The three files of a network."""
    open_axes = {"images": BATCH if name in ONE_SIZE else PLACES, "scores": BATCH}
    files = []
    for kind, options in (("fixed", {}), ("inputs", {"keep_initializers_as_inputs": True}), ("open", {"dynamic_axes": open_axes})):
        path = folder / f"{name}-{kind}.onnx"
        torch.onnx.export(net, picture(side), str(path), input_names=["images"], output_names=["scores"], **options)
        files.append(path)
    return files


class Kept(TorchFunctionMode):
    """Keeps every image of features that a network computes."""

    def __init__(self):
        super().__init__()
        self.tensors = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        if isinstance(out, torch.Tensor) and out.dim() in (3, 4) and out.requires_grad:
            self.tensors.append(out)
        return out


def reference(net, side):
    kept = Kept()
    with kept:
        logits = net(picture(side))
    return logits, kept.tensors


def same(tensor, values):
    """The tensor as camjar has it, if it has these values."""
    if tensor.numel() != values.numel():
        return None
    for turned in [tensor] + ([tensor.permute(0, 3, 1, 2)] if tensor.dim() == 4 else []):
        if turned.shape == values.shape and (turned - values).abs().max() <= 1e-3 * values.abs().max():
            return turned
    return None


def map_difference(logits, tensors, found):
    values = torch.tensor(found["activation"]).reshape(found["shape"])
    for tensor in reversed(tensors):
        turned = same(tensor, values)
        if turned is not None:
            (gradient,) = torch.autograd.grad(logits[0, logits[0].argmax()], tensor, retain_graph=True, allow_unused=True)
            if gradient is None:
                continue
            if turned.shape != tensor.shape:
                gradient = gradient.permute(0, 3, 1, 2)
            weights = gradient.double()
            values = turned.double()
            if "grid" in found:
                rows, columns = found["grid"]
                values, weights = (t.flatten(1, -2) for t in (values, weights))
                weights, values = (t[:, -rows * columns:].transpose(1, 2).unflatten(2, (rows, columns)) for t in (weights, values))
            expected = (weights.mean((2, 3), keepdim=True) * values).sum(1)[0].flatten().detach()
            return float((torch.tensor(found["map"]).double() - expected).norm() / expected.norm())
    return float("nan")


def relative(found, wanted):
    found, wanted = torch.tensor(found), torch.tensor(wanted)
    return float((found - wanted).abs().max() / wanted.abs().max())


class Program:
    """A Java program next to this one, which answers file by file."""

    def __init__(self, name, *options):
        command = ["java", *options, str(HERE / name)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, path, shapes):
        answers = path.with_suffix(".json")
        print(path, answers, *(",".join(map(str, shape)) for shape in shapes), file=self.process.stdin, flush=True)
        for line in self.process.stdout:
            if line.strip() == "done":
                found = json.loads(answers.read_text())
                answers.unlink()
                return found
        raise SystemExit(f"{path.name}: {' '.join(self.process.args)} has ended")


def compared(path, name, side, logits, tensors, runtime, camjar):
    """How far one file's answers are from each other, and the default layer."""
    shapes = [(1, 3, side, side)]
    if "-open" in path.name:
        shapes.append((2, 3, side, side) if name in ONE_SIZE else (2, 3, side + 32, side + 75))
    wanted = runtime.answer(path, shapes)
    found = camjar.answer(path, shapes)
    if "fault" in found:
        print(path.name, found["fault"], file=sys.stderr)
        return dict.fromkeys(("runtime", "other", "torch", "map"), float("nan")), "none"
    far = [relative(*pair) for pair in zip(found["logits"], wanted)]
    distances = {"runtime": far[0], "other": far[1] if len(far) > 1 else 0.0, "torch": relative(found["logits"][0], logits[0].tolist()),
                 "map": map_difference(logits, tensors, found)}
    print(path.name, found["layer"], found["shape"], {k: f"{v:.1e}" for k, v in distances.items()}, file=sys.stderr, flush=True)
    return distances, found["layer"]


def row(name, folder, runtime, camjar):
    side = 299 if name == "inception_v3" else 224
    net = network(name, side)
    logits, tensors = reference(net, side)
    files = export(net, name, side, folder)
    rows, layers = zip(*(compared(path, name, side, logits, tensors, runtime, camjar) for path in files))
    for path in files:
        path.unlink()
    worst = {key: max((row[key] for row in rows), key=lambda value: (value != value, value)) for key in rows[0]}
    good = all(value < LIMIT for value in worst.values())
    cells = " | ".join("%.1e" % worst[key] for key in ("runtime", "other", "torch", "map"))
    return f"| {name} | {', '.join(f'`{layer}`' for layer in sorted(set(layers)))} | {cells} |{'' if good else ' not within 1e-4'}"


def main():
    runtime, camjar, folder = sys.argv[1:4]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    runtime, camjar = Program("OnnxRuntimeLogits.java", "-cp", runtime), Program("OnnxFullSize.java", *shlex.split(camjar))
    for name in sys.argv[4:] or NETWORKS:
        print(row(name, folder, runtime, camjar), flush=True)


if __name__ == "__main__":
    main()
