"""Writes a whole module that ends in a Sigmoid, for StatedReadoutTests.

    /usr/bin/python3 outputs.py        (Debian's python3-torch, python3-torchvision)
"""
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "engine/src/test/python"))
from torch_networks import Net  # noqa: E402

TARGET = HERE.parent / "resources/outputs"
TARGET.mkdir(exist_ok=True)
torch.manual_seed(3)
net = Net("resnet18", "torchvision", 3, width=2)
net.fc = nn.Sequential(net.fc, nn.Sigmoid())
torch.save(net.eval(), TARGET / "ends-in-sigmoid.pth")
