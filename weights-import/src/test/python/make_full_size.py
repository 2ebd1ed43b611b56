"""Writes full-size checkpoints with random weights into a folder of your choice; not committed.

    /usr/bin/python3 make_full_size.py FOLDER      (resnet34.pth 87 MB, resnet50.pth 103 MB)
"""
import pathlib
import sys

import torch
import torchvision

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(0)
for name in ("resnet34", "resnet50"):
    state = getattr(torchvision.models, name)().state_dict()
    torch.save(state, folder / f"{name}.pth")
    print(folder / f"{name}.pth", (folder / f"{name}.pth").stat().st_size)
