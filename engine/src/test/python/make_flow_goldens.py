"""Statistics of activations and gradients by PyTorch, for io.camjar.engine.run.WatchTests.

    python3 engine/src/test/python/make_flow_goldens.py

activation/POINT, gradient/POINT  mean, std, share of values within 0.05 of zero, L2 norm, min, max
part/SUM                          L2 norms of what reaches a block's start through its branch and its shortcut
parameter/NAME                    L2 norms of the parameter and of its gradient
"""

import torch

import golden_file
import synthetic
import torch_networks

CASES = {
    "resnet18-width8-40x33": ("resnet18", "torchvision", 5, (3, 3, 40, 33), (1, 4, 2), {"width": 8}),
    "resnet34-fastai1-width4-33": ("resnet34", "fastai1", 3, (2, 3, 33, 33), (2, 0), {"width": 4}),
}

def figures(x):
    x = x.detach().double()
    return torch.stack([x.mean(), x.std(), (x.abs() <= torch.tensor(0.05)).double().mean(), x.norm(), x.min(), x.max()])

def run_block(block, path, x, keep, parts):
    steps = 2 if hasattr(block, "bn2") and not hasattr(block, "bn3") else 3
    branch, carried = x.clone(), x.clone()  # autograd adds up only behind these
    branch.retain_grad()
    carried.retain_grad()
    parts[f"{path}.add"] = (branch, carried)
    y = branch
    for i in range(1, steps + 1):
        y = keep(f"{path}.conv{i}", getattr(block, f"conv{i}")(y))
        y = keep(f"{path}.bn{i}", getattr(block, f"bn{i}")(y))
        if i < steps:
            y = keep(f"{path}.relu{i}", block.relu(y))
    shortcut = carried if block.downsample is None else keep(f"{path}.downsample", block.downsample(carried))
    return keep(path, block.relu(keep(f"{path}.add", y + shortcut)))

def make(case, arch, head, classes, shape, target, options):
    net = torch_networks.synthetic_net(arch, head, classes, **options)
    x = torch.from_numpy(synthetic.picture("flow", *shape))
    points, parts = {}, {}

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
            y = run_block(block, f"layer{level}.{i}", y, keep, parts)
    logits = net.fc(net.avgpool(y).flatten(1)) if hasattr(net, "fc") else net.head(y)
    assert torch.equal(logits, net(x))
    logits.gather(1, torch.tensor(target)[:, None]).sum().backward()
    tensors = {}
    for name, point in points.items():
        tensors[f"activation/{name}"] = figures(point)
        tensors[f"gradient/{name}"] = figures(point.grad)
    for name, (branch, carried) in parts.items():
        tensors[f"part/{name}"] = torch.stack([branch.grad.double().norm(), carried.grad.double().norm()])
    for name, parameter in net.named_parameters():
        tensors[f"parameter/{name}"] = torch.stack([parameter.double().norm(), parameter.grad.double().norm()])
    facts = [("arch", [arch]), ("head", [head]), ("classes", [classes]), ("width", [options["width"]]),
             ("input", shape), ("target", target)]
    golden_file.write("flow", case, facts, tensors)
    print(case, len(tensors))

if __name__ == "__main__":
    for case, arguments in CASES.items():
        make(case, *arguments)
