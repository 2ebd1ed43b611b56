"""Writes the built-in model: slim34-imagenette.pth as a safetensors file of float16.

    python3 make_builtin.py PATH/slim34-imagenette.pth

The format is written by hand, because it is eight bytes, a JSON header and the tensors.
Batch counters are left out; names stay fastai's. Also leaves the logits that PyTorch computes from
the float16 weights, for the test.
"""
import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import torch
from fastai.layers import create_head_v1

import tiny

LOGITS = HERE.parent / "resources/io/camjar/weights/builtin-logits.json"
TARGET = (
    pathlib.Path(__file__).parents[2]
    / "main/resources/io/camjar/weights/slim34-imagenette.safetensors"
)


CLASSES = [
    "tench", "English springer", "cassette player", "chain saw", "church",
    "French horn", "garbage truck", "gas pump", "golf ball", "parachute",
]


def main(source):
    model = torch.load(source, map_location="cpu")["model"]
    header, blobs, offset = {}, [], 0
    header["__metadata__"] = {
        "format": "pt",
        "camjar.classes": "\n".join(CLASSES),
        "camjar.mean": "0.485 0.456 0.406",
        "camjar.std": "0.229 0.224 0.225",
        "camjar.size": "224",
        "camjar.epoch": "38",
    }
    for name, tensor in model.items():
        if name.endswith("num_batches_tracked"):
            continue
        half = tensor.half().contiguous()
        assert torch.isfinite(half).all(), name
        blob = half.numpy().tobytes()
        header[name] = {
            "dtype": "F16",
            "shape": list(half.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with open(TARGET, "wb") as out:
        out.write(struct.pack("<Q", len(text)))
        out.write(text)
        out.writelines(blobs)
    print(TARGET, TARGET.stat().st_size)
    body = tiny.resnet(depths=(3, 4, 6, 3), width=32, classes=10)
    net = tiny.fastai(body, create_head_v1(512, 10))
    net.load_state_dict({k: v.half().float() if v.is_floating_point() else v for k, v in model.items()})
    LOGITS.write_text(json.dumps([float(x) for x in tiny.logits(net).flatten()]) + "\n")


main(sys.argv[1])
