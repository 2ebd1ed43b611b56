"""Logits and raw Grad-CAM maps of every exit of narrow multi-scale dense networks, for MsdNetTests.

    python3 engine/src/test/python/make_msdnet_goldens.py

Weights follow from their names (see synthetic.py). NAME/logitsK are those of exit K, NAME/mapK the sum over channels of
(spatial mean of the gradient of class CLASS of exit K) * the maps that exit K reads, before ReLU. Hashes are over
names and shapes; that of a published network stands with how many numbers it learns.
"""

import hashlib

import torch

import golden_file
import synthetic
from msdnet import PUBLISHED, MSDNet

CLASS = 3

# name: settings, height, width
CASES = {
    "reference": (dict(channels=4, growth=2, steps=(2, 1, 2, 1), hidden=8), 32, 40),
    "wide_bottleneck": (dict(channels=6, growth=4, bottlenecks=(2, 2, 3), steps=(3, 3), hidden=8), 32, 32),
    "no_bottleneck": (dict(channels=4, growth=2, bottlenecks=(), steps=(2, 2), hidden=8), 32, 32),
    "pruned_late": (dict(channels=4, growth=2, steps=(3, 2, 2), prune="min", hidden=8), 32, 32),
    "imagenet": (dict(imagenet=True, channels=4, growth=4, widths=(1, 2, 4, 4), bottlenecks=(1, 2, 4, 4),
                      steps=(2, 2, 2), hidden=0), 160, 192),
    "port": (dict(port=True, channels=4, growth=2, steps=(2, 1, 2, 1), hidden=128), 32, 32),
}


def load(settings):
    net = MSDNet(**settings)
    net.load_state_dict({key: torch.from_numpy(synthetic.parameter(key, tuple(value.shape)))
                         for key, value in net.state_dict().items() if value.dim()}, strict=False)
    return net.eval()


def tensor_hash(net):
    """SHA-256 over the sorted lines `name [side, ...]` of its tensors."""
    lines = sorted(f"{key} {list(value.shape)}" for key, value in net.state_dict().items() if value.dim())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def main():
    facts, tensors = [], {}
    for name, (settings, height, width) in CASES.items():
        net = load(settings)
        x = torch.from_numpy(synthetic.picture("picture0", 1, 3, height, width))
        features, logits = net.exits(x)
        facts.append(("case", [name, height, width, len(logits)]))
        facts.append(("hash", [name, tensor_hash(net)]))
        for k, (activation, score) in enumerate(zip(features, logits), 1):
            (gradient,) = torch.autograd.grad(score[0, CLASS], activation, retain_graph=True)
            weights = gradient.double().mean((2, 3), keepdim=True)
            tensors[f"{name}/logits{k}"] = score
            tensors[f"{name}/map{k}"] = (weights * activation.double()).sum(1).float()
    for name, settings in PUBLISHED.items():
        net = MSDNet(**settings)
        facts.append(("published", [name, tensor_hash(net), sum(p.numel() for p in net.parameters())]))
    golden_file.write("networks", "msdnet", facts, tensors)


if __name__ == "__main__":
    main()
