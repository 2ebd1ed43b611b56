"""The golden files: a text index beside the raw little-endian float32 of its tensors, one after the other.

Index lines: `key value...`; `tensor name dimension...` in the order of the data. `#` starts a comment.
The reader is io.camjar.engine.Golden.
"""

import pathlib

import numpy as np
import torch
import torchvision

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"


def write(folder, name, facts, tensors):
    """facts: (key, values) pairs; tensors: name -> array."""
    target = RESOURCES / folder
    target.mkdir(parents=True, exist_ok=True)
    lines = [f"# Made by src/test/python with torch {torch.__version__}, torchvision {torchvision.__version__}."]
    lines += [" ".join([key, *map(str, values)]) for key, values in facts]
    arrays = {key: np.ascontiguousarray(value.detach().numpy() if torch.is_tensor(value) else value, dtype="<f4")
              for key, value in tensors.items()}
    assert all(np.isfinite(array).all() for array in arrays.values()), f"{name} holds a number that is not finite"
    lines += [" ".join(["tensor", key, *map(str, array.shape)]) for key, array in arrays.items()]
    (target / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (target / f"{name}.f32").write_bytes(b"".join(array.tobytes() for array in arrays.values()))
