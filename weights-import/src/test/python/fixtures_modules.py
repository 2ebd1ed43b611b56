"""Whole modules and Learners: zip, legacy stream and bare pickle."""
import functools
import pickle
from pathlib import Path

import torch
from torch import nn
from fastai.basic_train import Learner as Learner1
from fastai.basic_train import Recorder
from fastai.data.core import DataLoaders, Datasets, TfmdDL
from fastai.data.transforms import Categorize, Normalize
from fastai.data_block import CategoryList, CategoryProcessor
from fastai.learner import Learner as Learner2
from fastai.metrics import accuracy
from fastai.vision.augment import RandomResizedCropGPU, Resize
from fastai.vision.data import ImageList
from fastai.vision.image import RandTransform, TfmCrop
from fastai.vision.transform import _crop_pad
from timm.models import resnet as timm

import fixtures_zip
import tiny

VOCAB = ["ant", "bee", "cat", "dog", "eel"]
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def export_v1(net):
    """Learner.export of fastai 1.0.61: the dict that it hands to torch.save."""
    crop = RandTransform(TfmCrop(_crop_pad, 99), {"row_pct": 0.5})
    data = {
        "x_cls": ImageList, "x_proc": [], "y_cls": CategoryList,
        "y_proc": [CategoryProcessor(VOCAB)], "tfms": [crop], "tfm_y": False,
        "tfmargs": {"size": 160}, "tfms_y": None, "tfmargs_y": {},
        "normalize": {"mean": torch.tensor(MEAN), "std": torch.tensor(STD), "do_x": True, "do_y": False},
    }
    return {
        "opt_func": functools.partial(torch.optim.Adam, betas=(0.9, 0.99)),
        "loss_func": nn.CrossEntropyLoss(), "metrics": [accuracy], "true_wd": True, "bn_wd": True,
        "wd": 0.01, "train_bn": True, "model_dir": "models",
        "callback_fns": [functools.partial(Recorder, add_time=True)], "cb_state": {},
        "model": net, "data": data, "cls": Learner1,
    }


def export_v2(net):
    """Learner.export of fastai 2.7: the Learner itself, its data loaders emptied."""
    normalize = Normalize(torch.tensor(MEAN).view(1, 3, 1, 1), torch.tensor(STD).view(1, 3, 1, 1))
    loader = TfmdDL([Resize(256)], [RandomResizedCropGPU(128), normalize])
    return Learner2(DataLoaders([loader, loader], Datasets([Categorize(VOCAB)])), net)


ROOT = Path(__file__).resolve().parents[4]
PLACE = "/home/ada/camjar"


def sources_elsewhere(source_of):
    """Legacy files name the source of each module's class: as if the repository lay at PLACE."""
    def place(obj):
        lines, line, file = source_of(obj)
        return lines, line, str(file).replace(str(ROOT), PLACE)
    return place


def write(out):
    torch.serialization.get_source_lines_and_file = sources_elsewhere(
        torch.serialization.get_source_lines_and_file)

    def save(name, net, obj, head, architecture="resnet10", **options):
        torch.save(obj, out.path(name), **options)
        out.expect(name, tiny.logits(net), architecture, head)

    old = dict(_use_new_zipfile_serialization=False)
    nets = {"torchvision": tiny.resnet(), "fastai1": tiny.fastai1(), "fastai2": tiny.fastai2()}
    for head, net in nets.items():
        save(f"module-zip-{head}.pth", net, net, head)
        save(f"module-legacy-{head}.pth", net, net, head, **old)
        save(f"legacy-{head}.pth", net, net.state_dict(), head, **old)
    net = fixtures_zip.timm_net(timm.Bottleneck, "deep", True)
    save("module-zip-timm-d.pth", net, net, "torchvision", "resnet14d")
    net = tiny.fastai1()
    wrapped = {"model": net.state_dict(), "opt": {"state": {}, "param_groups": []}}
    save("legacy-fastai1-with-opt.pth", net, wrapped, "fastai1", **old)
    save("export1-legacy.pkl", net, export_v1(net), "fastai1", **old)
    save("export1-zip.pkl", net, export_v1(net), "fastai1")
    net = tiny.fastai2()
    save("export2-zip.pkl", net, export_v2(net), "fastai2", pickle_protocol=2)
    save("export2-legacy.pkl", net, export_v2(net), "fastai2", pickle_protocol=2, **old)
    for protocol in range(6):
        net = tiny.resnet()
        obj = net if protocol % 2 else net.state_dict()
        out.path(f"pickle-protocol{protocol}.pkl").write_bytes(pickle.dumps(obj, protocol))
        out.expect(f"pickle-protocol{protocol}.pkl", tiny.logits(net), "resnet10", "torchvision")
    out.path("export2-bare.pkl").write_bytes(pickle.dumps(export_v2(nets["fastai2"]), 2))
    out.expect("export2-bare.pkl", tiny.logits(nets["fastai2"]), "resnet10", "fastai2")
    scripts(out, nets)


def scripts(out, nets):
    for head, net in list(nets.items())[:2]:
        traced = torch.jit.trace(net, tiny.picture())
        traced.save(str(out.path(f"script-traced-{head}.pt")))
        out.expect(f"script-traced-{head}.pt", tiny.logits(net), "resnet10", head)
    net = nets["torchvision"]
    torch.jit.script(net).save(str(out.path("script-torchvision.pt")))
    out.expect("script-torchvision.pt", tiny.logits(net), "resnet10", "torchvision")
