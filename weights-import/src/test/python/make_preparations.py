"""Writes small files that say how images are prepared, for PreparationTests.

    /usr/bin/python3 make_preparations.py        (Debian's python3-torch, python3-torchvision)

Each holds one tensor and what a trainer leaves beside the weights. torchvision's transforms are the
real ones; the classes of fastai come from fakes/, see there.
"""
import argparse
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy as np
import torch
from fastai.data.core import DataLoaders, Datasets, TfmdDL
from fastai.data.transforms import IntToFloatTensor, Normalize, ToTensor
from fastai.vision.augment import Brightness, Flip, RandomResizedCrop, RandomResizedCropGPU, Resize
from fastai.vision.image import RandTransform, ResizeMethod, TfmCrop
from fastai.vision.transform import _crop_pad
from fastcore.transform import Pipeline
from torchvision import transforms as T
from torchvision.transforms._presets import ImageClassification

TARGET = HERE.parent / "resources/io/camjar/weights/preparations"
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
shutil.rmtree(TARGET, ignore_errors=True)
TARGET.mkdir(parents=True)


def save(name, **beside):
    torch.save({"state_dict": {"weight": torch.ones(1)}, **beside}, TARGET / (name + ".pt"))


def fastai2(name, item, batch, normalised=True):
    normal = [Normalize(torch.tensor(MEAN).view(1, 3, 1, 1), torch.tensor(STD).view(1, 3, 1, 1))]
    last = Pipeline([IntToFloatTensor(), *batch, *(normal if normalised else [])])
    train = TfmdDL(Pipeline([Resize(999), ToTensor()]), last)
    valid = TfmdDL(Pipeline([*item, ToTensor()]), last)
    save("fastai2-" + name, dls=DataLoaders([train, valid], Datasets([])))


augmented = [Brightness()]
fastai2("presized", [Resize(460)], [Flip(224), *augmented])
fastai2("presized-rectangle", [Resize((460, 400))], [Flip((224, 192)), *augmented])
fastai2("flip-without-size", [Resize(192, "squish")], [Flip(), *augmented])
fastai2("pad-rectangle", [Resize((324, 224), "pad", "reflection")], augmented)
fastai2("pad-border", [Resize(128, "pad", "border")], augmented)
fastai2("random-resized-crop", [RandomResizedCrop(224)], augmented)
fastai2("random-resized-crop-rectangle", [RandomResizedCrop((128, 96), val_xtra=0.2)], augmented)
fastai2("random-resized-crop-of-batch", [Resize(256)], [RandomResizedCropGPU(128)])
fastai2("int64", [Resize(np.int64(192))], augmented)
fastai2("small", [Resize(28)], augmented)
fastai2("without-size", [], augmented)
fastai2("unnormalised", [Resize(64)], augmented, normalised=False)


def fastai1(name, tfms=(), normalize=True, **tfmargs):
    stats = {"mean": torch.tensor(MEAN), "std": torch.tensor(STD), "do_x": True, "do_y": False}
    data = {"tfms": list(tfms), "tfm_y": False, "tfmargs": tfmargs, "tfmargs_y": {}}
    save("fastai1-" + name, data={**data, **({"normalize": stats} if normalize else {})})


fastai1("crop", [RandTransform(TfmCrop(_crop_pad, 99), {"row_pct": 0.5, "col_pct": 0.5})], size=160)
fastai1("pair-squishes", size=(324, 224))
fastai1("list-pad", size=[96, 64], resize_method=ResizeMethod.PAD, padding_mode="zeros")
fastai1("int64", size=np.int64(28))
fastai1("tensor", size=torch.tensor([40, 48]), resize_method=ResizeMethod.CROP)
fastai1("multiple", size=100, mult=32)
fastai1("without-size")
fastai1("unnormalised", normalize=False, size=64)
fastai1("off-centre", [RandTransform(TfmCrop(_crop_pad, 99), {"row_pct": 0.0})], size=64)

normal = T.Normalize(MEAN, STD)
train = T.Compose([T.RandomResizedCrop(176), T.RandomHorizontalFlip(), T.ToTensor(), normal])
evaluate = T.Compose([T.Resize(232), T.CenterCrop(200), T.ToTensor(), normal])
save("torchvision-both", train_transform=train, val_transform=evaluate)
save("torchvision-train-alone", transform=train)
save("torchvision-preset", transforms=ImageClassification(crop_size=224, resize_size=232))
save("torchvision-squish-gray", transform=T.Compose(
    [T.Grayscale(3), T.Resize((96, 128), T.InterpolationMode.BICUBIC), T.ToTensor(), T.Normalize(0.5, 0.25)]))
