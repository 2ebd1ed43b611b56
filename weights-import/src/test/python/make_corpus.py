"""Writes the seeds of the fuzz loop: one very small file of every kind, in src/test/resources.

    /usr/bin/python3 make_corpus.py
"""
import collections
import io
import pathlib
import pickle
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import numpy as np
import torch
from torch import nn

import fixtures_modules
import fixtures_plain

TARGET = HERE.parent / "resources/io/camjar/weights/corpus"


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 2)

    def forward(self, x):
        return self.a(x)


torch.manual_seed(3)
TARGET.mkdir(parents=True, exist_ok=True)
state = collections.OrderedDict(w=torch.rand(2, 3), b=torch.rand(3), n=torch.tensor(5))
old = dict(_use_new_zipfile_serialization=False)
torch.save(state, TARGET / "zip.pt")
torch.save(state, TARGET / "legacy.pt", **old)
torch.save(nn.Linear(3, 2), TARGET / "module-legacy.pt", **old)
torch.save(fixtures_modules.export_v1(nn.Linear(3, 2)), TARGET / "export1.pkl")
torch.save(fixtures_modules.export_v2(nn.Linear(3, 2)), TARGET / "export2.pkl", **old)
torch.jit.script(nn.Linear(3, 2)).save(str(TARGET / "script.pt"))
for protocol in (0, 2, 4):
    (TARGET / f"protocol{protocol}.pkl").write_bytes(pickle.dumps(state, protocol))
arrays = {k: v.numpy() for k, v in state.items()}
(TARGET / "numpy2.pkl").write_bytes(pickle.dumps({"net": arrays}, 2))
(TARGET / "numpy5.pkl").write_bytes(pickle.dumps(arrays, 5))
torch._utils._rebuild_xla_tensor = lambda data, dtype, device, requires_grad: data
torch._utils._rebuild_xla_tensor.__module__ = "torch._utils"
torch._utils._rebuild_xla_tensor.__qualname__ = "_rebuild_xla_tensor"


class Device:
    def __init__(self, array):
        self.array = array

    def __reduce__(self):
        return torch._utils._rebuild_xla_tensor, (self.array, torch.float32, "xla:1", False)


torch.save({k: Device(v) for k, v in arrays.items()}, TARGET / "device.pt", **old)
pruned = {"w_orig": state["w"], "w_mask": torch.ones(2, 3), "b": state["b"], "v_g": torch.ones(2, 1), "v_v": state["w"]}
torch.save({"model": pruned, "ema": dict(pruned)}, TARGET / "factors.pt", **old)
np.savez(TARGET / "stored.npz", w=state["w"].numpy(), b=state["b"].numpy())
np.savez_compressed(TARGET / "deflated.npz", w=state["w"].numpy(), b=state["b"].numpy())
np.save(TARGET / "dict.npy", arrays)
words = np.array(["a", "b"], dtype=object)
np.savez(TARGET / "objects.npz", net=np.array(arrays, dtype=object), classes=["a", "b"], words=words)
(TARGET / "two.safetensors").write_bytes(fixtures_plain.safetensors(state))
(TARGET / "old.tar").write_bytes(fixtures_plain.tar(state))
torch.onnx.export(Two(), torch.zeros(1, 3), TARGET / "two.onnx", opset_version=14)
print(sum(f.stat().st_size for f in TARGET.iterdir()), "bytes")
