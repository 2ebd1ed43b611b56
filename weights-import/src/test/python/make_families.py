"""Writes the files of FamilyTableTests: each family as a state dict, a whole module, an ONNX file and safetensors.

    /usr/bin/python3 make_families.py [NAME...]                  the committed ones
    /usr/bin/python3 make_families.py --full FOLDER [NAME...]    published sizes, some gigabytes, for
        -Dcamjar.families=FOLDER

Leaves src/test/resources/io/camjar/weights/families/NAME.pth, NAME-module.pth and NAME.onnx, and in expected.json
PyTorch's logits for one image and the raw Grad-CAM map (sum over channels of weight times activation) of the best
class at the default layer; for each exit where there are several. Safetensors files are written with --full only: of
the committed ones the test makes its own.
"""
import argparse
import json
import pathlib
import sys
import warnings
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "fakes"), str(HERE.parents[3] / "engine/src/test/python")]

from timm.layers.squeeze_excite import SEModule  # noqa: E402
from timm.models.resnet import Bottleneck as TimmBottleneck, ResNet as TimmResNet  # noqa: E402
from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig, MBConvConfig, _efficientnet_conf  # noqa: E402
from torchvision.models.resnet import Bottleneck  # noqa: E402
from fixtures_plain import safetensors  # noqa: E402
from make_onnx_networks import convnext, narrowed, vit as two_heads  # noqa: E402
from msdnet import PUBLISHED, MSDNet  # noqa: E402
import tiny  # noqa: E402

warnings.filterwarnings("ignore")
TARGET = HERE.parent / "resources/io/camjar/weights/families"
CLASSES = 10

# DenseNet's forward applies F.relu(features, inplace=True), which would change the activation that a hook has kept.
relu = F.relu
F.relu = lambda x, inplace=False: relu(x)


def vgg(norms):
    net = models.vgg.VGG(models.vgg.make_layers([4, "M", 8, "M", 8, 8, "M", 8, 8, "M", 8, 8, "M"], batch_norm=norms), CLASSES)
    net.classifier = nn.Sequential(nn.Linear(8 * 49, 16), nn.ReLU(True), nn.Dropout(), nn.Linear(16, 16), nn.ReLU(True),
                                   nn.Dropout(), nn.Linear(16, CLASSES))
    return net


def bottlenecks(**options):
    return tiny.resnet(Bottleneck, width=4, classes=CLASSES, **options)


