"""Real torchvision ResNets with the torchvision head or fastai's, and every point that camjar names inside them."""

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

import synthetic

DEPTHS = {
    "resnet18": (BasicBlock, (2, 2, 2, 2)),
    "resnet34": (BasicBlock, (3, 4, 6, 3)),
    "resnet50": (Bottleneck, (3, 4, 6, 3)),
    "resnet101": (Bottleneck, (3, 4, 23, 3)),
    "resnet152": (Bottleneck, (3, 8, 36, 3)),
}


class AdaptiveConcatPool2d(nn.Module):
    """fastai's: the maximum first, then the average."""

    def __init__(self):
        super().__init__()
        self.ap, self.mp = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)

    def forward(self, x):
        return torch.cat([self.mp(x), self.ap(x)], 1)


def fastai_head(features, classes, bias):
    """`create_head` of fastai 1 (linear layers with bias) and of fastai 2 (without)."""
    return nn.Sequential(
        AdaptiveConcatPool2d(), nn.Flatten(),
        nn.BatchNorm1d(2 * features), nn.Dropout(0.25), nn.Linear(2 * features, 512, bias=bias), nn.ReLU(),
        nn.BatchNorm1d(512), nn.Dropout(0.5), nn.Linear(512, classes, bias=bias))


def layered_fc(features, classes):
    """A classifier of several layers in fc's place, as fine-tuning puts it there."""
    return nn.Sequential(
        nn.Dropout(0.2), nn.Linear(features, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, classes, bias=False))


class Net(ResNet):
    """torchvision's ResNet, its own layers made by its own code, with any base width, input channels and head."""

    def __init__(self, arch, head, classes, width=64, channels=3, base_width=64):
        nn.Module.__init__(self)
        block, depths = DEPTHS[arch]
        self._norm_layer, self.inplanes, self.dilation, self.groups = nn.BatchNorm2d, width, 1, 1
        self.base_width = base_width
        self.conv1 = nn.Conv2d(channels, width, 7, stride=2, padding=3, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(width), nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        for level in range(4):
            layer = self._make_layer(block, width << level, depths[level], stride=1 if level == 0 else 2)
            setattr(self, f"layer{level + 1}", layer)
        features = (width << 3) * block.expansion
        if not head.startswith("fastai"):
            self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), {
                "torchvision": lambda: nn.Linear(features, classes),
                "layers": lambda: layered_fc(features, classes),
                "features": nn.Identity}[head]()
        else:
            self.head = fastai_head(features, classes, bias={"fastai1": True, "fastai2": False}[head])
        for module in self.modules():
            if isinstance(module, nn.ReLU):
                module.inplace = False  # else the norm's output, a point of its own, is overwritten

    def forward(self, x):
        if hasattr(self, "fc"):
            return super().forward(x)
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.head(self.layer4(self.layer3(self.layer2(self.layer1(x)))))


def synthetic_net(*args, **kwargs):
    """A network in eval mode with the weights of synthetic.py."""
    net = Net(*args, **kwargs)
    state = {name: torch.from_numpy(synthetic.parameter(name, tuple(value.shape))) if value.dim() else value
             for name, value in net.state_dict().items()}
    net.load_state_dict(state)
    return net.eval()


def run_block(block, path, x, keep):
    """One residual block, step by step; torchvision's own forward shares one relu and names no sum."""
    steps = 2 if isinstance(block, BasicBlock) else 3
    y = x
    for i in range(1, steps + 1):
        y = keep(f"{path}.conv{i}", getattr(block, f"conv{i}")(y))
        y = keep(f"{path}.bn{i}", getattr(block, f"bn{i}")(y))
        if i < steps:
            y = keep(f"{path}.relu{i}", block.relu(y))
    shortcut = x if block.downsample is None else keep(f"{path}.downsample", block.downsample(x))
    return keep(path, block.relu(keep(f"{path}.add", y + shortcut)))


def trace(net, x):
    """The logits and the activations of all points, in network order, each keeping its gradient."""
    points = {}

    def keep(name, tensor):
        tensor.retain_grad()
        points[name] = tensor
        return tensor

    y = keep("conv1", net.conv1(x))
    y = keep("bn1", net.bn1(y))
    y = keep("relu", net.relu(y))
    y = keep("stem", net.maxpool(y))
    for level in range(1, 5):
        for i, block in enumerate(getattr(net, f"layer{level}")):
            y = run_block(block, f"layer{level}.{i}", y, keep)
    logits = net.fc(net.avgpool(y).flatten(1)) if hasattr(net, "fc") else net.head(y)
    assert torch.equal(logits, net(x)), "the step-by-step pass is not the network's own forward"
    return logits, points
