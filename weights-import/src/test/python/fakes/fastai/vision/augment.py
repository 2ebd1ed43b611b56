"""fastai 2.7 vision.augment: transforms keep their sizes as attributes."""


class Resize:
    order = 1

    def __init__(self, size):
        self.size, self.method, self.pad_mode = (size, size), "crop", "reflection"


class RandomResizedCropGPU:
    split_idx = None

    def __init__(self, size):
        self.size, self.min_scale, self.ratio, self.mode = (size, size), 0.35, (1, 1), "bilinear"
