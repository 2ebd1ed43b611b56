"""Files that are written by hand because their writer is not at hand: tar, safetensors; and npz."""
import io
import json
import pickle
import struct
import tarfile

import numpy as np
import torch

import tiny


def write(out):
    nets = {"torchvision": tiny.resnet(), "fastai1": tiny.fastai1(), "fastai2": tiny.fastai2()}
    for head, net in nets.items():
        name = f"safetensors-{head}.safetensors"
        out.path(name).write_bytes(safetensors(net.state_dict()))
        out.expect(name, tiny.logits(net), "resnet10", head)
        name = f"npz-{head}.npz"
        save = np.savez_compressed if head == "fastai1" else np.savez
        save(out.path(name), **{k: v.numpy() for k, v in net.state_dict().items()})
        out.expect(name, tiny.logits(net), "resnet10", head)
        name = f"tar-{head}.pth"
        out.path(name).write_bytes(tar(net.state_dict()))
        reread = torch.load(out.path(name))
        assert all(torch.equal(reread[k], v) for k, v in net.state_dict().items())
        out.expect(name, tiny.logits(net), "resnet10", head)


def safetensors(tensors):
    """The format of huggingface/safetensors: a length, a JSON header, the bytes."""
    names = {torch.float32: "F32", torch.int64: "I64"}
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": names[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(blobs)


class TarPickler(pickle.Pickler):
    """PyTorch 0.1: tensors and storages leave the pickle as numbers."""

    def __init__(self, file, keys):
        super().__init__(file, protocol=2)
        self.keys = keys

    def persistent_id(self, obj):
        return str(self.keys[id(obj)]) if isinstance(obj, torch.Tensor) else None


def tar(tensors):
    """torch/serialization.py's legacy_load, read backwards; torch.load checks the result."""
    tensors = dict(tensors)
    storages, records, keys = io.BytesIO(), io.BytesIO(), {}
    pickle.dump(len(tensors), storages, 2)
    pickle.dump(len(tensors), records, 2)
    for number, tensor in enumerate(tensors.values(), 1):
        kind = {torch.float32: torch.FloatStorage, torch.int64: torch.LongStorage}[tensor.dtype]
        pickle.dump((number, "cpu", kind), storages, 2)
        storages.write(struct.pack("<q", tensor.numel()) + tensor.contiguous().numpy().tobytes())
        keys[id(tensor)] = 1000 + number
        pickle.dump((1000 + number, number, type(tensor)), records, 2)
        records.write(struct.pack("<ii", tensor.dim(), 0))
        for value in (*tensor.shape, *tensor.contiguous().stride(), 0):
            records.write(struct.pack("<q", value))
    pickle.dump([], storages, 2)
    root = io.BytesIO()
    TarPickler(root, keys).dump(tensors)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=tarfile.PAX_FORMAT) as archive:
        for name, content in (("storages", storages), ("tensors", records), ("pickle", root)):
            info = tarfile.TarInfo(name)
            info.size = len(content.getvalue())
            archive.addfile(info, io.BytesIO(content.getvalue()))
    return out.getvalue()
