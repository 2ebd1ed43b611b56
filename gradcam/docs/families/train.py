"""Trains small networks, one of a family, on Imagenette: the networks of families.png.

    python3 train.py DATA FOLDER [NAME...]

DATA holds train.tar and val.tar, made of the data set's two folders at a shorter side of 224 (train/CLASS/..., val/CLASS/...; of val
every second photograph of each class), and labels.txt (a folder, a tab and a name a line). FOLDER/NAME.pth is then a dict of the state dict, the classes, and how images are prepared; FOLDER/NAME.json the
epochs. One thread, seed 1. The networks are torchvision's classes with fewer channels and blocks, so that two minutes of
one core are enough for each; MSDNet, of the engine's own definition, takes ten and more.
"""
import contextlib
import io
import json
import pathlib
import sys
import tarfile
import time
from functools import partial

import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torchvision import models
from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig, MBConvConfig
from torchvision.models.regnet import BlockParams, RegNet
from torchvision.models.resnet import Bottleneck, ResNet

sys.path.append(str(pathlib.Path(__file__).parents[3] / "engine/src/test/python"))
import msdnet

CLASSES = 10
KEPT = 112  # shorter side of the decoded images
SHOWN = {64: 96, 80: 112, 96: 96}  # what a network that learned from crops of a side is measured with and shown: objects look smaller there
SHOWN_OTHERWISE = {"msdnet": 96}  # at 112 its exits would read 7 x 7 places, where they learned to read 5 x 5
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


@contextlib.contextmanager
def narrow(by):
    """Layers that are made inside have their channels divided."""
    kept = nn.Conv2d.__init__, nn.BatchNorm2d.__init__, nn.Linear.__init__

    def less(count):
        return count if count in (3, CLASSES) else count // by

    def conv(self, i, o, *a, **k):
        kept[0](self, less(i), less(o), *a, **k)

    def norm(self, c, *a, **k):
        kept[1](self, less(c), *a, **k)

    def linear(self, i, o, *a, **k):
        kept[2](self, less(i), less(o), *a, **k)

    nn.Conv2d.__init__, nn.BatchNorm2d.__init__, nn.Linear.__init__ = conv, norm, linear
    try:
        yield
    finally:
        nn.Conv2d.__init__, nn.BatchNorm2d.__init__, nn.Linear.__init__ = kept


def narrowed(build, by, **options):
    with narrow(by):
        return build(weights=None, num_classes=CLASSES, **options)


def vgg():
    net = models.vgg.VGG(models.vgg.make_layers([8, "M", 24, "M", 48, "M", 96, 96, "M", 128, "M"], batch_norm=True), CLASSES)
    net.classifier = nn.Sequential(nn.Linear(128 * 49, 128), nn.ReLU(True), nn.Dropout(0.1), nn.Linear(128, 128), nn.ReLU(True),
                                   nn.Dropout(0.1), nn.Linear(128, CLASSES))
    return net


def settled(net):
    """Of networks without norms: weights that keep the variance of what passes, else they do not begin to learn."""
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            nn.init.zeros_(module.bias)
    return net


def regnet():
    return RegNet(BlockParams([1, 1, 2, 1], [32, 64, 128, 256], [16, 16, 16, 16], [1, 1, 1, 1], [2, 2, 2, 2], 0.25), CLASSES, stem_width=32)


def resnext(weights, num_classes):
    return ResNet(Bottleneck, [1, 1, 1, 1], num_classes, groups=8, width_per_group=8)


def efficientnet():
    """Version S of the second version with a sixth of the channels and few blocks."""
    of = [(True, 1, 1, 16, 16), (True, 4, 2, 16, 24), (True, 4, 2, 24, 32), (False, 4, 2, 32, 48), (False, 6, 1, 48, 64), (False, 6, 2, 64, 96)]
    stages = [(FusedMBConvConfig if fused else MBConvConfig)(expansion, 3, stride, cin, cout, 1 + fused)
              for fused, expansion, stride, cin, cout in of]
    return EfficientNet(stages, 0.1, 0.0, CLASSES, norm_layer=partial(nn.BatchNorm2d, eps=1e-3), last_channel=256)


def mobilenet():
    """Its norms follow the images as quickly as the other networks': at the published 0.01 they lag behind so few updates."""
    net = models.mobilenet_v3_small(num_classes=CLASSES, width_mult=0.75)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.1
    return net


def msd():
    """Three scales, three exits: the definition that camjar's own tests take their figures from."""
    return msdnet.MSDNet(imagenet=True, channels=16, growth=8, widths=(1, 2, 4), bottlenecks=(1, 2, 4), steps=(4, 3, 3), hidden=0,
                         classes=CLASSES)


# name: network, side of the crops it learns from, epochs, largest learning rate, channels last while learning
FAMILIES = {
    "resnet": (lambda: narrowed(models.resnet18, 4), 80, 6, 4e-3, False),
    "regnet": (regnet, 80, 6, 4e-3, True),
    "resnext": (lambda: narrowed(resnext, 2), 64, 3, 4e-3, True),
    "googlenet": (lambda: narrowed(models.googlenet, 4, aux_logits=False, init_weights=False), 64, 3, 4e-3, False),
    "densenet": (lambda: models.DenseNet(12, (3, 4, 4, 4), 24, num_classes=CLASSES), 64, 3, 4e-3, False),
    "mobilenet": (mobilenet, 80, 3, 4e-3, True),
    "vgg": (vgg, 64, 3, 3e-3, False),
    "efficientnet": (efficientnet, 64, 3, 4e-3, True),
    "vit": (lambda: models.VisionTransformer(96, 16, 4, 2, 128, 512, num_classes=CLASSES), 96, 5, 1e-3, False),
    "alexnet": (lambda: settled(narrowed(models.alexnet, 4)), 80, 4, 7e-4, False),
    "msdnet": (msd, 80, 10, 4e-3, True),
    "squeezenet": (lambda: settled(narrowed(models.squeezenet1_1, 2)), 80, 4, 1.5e-3, False),
}


