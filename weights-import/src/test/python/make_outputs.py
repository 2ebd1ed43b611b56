"""Writes small files that say, each in its maker's way, what their network's outputs mean.

    /usr/bin/python3 make_outputs.py        (Debian's python3-torch, python3-torchvision)

Leaves src/test/resources/io/camjar/weights/outputs/*. Each holds a ResNet of base width 2 with torchvision's head, and
around it what the library or script named in the file's name pickles. Classes of libraries that are not at hand are made
here under their qualified names, with the attributes that they pickle.
"""
import argparse
import pathlib
import sys
import types

import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))
import tiny  # noqa: E402

TARGET = HERE.parent / "resources/io/camjar/weights/outputs"
VOCAB = ["edema", "nodule", "mass"]


def thing(module, name, **attributes):
    """An object of a class of that name, made on demand."""
    if module not in sys.modules:
        sys.modules[module] = types.ModuleType(module)
    kind = getattr(sys.modules[module], name, None)
    if kind is None:
        kind = type(name, (), {"__module__": module})
        setattr(sys.modules[module], name, kind)
    value = kind()
    value.__dict__.update(attributes)
    return value


def save(name, value):
    torch.save(value, TARGET / name)


def net(classes):
    torch.manual_seed(5)
    return tiny.resnet(classes=classes)


def fastai2(block, loss):
    """Learner.export of fastai 2.7 with MultiCategoryBlock, CategoryBlock or RegressionBlock."""
    vocab = thing("fastai.data.transforms", "CategoryMap", items=list(VOCAB), sort=True)
    transform = thing("fastai.data.transforms", block, vocab=vocab, add_na=False)
    dls = thing("fastai.data.core", "DataLoaders", loaders=[], tls=[transform])
    flat = thing("fastai.losses", loss, func=getattr(nn, loss.removesuffix("Flat"))(), axis=-1, flatten=True, thresh=0.5)
    return thing("fastai.learner", "Learner", dls=dls, model=net(len(VOCAB)), loss_func=flat, opt=None)


def fastai1():
    """Learner.export of fastai 1.0.61 with label_from_df(label_delim=' ')."""
    thing("fastai.data_block", "MultiCategoryList")
    processor = thing("fastai.data_block", "MultiCategoryProcessor", classes=list(VOCAB))
    flattened = thing("fastai.layers", "FlattenedLoss", func=nn.BCEWithLogitsLoss(), axis=-1, floatify=True, is_2d=False)
    data = {"y_cls": sys.modules["fastai.data_block"].MultiCategoryList, "y_proc": [processor], "tfmargs": {"size": 64}}
    return {"loss_func": flattened, "model": net(len(VOCAB)), "data": data}


class Module(nn.Module):
    """A network saved whole with its criterion in it."""

    def __init__(self):
        super().__init__()
        self.net = net(2)
        self.criterion = nn.BCEWithLogitsLoss()


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    save("fastai2-several-labels.pkl", fastai2("MultiCategorize", "BCEWithLogitsLossFlat"))
    save("fastai2-one-class.pkl", fastai2("Categorize", "CrossEntropyLossFlat"))
    save("fastai2-regression.pkl", fastai2("RegressionSetup", "MSELossFlat"))
    save("fastai1-several-labels.pkl", fastai1())
    lightning = {"model." + k: v for k, v in net(3).state_dict().items()}
    save("lightning-hparams.ckpt", {
        "epoch": 3, "state_dict": lightning, "hyper_parameters": {"lr": 1e-3, "loss": "bce_with_logits", "classes": VOCAB}})
    save("lightning-pos-weight.ckpt", {
        "epoch": 3, "state_dict": {**lightning, "criterion.pos_weight": torch.ones(3)}, "hyper_parameters": {"lr": 1e-3}})
    arguments = argparse.Namespace(arch="resnet10", multi_label=True, lr=0.1)
    save("module-with-criterion.pth", Module())
    save("script-arguments.pth", {"state_dict": net(3).state_dict(), "args": arguments, "classes": VOCAB})
    save("one-output-two-names.pth", {"state_dict": net(1).state_dict(), "classes": ["normal", "pneumonia"]})
    save("one-output-three-names.pth", {"state_dict": net(1).state_dict(), "classes": VOCAB})
    save("nothing-said.pth", net(3).state_dict())


main()
