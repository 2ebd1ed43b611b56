"""Writes the built-in model: slim34-imagenette.pth as a safetensors file of float16.

    python3 make_builtin.py PATH/slim34-imagenette.pth

The format is written by hand, because it is eight bytes, a JSON header and the tensors.
Batch counters are left out; names stay fastai's.
"""
import json
import pathlib
import struct
import sys

import torch

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


main(sys.argv[1])
