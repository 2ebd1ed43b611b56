"""Multi-scale dense networks in PyTorch under the two published names, written from their papers' and programs' description.

`reference` has the names of kalviny/MSDNet-PyTorch, `port` those of avirambh/MSDNet-GCN, whose convolutions have biases.
Both forward to the list of all exits' logits and of the maps that each exit's classifier reads.
"""

import math

import torch
from torch import nn


def conv(cin, cout, kernel, stride, bias):
    return nn.Conv2d(cin, cout, kernel, stride, kernel // 2, bias=bias)


class Named(nn.Module):
    """A module whose children are given by name; the names of lists are `list.0`, `list.1`, ..."""

    def __init__(self, **children):
        super().__init__()
        for name, child in children.items():
            self.add_module(name, nn.ModuleList(child) if isinstance(child, list) else child)


class MSDNet(nn.Module):
    def __init__(self, port=False, imagenet=False, channels=16, growth=6, widths=(1, 2, 4), bottlenecks=(1, 2, 4),
                 steps=(4, 2), prune="max", reduction=0.5, classes=10, hidden=128):
        super().__init__()
        self.port, self.growth, self.widths, self.bottlenecks = port, growth, widths, bottlenecks
        self.scales = len(widths)
        total, number, blocks, heads, now = sum(steps), 0, [], [], channels
        for i, layers in enumerate(steps):
            block = [("MSD_first", self.stem(channels, imagenet))] if i == 0 else []
            for _ in range(layers):
                number += 1
                cin, cout = self.counts(number, total, prune)
                block.append((f"MSD_layer_{number}", self.layer(now, cin, cout)))
                now += growth
                drops = cin > cout if prune == "max" else number in (total // 3, 2 * total // 3)
                if drops and reduction > 0:
                    left = math.floor(now * reduction)
                    block.append(("Transition", self.transition(now, left, cout)))
                    now = left
            blocks.append(block)
            heads.append(self.head(now * widths[-1], hidden or now * widths[-1], classes))
        modules = [nn.Sequential() for _ in blocks]
        for module, block in zip(modules, blocks):
            for i, (name, child) in enumerate(block):
                module.add_module(name if port else str(i), child)
        if port:
            self.subnets = nn.ModuleList(modules + heads)
        else:
            self.blocks, self.classifier = nn.ModuleList(modules), nn.ModuleList(heads)

    def counts(self, number, total, prune):
        if prune == "min":
            return min(self.scales, total - number + 2), min(self.scales, total - number + 1)
        interval = math.ceil(total / self.scales)
        return self.scales - max(0, number - 2) // interval, self.scales - (number - 1) // interval

    def basic(self, cin, cout, kernel, stride):
        layers = nn.Sequential(conv(cin, cout, kernel, stride, self.port), nn.BatchNorm2d(cout), nn.ReLU())
        return layers if self.port else Named(net=layers)

    def stem(self, channels, imagenet):
        if imagenet:
            first = nn.Sequential(nn.Conv2d(3, channels * self.widths[0], 7, 2, 3), nn.BatchNorm2d(channels),
                                  nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        else:
            first = self.basic(3, channels * self.widths[0], 3, 1)
        rest = [self.basic(channels * a, channels * b, 3, 2) for a, b in zip(self.widths, self.widths[1:])]
        return Named(**{"subnets" if self.port else "layers": [first, *rest]})

    def conv_bn(self, cin, cout, stride, bottleneck):
        inner = min(cin, bottleneck * cout) if self.bottlenecks else cin
        narrow = [conv(cin, inner, 1, 1, self.port), nn.BatchNorm2d(inner), nn.ReLU()] if self.bottlenecks else []
        wide = [conv(inner, cout, 3, stride, self.port), nn.BatchNorm2d(cout), nn.ReLU()]
        if not self.port:
            return Named(net=nn.Sequential(*narrow, *wide))
        names = ["Bottleneck_1x1", "Bottleneck_BN", "Bottleneck_ReLU"] if narrow else []
        names += ["Spatial_down" if stride == 2 else "Spatial_forward", "BN_out", "ReLU_out"]
        module = nn.Sequential()
        for name, child in zip(names, narrow + wide):
            module.add_module(name, child)
        return module

    def layer(self, now, cin, cout):
        made = []
        for scale in range(self.scales - cout, self.scales):
            width = self.growth * self.widths[scale]
            bn = self.bottlenecks or [0] * self.scales
            if scale == self.scales - cout and cin == cout:
                convs = [self.conv_bn(now * self.widths[scale], width, 1, bn[scale])]
            else:
                convs = [self.conv_bn(now * self.widths[scale - 1], width // 2, 2, bn[scale - 1]),
                         self.conv_bn(now * self.widths[scale], width // 2, 1, bn[scale])]
            if self.port:
                made.append(Named(conv_modules=convs))
            else:
                made.append(Named(**dict(zip(["conv_normal"] if len(convs) == 1 else ["conv_down", "conv_normal"],
                                             convs))))
        return Named(**{"subnets" if self.port else "layers": made})

    def transition(self, now, left, count):
        made = [self.basic(now * w, left * w, 1, 1) for w in self.widths[self.scales - count:]]
        return Named(**{"scales" if self.port else "m": made})

    def head(self, cin, hidden, classes):
        pool = nn.AvgPool2d(2)
        if self.port:
            layers = [*self.basic(cin, hidden, 3, 2), *self.basic(hidden, hidden, 3, 2), pool]
            return Named(features=nn.Sequential(*layers), classifier=nn.Linear(hidden, classes))
        layers = [self.basic(cin, hidden, 3, 2), self.basic(hidden, hidden, 3, 2), pool]
        return Named(m=nn.Sequential(*layers), linear=nn.Linear(hidden, classes))

    def net(self, module, x):
        for child in module.children() if isinstance(module, Named) else [module]:
            x = child(x)
        return x

    def run(self, module, maps):
        """Maps of all scales through the stem, a layer or a transition."""
        made = [list(child) for _, child in module.named_children()][0]
        name = next(module.named_children())[0]
        if not isinstance(maps, list):
            x, out = maps, []
            for child in made:
                x = self.net(child, x)
                out.append(x)
            return out
        if name in ("scales", "m"):
            return [self.net(child, x) for child, x in zip(made, maps)]
        drop, out = len(maps) - len(made), []
        for j, child in enumerate(made):
            convs = list(child.conv_modules) if self.port else list(child.children())
            same = maps[drop + j]
            inputs = [same] if len(convs) == 1 else [maps[drop + j - 1], same]
            out.append(torch.cat([same] + [self.net(c, x) for c, x in zip(convs, inputs)], 1))
        return out

    def exits(self, x):
        """The maps that each exit reads, and its logits."""
        count = len(self.subnets) // 2 if self.port else len(self.blocks)
        blocks = self.subnets[:count] if self.port else self.blocks
        heads = self.subnets[count:] if self.port else self.classifier
        features, logits = [], []
        for block, head in zip(blocks, heads):
            for child in block:
                x = self.run(child, x)
            features.append(x[-1])
            layers = head.features if self.port else head.m
            y = x[-1]
            for child in layers:
                y = self.net(child, y)
            logits.append((head.classifier if self.port else head.linear)(y.flatten(1)))
        return features, logits

    def forward(self, x):
        return self.exits(x)[1]


PUBLISHED = {
    **{f"msdnet_imagenet_step{s}": dict(imagenet=True, channels=32, growth=16, widths=(1, 2, 4, 4),
                                        bottlenecks=(1, 2, 4, 4), steps=(s,) * 5, hidden=0, classes=1000)
       for s in (4, 7)},
    "msdnet_cifar100_anytime": dict(steps=(4, 2, 2, 2, 2, 2, 2), classes=100),
    "msdnet_cifar100_budgeted": dict(steps=(1, 2, 3, 4, 5), classes=100),
    "msdnet_cifar10_anytime": dict(steps=(4,) + (2,) * 9),
    "msdnet_cifar10_port": dict(port=True, channels=32, steps=(4,) + (2,) * 9),
}