def seresnet(depths, width):
    """timm's, whose gates have a sixteenth of the channels."""
    net = TimmResNet(TimmBottleneck, depths, width, CLASSES)
    for stage in (net.layer1, net.layer2, net.layer3, net.layer4):
        for block in stage:
            block.se = SEModule(block.bn3.num_features, max(2, block.bn3.num_features // 16))
    return net


def efficientnet():
    stages, _ = _efficientnet_conf("efficientnet_b0", width_mult=0.1, depth_mult=0.6)
    return EfficientNet(stages, 0.2, num_classes=CLASSES)


def efficientnet_v2():
    """Version S with an eighth of the channels and few blocks."""
    of = [(True, 1, 1, 8, 8), (True, 4, 2, 8, 8), (True, 4, 2, 8, 8), (False, 4, 2, 8, 16), (False, 6, 1, 16, 24), (False, 6, 2, 24, 32)]
    stages = [(FusedMBConvConfig if fused else MBConvConfig)(expansion, 3, stride, cin, cout, 1 + fused)
              for fused, expansion, stride, cin, cout in of]
    return EfficientNet(stages, 0.2, num_classes=CLASSES, last_channel=64, norm_layer=partial(nn.BatchNorm2d, eps=1e-3))


def regnet_of(gates):
    block = models.regnet.BlockParams([1, 2], [16, 24], [8, 8], [1, 1], [2, 2], gates)
    return models.regnet.RegNet(block, CLASSES, stem_width=8)


def published(name, **options):
    return lambda: getattr(models, name)(num_classes=CLASSES, **options)


def vit(side, patch, depth, heads, width):
    return models.VisionTransformer(side, patch, depth, heads, width, 4 * width, num_classes=CLASSES)


PLAIN = {"init_weights": False, "aux_logits": False}
LN = "encoder.layers.encoder_layer_%d.ln_1"

# name: (title in the table, a small member, side of its image, a published member, side, module that is looked at)
ROWS = {
    "resnet": ("ResNet", lambda: tiny.resnet(classes=CLASSES), 64, published("resnet34"), 224, "layer4"),
    "resnet_d": ("ResNet-D of timm", lambda: TimmResNet(TimmBottleneck, [1, 1, 1, 1], 4, CLASSES, "deep", True), 64,
                 lambda: TimmResNet(TimmBottleneck, [3, 4, 6, 3], 64, CLASSES, "deep", True), 224, "layer4"),
    "wide_resnet": ("wide ResNet", lambda: bottlenecks(width_per_group=128), 64, published("wide_resnet50_2"), 224, "layer4"),
    "resnext": ("ResNeXt", lambda: bottlenecks(groups=4, width_per_group=32), 64, published("resnext50_32x4d"), 224, "layer4"),
    "seresnet": ("SE-ResNet", lambda: seresnet((1, 1, 1, 1), 4), 64, lambda: seresnet((3, 4, 6, 3), 64), 224, "layer4"),
    "alexnet": ("AlexNet", lambda: narrowed(models.alexnet, 32), 96, published("alexnet"), 224, "features.12"),
    "vgg": ("VGG", lambda: vgg(False), 64, published("vgg16"), 224, "features.20"),
    "vgg_bn": ("VGG with norms", lambda: vgg(True), 64, published("vgg16_bn"), 224, "features.28"),
    "squeezenet": ("SqueezeNet", lambda: narrowed(models.squeezenet1_1, 8), 64, published("squeezenet1_1"), 224, "features.12"),
    "densenet": ("DenseNet", lambda: models.DenseNet(4, (2, 2, 2, 2), 8, num_classes=CLASSES), 64, published("densenet121"), 224, "features.norm5"),
    "googlenet": ("GoogLeNet", lambda: narrowed(models.googlenet, 16, **PLAIN), 64, published("googlenet", **PLAIN), 224, "inception5b"),
    "mobilenet_v2": ("MobileNetV2", lambda: narrowed(models.mobilenet_v2, 8), 64, published("mobilenet_v2"), 224, "features.18"),
    "mobilenet_v3": ("MobileNetV3", published("mobilenet_v3_small", width_mult=0.1), 64, published("mobilenet_v3_large"), 224, None),
    "efficientnet": ("EfficientNet", efficientnet, 64, published("efficientnet_b1"), 224, "features.8"),
    "efficientnet_v2": ("EfficientNetV2", efficientnet_v2, 64, published("efficientnet_v2_s"), 224, "features.7"),
    "regnet_x": ("RegNetX", lambda: regnet_of(None), 64, published("regnet_x_800mf"), 224, None),
    "regnet_y": ("RegNetY", lambda: regnet_of(0.25), 64, published("regnet_y_800mf"), 224, None),
    "convnext": ("ConvNeXt", convnext, 64, published("convnext_tiny"), 224, None),
    "vit": ("vision transformer", lambda: vit(32, 8, 2, 1, 64), 32, lambda: vit(224, 16, 12, 6, 384), 224, None),
    "msdnet": ("MSDNet", lambda: MSDNet(channels=4, growth=2, steps=(2, 1, 2, 1), hidden=8), 32,
               lambda: MSDNet(**{**PUBLISHED["msdnet_imagenet_step4"], "classes": CLASSES}), 224, None),
    "msdnet_port": ("MSDNet, the port", lambda: MSDNet(port=True, channels=4, growth=2, steps=(2, 1, 2, 1), hidden=8), 32,
                    lambda: MSDNet(**PUBLISHED["msdnet_cifar10_port"]), 32, None),
}
# PyTorch exports an adaptive pool only where its size divides the maps'.
FACTORS = ("alexnet", "vgg", "vgg_bn")


def settle(net, side):
    """Statistics of the batch norms as training leaves them: those of some images."""
    def measure(norm, inputs):
        norm.running_mean = inputs[0].mean((0, 2, 3))
        norm.running_var = inputs[0].var((0, 2, 3)).clamp_min(0.05)

    hooks = []
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.uniform_(module.bias, -0.3, 0.3)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.in_features ** -0.5)
        if isinstance(module, nn.BatchNorm2d):
            hooks.append(module.register_forward_pre_hook(measure))
    with torch.no_grad():
        net.eval()(torch.cat([torch.randn(3, 3, side, side), picture(side)]))
    for hook in hooks:
        hook.remove()
    return net


def kept_output(net, module, image):
    kept = []
    hook = net.get_submodule(module).register_forward_hook(lambda m, i, o: kept.append(o))
    logits = net(image)
    hook.remove()
    return kept[0], logits


def cam(activation, logits):
    (gradient,) = torch.autograd.grad(logits[0, logits[0].argmax()], activation, retain_graph=True)
    if activation.dim() == 3:  # tokens: the class token, then the patches row by row
        side = int((activation.shape[1] - 1) ** 0.5)
        activation, gradient = (t[:, 1:].transpose(1, 2).unflatten(2, (side, side)) for t in (activation, gradient))
    weights = gradient.double().mean((2, 3), keepdim=True)
    return (weights * activation.double()).sum(1)[0].float().detach()


def layer_of(net, given):
    """PyTorch's module of the default layer and what camjar calls it."""
    if given:
        return given, given
    if isinstance(net, models.VisionTransformer):
        last = len(net.encoder.layers) - 1
        return LN % last, f"blocks.{last}.norm1"
    if isinstance(net, models.RegNet):
        block = list(net.trunk_output.named_children())[-1]
        path = f"trunk_output.{block[0]}.{list(block[1].named_children())[-1][0]}"
        return path, path
    path = f"features.{len(net.features) - 1}"
    return path, path


def picture(side):
    """The image that FamilyTableTests computes too."""
    return torch.tensor([(i * i * 31 + i * 7919) % 1009 / 1009 * 4 - 2 for i in range(3 * side * side)]).reshape(1, 3, side, side)


def answers(net, module, image):
    if isinstance(net, MSDNet):
        return [(logits, cam(maps, logits)) for maps, logits in zip(*net.exits(image))]
    activation, logits = kept_output(net, module, image)
    return [(logits, cam(activation, logits))]


class Ending(nn.Module):
    """DenseNet with its last ReLU as a module, which is the last image of its ONNX graph."""

    def __init__(self, net):
        super().__init__()
        self.features, self.Relu, self.classifier = net.features, nn.ReLU(), net.classifier

    def forward(self, x):
        return self.classifier(self.Relu(self.features(x)).mean((2, 3)))


def quiet(net):
    for layer in net.modules():
        if hasattr(layer, "inplace"):
            layer.inplace = False
    return net


def looked_at(net, given, side):
    """What is expected of a network."""
    module, layer = (None, None) if isinstance(net, MSDNet) else layer_of(net, given)
    exits = [{"logits": logits[0].tolist(), "map": maps.tolist()} for logits, maps in answers(net, module, picture(side))]
    return {"side": side, "layer": layer, "module": module, "exits": exits}


def export(net, side, folder, name):
    torch.onnx.export(net, picture(side), str(folder / f"{name}.onnx"), input_names=["image"])


def make(name, full, folder):
    title, small, small_side, large, large_side, given = ROWS[name]
    torch.manual_seed(7)
    side = large_side if full else small_side
    net = quiet(settle((large if full else small)(), side))
    if full:
        given = {"vgg": "features.30", "vgg_bn": "features.43"}.get(name, given)
    made = {"title": title, "network": looked_at(net, given, side)}
    torch.save(net.state_dict(), folder / f"{name}.pth")
    torch.save(net, folder / f"{name}-module.pth")
    if full:
        (folder / f"{name}.safetensors").write_bytes(safetensors(net.state_dict()))
    if name in FACTORS:
        side = 224
    last = {"densenet": "Relu", "squeezenet": "classifier.2"}.get(name, given)
    if name == "vit" and not full:
        net = quiet(settle(two_heads(), side))
    if name in FACTORS or last != given or name == "vit":
        made["onnx"] = looked_at(Ending(net) if name == "densenet" else net, last, side)
    export(net, side, folder, name)
    sizes = [(path.name, path.stat().st_size >> 10) for path in sorted(folder.glob(f"{name}[.-]*"))]
    print(name, sizes, [round(v, 3) for v in made["network"]["exits"][-1]["logits"]][:5])
    return made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    folder = options.full or TARGET
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / "expected.json"
    expected = json.loads(record.read_text()) if record.exists() else {}
    for name in options.names or ROWS:
        expected[name] = make(name, options.full, folder)
        record.write_text(json.dumps(expected, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
