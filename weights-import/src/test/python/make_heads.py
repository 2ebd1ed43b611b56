"""Writes tiny ResNets, saved whole, with several layers in their heads.

    /usr/bin/python3 make_heads.py        (Debian's python3-torch, python3-torchvision)

Leaves src/test/resources/io/camjar/weights/heads/* with expected.json: the logits that PyTorch computes. Names in files
called told-* lead back to the same head; those of untold-* would be taken for another one.
"""
import json
import pathlib
import sys
import zipfile

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))
import tiny  # noqa: E402

TARGET = HERE.parent / "resources/io/camjar/weights/heads"
L, D, R, N = nn.Linear, nn.Dropout, nn.ReLU, nn.BatchNorm1d
HEADS = {
    "untold-dropout": lambda: [L(16, 8), D(), L(8, 5)],
    "untold-identity": lambda: [L(16, 8), nn.Identity(), L(8, 5)],
    "untold-norm-dropout": lambda: [L(16, 8), N(8), D(), L(8, 5)],
    "untold-norm-relu": lambda: [N(16), R(), L(16, 5)],
    "untold-norm-dropouts": lambda: [N(16), D(), L(16, 8), D(), L(8, 5)],
    "untold-dropouts": lambda: [L(16, 8), D(), D(), D(), L(8, 5)],
    "told-relu-dropout": lambda: [L(16, 8), R(), D(), L(8, 5)],
    "told-dropout-relu": lambda: [L(16, 8), D(), R(), L(8, 5)],
    "told-relu-norm": lambda: [L(16, 8), R(), N(8), L(8, 5)],
    "told-norm-relu-dropout": lambda: [L(16, 8), N(8), R(), D(), L(8, 5)],
    "told-relu-first": lambda: [R(), L(16, 8), R(), L(8, 5)],
}


def pack(path):
    """Deflated, which the format allows, and without what only a debugger reads."""
    with zipfile.ZipFile(path) as source:
        members = {n: source.read(n) for n in source.namelist() if not n.endswith(".debug_pkl")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(11)
    expected = {}

    def save(name, net, write=torch.save):
        write(net, str(TARGET / name))
        pack(TARGET / name)
        expected[name] = {"logits": [float(x) for x in tiny.logits(net).flatten()]}

    for name, layers in HEADS.items():
        net = tiny.resnet()
        net.fc = nn.Sequential(*layers())
        save(name + ".pth", tiny.settle(net))
        if name == "untold-dropout":
            save(name + "-script.pt", net, lambda module, path: torch.jit.script(module).save(path))
    for name in ("untold-dropout", "told-relu-dropout"):
        body = nn.Sequential(*list(tiny.resnet().children())[:-2])
        head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), *HEADS[name]())
        save(name + "-fastai.pth", tiny.settle(nn.Sequential(body, head)))
    (TARGET / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
