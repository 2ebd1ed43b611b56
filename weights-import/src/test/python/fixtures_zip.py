"""State dicts in PyTorch's zip layout, with every head and naming."""
import argparse
import collections
import io
import zipfile

import torch
from torch import nn
from fastai.layers import TimmBody, create_head_v2
from pytorch_lightning.utilities.parsing import AttributeDict
from timm.models import resnet as timm

import tiny


def timm_net(block=timm.BasicBlock, stem="", avg_down=False, width=2):
    return tiny.settle(timm.ResNet(block, [1, 1, 1, 1], width, tiny.CLASSES, stem, avg_down))


def write(out):
    def save(name, net, wrapped, architecture="resnet10", head="torchvision", channels=3, **options):
        torch.save(wrapped, out.path(name), **options)
        out.expect(name, tiny.logits(net, channels), architecture, head, channels)

    heads(save)
    wrappers(save)
    timms(save)
    prefixes(save)
    layouts(save, out)


def heads(save):
    net = tiny.resnet()
    save("zip-torchvision.pth", net, net.state_dict())
    net = tiny.resnet(tiny.Bottleneck)
    save("zip-torchvision-bottleneck.pth", net, net.state_dict(), "resnet14")
    net = tiny.resnet(channels=1)
    save("zip-torchvision-gray.pth", net, net.state_dict(), channels=1)
    net = tiny.resnet(depths=(1, 2, 1, 1))
    save("zip-torchvision-odd-depths.pth", net, net.state_dict(), "resnet-1-2-1-1")
    net = tiny.resnet()
    net.fc = nn.Sequential(nn.Dropout(0.2), net.fc)
    save("zip-torchvision-dropout-fc.pth", net, net.state_dict())
    net = tiny.fastai1()
    wrapped = {"model": net.state_dict(), "opt": {"state": {}, "param_groups": []}}
    save("zip-fastai1.pth", net, wrapped, head="fastai1")
    save("zip-fastai1-bare.pth", net, net.state_dict(), head="fastai1")
    for name, options in {
        "bn-final": dict(bn_final=True),
        "no-dropout": dict(ps=0),
        "average-pool": dict(concat_pool=False),
        "one-layer": dict(lin_ftrs=[]),
        "two-hidden": dict(lin_ftrs=[12, 6]),
    }.items():
        if name == "average-pool":
            net = tiny.fastai(tiny.resnet(), tiny.create_head_v1(16, tiny.CLASSES, [12], concat_pool=False))
        else:
            net = tiny.fastai1(**options)
        save(f"zip-fastai1-{name}.pth", net, net.state_dict(), head="fastai1")
    for name, options in {
        "": dict(),
        "-default-512": dict(lin_ftrs=None),
        "-lin-first": dict(lin_first=True),
        "-no-first-bn": dict(first_bn=False),
        "-bn-final": dict(bn_final=True),
        "-lin-first-bn-final": dict(lin_first=True, bn_final=True),
        "-no-dropout": dict(ps=0),
    }.items():
        net = tiny.fastai2(**options)
        save(f"zip-fastai2{name}.pth", net, net.state_dict(), head="fastai2")
    body = timm_net(timm.Bottleneck, "deep", True)
    net = tiny.settle(nn.Sequential(TimmBody(body), create_head_v2(64, tiny.CLASSES, [12])))
    state = {k: v for k, v in net.state_dict().items() if not k.startswith("0.model.fc")}
    save("zip-fastai2-timm-body.pth", net, state, "resnet14d", "fastai2")


def wrappers(save):
    net = tiny.fastai2()
    save("zip-state_dict.pth.tar", net, {"state_dict": net.state_dict(), "best_acc1": torch.tensor(76.0), "epoch": 12}, head="fastai2")
    net, ema = tiny.resnet(), tiny.resnet()
    timm_file = {
        "epoch": 99,
        "arch": "resnet10t",
        "state_dict": net.state_dict(),
        "optimizer": {"state": {0: {"momentum_buffer": torch.ones(3)}}, "param_groups": [{"lr": 0.1}]},
        "args": argparse.Namespace(img_size=192, mean=[0.5, 0.4, 0.3], std=[0.2, 0.3, 0.4], lr=0.1),
        "state_dict_ema": ema.state_dict(),
    }
    save("zip-timm-ema.pth.tar", ema, timm_file)
    for wrapper in ("model_ema", "net", "params"):
        net = tiny.resnet()
        save(f"zip-wrapper-{wrapper}.pt", net, {wrapper: net.state_dict()})
    net = tiny.resnet()
    lightning = {
        "epoch": 3,
        "global_step": 1200,
        "pytorch-lightning_version": "1.9.0",
        "state_dict": collections.OrderedDict(
            [("model." + k, v) for k, v in net.state_dict().items()]
            + [("criterion.weight", torch.ones(tiny.CLASSES))]
        ),
        "callbacks": {},
        "optimizer_states": [],
        "hyper_parameters": AttributeDict(lr=0.01, classes=["ant", "bee", "cat", "dog", "eel"]),
    }
    save("zip-lightning.ckpt", net, lightning)


