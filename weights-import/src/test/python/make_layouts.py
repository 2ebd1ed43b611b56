"""Writes checkpoints as well-known projects lay them out, around torchvision's ResNet-50.

    /usr/bin/python3 make_layouts.py FOLDER    full size, about 2 GB, to be tried by hand
    /usr/bin/python3 make_layouts.py           tiny, into src/test/resources/.../layouts

Only keys and names follow those projects; the table in the module's README says where each is
documented. expected.json beside them holds the logits or what a refusal must name.
"""
import argparse
import json
import pathlib
import pickle
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy as np
import torch
import torchvision
from torch import nn

import fixtures_plain
import tiny

TINY = HERE.parent / "resources/io/camjar/weights/layouts"


class Layouts:
    def __init__(self, folder):
        self.small = folder is None
        self.folder = pathlib.Path(folder or TINY)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.expected = {}

    def net(self, classes=None):
        if self.small:
            return tiny.resnet(tiny.Bottleneck, classes=classes or tiny.CLASSES)
        return tiny.settle(torchvision.models.resnet50(num_classes=classes or 1000))

    def expect(self, name, net=None, says=(), key=None, chosen=None):
        """chosen: for files of several networks, the one that each key chooses; None is refused too."""
        logits = lambda one: None if one is None else [float(x) for x in tiny.logits(one).flatten()]
        self.expected[name] = {"logits": logits(net), "says": list(says), "key": key,
                               "chosen": {k: logits(v) for k, v in (chosen or {}).items()}}

    def save(self, name, value, net=None, says=(), key=None, chosen=None):
        torch.save(value, self.folder / name)
        self.expect(name, net, says, key, chosen)


def prefixed(prefix, net):
    return {prefix + k: v for k, v in net.state_dict().items()}


def detectron(name):
    for i in range(1, 5):
        name = name.replace(f"layer{i}.", f"res{i + 1}.")
    for i in range(1, 4):
        name = name.replace(f"bn{i}", f"conv{i}.norm")
    name = name.replace("downsample.0", "shortcut").replace("downsample.1", "shortcut.norm")
    return name if name.startswith("res") else "stem." + name


def hugging_face(name):
    name = name.replace("downsample.0", "shortcut.convolution").replace("downsample.1", "shortcut.normalization")
    for i in range(1, 5):
        name = name.replace(f"layer{i}.", f"resnet.encoder.stages.{i - 1}.layers.")
    for i in range(1, 4):
        inner = f"layer.{i - 1}." if "stages" in name else "resnet.embedder.embedder."
        name = name.replace(f"conv{i}.", inner + "convolution.").replace(f"bn{i}.", inner + "normalization.")
    return name.replace("fc.", "classifier.1.")


