class TfmCrop:
    def __init__(self, func, order=0):
        self.func, self.order = func, order


class RandTransform:
    def __init__(self, tfm, kwargs):
        self.tfm, self.kwargs, self.p, self.resolved, self.do_run = tfm, kwargs, 1.0, {}, True


from enum import IntEnum

ResizeMethod = IntEnum("ResizeMethod", "CROP PAD SQUISH NO")