save("torchvision-pad", transform=T.Compose([T.Resize((60, 80)), T.Pad((10, 20), fill=7), T.ToTensor()]))
save("torchvision-short-side", transform=T.Compose([T.Resize(128), T.ToTensor(), normal]))
save("torchvision-blur", transform=T.Compose([T.Resize((64, 64)), T.GaussianBlur(3), T.ToTensor(), normal]))

cfg = {"input_size": (3, 224, 224), "crop_pct": 0.95, "interpolation": "bicubic", "mean": tuple(MEAN), "std": tuple(STD)}
save("timm-center", pretrained_cfg={**cfg, "crop_mode": "center"})
save("timm-squash", pretrained_cfg={**cfg, "crop_mode": "squash", "crop_pct": 1.0})
save("timm-border", default_cfg={**cfg, "crop_mode": "border", "crop_pct": 0.9})
save("timm-rectangle", pretrained_cfg={**cfg, "input_size": (3, 128, 96), "crop_pct": 0.8})
save("timm-arguments", args=argparse.Namespace(
    img_size=192, input_size=None, crop_pct=0.9, interpolation="bicubic", mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5]))
save("timm-arguments-before-cfg", args=argparse.Namespace(img_size=None, crop_pct=0.9, interpolation=""), pretrained_cfg=cfg)

save("settings-lightning", hyper_parameters={"image_size": 128, "mean": torch.tensor(MEAN), "std": torch.tensor(STD)})
save("settings-numpy", config={"img_size": [96, 64], "mean": np.array(MEAN), "std": np.array(STD, np.float32)})
save("settings-bytes", hparams={"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375]})
save("settings-at-the-root", input_size=144, epoch=3)
save("settings-miscounted", config={"mean": [0.5, 0.5], "std": [0.5, 0.5, 0.5]})
HALVES = {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}
save("settings-text", config={"image_size": "64x96", "mean": "0.5,0.5,0.5", "std": "[0.25, 0.25, 0.25]"})
save("settings-texts", config={"image_size": "64", "mean": ["0.5"] * 3, "std": ["0.25"] * 3})
save("settings-sides", hyper_parameters={"img_height": 64, "img_width": 96}, normalize=HALVES)
save("settings-upper-case", cfg={"INPUT": {"SIZE_TEST": [64, 96], "PIXEL_MEAN": HALVES["mean"], "PIXEL_STD": HALVES["std"]}})
save("settings-dataset", config={"image_size": 64, "dataset_mean": HALVES["mean"], "dataset_std": HALVES["std"]})
save("settings-pair", config={"image_size": 64}, stats=(HALVES["mean"], HALVES["std"]), epoch=3, data={"stats": (HALVES["mean"], HALVES["std"])})
save("settings-json", config='{"image_size": [64, 96], "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}')
save("settings-blue-first", meta={"img_norm_cfg": {**HALVES, "to_rgb": False}})
save("settings-reference", args=argparse.Namespace(val_resize_size=72, val_crop_size=64, train_crop_size=56, interpolation="bicubic"))
save("torchvision-flip-alone", transform=T.Compose([T.Resize((64, 96)), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(0.5, 0.25)]))


def names(name, **beside):
    torch.save({"state_dict": {"fc.weight": torch.ones(3, 2)}, **beside}, TARGET / f"names-{name}.pt")


ZEBRA = ["zebra", "ant", "bee"]
names("array", classes=np.array(ZEBRA))
names("array-of-bytes", classes=np.array(ZEBRA, "S5"))
names("array-of-objects", class_names=np.array(ZEBRA, dtype=object))
names("scalars", classes=list(np.array(ZEBRA)))
names("encoder", label_encoder=argparse.Namespace(classes_=np.array(ZEBRA)))
names("tensors", class_to_idx={c: torch.tensor(i) for i, c in enumerate(ZEBRA)})
names("label2id", label2id={c: i for i, c in enumerate(ZEBRA)})
names("upper-case", meta={"CLASSES": tuple(ZEBRA)})
names("target-names", target_names=ZEBRA)
names("attribute", data=argparse.Namespace(classes=ZEBRA))
names("vocab", names=["layer", "block"], vocab=ZEBRA)
names("too-many", vocab=[*ZEBRA, "cat"], labels=["x"])
names("two", classes=["a", "b"], idx2label=dict(enumerate(ZEBRA)))
save("nothing", optimizer={"lr": 0.1}, epoch=3)
print(len(list(TARGET.iterdir())), "files", sum(f.stat().st_size for f in TARGET.iterdir()), "bytes")
