"""Writes what Pillow and torchvision make of hashed pictures, for PillowResizeTests and PresetTests.

Run with Pillow 9.4, torch 1.13 and torchvision 0.14:  python3 resize.py ../resources/resize
resize.txt:   width height outWidth outHeight filter left top right bottom sha256-of-RGB
presets.txt:  preset width height size sha256-of-float32-little-endian [3,size,size]
fastai1.txt:  width height size step value value ...  (every step-th value of [3,size,size])

fastai itself is not needed: its formulas are written out below (fastai 2 vision/augment.py,
fastai 1 vision/image.py and vision/transform.py), on Pillow's and PyTorch's own functions.
"""

import hashlib
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms as T

from hashed import hashed

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def sha(data):
    return hashlib.sha256(data).hexdigest()


FILTERS = ["NEAREST", "BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS"]
CASES = [
    # w, h, outW, outH, box
    (64, 64, 32, 32, None), (64, 48, 224, 224, None), (100, 75, 341, 256, None),
    (301, 199, 256, 169, None), (500, 375, 341, 256, None), (37, 53, 17, 91, None),
    (7, 5, 31, 29, None), (1, 40, 9, 13, None), (40, 1, 13, 9, None), (1, 1, 5, 7, None),
    (33, 33, 1, 1, None), (200, 3, 7, 3, None), (3, 200, 3, 7, None), (50, 60, 50, 60, None),
    (90, 80, 40, 30, (10, 5, 77, 69)), (90, 80, 40, 30, (10.25, 5.5, 77.75, 69.125)),
    (90, 80, 90, 80, (0.5, 0, 90, 79.5)), (60, 40, 60, 20, (0, 3, 60, 37)),
]
lines = []
for w, h, ow, oh, box in CASES:
    for name in FILTERS:
        image = hashed(w, h).resize((ow, oh), getattr(Image.Resampling, name), box)
        corners = " ".join(str(float(v)) for v in (box or (0, 0, w, h)))
        lines.append(f"{w} {h} {ow} {oh} {name} {corners} {sha(image.tobytes())}")
(out / "resize.txt").write_text("\n".join(lines) + "\n")


def tail():
    return [T.ToTensor(), T.Normalize(MEAN, STD)]


def torchvision(resize, mode=T.InterpolationMode.BILINEAR):
    def run(image, size):
        steps = [T.Resize(resize(size), mode), T.CenterCrop(size)] + tail()
        return T.Compose(steps)(image)
    return run


def fastai2_crop(image, size):
    w, h = image.size
    m = w / size if w / size < h / size else h / size
    cw, ch = int(m * size), int(m * size)
    left, top = int(0.5 * (w - cw)), int(0.5 * (h - ch))
    crop = image.crop((left, top, left + cw, top + ch))
    return T.Compose(tail())(crop.resize((size, size), Image.Resampling.BILINEAR))


def fastai2_squish(image, size):
    return T.Compose(tail())(image.resize((size, size), Image.Resampling.BILINEAR))


def fastai2_random_resized_crop(image, size):
    """What is left of it on a validation set."""
    extra = math.ceil(max(size, size) * 0.14 / 8) * 8
    left = (size + extra - size) // 2
    whole = image.resize((size + extra, size + extra), Image.Resampling.BILINEAR)
    return T.Compose(tail())(whole.crop((left, left, left + size, left + size)))


def fastai1(image, size):
    x = torch.from_numpy(np.asarray(image).transpose(2, 0, 1).astype(np.float32)).div_(255)
    ratio = min(x.shape[1] / size, x.shape[2] / size)
    rows, cols = int(round(x.shape[1] / ratio)), int(round(x.shape[2] / ratio))
    grid = torch.empty(1, rows, cols, 2)
    grid[..., 0] = torch.ger(torch.ones(rows), torch.linspace(-1, 1, cols))
    grid[..., 1] = torch.ger(torch.linspace(-1, 1, rows), torch.ones(cols))
    d = min(x.shape[1] / rows, x.shape[2] / cols) / 2
    if d > 1:
        x = F.interpolate(x[None], scale_factor=1 / d, mode="area", recompute_scale_factor=True)[0]
    x = F.grid_sample(x[None], grid, mode="bilinear", padding_mode="reflection",
                      align_corners=True)[0]
    row, col = int((rows - size + 1) * 0.5), int((cols - size + 1) * 0.5)
    x = x[:, row:row + size, col:col + size]
    return T.Normalize(MEAN, STD)(x)


PRESETS = {
    "torchvision": torchvision(lambda n: n * 256 // 224),
    "torchvision-v2": torchvision(lambda n: n * 232 // 224),
    "timm": torchvision(lambda n: math.floor(n / 0.95), T.InterpolationMode.BICUBIC),
    "fastai2-crop": fastai2_crop,
    "fastai2-squish": fastai2_squish,
    "fastai2-randomresizedcrop": fastai2_random_resized_crop,
}
SIZES = [(500, 375, 224), (375, 500, 224), (256, 257, 224), (257, 256, 224), (301, 299, 64),
         (33, 47, 96), (2, 90, 33), (90, 2, 33), (640, 427, 127), (64, 64, 64), (70, 50, 400)]
lines = []
for name, run in PRESETS.items():
    for w, h, size in SIZES:
        x = run(hashed(w, h), size).numpy().astype("<f4")
        assert x.shape == (3, size, size)
        lines.append(f"{name} {w} {h} {size} {sha(x.tobytes())}")
(out / "presets.txt").write_text("\n".join(lines) + "\n")

lines = []
for w, h, size in SIZES + [(1200, 901, 64), (700, 1500, 100)]:
    x = fastai1(hashed(w, h), size).numpy().reshape(-1)
    step = x.size // 150 + 1
    lines.append(f"{w} {h} {size} {step} " + " ".join(f"{v:.7g}" for v in x[::step]))
(out / "fastai1.txt").write_text("\n".join(lines) + "\n")
