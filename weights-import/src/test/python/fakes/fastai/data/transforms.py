"""fastai 2.7 data.transforms: the vocabulary and the normalisation."""
from fastcore.foundation import L


class CategoryMap:
    def __init__(self, items):
        self.items, self.sort = L(items), True
        self.o2i = {name: i for i, name in enumerate(items)}


class Categorize:
    loss_func, order = None, 1

    def __init__(self, vocab):
        self.vocab, self.add_na, self.sort = CategoryMap(vocab), False, True


class Normalize:
    parameters, order = ("mean", "std"), 99

    def __init__(self, mean, std, axes=(0, 2, 3)):
        self.mean, self.std, self.axes = mean, std, axes


class ToTensor:
    order = 5


class IntToFloatTensor:
    order = 10

    def __init__(self):
        self.div, self.div_mask = 255.0, 1
