"""Logits and raw Grad-CAM maps of torchvision ResNets, for io.camjar.engine.model.ResNetParityTests.

    python3 engine/src/test/python/make_network_goldens.py [CASE...]

Per case and target (one class per picture, one backward):
gradcam/T/POINT  sum over channels of (spatial mean of the gradient) * activation, before ReLU
product/T/POINT  sum over channels of gradient * activation, place by place; this one sees where a gradient went
"""

import sys

import torch

import golden_file
import synthetic
import torch_networks

# Some of every kind of inner point, at resolutions that keep the files small.
INNER = ("layer2.0.conv1", "layer2.0.downsample", "layer2.1.bn1", "layer3.0.bn2", "layer3.0.add", "layer3.1.relu1",
         "layer3.1.conv2", "layer4.0.downsample", "layer4.1.conv2", "layer4.1.bn1", "layer4.1.add")
STEM_INNER = ("conv1", "bn1", "relu")
STEM_INNER_BELOW = 200  # rows of the picture
PRODUCTS_UP_TO = 400  # places in a map

# name: arch, head, classes, input [N, C, H, W], targets, keyword arguments
CASES = {
    "resnet18-torchvision-224": ("resnet18", "torchvision", 1000, (2, 3, 224, 224), [(281, 7), (999, 0)]),
    "resnet18-torchvision-352": ("resnet18", "torchvision", 1000, (1, 3, 352, 352), [(281,)]),
    "resnet18-fastai1-224": ("resnet18", "fastai1", 10, (1, 3, 224, 224), [(3,)]),
    "resnet18-fastai2-352": ("resnet18", "fastai2", 10, (1, 3, 352, 352), [(8,)]),
    "resnet34-torchvision-224": ("resnet34", "torchvision", 10, (1, 3, 224, 224), [(2,)]),
    "resnet34-torchvision-352": ("resnet34", "torchvision", 10, (1, 3, 352, 352), [(9,)]),
    "resnet34-fastai1-224": ("resnet34", "fastai1", 10, (2, 3, 224, 224), [(5, 6)]),
    "resnet34-fastai1-352": ("resnet34", "fastai1", 10, (1, 3, 352, 352), [(1,)]),
    "resnet34-fastai2-224": ("resnet34", "fastai2", 10, (1, 3, 224, 224), [(0,)]),
    "resnet50-torchvision-224": ("resnet50", "torchvision", 10, (1, 3, 224, 224), [(4,)]),
    "resnet50-torchvision-352": ("resnet50", "torchvision", 10, (1, 3, 352, 352), [(7,)]),
    "resnet50-fastai1-352": ("resnet50", "fastai1", 10, (1, 3, 352, 352), [(2,)]),
    "resnet50-fastai2-224": ("resnet50", "fastai2", 10, (2, 3, 224, 224), [(6, 3)]),
    "resnet50-fastai1-161x97": ("resnet50", "fastai1", 10, (2, 3, 161, 97), [(0, 9)]),
    "resnet34-width32-97x161": ("resnet34", "fastai1", 10, (3, 3, 97, 161), [(1, 8, 9)], {"width": 32}),
    "resnet18-gray-75x130": ("resnet18", "torchvision", 10, (2, 1, 75, 130), [(5, 4)], {"channels": 1}),
    "resnet34-gray-width48-64": ("resnet34", "fastai2", 3, (2, 1, 64, 64), [(2, 1)], {"channels": 1, "width": 48}),
    "resnet18-torchvision-33": ("resnet18", "torchvision", 10, (2, 3, 33, 33), [(9, 1)]),
    "resnet34-fastai1-33": ("resnet34", "fastai1", 10, (1, 3, 33, 33), [(4,)]),
    "resnet50-fastai2-33": ("resnet50", "fastai2", 10, (1, 3, 33, 33), [(4,)]),
    "resnet101-torchvision-64": ("resnet101", "torchvision", 10, (1, 3, 64, 64), [(3,)]),
    "resnet152-fastai1-64": ("resnet152", "fastai1", 10, (1, 3, 64, 64), [(3,)]),
    "wide-resnet50-width16-33": (
        "resnet50", "torchvision", 10, (1, 3, 33, 33), [(3,)], {"width": 16, "base_width": 128}),
    "resnet34-layers-width16-33": ("resnet34", "layers", 5, (1, 3, 33, 33), [(3,)], {"width": 16}),
    "resnet18-features-width8-33": ("resnet18", "features", 64, (1, 3, 33, 33), [(40,)], {"width": 8}),
}

# Chosen by choose_pictures.py, which says why; the first pictures where a case is not listed.
PICTURES = {
    "resnet18-torchvision-224": (3, 0),
    "resnet18-torchvision-352": (3,),
    "resnet18-fastai1-224": (0,),
    "resnet18-fastai2-352": (0,),
    "resnet34-torchvision-224": (3,),
    "resnet34-torchvision-352": (4,),
    "resnet34-fastai1-224": (3, 4),
    "resnet34-fastai1-352": (4,),
    "resnet34-fastai2-224": (3,),
    "resnet50-torchvision-224": (1,),
    "resnet50-torchvision-352": (3,),
    "resnet50-fastai1-352": (1,),
    "resnet50-fastai2-224": (1, 0),
    "resnet50-fastai1-161x97": (3, 5),
    "resnet34-width32-97x161": (3, 1, 4),
    "resnet18-gray-75x130": (3, 6),
    "resnet34-gray-width48-64": (7, 5),
    "resnet18-torchvision-33": (1, 3),
    "resnet34-fastai1-33": (3,),
    "resnet50-fastai2-33": (4,),
    "resnet101-torchvision-64": (15,),
    "resnet152-fastai1-64": (4,),
}


def maps(points, names, gradients, target):
    for name in names:
        a, g = points[name].detach(), gradients[name]
        yield f"gradcam/{target}/{name}", (g.mean((2, 3), keepdim=True) * a).sum(1)
        if a.shape[2] * a.shape[3] <= PRODUCTS_UP_TO:
            yield f"product/{target}/{name}", (g * a).sum(1)


def make(case, arch, head, classes, shape, targets, options={}):
    net = torch_networks.synthetic_net(arch, head, classes, **options)
    pictures = PICTURES.get(case, tuple(range(shape[0])))
    x = torch.cat([torch.from_numpy(synthetic.picture(f"picture{i}", 1, *shape[1:])) for i in pictures])
    logits, points = torch_networks.trace(net, x)
    names = [name for name in points if name.count(".") < 2 and name not in STEM_INNER] + list(INNER)
    if shape[2] < STEM_INNER_BELOW:
        names += STEM_INNER
    facts = [("arch", [arch]), ("head", [head]), ("classes", [classes]), ("width", [options.get("width", 64)]),
             ("base_width", [options.get("base_width", 64)]), ("input", shape), ("pictures", pictures)]
    tensors = {"logits": logits}
    for t, target in enumerate(targets):
        facts.append(("target", target))
        for point in points.values():
            point.grad = None
        logits.backward(torch.eye(classes)[list(target)], retain_graph=True)
        tensors.update(maps(points, names, {name: points[name].grad for name in names}, t))
    facts += [("shape", [name, *point.shape]) for name, point in points.items()]
    golden_file.write("networks", case, facts, tensors)
    print(f"{case}: logits {logits.min():.3g} .. {logits.max():.3g}, {sum(v.numel() for v in tensors.values()) * 4} bytes")


if __name__ == "__main__":
    torch.manual_seed(0)
    for case, arguments in CASES.items():
        if len(sys.argv) == 1 or case in sys.argv[1:]:
            make(case, *arguments)
