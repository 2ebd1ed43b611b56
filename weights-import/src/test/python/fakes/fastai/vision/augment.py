"""fastai 2.7 vision.augment: transforms keep their sizes as attributes."""
from fastcore.basics import fastuple


def _process_sz(size):
    """Item transforms keep sizes as Pillow has them: width, then height."""
    if not isinstance(size, tuple):
        size = (size, size)
    return fastuple(size[1], size[0])


class Resize:
    order = 1

    def __init__(self, size, method="crop", pad_mode="reflection"):
        self.size, self.method, self.pad_mode = _process_sz(size), method, pad_mode
        self.split_idx = None


class RandomResizedCrop:
    order = 1

    def __init__(self, size, min_scale=0.08, val_xtra=0.14):
        self.size, self.min_scale, self.val_xtra = _process_sz(size), min_scale, val_xtra
        self.ratio, self.split_idx = (3 / 4, 4 / 3), None


class RandomResizedCropGPU:
    split_idx = None

    def __init__(self, size):
        self.size, self.min_scale, self.ratio, self.mode = (size, size), 0.35, (1, 1), "bilinear"


class Flip:
    """The first of aug_transforms, into which fastai merges its other affine transforms."""

    order = 30

    def __init__(self, size=None):
        self.size, self.mode, self.pad_mode, self.align_corners = size, "bilinear", "reflection", True
        self.p, self.split_idx = 0.5, None


class Brightness:
    order = 40

    def __init__(self):
        self.p, self.split_idx = 0.75, 0
