"""Writes the networks of OnnxNetworkTests: torchvision's architectures, narrow, as its exporter leaves them.

    /usr/bin/python3 make_onnx_networks.py [NAME...]   (Debian's python3-torch, python3-torchvision, python3-onnx)

Leaves src/test/resources/io/camjar/weights/onnx/networks/NAME.onnx, and in expected.json PyTorch's logits for one image
(of those that leave sizes open, also for a larger one), and the raw Grad-CAM map (sum over channels of weight times activation) of the best class at one module.
"""
import collections
import contextlib
import json
import pathlib
import sys
import warnings

import torch
import torchvision
from torch import nn
from torchvision import models

warnings.filterwarnings("ignore")
TARGET = pathlib.Path(__file__).parent.parent / "resources/io/camjar/weights/onnx/networks"
CLASSES = 10


@contextlib.contextmanager
def narrow(by):
    """Layers that are made inside have their channels divided."""
    kept = nn.Conv2d.__init__, nn.BatchNorm2d.__init__, nn.Linear.__init__, nn.LayerNorm.__init__

    def less(count):
        return count if count in (3, CLASSES) else max(1, count // by)

    def conv(self, i, o, *a, groups=1, **k):
        kept[0](self, less(i), less(o), *a, groups=groups if groups == 1 else less(groups), **k)

    def norm(self, c, *a, **k):
        kept[1](self, less(c), *a, **k)

    def linear(self, i, o, *a, **k):
        kept[2](self, less(i), less(o), *a, **k)

    def layer(self, shape, *a, **k):
        kept[3](self, less(shape) if isinstance(shape, int) else [less(s) for s in shape], *a, **k)

    nn.Conv2d.__init__, nn.BatchNorm2d.__init__, nn.Linear.__init__, nn.LayerNorm.__init__ = conv, norm, linear, layer
    try:
        yield
    finally:
        nn.Conv2d.__init__, nn.BatchNorm2d.__init__, nn.Linear.__init__, nn.LayerNorm.__init__ = kept


def narrowed(build, by, **arguments):
    with narrow(by):
        return build(weights=None, num_classes=CLASSES, **arguments)


def live(model):
    """Statistics and scales as a trained network has them: not 0 and 1."""
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.2)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.3)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return model.eval()


def dynamic(*axes):
    return {"input_names": ["images"], "output_names": ["scores"], "dynamic_axes": {"images": dict(axes), "scores": {0: "n"}}}


BATCH = dynamic((0, "n"))
ALL = dynamic((0, "n"), (2, "h"), (3, "w"))

def vgg():
    model = models.vgg.VGG(models.vgg.make_layers([4, "M", 8, "M", 8, "M", 8, "M", 8, "M"], batch_norm=True), num_classes=CLASSES)
    model.classifier = nn.Sequential(nn.Linear(8 * 49, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, CLASSES))
    return model


def resnext():
    with narrow(16):
        bottleneck = models.resnet.Bottleneck
        return models.ResNet(bottleneck, [1, 1, 1, 1], groups=32, width_per_group=4, num_classes=CLASSES)


def regnet():
    parameters = models.regnet.BlockParams.from_init_params(depth=8, w_0=16, w_a=8, w_m=2.2, group_width=4, se_ratio=0.25)
    return models.regnet.RegNet(parameters, num_classes=CLASSES, stem_width=8)


def convnext():
    blocks = [models.convnext.CNBlockConfig(8, 16, 1), models.convnext.CNBlockConfig(16, None, 2)]
    return models.ConvNeXt(blocks, num_classes=CLASSES)


def vit(side=32):
    return models.VisionTransformer(image_size=side, patch_size=8, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=32, num_classes=CLASSES)


def swin(depths, kind=models.SwinTransformer):
    """Maps end as 4x4; the second block of a stage moves its windows."""
    return kind([4, 4], 8, depths, [1, 2], [2, 2], num_classes=CLASSES)


