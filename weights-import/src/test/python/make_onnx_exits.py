"""Writes the networks of ExitNetworkTests: several outputs of logits, as PyTorch's exporter leaves them.

    /usr/bin/python3 make_onnx_exits.py      (Debian's python3-torch, python3-torchvision, python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/exits/NAME.onnx, and in expected.json PyTorch's logits of every output
for one image; of exits also the raw Grad-CAM map (sum over channels of weight times activation) of the best class at the
maps that the exit's classifier reads. MSDNets are in make_families.py.
"""
import json
import pathlib
import warnings

import torch
from torch import nn
from torchvision import models

from make_onnx_networks import CLASSES, live, narrowed, synthetic

warnings.filterwarnings("ignore")
TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/exits"


def conv(cin, cout, stride=1):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, stride, 1, bias=False), nn.BatchNorm2d(cout), nn.ReLU())


class Branches(nn.Module):
    """A trunk with two early exits of different make; each exit gives probabilities."""

    def __init__(self):
        super().__init__()
        self.stage1 = conv(3, 8, 2)
        self.stage2 = nn.Sequential(conv(8, 12, 2), conv(12, 12))
        self.stage3 = nn.Sequential(conv(12, 16, 2), conv(16, 16))
        self.branch1 = nn.Sequential(conv(8, 8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, CLASSES))
        self.branch2 = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, CLASSES))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, CLASSES))

    def exits(self, x):
        one = self.stage1(x)
        two = self.stage2(one)
        three = self.stage3(two)
        return [one, two, three], [self.branch1(one), self.branch2(two), self.head(three)]

    def forward(self, x):
        return [logits.softmax(1) for logits in self.exits(x)[1]]


class Tokens(nn.Module):
    """A vision transformer whose class token is read behind each of its layers."""

    def __init__(self):
        super().__init__()
        self.vit = models.VisionTransformer(32, 8, 3, 2, 16, 32, num_classes=CLASSES)
        self.norms = nn.ModuleList(nn.LayerNorm(16, eps=1e-6) for _ in range(3))
        self.heads = nn.ModuleList(nn.Linear(16, CLASSES) for _ in range(3))

    def exits(self, x):
        tokens = self.vit._process_input(x)
        tokens = torch.cat([self.vit.class_token.expand(len(x), -1, -1), tokens], 1) + self.vit.encoder.pos_embedding
        read, logits = [], []
        for layer, norm, head in zip(self.vit.encoder.layers, self.norms, self.heads):
            hook = layer.ln_1.register_forward_hook(lambda m, i, o: read.append(o))
            tokens = layer(tokens)
            hook.remove()
            logits.append(head(norm(tokens)[:, 0]))
        return read, logits

    def forward(self, x):
        return self.exits(x)[1]


def googlenet():
    """As it is trained: scores, and those of two auxiliary classifiers."""
    model = narrowed(models.googlenet, 16, init_weights=False, aux_logits=True)
    for layer in model.modules():
        if hasattr(layer, "inplace"):
            layer.inplace = False
    return model


def cam(activation, logits):
    (gradient,) = torch.autograd.grad(logits[0, logits[0].argmax()], activation, retain_graph=True)
    if activation.dim() == 3:  # tokens: the class token, then the patches row by row
        activation, gradient = (t[:, 1:].transpose(1, 2).unflatten(2, (4, 4)) for t in (activation, gradient))
    return (gradient.mean((2, 3), keepdim=True) * activation).sum(1)[0].detach().tolist()


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, build, side in [("branches", Branches, 32), ("tokens", Tokens, 32), ("googlenet-training", googlenet, 64)]:
        torch.manual_seed(7)
        model = live(build())
        image = synthetic(side)
        if name == "googlenet-training":
            model.training = True  # the network alone, not its layers
            rows = [{"logits": logits[0].tolist()} for logits in model(image)]
            outputs, mode = ["scores", "second", "first"], {"training": torch.onnx.TrainingMode.PRESERVE}
        else:
            rows = [{"logits": logits[0].tolist(), "map": cam(maps, logits)} for maps, logits in zip(*model.exits(image))]
            outputs, mode = ["early", "middle", "final"], {}
        axes = {value: {0: "n"} for value in ["images", *outputs]}
        torch.onnx.export(model, image, str(TARGET / f"{name}.onnx"), input_names=["images"], output_names=outputs,
                          dynamic_axes=axes, **mode)
        expected[name] = {"side": side, "outputs": rows}
        print(name, (TARGET / f"{name}.onnx").stat().st_size, "bytes", [round(v, 3) for v in rows[-1]["logits"]][:4])
    (TARGET / "expected.json").write_text(json.dumps(expected, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
