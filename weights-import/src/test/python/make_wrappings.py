"""Writes checkpoints that hold a tiny ResNet in unusual wrappings, and what is right for each.

    /usr/bin/python3 make_wrappings.py        (Debian's python3-torch, python3-torchvision)

Leaves src/test/resources/io/camjar/weights/wrappings/* with expected.json: the logits that PyTorch
computes, patterns that a refusal or a remark must have, or both.
"""
import collections
import json
import pathlib
import pickle
import shutil
import sys
import zipfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

import fixtures_plain
import tiny
import wrappings_modules

TARGET = HERE.parent / "resources/io/camjar/weights/wrappings"
LEGACY = dict(_use_new_zipfile_serialization=False)


class Wrappings:
    def __init__(self):
        TARGET.mkdir(parents=True, exist_ok=True)
        for old in TARGET.iterdir():
            if not old.name.startswith("module-values"):  # by make_module_values.py
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        self.expected = {}

    def path(self, name):
        return TARGET / name

    def expect(self, name, net, says=(), **more):
        logits = None if net is None else [float(x) for x in tiny.logits(net).flatten()]
        self.expected[name] = {"logits": logits, "says": list(says), **more}

    def save(self, name, value, net=None, says=(), **more):
        # The old layout is smaller, but holds the source of modules.
        torch.save(value, self.path(name), **({} if isinstance(value, nn.Module) else LEGACY))
        if isinstance(value, nn.Module):
            pack(self.path(name))
        self.expect(name, net, says, **more)

    def script(self, name, module, net=None, says=()):
        """Traced and scripted by turns, for half the bytes."""
        module.eval()
        trace = len(self.expected) % 4 < 2
        script = torch.jit.trace(module, tiny.picture()) if trace else torch.jit.script(module)
        path = f"script-{name}.pt"
        script.save(str(self.path(path)))
        pack(self.path(path))
        torch.jit.load(str(self.path(path)))
        self.expect(path, net, says)

    def finish(self):
        self.path("expected.json").write_text(json.dumps(self.expected, indent=1) + "\n")
        files = [f for f in TARGET.rglob("*") if f.is_file()]
        print(len(files), "files", sum(f.stat().st_size for f in files), "bytes")


def pack(path):
    """Without what only a debugger reads, and deflated, which the format allows."""
    with zipfile.ZipFile(path) as source:
        members = {n: source.read(n) for n in source.namelist() if not n.endswith(".debug_pkl")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)

def state(net=None):
    return (net or tiny.resnet()).state_dict()


def keys(out):
    net, other, third = tiny.resnet(), tiny.resnet(), tiny.resnet()
    optimizer = {"state": {0: {"exp_avg": torch.ones(2, 3, 3, 3), "step": 3}}, "param_groups": []}
    out.save("key-unknown.pth", {"net_dict": state(net), "epoch": 7, "best": np.float64(0.75)}, net, key="net_dict")
    out.save("key-nested.pth", {"a": {"b": {"c": state(net)}}, "optimizer": optimizer}, net, key="a.b.c")
    out.save("key-list.pth", [state(net), {"lr": 0.1}], net, key="0")
    two = {"student": state(net), "teacher": state(other), "optimizer": optimizer}
    out.save("key-student-teacher.pth", two, says=["'student'", "'teacher'", "--key"], choose={"student": 0})
    out.save("key-ema.pth", {"model": state(net), "ema": state(other)}, other, ["'ema'", "'model'", "average"], key="ema")
    nested = {"state_dict": state(net), "model_ema": {"module": state(other), "decay": 0.999}}
    out.save("key-ema-module.pth", nested, other, ["'model_ema.module'", "'state_dict'"], key="model_ema.module")
    bare = {k: v for k, v in state(other).items() if "running" not in k and "num_b" not in k}
    out.save("key-ema-without-statistics.pth", {"model": state(net), "ema": bare}, net, ["'model' is taken", "'ema'"], key="model")
    three = {"model_a": state(net), "model_b": state(other), "model_c": state(third)}
    out.save("key-three.pth", three, says=["'model_a'", "'model_b'", "'model_c'"])
    out.save("key-usual-beside-other.pth", {"model": state(net), "teacher": state(other)}, net, ["'model' is taken", "'teacher'"], key="model")
    out.save("key-module-and-its-state.pth", {"model": net, "state_dict": net.state_dict()}, net, key="model")
    split = {"backbone": {k: v for k, v in state(net).items() if not k.startswith("fc.")},
             "fc": {k[3:]: v for k, v in state(net).items() if k.startswith("fc.")}}
    out.save("key-body-and-head.pth", split, net)
    tree = {}
    for name, value in state(net).items():
        place = tree
        *parents, last = name.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    out.save("key-dict-of-dicts.pth", {"params": tree}, net)
    pair = {"encoder_q." + k: v for k, v in state(net).items()} | {"encoder_k." + k: v for k, v in state(other).items()}
    out.save("key-prefixes.pth", pair, says=["encoder_q", "encoder_k"])


