"""Writes a whole module and what changing each value of each of its layers does to its logits.

    /usr/bin/python3 make_module_values.py        (Debian's python3-torch, python3-torchvision)

Leaves wrappings/module-values.pth and wrappings/module-values.json: for each layer, attribute and
other value whether PyTorch's logits change (or the forward fails), or stay the same.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import torch

import tiny
from make_wrappings import pack

TARGET = HERE.parent / "resources/io/camjar/weights/wrappings"


def others(name, value):
    """Values of the same kind that a layer might have instead."""
    if name == "padding_mode":
        return ["reflect", "circular"]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value * 2]
    if name == "p":
        return [value / 2]  # PyTorch takes shares alone
    if isinstance(value, float):
        return [value * 100 + 0.25]
    if isinstance(value, tuple) and value and all(isinstance(v, int) for v in value):
        return [[v + 1 for v in value], [value[0], *(v + 1 for v in value[1:])]]
    return []


def outcome(net, before):
    try:
        with torch.no_grad():
            after = net(tiny.picture())
    except Exception:
        return "changed"
    same = after.shape == before.shape and torch.allclose(after, before, rtol=1e-6, atol=1e-7)
    return "same" if same else "changed"


def main():
    torch.manual_seed(23)
    nets = {"basic": tiny.resnet(), "fastai": tiny.fastai1()}
    found = {}
    for kind, net in nets.items():
        name = f"module-values-{kind}.pth"
        torch.save(net, TARGET / name)
        pack(TARGET / name)
        before = tiny.logits(net)
        rows = []
        for path, module in net.named_modules():
            for attribute, value in list(vars(module).items()):
                if attribute.startswith("_") or attribute == "training":
                    continue
                for other in others(attribute, value):
                    setattr(module, attribute, tuple(other) if isinstance(other, list) else other)
                    rows.append([path, attribute, other, outcome(net, before)])
                    setattr(module, attribute, value)
        found[name] = rows
        print(name, len(rows), "values,", sum(r[3] == "changed" for r in rows), "change the logits")
    text = json.dumps(found).replace("], [\"", "],\n[\"")
    (TARGET / "module-values.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
