"""Finds synthetic pictures on which rounding does not decide the outcome, for make_network_goldens.py.

    python3 engine/src/test/python/choose_pictures.py

A ReLU whose input is a rounding error away from 0 passes its gradient in one implementation and stops it in the
next, and a spatial mean of gradients that almost cancel shows it: two runs of PyTorch itself, one of them with noise
of 2e-7 of the layer's scale before every ReLU, then differ by up to 1e-2 in a raw map. This script takes, for
every case, the pictures whose maps move least under such noise. It looks at PyTorch only.
"""

import sys

import torch
from torch import nn

import synthetic
import torch_networks
from make_network_goldens import CASES, INNER, STEM_INNER, STEM_INNER_BELOW

CANDIDATES, DRAWS, NOISE = 20, 6, 4e-7


def is_watched(name, x):
    block = name == "maxpool" or (name.startswith("layer") and name.count(".") == 1)
    return block or name in INNER or (name in STEM_INNER and x.shape[2] < STEM_INNER_BELOW)


def maps(net, x, target):
    kept, handles = {}, []
    for name, module in net.named_modules():
        if is_watched(name, x):
            def keep(_, __, y, name=name):
                y.retain_grad()
                kept[name] = y
            handles.append(module.register_forward_hook(keep))
    net(x)[0, target].backward()
    for handle in handles:
        handle.remove()
    return [(a.grad.mean((2, 3), keepdim=True) * a).sum(1).detach() for a in kept.values()]


def instability(net, x, target):
    exact = maps(net, x, target)
    hooks = [module.register_forward_pre_hook(lambda _, args: args[0] + NOISE * args[0].std() * torch.randn_like(args[0]))
             for module in net.modules() if isinstance(module, nn.ReLU)]
    worst = 0.0
    for _ in range(DRAWS):
        worst = max([worst] + [((a - b).norm() / b.norm()).item() for a, b in zip(maps(net, x, target), exact)])
    for hook in hooks:
        hook.remove()
    return worst


if __name__ == "__main__":
    torch.manual_seed(0)
    for case, (arch, head, classes, shape, targets, *options) in CASES.items():
        if len(sys.argv) > 1 and case not in sys.argv[1:]:
            continue
        net = torch_networks.synthetic_net(arch, head, classes, **(options[0] if options else {}))
        candidates = []
        for i in range(CANDIDATES):
            x = torch.from_numpy(synthetic.picture(f"picture{i}", 1, *shape[1:]))
            candidates.append((max(instability(net, x, row[0]) for row in targets), i))
        candidates.sort()
        chosen = candidates[:shape[0]]
        print(f'    "{case}": {tuple(i for _, i in chosen)},  # {", ".join(f"{e:.0e}" for e, _ in chosen)};'
              f' median {candidates[len(candidates) // 2][0]:.0e}, worst {candidates[-1][0]:.0e}', flush=True)
