"""Writes small networks whose classifier was replaced, as fine-tuning does, as state dicts and as whole modules.

    /usr/bin/python3 make_replaced_heads.py                 the committed ones
    /usr/bin/python3 make_replaced_heads.py --all FOLDER    every family with every head, for -Dcamjar.replaced=FOLDER

Leaves src/test/resources/io/camjar/weights/replaced/* with expected.json: PyTorch's logits for one image, in front of
what turns them into probabilities. A state dict does not tell what stands between two linear layers; "told" says
whether a ReLU does, with or without dropouts, which is what is taken of it.
"""
import argparse
import json
import pathlib
import sys
import zipfile
from collections import OrderedDict

import torch
from torch import nn
from torchvision import models

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "fakes")]

from make_families import convnext, narrowed, picture, settle, vit  # noqa: E402
import make_families  # noqa: E402
import tiny  # noqa: E402

TARGET = HERE.parent / "resources/io/camjar/weights/replaced"
L, D, R, N, S = nn.Linear, nn.Dropout, nn.ReLU, nn.BatchNorm1d, nn.Sequential
PLAIN = {"init_weights": False, "aux_logits": False}


class GELU(nn.Module):
    """A class of one's own that is called as PyTorch's."""

    def forward(self, x):
        return 2 * x


class Row(nn.Sequential):
    """A class of one's own whose layers are numbered as a Sequential's."""


# family: (body, side of the image, the classifier's path, its last layer's name within it)
FAMILIES = {
    "resnet": (lambda: tiny.resnet(), 40, "fc", None),
    "alexnet": (lambda: narrowed(models.alexnet, 32), 96, "classifier", "6"),
    "vgg": (lambda: make_families.vgg(False), 64, "classifier", "6"),
    "densenet": (lambda: models.DenseNet(4, (1, 1, 1, 1), 8, num_classes=5), 40, "classifier", None),
    "googlenet": (lambda: narrowed(models.googlenet, 16, **PLAIN), 64, "fc", None),
    "mobilenet_v2": (lambda: narrowed(models.mobilenet_v2, 8), 40, "classifier", "1"),
    "mobilenet_v3": (lambda: models.mobilenet_v3_small(width_mult=0.1, num_classes=5), 40, "classifier", "3"),
    "efficientnet": (make_families.efficientnet, 40, "classifier", "1"),
    "regnet": (lambda: make_families.regnet_of(None), 40, "fc", None),
    "convnext": (convnext, 64, "classifier", "2"),
    "squeezenet": (lambda: narrowed(models.squeezenet1_1, 8), 64, "classifier", None),
    "vit": (lambda: vit(16, 8, 1, 1, 64), 16, "heads", "head"),
}
# head: (its layers from f features, whether names tell it)
HEADS = {
    "linear": (lambda f: L(f, 5), True),
    "no_bias": (lambda f: L(f, 5, bias=False), True),
    "relu_dropout": (lambda f: S(L(f, 8), R(), D(), L(8, 5)), True),
    "log_softmax": (lambda f: S(L(f, 8), R(), D(0.2), L(8, 5), nn.LogSoftmax(dim=1)), True),
    "sigmoid": (lambda f: S(D(), L(f, 1), nn.Sigmoid()), True),
    "dropout_first": (lambda f: S(D(), L(f, 8), R(), D(), L(8, 5)), True),
    "three": (lambda f: S(L(f, 12), R(), D(), L(12, 8), R(), L(8, 5)), True),
    "norm": (lambda f: S(L(f, 8), N(8), R(), D(), L(8, 5)), True),
    "norm_first": (lambda f: S(N(f), D(), L(f, 8), R(), L(8, 5)), True),
    "norm_eps": (lambda f: S(L(f, 8), N(8, eps=0.1), R(), L(8, 5)), False),
    "named": (lambda f: S(OrderedDict([("fc1", L(f, 8)), ("relu", R()), ("fc2", L(8, 5)), ("output", nn.LogSoftmax(1))])), False),
    "identity": (lambda f: S(L(f, 8), nn.Identity(), L(8, 5)), False),
    "silu": (lambda f: S(L(f, 8), nn.SiLU(), D(), L(8, 5)), False),
    "gelu": (lambda f: S(L(f, 8), nn.GELU(), L(8, 5)), False),
    "gelu_tanh": (lambda f: S(L(f, 8), nn.GELU("tanh"), L(8, 5)), False),
    "hardswish": (lambda f: S(L(f, 8), nn.Hardswish(), D(), L(8, 5)), False),
    "prelu": (lambda f: S(L(f, 8), nn.PReLU(), L(8, 5)), False),
    "prelu_channels": (lambda f: S(L(f, 8), nn.PReLU(8), L(8, 5)), False),
    "leaky": (lambda f: S(L(f, 8), nn.LeakyReLU(0.3), L(8, 5)), False),
    "elu": (lambda f: S(L(f, 8), nn.ELU(0.7), nn.SELU(), L(8, 5)), False),
    "tanh": (lambda f: S(L(f, 8), nn.Tanh(), L(8, 5)), False),
    "relu6": (lambda f: S(L(f, 8), nn.ReLU6(), L(8, 5)), False),
    "layer_norm": (lambda f: S(nn.LayerNorm(f), L(f, 8), nn.LayerNorm(8, eps=1e-3), nn.GELU(), L(8, 5)), False),
    "nested": (lambda f: S(S(L(f, 8), R(), D()), S(L(8, 8), nn.Tanh()), L(8, 5)), False),
    "reordered": (lambda f: S(OrderedDict([("1", L(f, f)), ("0", L(f, f)), ("2", R()), ("3", L(f, 5))])), False),
    "dropouts": (lambda f: S(L(f, 8), R(), D(), D(), L(8, 5)), False),
    "mish": (lambda f: S(L(f, 8), nn.Mish(), L(8, 5)), None),
    "own_gelu": (lambda f: S(L(f, 8), GELU(), L(8, 5)), None),
    "own_row": (lambda f: Row(L(f, 8), nn.GELU(), L(8, 5)), None),
}
BOTH, STATES, MODULE = ("", "-module"), ("",), ("-module",)
COMMITTED = {
    "resnet": {"silu": MODULE, "prelu": MODULE, "layer_norm": MODULE, "reordered": MODULE, "own_row": MODULE},
    "alexnet": {"slot-relu_dropout": BOTH, "sigmoid": STATES},
    "vgg": {"linear": BOTH, "dropouts": STATES, "slot-log_softmax": BOTH, "slot-identity": MODULE},
    "densenet": {"log_softmax": BOTH, "named": BOTH, "norm": STATES, "norm_eps": MODULE, "layer_norm": BOTH, "mish": MODULE,
                 "gelu": BOTH, "reordered": MODULE, "own_gelu": MODULE},
    "googlenet": {"relu_dropout": STATES},
    "mobilenet_v2": {"three": STATES},
    "mobilenet_v3": {"relu_dropout": STATES, "slot-dropout_first": STATES, "prelu_channels": MODULE},
    "efficientnet": {"linear": STATES},
    "regnet": {"sigmoid": MODULE, "no_bias": STATES},
    "convnext": {"slot-relu_dropout": STATES, "slot-gelu": MODULE},
    "squeezenet": {"silu": BOTH},
    "vit": {"linear": STATES, "slot-norm": STATES},
}