def timms(save):
    net = timm_net()
    save("zip-timm.pth", net, net.state_dict())
    net = timm_net(timm.BasicBlock, "deep", True, width=4)
    save("zip-timm-d.pth", net, net.state_dict(), "resnet10d")
    net = timm_net(timm.Bottleneck, "deep", True)
    save("zip-timm-bottleneck-d.pth", net, net.state_dict(), "resnet14d")
    net = timm_net(timm.BasicBlock, "deep_tiered", True, width=4)
    save("zip-timm-t.pth", net, net.state_dict(), "resnet10t")


def prefixes(save):
    for prefix in ("module.", "_orig_mod.model.backbone."):
        net = tiny.resnet()
        state = {prefix + k: v for k, v in net.state_dict().items()}
        save(f"zip-prefix-{prefix[:-1].replace('.', '-')}.pth", net, state)
    net = tiny.fastai1()
    state = {"module." + k: v for k, v in net.state_dict().items()}
    save("zip-prefix-fastai1.pth", net, state, head="fastai1")
    net = tiny.resnet()
    state = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    save("zip-no-counters.pth", net, state)
    state = {("backbone." + k).replace("backbone.fc", "classifier"): v for k, v in net.state_dict().items()}
    save("zip-prefix-body-only.pth", net, state)


def layouts(save, out):
    """Element types, strides, shared storages, protocols, byte order, missing checksums."""
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        net = tiny.resnet().to(dtype)
        name = str(dtype).split(".")[1]
        save(f"zip-{name}.pth", _float(net), net.state_dict())
    net = tiny.resnet().to(memory_format=torch.channels_last)
    save("zip-channels-last.pth", net, net.state_dict())
    net = tiny.resnet()
    state = net.state_dict()
    state["fc.weight"] = state["fc.weight"].t().contiguous().t()
    state["bn1.weight"].fill_(0.75)
    state["bn1.weight"] = torch.tensor([0.75]).expand(2)
    shared = torch.cat([state["layer1.0.conv1.weight"].flatten(), state["layer1.0.conv2.weight"].flatten()])
    state["layer1.0.conv1.weight"] = shared[:36].reshape(2, 2, 3, 3)
    state["layer1.0.conv2.weight"] = shared[36:].reshape(2, 2, 3, 3)
    save("zip-strides-shared-expanded.pth", net, state)
    for protocol in (3, 4, 5):
        net = tiny.resnet()
        save(f"zip-protocol{protocol}.pth", net, net.state_dict(), pickle_protocol=protocol)
    net = tiny.resnet()
    rewrite(out, "zip-big-endian.pth", net, big_endian=True)
    rewrite(out, "zip-no-crc.pth", net, keep_crc=False)


def _float(net):
    copy = tiny.resnet()
    copy.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in net.state_dict().items()})
    return copy.eval()


def rewrite(out, name, net, big_endian=False, keep_crc=True):
    """What a big-endian machine, or a writer without checksums, would have left."""
    buffer = io.BytesIO()
    state = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    torch.save(state, buffer)
    target = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.namelist():
            content = source.read(member)
            if big_endian and "/data/" in member:
                content = b"".join(content[i : i + 4][::-1] for i in range(0, len(content), 4))
            copy.writestr(zipfile.ZipInfo(member), content)
        if big_endian:
            copy.writestr(zipfile.ZipInfo("archive/byteorder"), "big")
    data = bytearray(target.getvalue())
    if not keep_crc:
        for signature, offset in ((b"PK\3\4", 14), (b"PK\1\2", 16)):
            at = data.find(signature)
            while at >= 0:
                data[at + offset : at + offset + 4] = bytes(4)
                at = data.find(signature, at + 4)
    out.path(name).write_bytes(data)
    out.expect(name, tiny.logits(net), "resnet10", "torchvision")
