"""Runs the Python code that `camjar doctor` prints, and keeps it for PythonSnippetTests.

    java ... io.camjar.gradcam.doctor.SnippetFolders FOLDER    (as that class says)
    /usr/bin/python3 snippets.py FOLDER

Debian's PyTorch 1.13, torchvision 0.14 and Pillow 9.4 are the real ones. safetensors is a stand-in
(standins), and so are fastai's and timm's classes that whole modules name (the fakes of
weights-import). What each file of files.txt prints goes to ../resources/doctor/logits.json, the code
beside it. `snippets.py files` draws image.png and
writes the networks of MistakesTests: batch norms that are fresh in one way or another, and one that
is the surer of class 0 the more red it sees.
"""
import contextlib
import io
import json
import os
import pathlib
import sys

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "resources/doctor"
sys.path[:0] = [str(HERE / "standins"), str(HERE.parents[3] / "weights-import/src/test/python/fakes")]


def image():
    """Colours that differ, edges, and a shape that is no square."""
    y, x = np.mgrid[0:90, 0:130]
    red = 128 + 100 * np.sin(x / 9) * np.cos(y / 13)
    green = np.where((x // 16 + y // 16) % 2 == 0, 200, 40)
    blue = (x * 2 + y) % 256
    return Image.fromarray(np.stack([red, green, blue], -1).astype(np.uint8))


def run(folder):
    """What the code prints, as if the folder was the current one."""
    text = (folder / "code.py").read_text()
    os.chdir(folder)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, folder.name + ".py", "exec"), {})
    (OUT / f"{folder.name}.py").write_text(text)
    return json.loads(printed.getvalue().splitlines()[-1])


def norms():
    """All norms as they are made; with statistics alone so, as folding leaves them; one of them so."""
    import torch
    from torch import nn

    sys.path.insert(0, str(HERE.parents[3] / "weights-import/src/test/python"))
    import tiny

    torch.manual_seed(5)
    for name in ["untouched", "folded", "one-fresh"]:
        net = tiny.resnet()
        for path, norm in net.named_modules():
            if isinstance(norm, nn.BatchNorm2d) and (name != "one-fresh" or path == "layer2.0.bn1"):
                norm.reset_running_stats()
                if name == "untouched":
                    norm.reset_parameters()
        torch.save(net.state_dict(), OUT / f"{name}.pth", _use_new_zipfile_serialization=False)


def reds():
    """Blocks pass on what they get; the first feature is the mean of red plus 3, classes are told at 3.1."""
    import torch
    from torch import nn

    import tiny

    net = tiny.resnet(classes=2)
    with torch.no_grad():
        for path, module in net.named_modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.fill_(0.001)
                module.running_var.fill_(0.999)
                module.weight.fill_(0.0 if path.endswith("bn2") else 1.0)
                module.bias.fill_(3.0 if path == "bn1" else 0.0)
            if path.endswith("downsample.0"):
                module.weight.zero_()
                module.weight[0, 0] = module.weight[1, 1] = 1
        net.conv1.weight.zero_()
        net.conv1.weight[0, 0] = net.conv1.weight[1, 2] = 1 / 49
        net.fc.weight.zero_()
        net.fc.weight[0, 0] = 4
        net.fc.bias[:] = torch.tensor([-4 * 3.1, 0])
    torch.save(net.state_dict(), OUT / "red.pth", _use_new_zipfile_serialization=False)


if sys.argv[1] == "files":
    image().save(OUT / "image.png")
    norms()
    reds()
else:
    folders = sorted(path for path in pathlib.Path(sys.argv[1]).resolve().iterdir() if path.is_dir())
    printed = {folder.name: run(folder) for folder in folders}
    (OUT / "logits.json").write_text(json.dumps(printed, indent=1) + "\n")
    print(f"{len(printed)} files")