def write(out):
    net, other = out.net(), out.net()
    args = argparse.Namespace(img_size=224, lr=0.1)
    optimizer = {"state": {0: {"momentum_buffer": torch.ones(4, 3, 7, 7)}}, "param_groups": [{"lr": 0.1}]}
    timm = {"epoch": 3, "arch": "resnet50", "state_dict": net.state_dict(), "optimizer": optimizer, "version": 2,
            "args": args, "amp_scaler": {}, "state_dict_ema": other.state_dict(), "metric": 0.5}
    out.save("timm.pth.tar", timm, other, ["'state_dict_ema'", "'state_dict'"], "state_dict_ema")
    lightning = {"epoch": 3, "global_step": 9, "pytorch-lightning_version": "1.9.0", "optimizer_states": [optimizer],
                 "state_dict": prefixed("model.", net), "loops": {"fit_loop": {"state_dict": {}}}, "callbacks": {},
                 "lr_schedulers": [], "hparams_name": "kwargs", "hyper_parameters": {"lr": 0.1}}
    out.save("lightning.ckpt", lightning, net, key="state_dict")
    style = "model = dict(\n    backbone=dict(depth=50, num_stages=4, style='{}', type='ResNet'),\n    type='ImageClassifier')\n"
    meta = {"epoch": 100, "iter": 500, "cfg": style.format("pytorch"), "seed": 1, "experiment_name": "resnet50",
            "time": "20230101_000000", "mmengine_version": "0.10.4", "dataset_meta": {"classes": None}}
    mm = {"meta": meta, "optimizer": optimizer, "param_schedulers": [{"last_step": 5}], "message_hub": {"log_scalars": {}},
          "state_dict": {("head." if k.startswith("fc.") else "backbone.") + k: v for k, v in net.state_dict().items()}}
    out.save("mmpretrain.pth", mm, net, key="state_dict")
    caffe = {**mm, "meta": {**meta, "cfg": style.format("caffe")}}
    out.save("mmpretrain-caffe.pth", caffe, says=["style = caffe"])
    moco = {"epoch": 200, "arch": "resnet50", "optimizer": optimizer,
            "state_dict": {**prefixed("module.encoder_q.", net), **prefixed("module.encoder_k.", other),
                           "module.queue": torch.ones(8, 16), "module.queue_ptr": torch.zeros(1).long()}}
    out.save("moco.pth.tar", moco, says=["encoder_q", "encoder_k", "--key"],
             chosen={"encoder_q": net, "encoder_k": other})
    body = {k: v for k, v in net.state_dict().items() if not k.startswith("fc.")}
    width = net.fc.in_features
    head = {"mlp.0.weight": torch.ones(8, width), "mlp.0.bias": torch.ones(8), "mlp.2.weight": torch.ones(8, 8),
            "mlp.2.bias": torch.ones(8), "mlp.4.weight": torch.ones(4, 8), "mlp.4.bias": torch.ones(4),
            "last_layer.weight_g": torch.ones(6, 1), "last_layer.weight_v": torch.rand(6, 4)}
    teacher = {"module.backbone." + k: v for k, v in body.items()} | {"module.head." + k: v for k, v in head.items()}
    student = {k: v.clone() for k, v in teacher.items()}
    dino = {"student": student, "teacher": teacher, "optimizer": optimizer, "epoch": 100,
            "args": args, "dino_loss": {"center": torch.zeros(1, 8)}}
    out.save("dino.pth", dino, says=["'student'", "'teacher'", "--key"], chosen={"student": None, "teacher": None})
    features = net.fc.in_features
    simclr = {"epoch": 200, "arch": "resnet50", "optimizer": optimizer,
              "state_dict": {**{"backbone." + k: v for k, v in body.items()},
                             "backbone.fc.0.weight": torch.eye(features), "backbone.fc.0.bias": torch.zeros(features),
                             "backbone.fc.2.weight": net.fc.weight.detach(), "backbone.fc.2.bias": net.fc.bias.detach()}}
    projected = out.net()
    projected.load_state_dict(net.state_dict())
    projected.fc = nn.Sequential(nn.Linear(features, features), nn.ReLU(), nn.Linear(features, net.fc.out_features))
    projected.load_state_dict({k[len("backbone."):]: v for k, v in simclr["state_dict"].items()})
    out.save("simclr.pth.tar", simclr, projected.eval(), ["ReLU"], "state_dict")
    mlp = {"input.weight": torch.ones(8, net.fc.out_features), "input.bias": torch.ones(8), "hidden.weight": torch.ones(6, 8),
           "hidden.bias": torch.ones(6), "output.weight": torch.ones(2, 6), "output.bias": torch.ones(2)}
    two = {"epoch": 200, "arch": "resnet50", "state_dict": prefixed("backbone.", net), "mlp_state_dict": mlp,
           "optimizer": optimizer}
    out.save("simclr-mlp.pth.tar", two, says=["mlp_state_dict.*input.weight", "--key state_dict"], chosen={"state_dict": net})
    reid = {"state_dict": {k.replace("fc.", "classifier."): v for k, v in net.state_dict().items()}, "epoch": 60,
            "rank1": np.float32(0.8), "optimizer": optimizer, "scheduler": {"last_epoch": 60}}
    out.save("torchreid.pth.tar", reid, net, key="state_dict")
    hidden = {"fc.0.weight": torch.ones(8, width), "fc.0.bias": torch.ones(8),
              **{"fc.1." + k: torch.ones(8) for k in ("weight", "bias", "running_mean", "running_var")},
              "fc.1.num_batches_tracked": torch.tensor(1), "classifier.weight": torch.ones(5, 8), "classifier.bias": torch.ones(5)}
    out.save("torchreid-fc512.pth.tar", {**reid, "state_dict": {**body, **hidden}}, says=["'fc'", "'classifier'"])
    neck = nn.BatchNorm1d(width).state_dict()
    strong = {**{"base." + k: v for k, v in body.items()}, **{"bottleneck." + k: v for k, v in neck.items()},
              "classifier.weight": net.fc.weight.detach()}
    out.save("reid-strong-baseline.pth", strong, says=["reid-strong-baseline", "stride 1", "'bottleneck'"])
    arrays = {detectron(k): v.numpy() for k, v in net.state_dict().items()}
    d2 = {"model": arrays, "__author__": "torchvision", "matching_heuristics": True}
    (out.folder / "detectron2.pkl").write_bytes(pickle.dumps(d2))
    out.expect("detectron2.pkl", None, ["detectron2", "stride"])
    fastai = nn.Sequential(nn.Sequential(*list(net.children())[:-2]), tiny.create_head_v2(features, 5, lin_ftrs=[12]))
    tiny.settle(fastai)
    out.save("fastai-learner.pth", {"model": fastai.state_dict(), "opt": {
        "state": [{"grad_avg": torch.ones(4, 3, 7, 7), "step": 9}], "hypers": [{"lr": 0.001, "mom": 0.9}]}}, fastai, key="model")
    unet = {**{"encoder." + k: v for k, v in body.items()}, "decoder.blocks.0.conv1.0.weight": torch.ones(4, 24, 3, 3),
            "segmentation_head.0.weight": torch.ones(2, 4, 3, 3), "segmentation_head.0.bias": torch.ones(2)}
    out.save("segmentation-models-unet.pth", unet, says=["decoder|segmentation_head"])
    if out.small:
        deeplab = {**{"backbone." + k: v for k, v in body.items()}, "classifier.0.convs.0.0.weight": torch.ones(4, features, 1, 1),
                   "classifier.4.weight": torch.ones(21, 4, 1, 1), "aux_classifier.0.weight": torch.ones(4, features // 2, 3, 3)}
    else:
        deeplab = torchvision.models.segmentation.deeplabv3_resnet50(weights_backbone=None, aux_loss=True).state_dict()
    out.save("torchvision-deeplab.pth", deeplab, says=["classifier"])
    names = {hugging_face(k): v for k, v in net.state_dict().items()}
    (out.folder / "hugging-face.safetensors").write_bytes(fixtures_plain.safetensors(names))
    out.expect("hugging-face.safetensors", net, ["told by their shapes"])
    for setting in ("downsample_in_bottleneck", "downsample_in_first_stage"):
        folder = out.folder / ("hugging-face-" + setting.replace("_", "-"))
        folder.mkdir(exist_ok=True)
        (folder / "model.safetensors").write_bytes(fixtures_plain.safetensors(names))
        (folder / "config.json").write_text(json.dumps({"model_type": "resnet", "hidden_act": "relu", setting: True}))
        out.expect(f"{folder.name}/model.safetensors", None, [setting + " = true", "config.json"])
    if out.small:
        settings(out)
    (out.folder / "expected.json").write_text(json.dumps(out.expected, indent=1) + "\n")


def settings(out):
    """Settings with the weights that change what a ResNet computes, and some that do not."""
    net = tiny.resnet()
    usual = {"last_stride": 2, "output_stride": 32, "gp": "avg", "act_layer": "relu", "replace_stride_with_dilation": [False] * 3}
    changes = {"last_stride": 1, "output_stride": 16, "gp": "avgmax", "act_layer": nn.SiLU,
               "replace_stride_with_dilation": [False, False, True]}
    says = {"act_layer": "SiLU", "replace_stride_with_dilation": "true"}
    for name, value in changes.items():
        args = argparse.Namespace(**{**usual, name: value})
        out.expect(f"setting-{name}.pth", None, [f"setting {name} = {says.get(name, value)}", "state dict alone"])
        torch.save({"state_dict": net.state_dict(), "args": args}, out.folder / f"setting-{name}.pth", _use_new_zipfile_serialization=False)
    out.expect("setting-usual.pth", net, key="state_dict")
    torch.save({"state_dict": net.state_dict(), "args": argparse.Namespace(**usual)}, out.folder / "setting-usual.pth",
               _use_new_zipfile_serialization=False)


torch.manual_seed(29)
write(Layouts(sys.argv[1] if len(sys.argv) > 1 else None))
