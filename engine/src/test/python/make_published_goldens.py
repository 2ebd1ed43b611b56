"""Logits and Grad-CAM maps of torchvision's families, for io.camjar.engine.model.family.PublishedFamilyTests.

    python3 engine/src/test/python/make_published_goldens.py [CASE...]

Small members on small images; PublishedFamilyTests has each under the same name. A case's tensors are logits and the map
of one layer before ReLU, the sum over channels of (spatial mean of the gradient) * activation. The facts `published
NAME HASH` are of full-size members with 1000 classes: SHA-256 over the sorted lines `name [side, ...]` of their tensors.
"""

import hashlib
import sys

import torch
import torchvision.models as models
from torch import nn
from torchvision.models.googlenet import GoogLeNet
from torchvision.models.vgg import VGG, make_layers

import golden_file
import synthetic

CLASSES = 10


def vgg(norms):
    net = VGG(make_layers([8, "M", 12, "M", 16, 16, "M", 20, "M"], batch_norm=norms), CLASSES, init_weights=False)
    net.classifier[0], net.classifier[3] = nn.Linear(20 * 49, 24), nn.Linear(24, 24)
    net.classifier[6] = nn.Linear(24, CLASSES)
    return net


def alexnet():
    net = models.alexnet(num_classes=CLASSES)
    net.classifier[1], net.classifier[4] = nn.Linear(256 * 36, 16), nn.Linear(16, 16)
    net.classifier[6] = nn.Linear(16, CLASSES)
    return net


# name: (network, height, width, layer)
CASES = {
    "vgg": (lambda: vgg(False), 65, 48, "features.13"),
    "vgg_bn": (lambda: vgg(True), 48, 65, "features.18"),
    "alexnet": (alexnet, 79, 95, "features.12"),
    "googlenet": (lambda: GoogLeNet(CLASSES, aux_logits=False, init_weights=False), 65, 80, "inception5b"),
}

PUBLISHED = [
    "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn", "alexnet", "squeezenet1_0",
    "squeezenet1_1", "densenet121", "densenet161", "densenet169", "densenet201", "googlenet", "mobilenet_v2",
]


def state(net):
    return {name: value for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")}


def digest(net):
    lines = sorted(f"{name} {list(value.shape)}" for name, value in state(net).items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def make(case, network, height, width, layer):
    net = network()
    net.load_state_dict({name: torch.from_numpy(synthetic.parameter(name, tuple(value.shape)))
                         for name, value in state(net).items()}, strict=False)
    net.eval()
    seen = []

    def keep(module, inputs, output):
        output.retain_grad()
        seen.append(output)
        return output.clone()  # what follows may work in place

    net.get_submodule(layer).register_forward_hook(keep)
    logits = net(torch.from_numpy(synthetic.picture(case, 1, 3, height, width)))
    target = int(logits.argmax())
    logits[0, target].backward()
    a, g = seen[0].detach(), seen[0].grad
    facts = [("size", [height, width]), ("layer", [layer]), ("target", [target])]
    tensors = {"logits": logits, "map": (g.mean((2, 3), keepdim=True) * a).sum(1)}
    golden_file.write("families", case, facts, tensors)
    print(f"{case}: logits {logits.min():.3g} .. {logits.max():.3g}, map {list(a.shape)}")


def main():
    for case, arguments in CASES.items():
        if len(sys.argv) == 1 or case in sys.argv[1:]:
            make(case, *arguments)
    if len(sys.argv) > 1 and "published" not in sys.argv[1:]:
        return
    facts = []
    for name in PUBLISHED:
        options = {"init_weights": False, "aux_logits": False} if name == "googlenet" else {}
        facts.append(("published", [name, digest(getattr(models, name)(num_classes=1000, **options))]))
    golden_file.write("families", "published", facts, {})


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