def features(head):
    """What the first learned layer takes in."""
    for module in head.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            return module.weight.shape[1]
    raise ValueError(head)


def logits(net, image):
    """The scores in front of a last activation."""
    last = list(net.modules())[-1]
    kept = []
    if isinstance(last, (nn.Sigmoid, nn.LogSoftmax, nn.Softmax)):
        last.register_forward_pre_hook(lambda m, i: kept.append(i[0]))
    with torch.no_grad():
        out = net.eval()(image)
    if kept:
        last._forward_pre_hooks.clear()
        return kept[0]
    return out


def fitted(net):
    """Weights by which each layer of the head matters."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d):
            nn.init.uniform_(module.running_mean, -0.3, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
        if isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.uniform_(module.bias, -0.3, 0.3)
        if isinstance(module, nn.PReLU):
            nn.init.uniform_(module.weight, 0.1, 0.9)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=2 * module.in_features ** -0.5)
            if module.bias is not None:
                nn.init.uniform_(module.bias, -0.5, 0.5)
    return net.eval()


def pack(path):
    """Deflated, which the format allows, and without what only a debugger reads."""
    with zipfile.ZipFile(path) as source:
        members = {n: source.read(n) for n in source.namelist() if not n.endswith(".debug_pkl")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def network(family, head):
    make, side, classifier, slot = FAMILIES[family]
    net = settle(make(), side)
    inner = head.startswith("slot-")
    layers, told = HEADS[head.split("-")[-1]]
    if inner:
        row = getattr(net, classifier)
        new = layers(features(getattr(row, slot)))
        setattr(row, slot, new) if slot == "head" else row.__setitem__(int(slot), new)
    else:
        new = layers(features(getattr(net, classifier)))
        # ConvNeXt's classifier reads maps of one place, SqueezeNet's maps of many.
        before = {"convnext": [nn.Flatten()], "squeezenet": [nn.AdaptiveAvgPool2d(1), nn.Flatten()]}.get(family, [])
        told = told and family != "squeezenet"
        setattr(net, classifier, S(*before, new) if before else new)
    return fitted(net), side, told


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--all", type=pathlib.Path)
    everything = options.parse_args().all
    target = everything or TARGET
    target.mkdir(parents=True, exist_ok=True)
    expected = {}
    for family, (_, _, _, slot) in FAMILIES.items():
        every = [*HEADS, *(f"slot-{head}" for head in HEADS if slot)]
        for head in every if everything else COMMITTED[family]:
            torch.manual_seed(17)
            net, side, told = network(family, head)
            name = f"{family}-{head}"
            for kind in BOTH if everything else COMMITTED[family][head]:
                torch.save(net if kind else net.state_dict(), str(target / f"{name}{kind}.pth"))
                pack(target / f"{name}{kind}.pth")
            expected[name] = {"side": side, "told": told, "logits": logits(net, picture(side)).flatten().tolist()}
    torch.manual_seed(17)
    net = settle(FAMILIES["vgg"][0](), 64)
    net.features[1] = nn.Identity()  # where a ReLU was, in front of the classifier
    torch.save(net, str(target / "vgg-other_body-module.pth"))
    pack(target / "vgg-other_body-module.pth")
    (target / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