def decoded(data, part, names):
    """The middle of each photograph, its shorter side KEPT, in the order of the tar: uint8 [n, 3, KEPT, KEPT]."""
    folders = [line.split("\t")[0] for line in names]
    images, labels = [], []
    with tarfile.open(data / f"{part}.tar") as tar:
        for member in tar:
            if member.isfile():
                image = Image.open(io.BytesIO(tar.extractfile(member).read()))
                image.draft("RGB", (KEPT, KEPT))
                image = image.convert("RGB")
                by = KEPT / min(image.size)
                image = image.resize([max(KEPT, round(side * by)) for side in image.size], Image.BILINEAR)
                left, top = ((side - KEPT) // 2 for side in image.size)
                image = image.crop((left, top, left + KEPT, top + KEPT))
                images.append(torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(KEPT, KEPT, 3).permute(2, 0, 1))
                labels.append(folders.index(member.name.split("/")[-2]))
    return torch.stack(images), torch.tensor(labels)


def normalised(images):
    mean, std = (torch.tensor(of).reshape(1, 3, 1, 1) for of in (MEAN, STD))
    return (images.float() / 255 - mean) / std


def crops(images, side, random):
    """Crops of 35 to 100 % of the area, sides from 3:4 to 4:3, mirrored or not, `side` wide and high."""
    count = len(images)
    area = torch.empty(count).uniform_(0.35, 1, generator=random)
    ratio = torch.empty(count).uniform_(-0.2877, 0.2877, generator=random).exp()
    wide, high = ((area * r).sqrt().clamp(max=1) for r in (ratio, 1 / ratio))
    x, y = ((1 - part) * torch.empty(count).uniform_(-1, 1, generator=random) for part in (wide, high))
    mirror = 1 - 2 * torch.randint(0, 2, (count,), generator=random)
    none = torch.zeros(count)
    turn = torch.stack([torch.stack([wide * mirror, none, x], 1), torch.stack([none, high, y], 1)], 1)
    grid = F.affine_grid(turn, [count, 3, side, side], align_corners=False)
    return F.grid_sample(normalised(images), grid, padding_mode="reflection", align_corners=False)


def exits(logits):
    """Logits of each exit, the last one last."""
    return logits if isinstance(logits, list) else [logits]


def measured(net, images, labels, side):
    """The share of images whose best class is right."""
    net.eval()
    right = 0
    with torch.no_grad():
        for begin in range(0, len(images), 64):
            x = normalised(images[begin:begin + 64])
            if side != KEPT:
                x = F.interpolate(x, (side, side), mode="bilinear", antialias=True, align_corners=False)
            right += int((exits(net(x))[-1].argmax(1) == labels[begin:begin + 64]).sum())
    return right / len(images)


def trained(name, train, val):
    build, side, epochs, rate, last = FAMILIES[name]
    torch.manual_seed(1)
    random = torch.Generator().manual_seed(1)
    net = build()
    form = torch.channels_last if last else torch.contiguous_format
    net = net.to(memory_format=form)
    decayed = [p for p in net.parameters() if p.dim() > 1]
    plain = [p for p in net.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed}, {"params": plain, "weight_decay": 0}], rate, weight_decay=0.05)
    images, labels = train
    steps = len(images) // 64
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, epochs * steps, pct_start=0.25)
    began, seen = time.time(), []
    for epoch in range(epochs):
        net.train()
        order, losses = torch.randperm(len(images), generator=random), 0.0
        for step in range(steps):
            chosen = order[step * 64:step * 64 + 64]
            x = crops(images[chosen], side, random).contiguous(memory_format=form)
            loss = sum(F.cross_entropy(logits, labels[chosen], label_smoothing=0.1) for logits in exits(net(x)))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses += float(loss) / steps
        seen.append({"epoch": epoch + 1, "loss": losses, "accuracy": measured(net, val[0][::4], val[1][::4], side)})
        print(name, f"epoch {epoch + 1} of {epochs}, loss {losses:.3f}, accuracy {seen[-1]['accuracy']:.3f}, {time.time() - began:.0f} s", flush=True)
    print(name, f"{time.time() - began:.0f} s", flush=True)
    return net, seen


def write(name, net, seen, val, classes, folder):
    side = SHOWN_OTHERWISE.get(name, SHOWN[FAMILIES[name][1]])
    record = {"parameters": sum(p.numel() for p in net.parameters()), "accuracy": measured(net, *val, side), "epochs": seen}
    print(name, record["parameters"], "parameters, accuracy", record["accuracy"], "at", side, flush=True)
    prepared = {"input_size": [3, side, side], "crop_pct": 1.0, "interpolation": "bilinear", "mean": MEAN, "std": STD}
    torch.save({"state_dict": {k: v.contiguous() for k, v in net.state_dict().items()}, "classes": classes, "pretrained_cfg": prepared},
               folder / f"{name}.pth")
    (folder / f"{name}.json").write_text(json.dumps(record) + "\n")


def main():
    data, folder = map(pathlib.Path, sys.argv[1:3])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    names = (data / "labels.txt").read_text().splitlines()
    kept = folder / "decoded.pt"
    if not kept.exists():
        torch.save([decoded(data, part, names) for part in ("train", "val")], kept)
    train, val = torch.load(kept)
    classes = [line.split("\t")[1] for line in names]
    for name in sys.argv[3:] or FAMILIES:
        write(name, *trained(name, train, val), val, classes, folder)


if __name__ == "__main__":
    main()