class TokensSwin(models.SwinTransformer):
    """Ends on tokens, as other projects' Swin does: rows and columns lie on one axis."""

    def forward(self, x):
        return self.head(self.norm(self.features(x).flatten(1, 2)).mean(1))


def densenet():
    return models.DenseNet(growth_rate=4, block_config=(2, 2, 2), num_init_features=8, num_classes=CLASSES)


def shufflenet():
    return models.ShuffleNetV2([2, 2, 2], [8, 8, 16, 32, 32], num_classes=CLASSES)


def groupnorm():
    """Group and instance norms, which PyTorch's exporter lays out as rows and back."""
    features = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.GroupNorm(4, 8), nn.SiLU(), nn.Conv2d(8, 12, 3, 2), nn.GroupNorm(1, 12, eps=1e-3), nn.Mish(), nn.Conv2d(12, 12, 3, padding=1), nn.InstanceNorm2d(12, affine=True), nn.ReLU())
    return nn.Sequential(collections.OrderedDict(features=features, pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(12, CLASSES)))


class Pyramid(nn.Module):
    """Coarse maps brought to the size of finer ones, which is no constant factor."""

    def __init__(self):
        super().__init__()
        self.fine, self.coarse, self.fc = nn.Conv2d(3, 8, 3, 2), nn.Conv2d(8, 8, 3, 2), nn.Linear(16, CLASSES)

    def forward(self, x):
        fine = self.fine(x).relu()
        coarse = self.coarse(fine).relu()
        return self.fc(torch.cat([fine, nn.functional.interpolate(coarse, size=fine.shape[2:])], 1).mean((2, 3)))


def responses():
    """AlexNet's beginning with its local response norms, which the exporter writes out, from opset 11 on with an If in it."""
    features = nn.Sequential(
        nn.Conv2d(3, 8, 7, 2), nn.ReLU(), nn.LocalResponseNorm(5, 0.2, 0.75, 2), nn.MaxPool2d(3, 2),
        nn.Conv2d(8, 12, 5, padding=2), nn.ReLU(), nn.LocalResponseNorm(4, 0.3, 0.5), nn.MaxPool2d(3, 2), nn.Conv2d(12, 12, 3, padding=1), nn.ReLU())
    return nn.Sequential(collections.OrderedDict(features=features, pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(12, CLASSES)))


class Maxout(nn.Module):
    """The larger of two feature maps (LightCNN, arXiv 1511.02683), and of four along a side of their own."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.conv3, self.fc = nn.Conv2d(3, 16, 5, 2), nn.Conv2d(8, 24, 3, 2), nn.Conv2d(6, 12, 3, padding=1), nn.Linear(12, CLASSES)

    def forward(self, x):
        one, other = torch.split(self.conv1(x), 8, 1)
        x = self.conv2(torch.max(one, other))
        n, _, h, w = x.shape
        x = self.conv3(x.view(n, 6, 4, h, w).amax(2))
        return self.fc(torch.minimum(x, x.neg() * 0.5).mean((2, 3)))


class Eca(nn.Module):
    """Efficient channel attention as its authors publish it (arXiv 1910.03151): a convolution over channels."""

    def __init__(self):
        super().__init__()
        self.avg_pool, self.conv, self.sigmoid = nn.AdaptiveAvgPool2d(1), nn.Conv1d(1, 1, 3, padding=1, bias=False), nn.Sigmoid()

    def forward(self, x):
        y = self.conv(self.avg_pool(x).squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
        return x * self.sigmoid(y).expand_as(x)


def eca():
    """A ResNet whose blocks end in such an attention, ahead of the sum."""
    with narrow(16):
        model = models.ResNet(models.resnet.BasicBlock, [1, 1, 1, 1], num_classes=CLASSES)
    for name, module in model.named_modules():
        if isinstance(module, models.resnet.BasicBlock):
            module.bn2 = nn.Sequential(collections.OrderedDict(norm=module.bn2, eca=Eca()))
    return model


def shuffled():
    """Places become channels, as at the beginning of YOLO's later versions, and channels places."""
    features = nn.Sequential(
        nn.PixelUnshuffle(2), nn.Conv2d(12, 16, 3, padding=1), nn.SELU(), nn.Conv2d(16, 16, 3, 2, 1), nn.CELU(0.5),
        nn.PixelShuffle(2), nn.Conv2d(4, 12, 3, 2, 1), nn.Softsign())
    return nn.Sequential(collections.OrderedDict(features=features, pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(12, CLASSES)))


