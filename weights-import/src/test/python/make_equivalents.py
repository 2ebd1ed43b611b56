"""Writes networks that are ResNets in other numbers or other containers, and some whose outputs are
no classes, with what is right.

    /usr/bin/python3 make_equivalents.py     (Debian's python3-torch, python3-torchvision)

Leaves src/test/resources/io/camjar/weights/equivalents/* with expected.json, in the form of
make_wrappings.py.
"""
import copy
import json
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models.resnet import Bottleneck

import tiny

TARGET = HERE.parent / "resources/io/camjar/weights/equivalents"
LEGACY = dict(_use_new_zipfile_serialization=False)
expected = {}


def expect(name, net=None, says=()):
    logits = None if net is None else [float(x) for x in tiny.logits(net).flatten()]
    expected[name] = {"logits": logits, "says": list(says)}
    return TARGET / name


def save(name, value, net=None, says=()):
    torch.save(value, expect(name, net, says), **({} if isinstance(value, nn.Module) else LEGACY))


def state(net):
    return {k: v.detach().clone() for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}


def arrays(net):
    return {name: tensor.numpy() for name, tensor in state(net).items()}


def folded(net, stages=("", "layer1", "layer2", "layer3", "layer4")):
    """Each batch norm folded into its convolution, an Identity in its place."""
    net = copy.deepcopy(net)
    for path, module in list(net.named_modules()):
        if path.split(".")[0] not in stages:
            continue
        for name, norm in list(module.named_children()):
            if isinstance(norm, nn.BatchNorm2d):
                before = str(int(name) - 1) if name.isdigit() else name.replace("bn", "conv")
                setattr(module, before, fuse_conv_bn_eval(getattr(module, before), norm))
                setattr(module, name, nn.Identity())
    return net


def biased(net):
    net = copy.deepcopy(net)
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            module.bias = nn.Parameter(torch.rand(module.out_channels) - 0.5)
    return net


def folds():
    said = ["batch norms of 12 convolutions", "folded"]
    net = tiny.resnet()
    save("folded.pth", state(folded(net)), net, said)
    save("folded-module.pth", folded(net), net, said)
    torch.jit.trace(folded(net), tiny.picture()).save(expect("folded-trace.pt", net, said))
    torch.jit.script(folded(net)).save(expect("folded-script.pt", net, said))
    net = tiny.resnet(Bottleneck)
    save("folded-bottleneck.pth", state(folded(net)), net, ["batch norms of 17 convolutions"])
    net = tiny.resnet()
    part = folded(net, ("layer3", "layer4"))
    save("folded-in-part.pth", state(part), net, ["batch norms of 6 convolutions"])
    rows = nn.Sequential(*list(folded(net).children())[:-1])
    numbered = {f"features.{name}": tensor for name, tensor in state(rows).items()}
    numbered |= {f"fc.{name}": tensor for name, tensor in state(net.fc).items()}
    save("folded-numbered.pth", numbered, net, ["batch norms of 12 convolutions", "told by their shapes"])
    instances = folded(net)
    for module in list(instances.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Identity):
                setattr(module, name, nn.InstanceNorm2d(1))
    save("instance-norms-module.pth", instances, says=["InstanceNorm2d", "bn1"])


def biases():
    net = biased(tiny.resnet())
    said = ["biases of convolutions"]
    torch.jit.trace(net, tiny.picture()).save(expect("bias-trace.pt", net, said))
    torch.jit.script(net).save(expect("bias-script.pt", net, said))
    # The file has the bias, the code does not add it.
    other = biased(tiny.resnet())

    class Conv2d(nn.Conv2d):
        def forward(self, x):
            return torch.conv2d(x, self.weight, None, self.stride, self.padding)

    stem = Conv2d(3, 2, 7, 2, 3)
    stem.load_state_dict(other.conv1.state_dict())
    other.conv1 = stem
    torch.jit.trace(other, tiny.picture()).save(expect("bias-not-added.pt", says=["bias", "conv1.weight"]))


def numpy_files():
    net = tiny.resnet()
    np.save(expect("dict-of-arrays.npy", net), arrays(net))
    nested = {"epoch": 3, "model": arrays(net), "optimizer": {}}
    np.save(expect("nested-dict.npy", net), nested)
    np.savez(expect("dict-in-a-member.npz", net), weights=np.array(arrays(net), dtype=object))
    names = [f"class {i}" for i in range(tiny.CLASSES)]
    np.savez(expect("names-as-text.npz", net), classes=names, **arrays(net))
    np.savez(expect("names-as-objects.npz", net), classes=np.array(names, dtype=object), **arrays(net))
    np.save(expect("one-array.npy", says=["a single NumPy array"]), np.zeros((2, 3), np.float32))
    np.save(expect("list-of-numbers.npy", says=["tensor"]), np.array([1, None, "a"], dtype=object))


def embeddings():
    """Networks whose outputs a margin loss compares with vectors of classes."""
    said = ["embeddings", "--key net"]
    for width, name in [(2, "as-many"), (4, "fewer")]:
        net = tiny.resnet(width=width, classes=16)
        one = {"net": state(net), "arcface": {"weight": torch.rand(7, 16)}, "epoch": 3}
        save(f"arcface-{name}.pth", one, says=said + ["arcface.weight"])
    save("arcface-kernel.pth", {"net": state(net), "margin": {"kernel": torch.rand(16, 7)}}, says=said)
    save("metric-learning.pth", {"net": state(net), "loss_fn": {"W": torch.rand(16, 7)}}, says=said)
    flat = state(net) | {"metric_fc.weight": torch.rand(7, 16)}
    save("metric-fc.pth", flat, says=["embeddings", "metric_fc.weight"])
    # A loss at the features, next to a classifier of its own.
    net = tiny.resnet(width=4)
    center = {"net": state(net), "center_loss": {"centers": torch.rand(5, 32)}}
    save("center-loss.pth", center, net)
    confusion = {"model": state(net), "metrics": {"confmat.weight": torch.rand(5, 5)}}
    save("confusion.pth", confusion, net)


if __name__ == "__main__":
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for number, group in enumerate([folds, biases, numpy_files, embeddings]):
        torch.manual_seed(100 + number)
        group()
    text = re.sub(r",\n\s+(?=-?[\d\"])", ", ", json.dumps(expected, indent=1))
    (TARGET / "expected.json").write_text(text + "\n")
    print(len(expected), "files,", sum(f.stat().st_size for f in TARGET.iterdir()), "bytes")
