"""Writes what the libraries make of hashed images step by step, for FramerTests.

Run with Pillow 9.4, torch 1.13 and torchvision 0.14:  /usr/bin/python3 steps.py ../resources/resize
steps.txt:  steps|width|height|rows|columns|sha256-of-RGB                       where all is 8-bit
            steps|width|height|rows|columns|step value value ...   of [3,rows,columns], with floats

torchvision is the real one. fastai (1.0.61 vision/image.py and vision/transform.py, 2.7
vision/augment.py), timm (data/transforms.py) and transformers (image_transforms.py) are not needed:
their formulas are written out below on Pillow's, torchvision's and PyTorch's own functions.
"""
import hashlib
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import functional as TF

from hashed import hashed

out = Path(sys.argv[1])
MODES = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
lines = []


def bytes_of(steps, image, result):
    sha = hashlib.sha256(result.convert("RGB").tobytes()).hexdigest()
    lines.append(f"{steps}|{image.width}|{image.height}|{result.height}|{result.width}|{sha}")


def floats_of(steps, image, result):
    values = result.numpy().reshape(-1)
    step = values.size // 60 + 1
    shown = " ".join(f"{v:.7g}" for v in values[::step])
    rows, columns = result.shape[-2:]
    lines.append(f"{steps}|{image.width}|{image.height}|{rows}|{columns}|{step} {shown}")


# torchvision
IM = T.InterpolationMode
for steps, compose in [
    ("resize_short 70 bilinear; center_crop 64 64 even", [T.Resize(70), T.CenterCrop(64)]),
    ("resize_short 41 bicubic; center_crop 40 33 even", [T.Resize(41, IM.BICUBIC), T.CenterCrop((40, 33))]),
    ("resize 48 80 bicubic; center_crop 61 50 even", [T.Resize((48, 80), IM.BICUBIC), T.CenterCrop((61, 50))]),
    ("center_crop 90 91 even", [T.CenterCrop((90, 91))]),
    ("resize 30 40 bilinear; pad 5 5 5 5 reflect", [T.Resize((30, 40)), T.Pad(5, padding_mode="reflect")]),
    ("resize 30 40 bilinear; pad 3 7 4 1 constant 10 20 30", [T.Resize((30, 40)), T.Pad((3, 7, 4, 1), (10, 20, 30))]),
    ("resize 30 40 bilinear; pad 3 7 3 7 edge", [T.Resize((30, 40)), T.Pad((3, 7), padding_mode="edge")]),
    ("resize 9 8 bilinear; pad 7 6 7 6 symmetric", [T.Resize((9, 8)), T.Pad((7, 6), padding_mode="symmetric")]),
    ("gray; resize 20 20 bilinear", [T.Grayscale(3), T.Resize((20, 20))]),
]:
    for w, h in [(57, 43), (33, 90)]:
        bytes_of(steps, hashed(w, h), T.Compose(compose)(hashed(w, h)))


# fastai 2, item transforms
def crop_pad(x, sz, tl, pad_mode, resize_to=None, mode=Image.Resampling.BILINEAR):
    """Image._do_crop_pad; sizes are width, height."""
    orig = x.size
    c = [max(t, 0) for t in tl]
    x = x.crop((*c, *[min(t + s, o) for t, s, o in zip(tl, sz, orig)]))
    p = [max(-t, 0) for t in tl]
    f = [max(s - o + t, 0) for s, o, t in zip(sz, orig, tl)]
    if any(p) or any(f):
        x = TF.pad(x, [*p, *f], padding_mode=pad_mode)
    return x if resize_to is None else x.resize(resize_to, mode)


def fastai2_resize(x, size, pad, pad_mode):
    """Resize.encodes on a validation set; size is height, width."""
    (w, h), (tw, th) = x.size, size[::-1]
    m = w / tw if (w / tw > h / th) == pad else h / th
    cp = (int(m * tw), int(m * th))
    tl = (int(0.5 * (w - cp[0])), int(0.5 * (h - cp[1])))
    return crop_pad(x, cp, tl, pad_mode, (tw, th))


