"""Logits and raw Grad-CAM maps of torchvision's networks besides the ResNets, for FamilyParityTests.

    python3 engine/src/test/python/make_family_goldens.py [NAME...]

Weights follow from their names (see synthetic.py), so that the files hold results only: NAME/logits and NAME/map, the
sum over channels of (spatial mean of the gradient of class CLASS) * activation at the layer that pytorch-grad-cam's
README takes, before ReLU.
"""

import sys

import torch
import torch.nn.functional as F
import torchvision

import golden_file
import synthetic

# DenseNet's forward applies F.relu(features, inplace=True), which would change the activation that a hook has kept.
relu = F.relu
F.relu = lambda x, inplace=False: relu(x)

CLASSES = 10
CLASS = 3

# name: layer in torchvision, its path here, height, width, number of the picture
CASES = {
    "densenet121": ("features", "features.norm5", 97, 75, 0),
    "densenet161": ("features", "features.norm5", 64, 64, 0),
    "mobilenet_v2": ("features.18", "features.18", 97, 130, 0),
    "squeezenet1_0": ("features.12", "features.12", 97, 130, 0),
    "squeezenet1_1": ("features.12", "features.12", 97, 130, 0),
}


def load(name):
    net = getattr(torchvision.models, name)(num_classes=CLASSES, **({"init_weights": False} if "google" in name else {}))
    net.load_state_dict({key: torch.from_numpy(synthetic.parameter(key, tuple(value.shape)))
                         for key, value in net.state_dict().items() if value.dim()}, strict=False)
    for module in net.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return net.eval()


def run(name):
    layer, path, height, width, number = CASES[name]
    net = load(name)
    kept = {}
    net.get_submodule(layer).register_forward_hook(lambda module, inputs, y: kept.update(y=y))
    x = torch.from_numpy(synthetic.picture(f"picture{number}", 1, 3, height, width))
    logits = net(x)
    activation = kept["y"]
    (gradient,) = torch.autograd.grad(logits[0, CLASS], activation)
    weights = gradient.double().mean((2, 3), keepdim=True)
    cam = (weights * activation.double()).sum(1).float()
    facts = ("case", [name, path, height, width, number, CLASS])
    return facts, {f"{name}/logits": logits, f"{name}/map": cam}


def main(names):
    facts, tensors = [], {}
    for name in names:
        fact, made = run(name)
        facts.append(fact)
        tensors.update(made)
    golden_file.write("networks", "families", facts, tensors)


if __name__ == "__main__":
    main(sys.argv[1:] or CASES)
