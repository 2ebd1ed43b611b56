"""Writes checkpoints as people have them, each a variation of a known trouble, and what is right.

    /usr/bin/python3 make_variants.py        (Debian's python3-torch, python3-torchvision)

Leaves src/test/resources/io/camjar/weights/variants/* with expected.json, in the form of
make_wrappings.py: the logits that PyTorch computes, patterns that a refusal or a remark must have,
or both.
"""
import collections
import json
import pathlib
import pickle
import re
import shutil
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy as np
import torch
from torch import nn

import tiny

TARGET = HERE.parent / "resources/io/camjar/weights/variants"
LEGACY = dict(_use_new_zipfile_serialization=False)
expected = {}


def expect(name, net=None, says=()):
    logits = None if net is None else [float(x) for x in tiny.logits(net).flatten()]
    expected[name] = {"logits": logits, "says": list(says)}


def save(name, value, net=None, says=()):
    torch.save(value, TARGET / name, **({} if isinstance(value, nn.Module) else LEGACY))
    expect(name, net, says)


def state(net, *renames):
    names = {}
    for name, tensor in net.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        for pattern, other in renames:
            name = re.sub(pattern, other, name)
        names[name] = tensor.detach().clone()
    return names


def prefixed(prefix, net):
    return {prefix + name: tensor for name, tensor in state(net).items()}


def beside():
    """Tensors that stand beside the network or within its modules."""
    net = tiny.resnet()
    counted = tiny.resnet()
    for module in counted.modules():
        module.register_buffer("total_ops", torch.zeros(1, dtype=torch.float64))
        module.register_buffer("total_params", torch.ones(1, dtype=torch.float64))
    save("beside-profiler.pth", counted.state_dict(), counted, ["profiler"])
    save("beside-empty.pth", {**state(net), "dummy_param": torch.empty(0)}, net, ["without elements"])
    centers = {**state(net), "criterion.centers": torch.rand(tiny.CLASSES, 16)}
    save("beside-center-loss.pth", centers, net, ["part of a loss"])
    for name, shape, says in [
        ("layer2.0.scale", [1], ["'layer2.0.scale'", "^(?!.*logits)"]),
        ("fc.scale", [1], ["'fc.scale'", "logits may be scaled"]),
        ("feature_scale", [16], ["'feature_scale'", "^(?!.*logits may be scaled)"]),
        ("pixel_mean", [3, 1, 1], ["'pixel_mean'", "--mean"]),
        ("mu", [1, 3, 1, 1], ["'mu'", "--mean"]),
        ("aux.weight", [5, 8], ["'aux' .from 8 to 5.", "do not follow each other"]),
        ("prototypes.weight", [9, 16], ["'prototypes'", "eigencam"]),
        ("fc.zero_point", [], [r"'fc\.zero_point'"]),
    ]:
        tensors = {**state(net), name: torch.full(shape, 2.0)}
        save(f"beside-{name.replace('.', '-')}.pth", tensors, says=says)
    norm = {**state(net), "ln.weight": torch.rand(16), "ln.bias": torch.rand(16)}
    save("beside-layer-norm.pth", norm, says=["'ln'", "no running statistics"])
    quantised = {**state(net), "fc.scale": torch.tensor(1.0), "fc.zero_point": torch.tensor(0)}
    save("quantised-linear.pth", quantised, says=["quantised layer 'fc'", "floating-point model"])


def spellings():
    """The same network under other programs' names."""
    net = tiny.resnet()
    norm = r"(bn\d|downsample\.1)\."
    save("spelt-gluon.pth", state(net, (norm + "weight", r"\1.gamma"), (norm + "bias", r"\1.beta")), net)
    save("spelt-paddle.pth", state(net, ("running_mean", "_mean"), ("running_var", "_variance")), net)
    save("spelt-slashes.pth", state(net, (r"\.", "/")), net)
    save("spelt-underscores.pth", state(net, (r"\.", "_")), net)
    tensorflow = state(net, ("running_mean", "moving_mean"), ("running_var", "moving_variance"))
    save("spelt-tensorflow.pth", tensorflow, says=[r"bn1\.moving_mean", "eps"])
    caffe = {"conv1.weight": torch.rand(2, 3, 7, 7), "res2a_branch2a.weight": torch.rand(2, 2, 1, 1)}
    save("spelt-caffe.pth", caffe, says=["res2a_branch2a", "stride"])
    save("spelt-bytes.pth", {name.encode(): tensor for name, tensor in state(net).items()}, net)
    save("spelt-pairs.pth", list(state(net).items()), net)
    arrays = {name.encode(): tensor.numpy() for name, tensor in state(net).items()}
    (TARGET / "spelt-bytes-arrays.pkl").write_bytes(pickle.dumps(arrays, 2))
    expect("spelt-bytes-arrays.pkl", net)