class Device:
    """A tensor that pickles as torch_xla's do."""

    def __init__(self, function, tensor, dtype=torch.float32):
        self.call = (function, (tensor, dtype, "xla:1", False))

    def __reduce__(self):
        return self.call


def wrappings(out):
    net = tiny.resnet()
    functions = {}
    for name in ("_rebuild_xla_tensor", "_rebuild_device_tensor_from_numpy", "_rebuild_device_tensor_from_cpu_tensor"):
        functions[name] = getattr(torch._utils, name, None)
        if functions[name] is None:
            exec(f"def {name}(data, dtype, device, requires_grad): return data")
            functions[name] = locals()[name]
            functions[name].__module__ = "torch._utils"
            setattr(torch._utils, name, functions[name])
    for name, function in functions.items():
        array = (lambda v: v) if "cpu" in name else (lambda v: v.numpy())
        tensors = {k: Device(function, array(v)) for k, v in state(net).items()}
        out.save(f"device{name}.pth", tensors, net)
    arrays = {k: v.numpy() for k, v in state(net).items()}
    for protocol in (0, 2, 4, 5):
        out.path(f"numpy-{protocol}.pkl").write_bytes(pickle.dumps(arrays, protocol))
        out.expect(f"numpy-{protocol}.pkl", net)
    detectron = {"model": arrays, "__author__": "someone", "matching_heuristics": True}
    out.path("numpy-detectron.pkl").write_bytes(pickle.dumps(detectron, 2))
    out.expect("numpy-detectron.pkl", net, key="model")
    two = pickle.dumps(arrays, 3).replace(b"numpy.core", b"numpy._core")
    out.path("numpy-of-version-2.pkl").write_bytes(two)
    out.expect("numpy-of-version-2.pkl", net)
    fortran = {k: np.asfortranarray(v) for k, v in arrays.items()}
    out.path("numpy-fortran.pkl").write_bytes(pickle.dumps(fortran, 2))
    out.expect("numpy-fortran.pkl", net)
    fortran5 = pickle.dumps(fortran, 5)
    out.path("numpy-fortran-5.pkl").write_bytes(fortran5)
    out.expect("numpy-fortran-5.pkl", net)
    big = {k: v.astype(v.dtype.newbyteorder(">")) for k, v in arrays.items()}
    out.path("numpy-big-endian.pkl").write_bytes(pickle.dumps(big, 2))
    out.expect("numpy-big-endian.pkl", net)
    double = {k: v.astype(np.float64) if v.dtype == np.float32 else v for k, v in arrays.items()}
    out.path("numpy-float64.pkl").write_bytes(pickle.dumps(double, 4))
    out.expect("numpy-float64.pkl", net)
    objects = {k: v.astype(object) for k, v in arrays.items()}
    out.path("numpy-objects.pkl").write_bytes(pickle.dumps(objects, 2))
    out.expect("numpy-objects.pkl", None, ["NumPy array", "Python objects"])
    out.save("parameters.pth", {k: nn.Parameter(v, requires_grad=v.is_floating_point()) for k, v in state(net).items()}, net)
    quantised = {k: torch.quantize_per_tensor(v, 0.01, 0, torch.qint8) if v.ndim == 4 else v for k, v in state(net).items()}
    out.save("quantised.pth", quantised, says=["quantised", "floating-point model"])