def thirds():
    """A shuffle by 3 to each side: the image's rows and columns are divided by it."""
    features = nn.Sequential(nn.PixelUnshuffle(3), nn.Conv2d(27, 18, 3, padding=1), nn.ReLU(), nn.PixelShuffle(3), nn.Conv2d(2, 8, 3, padding=1), nn.ReLU())
    return nn.Sequential(collections.OrderedDict(features=features, pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(8, CLASSES)))


class Focus(nn.Module):
    """YOLOv5's first layer: every second row and column, four times."""

    def __init__(self):
        super().__init__()
        self.conv, self.last, self.fc = nn.Conv2d(12, 8, 3, padding=1), nn.Conv2d(8, 12, 3, 2, 1), nn.Linear(12, CLASSES)

    def forward(self, x):
        parts = [x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]]
        return self.fc(self.last(self.conv(torch.cat(parts, 1)).relu()).mean((2, 3)))


KEEP = {"keep_initializers_as_inputs": True}

# Takes images of one size, whatever its file says.
ONE_SIZE = {"pyramid", "vit-open"}

# name: (model, side of the image, module that is looked at, how it is exported: images are those of a batch)
NETWORKS = {
    "resnet18": (lambda: narrowed(models.resnet18, 16), 64, "layer4", {}),
    "resnet18-norms": (lambda: narrowed(models.resnet18, 16), 64, "layer4", {"training": torch.onnx.TrainingMode.PRESERVE, **BATCH}),
    "resnet50": (lambda: narrowed(models.resnet50, 32), 64, "layer4", {**KEEP, **ALL}),
    "resnext50": (resnext, 64, "layer4", {"opset_version": 9}),
    "vgg": (vgg, 224, "features", BATCH),
    "squeezenet": (lambda: narrowed(models.squeezenet1_1, 8), 64, "features", ALL),
    "densenet": (densenet, 64, "features.denseblock3", ALL),
    "googlenet": (lambda: narrowed(models.googlenet, 16, init_weights=False), 64, "inception5b", KEEP),
    "inception": (lambda: narrowed(models.inception_v3, 16, init_weights=False), 75, "Mixed_7c", BATCH),
    "mobilenet_v2": (lambda: narrowed(models.mobilenet_v2, 8), 64, "features", {"opset_version": 10, **BATCH}),
    "mobilenet_v3": (lambda: narrowed(models.mobilenet_v3_small, 8), 64, "features", ALL),
    "mobilenet_v3-opset11": (lambda: narrowed(models.mobilenet_v3_small, 8), 64, "features", {"opset_version": 11}),
    "efficientnet": (lambda: narrowed(models.efficientnet_b0, 8), 64, "features", ALL),
    "regnet": (regnet, 64, "trunk_output", BATCH),
    "shufflenet": (shufflenet, 64, "conv5", BATCH),
    "shufflenet-places": (shufflenet, 64, "conv5", ALL),
    "shufflenet-static": (shufflenet, 64, "conv5", {}),
    "convnext": (convnext, 64, "features", ALL),
    "convnext-static": (convnext, 64, "features", {"opset_version": 12}),
    "swin": (lambda: swin([1, 2]), 32, "norm", {"opset_version": 17, **BATCH}),
    "swin-tokens": (lambda: swin([1, 1], TokensSwin), 32, "norm", {}),
    "groupnorm": (groupnorm, 64, "features", ALL),
    "groupnorm-static": (groupnorm, 64, "features", {"opset_version": 9}),
    "pyramid": (Pyramid, 224, "fine", ALL),
    "responses": (responses, 64, "features", {"opset_version": 13, **ALL}),
    "responses-static": (responses, 64, "features", {"opset_version": 11}),
    "responses-opset9": (responses, 64, "features", {"opset_version": 9, **ALL}),
    "maxout": (Maxout, 64, "conv3", ALL),
    "maxout-static": (Maxout, 64, "conv3", {"opset_version": 11}),
    "eca": (eca, 64, "layer4", ALL),
    "eca-static": (eca, 64, "layer4", {"opset_version": 10}),
    "shuffled": (shuffled, 64, "features", {"opset_version": 13, **ALL}),
    "shuffled-static": (shuffled, 64, "features", {"opset_version": 12}),
    "thirds": (thirds, 30, "features", {"opset_version": 13, **ALL}),
    "focus": (Focus, 64, "last", ALL),
    "vit": (vit, 32, "encoder.layers.encoder_layer_1.ln_1", BATCH),
    "vit-static": (vit, 32, "encoder.layers.encoder_layer_1.ln_1", {"opset_version": 16}),
    "vit-pair": (vit, 32, "encoder.layers.encoder_layer_1.ln_1", {"opset_version": 16, "images": 2}),
    "vit-open": (lambda: vit(48), 48, "encoder.layers.encoder_layer_1.ln_1", ALL),
}


