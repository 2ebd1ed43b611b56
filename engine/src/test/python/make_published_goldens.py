"""Logits and Grad-CAM maps of torchvision's families, for io.camjar.engine.model.family.PublishedFamilyTests.

    python3 engine/src/test/python/make_published_goldens.py [CASE...]

Small members on small images; PublishedFamilyTests has each under the same name. A case's tensors are logits and the map
of one layer before ReLU, the sum over channels of (spatial mean of the gradient) * activation. The facts `published
NAME HASH` are of full-size members with 1000 classes: SHA-256 over the sorted lines `name [side, ...]` of their tensors.
"""

import hashlib
import sys
from functools import partial

import torch
import torchvision.models as models
from torch import nn
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig, MBConvConfig, _efficientnet_conf
from torchvision.models.googlenet import GoogLeNet
from torchvision.models.regnet import BlockParams, RegNet
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


def efficientnet():
    stages, _ = _efficientnet_conf("efficientnet_b0", width_mult=0.5, depth_mult=0.6)
    return EfficientNet(stages, 0.2, num_classes=CLASSES)


def efficientnet_v2():
    stages = [FusedMBConvConfig(1, 3, 1, 8, 8, 2), FusedMBConvConfig(4, 3, 2, 8, 16, 2), MBConvConfig(4, 3, 2, 16, 24, 2)]
    return EfficientNet(stages, 0.2, num_classes=CLASSES, last_channel=32, norm_layer=partial(nn.BatchNorm2d, eps=1e-3))


def regnet(se_ratio):
    return RegNet(BlockParams([1, 2], [16, 24], [8, 8], [1, 1], [2, 2], se_ratio), CLASSES)


def convnext():
    return ConvNeXt([CNBlockConfig(8, 12, 1), CNBlockConfig(12, None, 2)], num_classes=CLASSES)


# name: (network, height, width, layer)
CASES = {
    "vgg": (lambda: vgg(False), 65, 48, "features.13"),
    "vgg_bn": (lambda: vgg(True), 48, 65, "features.18"),
    "alexnet": (alexnet, 79, 95, "features.12"),
    "mobilenet_v3_small": (lambda: models.mobilenet_v3_small(num_classes=CLASSES), 65, 80, "features.12"),
    "efficientnet": (efficientnet, 65, 80, "features.8"),
    "efficientnet_v2": (efficientnet_v2, 65, 80, "features.4"),
    "regnet_x": (lambda: regnet(None), 65, 80, "trunk_output.block2.block2-1"),
    "regnet_y": (lambda: regnet(0.25), 65, 80, "trunk_output.block2.block2-1"),
    "convnext": (convnext, 65, 80, "features.3"),
    "googlenet": (lambda: GoogLeNet(CLASSES, aux_logits=False, init_weights=False), 65, 80, "inception5b"),
}

PUBLISHED = [
    "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn", "alexnet", "squeezenet1_0",
    "squeezenet1_1", "densenet121", "densenet161", "densenet169", "densenet201", "googlenet", "mobilenet_v2",
    "mobilenet_v3_large", "mobilenet_v3_small", "efficientnet_b0", "efficientnet_b1", "efficientnet_b2",
    "efficientnet_b3", "efficientnet_b4", "efficientnet_b5", "efficientnet_b6", "efficientnet_b7", "efficientnet_v2_s",
    "regnet_x_400mf", "regnet_x_800mf", "regnet_x_1_6gf", "regnet_x_3_2gf", "regnet_x_8gf", "regnet_x_16gf",
    "regnet_x_32gf", "regnet_y_400mf", "regnet_y_800mf", "regnet_y_1_6gf", "regnet_y_3_2gf", "regnet_y_8gf",
    "regnet_y_16gf", "regnet_y_32gf", "convnext_tiny", "convnext_small", "convnext_base", "convnext_large",
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


def without_random_weights():
    """Networks are made in a fraction of the time where nothing draws their first weights."""
    for function in ("normal_", "uniform_", "kaiming_normal_", "kaiming_uniform_", "trunc_normal_"):
        setattr(nn.init, function, lambda tensor, *args, **kwargs: tensor)


def main():
    without_random_weights()
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
