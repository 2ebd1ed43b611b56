"""Describes the built-in model in its header, and writes the logits that PyTorch computes from it, for BuiltinModelTests.

    python3 make_builtin.py

The model is the resource slim34-imagenette.safetensors, which docs/model/replace writes: float16 under fastai's names.
The format is read by hand, because it is eight bytes, a JSON header and the tensors.
"""
import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy
import torch
from fastai.layers import create_head_v1

import tiny

LOGITS = HERE.parent / "resources/io/camjar/weights/builtin-logits.json"
MODEL = (
    pathlib.Path(__file__).parents[2]
    / "main/resources/io/camjar/weights/slim34-imagenette.safetensors"
)

# Trained at 128 and 160 px, it is right most often at 192 and 224, as networks are at a larger size than they learned from.
SIZE = "224"
EPOCHS = "58"


def parts(file):
    data = file.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def describe(file):
    header, values = parts(file)
    old = header["__metadata__"]
    header["__metadata__"] = {
        "format": "pt",
        "camjar.classes": old["camjar.classes"],
        "camjar.mean": old["camjar.mean"],
        "camjar.std": old["camjar.std"],
        "camjar.size": SIZE,
        "camjar.epoch": EPOCHS,
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + values)


def state(file):
    header, data = parts(file)
    del header["__metadata__"]
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F16", name
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[begin:end], "<f2").astype(numpy.float32)
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors


def main():
    describe(MODEL)
    net = tiny.fastai(tiny.resnet(depths=(3, 4, 6, 3), width=32, classes=10), create_head_v1(512, 10))
    missing, unexpected = net.load_state_dict(state(MODEL), strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    LOGITS.write_text(json.dumps([float(x) for x in tiny.logits(net).flatten()]) + "\n")


main()