def factors(out):
    net = tiny.resnet()
    for module in (net.layer1[0].conv1, net.layer3[0].conv2, net.fc):
        prune.random_unstructured(module, "weight", 0.5)
    net.eval()(tiny.picture())
    out.save("factors-pruned.pth", state(net), net, ["3 pruned tensors"])
    out.save("factors-pruned-module.pth", net, net, ["3 pruned tensors"])
    net = tiny.resnet()
    weight_norm(net.layer1[0].conv1)
    weight_norm(net.layer2[0].conv1, dim=1)
    weight_norm(net.fc, dim=None)
    with torch.no_grad():
        net.fc.weight_g.mul_(1.5)
        net.layer1[0].conv1.weight_g.mul_(0.7)
    out.save("factors-weight-norm.pth", state(net), net, ["3 weight-normed tensors"])
    net = tiny.resnet()
    spectral_norm(net.layer1[0].conv1)
    spectral_norm(net.fc)
    net.train()(tiny.picture())
    net.eval()
    out.save("factors-spectral-norm.pth", state(net), net, ["2 spectrally normed tensors"])
    net = tiny.resnet()
    parametrizations.spectral_norm(net.layer2[0].conv2)
    parametrizations.spectral_norm(net.fc)
    net.train()(tiny.picture())
    net.eval()
    out.save("factors-parametrized-spectral-norm.pth", state(net), net, ["2 spectrally normed tensors"])
    # PyTorch 2's parametrised weight norm, under its names, with the same factors.
    net = tiny.resnet()
    weight_norm(net.layer1[0].conv1)
    names = {"layer1.0.conv1.weight_g": "layer1.0.conv1.parametrizations.weight.original0",
             "layer1.0.conv1.weight_v": "layer1.0.conv1.parametrizations.weight.original1"}
    out.save("factors-parametrized-weight-norm.pth", {names.get(k, k): v for k, v in state(net).items()}, net, ["weight-normed"])
    net = tiny.resnet()
    parametrizations.orthogonal(net.fc)
    out.save("factors-orthogonal.pth", state(net), says=["fc.parametrizations.weight.original", "remove_parametrizations"])
    lora = {"base_model.model." + k: v for k, v in state().items()}
    lora["base_model.model.fc.lora_A.default.weight"] = torch.ones(4, 16)
    lora["base_model.model.fc.lora_B.default.weight"] = torch.ones(5, 4)
    out.save("lora-with-base.pth", lora, says=["LoRA", "merge_and_unload"])
    out.save("lora-alone.pth", {k: v for k, v in lora.items() if "lora" in k}, says=["LoRA", "merge_and_unload"])
    net = tiny.resnet()
    with torch.no_grad():
        net.layer3[0].conv1.weight[0, 0, 0, 0] = float("nan")
    out.save("not-finite.pth", state(net))


def shards(out):
    for kind in ("safetensors", "bin"):
        net = tiny.resnet()
        folder = out.path(f"shards-{kind}")
        folder.mkdir()
        stem, index = ("model", "model.safetensors.index.json") if kind == "safetensors" else ("pytorch_model", "pytorch_model.bin.index.json")
        items, weight_map = list(state(net).items()), {}
        for i, part in enumerate((items[:30], items[30:])):
            name = f"{stem}-{i + 1:05d}-of-00002.{kind}"
            part = collections.OrderedDict(part)
            if kind == "safetensors":
                (folder / name).write_bytes(fixtures_plain.safetensors(part))
            else:
                torch.save(part, folder / name, **LEGACY)
            weight_map.update({k: name for k in part})
        (folder / index).write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": weight_map}))
        out.expect(f"shards-{kind}", net)
        out.expect(f"shards-{kind}/{index}", net)


if __name__ == "__main__":
    torch.manual_seed(17)
    out = Wrappings()
    keys(out)
    wrappings(out)
    factors(out)
    shards(out)
    wrappings_modules.write(out)
    out.finish()
