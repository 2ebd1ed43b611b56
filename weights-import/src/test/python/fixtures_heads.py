"""State dicts whose classifier is not one linear layer with a bias, and one of a wide ResNet.

    /usr/bin/python3 fixtures_heads.py       adds them to what make_fixtures.py left
"""
import json
import pathlib
import sys

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent / "fakes"))

import torch
from torch import nn
from torchvision.models.resnet import Bottleneck

import tiny


class Necked(nn.Module):
    """Re-identification's: a batch norm between the pool and a classifier without bias."""

    def __init__(self):
        super().__init__()
        self.body, self.bottleneck = tiny.resnet(), nn.BatchNorm1d(16)
        self.body.fc = nn.Identity()
        self.classifier = nn.Linear(16, tiny.CLASSES, bias=False)

    def forward(self, x):
        return self.classifier(self.bottleneck(self.body(x)))


def heads():
    """What fine-tuning puts in fc's place."""
    return {
        "two-layers": nn.Sequential(
            nn.Linear(16, 10), nn.ReLU(), nn.Dropout(0.2), nn.Linear(10, tiny.CLASSES)),
        "dropout-first": nn.Sequential(
            nn.Dropout(0.5), nn.Linear(16, 10), nn.ReLU(), nn.Dropout(0.2), nn.Linear(10, tiny.CLASSES)),
        "three-layers": nn.Sequential(
            nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, tiny.CLASSES)),
        "norm-before-relu": nn.Sequential(
            nn.Linear(16, 10, bias=False), nn.BatchNorm1d(10), nn.ReLU(), nn.Linear(10, tiny.CLASSES)),
        "norm-first": nn.Sequential(nn.BatchNorm1d(16), nn.Linear(16, tiny.CLASSES)),
        "no-bias": nn.Linear(16, tiny.CLASSES, bias=False),
    }


def write(out):
    torch.manual_seed(8)
    for name, head in heads().items():
        net = tiny.resnet()
        net.fc = head
        save(out, f"legacy-fc-{name}.pth", tiny.settle(net))
    save(out, "legacy-neck.pth", tiny.settle(Necked()))
    save(out, "legacy-wide.pth", wide(), "wide_resnet14_2")


def wide():
    """torchvision's wide_resnet: the 3x3 convolutions of its bottlenecks are twice as wide."""
    net = tiny.resnet(Bottleneck)
    net.base_width, net.inplanes = 128, 2
    for level in range(4):
        planes = 2 << level
        setattr(net, f"layer{level + 1}", net._make_layer(Bottleneck, planes, 1, stride=1 if level == 0 else 2))
    return tiny.settle(net)


def save(out, name, net, architecture="resnet10"):
    state = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    torch.save(state, out.path(name), _use_new_zipfile_serialization=False)
    out.expect(name, tiny.logits(net), architecture, "torchvision")


class Added:
    """The fixtures that are there, and those that are added."""

    def __init__(self, target):
        self.target = target
        self.expected = json.loads((target / "logits.json").read_text())

    def path(self, name):
        return self.target / name

    def expect(self, name, logits, architecture, head, channels=3):
        self.expected[name] = {
            "architecture": architecture,
            "head": head,
            "channels": channels,
            "logits": [float(x) for x in logits.flatten()],
        }

    def finish(self):
        (self.target / "logits.json").write_text(json.dumps(self.expected, indent=1) + "\n")


if __name__ == "__main__":
    added = Added(pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/checkpoints")
    write(added)
    added.finish()