def biases():
    """Convolutions with biases before batch norms, as nn.Conv2d makes them by default."""
    net = tiny.resnet()
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            module.bias = nn.Parameter(torch.rand(module.out_channels) - 0.5)
    save("biases.pth", state(net), net, ["12 biases of convolutions"])
    pre = state(tiny.resnet())
    for stage, channels in ((2, 2), (3, 4), (4, 8)):
        for tensor in ("weight", "bias", "running_mean", "running_var"):
            pre[f"layer{stage}.0.bn1.{tensor}"] = torch.rand(channels)
    save("pre-activation.pth", pre, says=["'layer2.0.bn1'", "before their convolutions"])
    mixed = state(tiny.resnet(), (r"layer3\.0\.downsample\.1", "layer3.0.downsample.2"), (r"layer3\.0\.downsample\.0", "layer3.0.downsample.1"))
    save("pool-in-one-shortcut.pth", mixed, says=[r"layer3\.0", r"downsample\.1", "a pool"])


def choices():
    """Several networks, or a part of one, under keys or prefixes."""
    net, other = tiny.resnet(), tiny.resnet()
    save("choice-ema-prefix.pth", {"state_dict": {**prefixed("model.", net), **prefixed("model_ema.", other)}}, other, ["'model_ema' is meant", "'model'", "average", "--key"])
    save("choice-teacher-prefix.pth", {**prefixed("model.", net), **prefixed("teacher.", other)}, net, ["'model' is meant", "--key takes another: 'teacher'"])
    save("choice-ema-callback.pth", {"state_dict": state(net), "callbacks": {"EMA": {"ema_state_dict": state(other)}}}, other, [r"callbacks\.EMA\.ema_state_dict", "average"])
    shadow = {"decay": 0.99, "shadow_params": [p.detach() for p in other.parameters()]}
    save("choice-ema-nameless.pth", {"model": state(net), "ema": shadow}, net, [r"'ema\.shadow_params'", "without names"])
    save("choice-numbers.pth", {0: state(net)}, net)
    save("choice-two-numbers.pth", {0: state(net), 1: state(other)}, says=["'0', '1'", "--key"])
    body = {name: tensor for name, tensor in state(net).items() if not name.startswith("fc.")}
    head = {"weight": net.fc.weight.detach(), "bias": net.fc.bias.detach()}
    save("choice-body-and-classifier.pth", {"trunk": body, "my_classes": head}, net, ["'my_classes' is the classifier"])
    second = {"weight": torch.rand(7, tiny.CLASSES)}
    save("choice-network-and-second-layer.pth", {"net": state(net), "second": second}, says=["'second'"])


def wrongs():
    """Files that hold no network, each with its own reason."""
    net = tiny.resnet()
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    tiny_loss = net(tiny.picture()).sum()
    tiny_loss.backward()
    optimizer.step()
    save("wrong-optimizer.pth", optimizer.state_dict(), says=["state of an optimizer", "^(?!.*named tensors)"])
    save("wrong-tensor.pth", torch.rand(3, 4), says=["single tensor of 2 dimensions", r"^(?!.*io\.camjar)"])
    save("wrong-tensors.pth", [t for t in state(net).values()], says=["62 tensors without names"])
    save("wrong-classifier-alone.pth", {"linear.weight": torch.rand(3, 4)}, says=["no convolution", r"linear\.weight"])
    save("wrong-fx.pth", torch.fx.symbolic_trace(net.eval()), says=["torch.fx"])


class Scaled(nn.Module):
    """A class of somebody's own, whose forward is not in the file."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.softmax(self.net(x), 1)


def modules():
    silent = tiny.resnet()
    silent.layer2[0].relu = nn.Identity()
    save("module-relu-identity.pth", silent, says=["Identity", r"layer2\.0\.relu"])
    window = tiny.resnet()
    window.layer2.append(nn.AvgPool2d(2))
    save("module-pool-in-stage.pth", window, says=[r"layer2\.1", "^(?!.*AdaptiveAvgPool2d)"])
    for name, activation in (("relu", nn.ReLU()), ("tanh", nn.Tanh())):
        named = tiny.resnet()
        layers = [("fc1", nn.Linear(16, 6)), ("act", activation), ("drop", nn.Dropout()), ("fc2", nn.Linear(6, tiny.CLASSES))]
        named.fc = nn.Sequential(collections.OrderedDict(layers))
        save(f"module-named-head-{name}.pth", named, named)
    nested = tiny.resnet()
    nested.fc = nn.Sequential(nn.Sequential(nn.Linear(16, 6), nn.ReLU()), nn.Sequential(nn.Dropout(), nn.Linear(6, tiny.CLASSES)))
    save("module-nested-head.pth", nested, nested)
    net = tiny.resnet()
    save("module-own-class.pth", Scaled(net), net, ["Scaled", "not in the file"])


if __name__ == "__main__":
    torch.manual_seed(17)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for make in (beside, spellings, biases, choices, wrongs, modules):
        make()
    (TARGET / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    print(len(expected), "files,", sum(f.stat().st_size for f in TARGET.iterdir()), "bytes")