for w, h in [(57, 43), (33, 90), (64, 64), (101, 30)]:
    image = hashed(w, h)
    for mode in ["constant", "edge", "reflect"]:
        bytes_of(f"pad_to 40 40 bilinear {mode}", image, fastai2_resize(image, (40, 40), True, mode))
    bytes_of("pad_to 33 50 bilinear reflect", image, fastai2_resize(image, (33, 50), True, "reflect"))
    bytes_of("crop_to 33 50 bilinear", image, fastai2_resize(image, (33, 50), False, "reflect"))
    size = (50, 39)
    tl = tuple((o - s) // 2 for o, s in zip(image.size, size))
    bytes_of("center_crop 39 50 floor constant", image, crop_pad(image, size, tl, "constant"))


# fastai 2, transforms of batches: affine_coord with a size and the identity
def grid_sample(x, coords, align):
    mn, mx = coords.min(), coords.max()
    z = 1 / (mx - mn).item() * 2
    d = min(x.shape[-2] / coords.shape[-3], x.shape[-1] / coords.shape[-2]) / 2
    if d > 1 and d > z:
        x = F.interpolate(x, scale_factor=1 / d, mode="area", recompute_scale_factor=True)
    return F.grid_sample(x, coords, mode="bilinear", padding_mode="reflection", align_corners=align)


def affine_coord(x, size, align):
    coords = F.affine_grid(torch.eye(3)[None, :2], (1, 3, *size), align_corners=align)
    return grid_sample(x[None], coords, align)[0]


for w, h in [(57, 43), (200, 150), (130, 300)]:
    image = hashed(w, h)
    item = TF.to_tensor(fastai2_resize(image, (46, 46), False, "reflect"))
    for side, name, align in [(22, "corners", True), (22, "centres", False), (60, "corners", True)]:
        steps = f"crop_to 46 46 bilinear; sample {side} {side} {name}"
        floats_of(steps, image, affine_coord(item, (side, side), align))
    steps = "crop_to 46 46 bilinear; sample 20 31 corners"
    floats_of(steps, image, affine_coord(item, (20, 31), True))
    item = TF.to_tensor(fastai2_resize(image, (100, 100), False, "reflect"))
    steps = "crop_to 100 100 bilinear; sample 22 22 corners"
    floats_of(steps, image, affine_coord(item, (22, 22), True))


# fastai 1: apply_tfms with [crop_pad()]
def fastai1(image, size, method, padding):
    x = TF.to_tensor(image)
    rows, cols = size
    _, h, w = x.shape
    if method == "squish":
        target = size
    else:
        ratio = (min if method == "crop" else max)(h / rows, w / cols)
        target = int(round(h / ratio)), int(round(w / ratio))
    if target != (h, w):
        grid = torch.ones(1, *target, 2)
        grid[..., 0] *= torch.linspace(-1, 1, target[1])
        grid[..., 1] *= torch.linspace(-1, 1, target[0])[:, None]
        x = grid_sample(x[None], grid, True)[0]
    if method == "squish" or x.shape[1:] == torch.Size(size):
        return x
    if x.size(1) < rows or x.size(2) < cols:
        row_pad, col_pad = max((rows - x.size(1) + 1) // 2, 0), max((cols - x.size(2) + 1) // 2, 0)
        x = F.pad(x[None], (col_pad, col_pad, row_pad, row_pad), mode=padding)[0]
    row, col = int((x.size(1) - rows + 1) * 0.5), int((x.size(2) - cols + 1) * 0.5)
    return x[:, row:row + rows, col:col + cols]


NAMES = {"reflect": "reflect", "constant": "constant", "edge": "replicate"}
for w, h in [(57, 43), (30, 41), (200, 150)]:
    image = hashed(w, h)
    for method in ["squish", "crop", "pad"]:
        for name in NAMES if method == "pad" else ["reflect"]:
            for size in [(32, 32), (41, 28)]:
                steps = f"fastai1 {size[0]} {size[1]} {method} {name}"
                floats_of(steps, image, fastai1(image, size, method, NAMES[name]))


# timm: ResizeKeepRatio and CenterCropOrPad
def keep_ratio(image, size, longest, mode):
    ratios = image.height / size[0], image.width / size[1]
    ratio = max(ratios) * longest + min(ratios) * (1.0 - longest)
    return image.resize((round(image.width / ratio), round(image.height / ratio)), MODES[mode])


def crop_or_pad(image, size, fill):
    (w, h), (cw, ch) = image.size, size[::-1]
    if cw > w or ch > h:
        dw, dh = max(cw - w, 0), max(ch - h, 0)
        image = TF.pad(image, [dw // 2, dh // 2, (dw + 1) // 2, (dh + 1) // 2], fill)
    top, left = round((image.height - ch) / 2.0), round((image.width - cw) / 2.0)
    return image.crop((left, top, left + cw, top + ch))


for w, h in [(57, 43), (33, 90)]:
    image = hashed(w, h)
    border = crop_or_pad(keep_ratio(image, (46, 46), 1.0, "bicubic"), (41, 41), (124, 116, 104))
    bytes_of("resize_inside 46 46 bicubic; center_crop 41 41 124 116 104 even", image, border)
    covered = crop_or_pad(keep_ratio(image, (46, 30), 0.0, "bilinear"), (41, 27), 0)
    bytes_of("resize_outside 46 30 bilinear; center_crop 41 27 even", image, covered)
    # transformers: resize the short side, then offsets rounded down
    resized = T.Resize(46)(image)
    left, top = (resized.width - 41) // 2, (resized.height - 41) // 2
    bytes_of("resize_short 46 bilinear; center_crop 41 41 floor", image, resized.crop((left, top, left + 41, top + 41)))

(out / "steps.txt").write_text("\n".join(lines) + "\n")
print(len(lines), "lines")
