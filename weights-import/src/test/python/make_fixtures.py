"""Writes every checkpoint fixture and the logits that PyTorch computes from it.

    /usr/bin/python3 make_fixtures.py        (Debian's python3-torch, python3-torchvision)

Leaves src/test/resources/io/camjar/weights/checkpoints/* and logits.json beside them. The classes
of fastai and timm come from fakes/, see there.
"""
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "fakes"))

import torch

import fixtures_heads
import fixtures_modules
import fixtures_plain
import fixtures_zip

TARGET = HERE.parent / "resources/io/camjar/weights/checkpoints"


class Fixtures:
    """Collects files and the logits that belong to them."""

    def __init__(self):
        shutil.rmtree(TARGET, ignore_errors=True)
        TARGET.mkdir(parents=True)
        self.expected = {}

    def path(self, name):
        return TARGET / name

    def expect(self, name, logits, architecture, head, channels=3):
        self.expected[name] = {
            "architecture": architecture,
            "head": head,
            "channels": channels,
            "logits": [float(x) for x in logits.flatten()],
        }

    def finish(self):
        text = json.dumps(self.expected, indent=1)
        (TARGET / "logits.json").write_text(text + "\n")
        files = sorted(TARGET.iterdir())
        print(len(files), "files", sum(f.stat().st_size for f in files), "bytes")


torch.manual_seed(7)
fixtures = Fixtures()
fixtures_zip.write(fixtures)
fixtures_modules.write(fixtures)
fixtures_plain.write(fixtures)
fixtures_heads.write(fixtures)
fixtures.finish()
