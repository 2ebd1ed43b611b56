"""load_file as safetensors.torch has it, after the format's definition: length, JSON, bytes."""
import json

import torch

TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
         "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8}


def load_file(name):
    with open(name, "rb") as file:
        data = file.read()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    state = {}
    for key, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = bytearray(data[start + begin:start + end])
        state[key] = torch.frombuffer(flat, dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return state
