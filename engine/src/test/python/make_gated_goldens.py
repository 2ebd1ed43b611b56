"""Logits and raw Grad-CAM maps of narrow ResNeXts and ResNets with squeeze and excitation, for GatedResNetTests.

    python3 engine/src/test/python/make_gated_goldens.py

Weights follow from their names (see synthetic.py). Gates have timm's names (se.fc1, se.fc2: 1x1 convolutions with biases)
or those of moskomule/senet.pytorch (se.fc.0, se.fc.2: linear layers without); they stand at the end of a branch, before
the sum. NAME/map is the sum over channels of (spatial mean of the gradient of class CLASS) * layer4.0, before ReLU.
"""

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

import golden_file
import synthetic

CLASS = 3


class Convolutions(nn.Module):
    def __init__(self, channels, reduced):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(channels, reduced, 1), nn.Conv2d(reduced, channels, 1)

    def forward(self, x):
        return x * self.fc2(self.fc1(x.mean((2, 3), keepdim=True)).relu()).sigmoid()


class Linears(nn.Module):
    def __init__(self, channels, reduced):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(channels, reduced, bias=False), nn.ReLU(),
                                nn.Linear(reduced, channels, bias=False), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[:, :, None, None]


def gated(net, gate, reduced):
    """Puts a gate behind the last norm of every block."""
    for stage, width in zip((net.layer1, net.layer2, net.layer3, net.layer4), reduced):
        for block in stage:
            last = "bn3" if hasattr(block, "bn3") else "bn2"
            channels = getattr(block, last).num_features
            block.se = gate(channels, width)
            getattr(block, last).register_forward_hook(lambda module, inputs, y, se=block.se: se(y))
    return net


CASES = {
    "resnext": lambda: ResNet(Bottleneck, [1, 1, 1, 1], 10, groups=4, width_per_group=8),
    "seresnext": lambda: gated(ResNet(Bottleneck, [1, 1, 1, 1], 10, groups=4, width_per_group=8),
                               Convolutions, (4, 6, 8, 12)),
    "seresnet_basic": lambda: gated(ResNet(BasicBlock, [1, 1, 1, 1], 10), Convolutions, (8, 8, 16, 32)),
    "seresnet_linear": lambda: gated(ResNet(Bottleneck, [1, 1, 1, 1], 10), Linears, (4, 4, 8, 8)),
}


def main():
    tensors = {}
    for name, build in CASES.items():
        net = build()
        net.load_state_dict({key: torch.from_numpy(synthetic.parameter(key, tuple(value.shape)))
                             for key, value in net.state_dict().items() if value.dim()}, strict=False)
        for module in net.modules():
            if hasattr(module, "inplace"):
                module.inplace = False
        net.eval()
        kept = {}
        net.layer4[0].register_forward_hook(lambda module, inputs, y: kept.update(y=y))
        logits = net(torch.from_numpy(synthetic.picture("picture0", 1, 3, 75, 97)))
        (gradient,) = torch.autograd.grad(logits[0, CLASS], kept["y"])
        weights = gradient.double().mean((2, 3), keepdim=True)
        tensors[f"{name}/logits"] = logits
        tensors[f"{name}/map"] = (weights * kept["y"].double()).sum(1).float()
    golden_file.write("networks", "gated", [], tensors)


if __name__ == "__main__":
    main()
