"""Tiny ResNets with torchvision's, timm's and fastai's own class names, and the input they are run on."""
import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

from fastai.layers import create_head_v1, create_head_v2

CLASSES = 5


def resnet(block=BasicBlock, depths=(1, 1, 1, 1), width=2, channels=3, classes=CLASSES, **options):
    """torchvision's ResNet of a small width: its own layers, made by its own _make_layer."""
    net = ResNet(block, [1, 1, 1, 1], **options)
    net.inplanes = width
    net.conv1 = nn.Conv2d(channels, width, 7, 2, 3, bias=False)
    net.bn1 = nn.BatchNorm2d(width)
    net.layer1 = net._make_layer(block, width, depths[0])
    net.layer2 = net._make_layer(block, 2 * width, depths[1], stride=2)
    net.layer3 = net._make_layer(block, 4 * width, depths[2], stride=2)
    net.layer4 = net._make_layer(block, 8 * width, depths[3], stride=2)
    net.fc = nn.Linear(8 * width * block.expansion, classes)
    return settle(net)


def settle(net):
    """Random statistics and scales, so that every tensor matters to the logits."""
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
            nn.init.uniform_(module.running_mean, -0.3, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return net.eval()


def features(net):
    return net.fc.in_features


def fastai(body, head):
    """nn.Sequential(body, head) as fastai's create_cnn does: the body is the children but two."""
    return settle(nn.Sequential(nn.Sequential(*list(body.children())[:-2]), head))


def fastai1(body=None, **options):
    body = body or resnet()
    options.setdefault("lin_ftrs", [12])
    return fastai(body, create_head_v1(features(body) * 2, CLASSES, **options))


def fastai2(body=None, **options):
    body = body or resnet()
    options.setdefault("lin_ftrs", [12])
    return fastai(body, create_head_v2(features(body), CLASSES, **options))


def picture(channels=3, batch=2, height=40, width=33):
    """The input: x[i] = ((i * 7919) mod 1000) / 500 - 1 in row-major order."""
    count = batch * channels * height * width
    values = (torch.arange(count, dtype=torch.int64) * 7919) % 1000
    return (values.double() / 500 - 1).float().reshape(batch, channels, height, width)


def logits(net, channels=3):
    with torch.no_grad():
        return net.eval()(picture(channels))