def synthetic(side):
    """The image that OnnxNetworkTests computes too."""
    return torch.tensor([(i * i * 31 + i * 7919) % 1009 / 1009 * 4 - 2 for i in range(3 * side * side)]).reshape(1, 3, side, side)


def wide(side, rows):
    """An image of another size, for networks that leave it open."""
    return synthetic(2 * side)[:, :, :rows].contiguous()


def map_of(model, module, image):
    kept = []
    hook = dict(model.named_modules())[module].register_forward_hook(lambda m, i, o: kept.append(o))
    logits = model(image)
    hook.remove()
    logits[0, logits[0].argmax()].backward(inputs=kept)
    activation, gradient = kept[0][0], kept[0].grad[0]
    if isinstance(model, models.SwinTransformer):  # channels stand behind rows and columns, or behind both as one
        activation, gradient = (t.flatten(0, -2).T.unflatten(1, (4, 4)) for t in (activation, gradient))
    elif activation.dim() == 2:  # tokens: the class token, then the patches row by row
        side = int((len(activation) - 1) ** 0.5)
        activation, gradient = (t[1:].T.reshape(-1, side, side) for t in (activation, gradient))
    return logits.detach(), (gradient.mean((1, 2))[:, None, None] * activation).sum(0).detach()


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    record = TARGET / "expected.json"
    expected = json.loads(record.read_text()) if record.exists() else {}
    for name, (build, side, module, options) in NETWORKS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        torch.manual_seed(7)
        model = live(build())
        for layer in model.modules():
            if hasattr(layer, "inplace"):
                layer.inplace = False
        image = synthetic(side)
        logits, cam = map_of(model, module, image)
        expected[name] = {"side": side, "module": module, "logits": logits[0].tolist(), "map": cam.tolist()}
        if name not in ONE_SIZE and options.get("dynamic_axes") and 2 in options["dynamic_axes"]["images"]:
            rows = side + (30 if name == "thirds" else 32)
            expected[name].update(rows=rows, wide=model(wide(side, rows))[0].tolist())
        images = image.repeat(options.pop("images", 1), 1, 1, 1)
        torch.onnx.export(model, images, str(TARGET / f"{name}.onnx"), **options)
        size = (TARGET / f"{name}.onnx").stat().st_size
        print(name, size, "bytes", [round(v, 3) for v in logits[0].tolist()][:4], list(cam.shape))
    record.write_text(json.dumps(expected, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
