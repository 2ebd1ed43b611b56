"""State dicts in PyTorch's zip layout, with every head and naming."""
import torch

import tiny


def write(out):
    def save(name, net, wrapped, architecture, head, channels=3, **options):
        torch.save(wrapped, out.path(name), **options)
        out.expect(name, tiny.logits(net, channels), architecture, head, channels)

    net = tiny.resnet()
    save("zip-torchvision.pth", net, net.state_dict(), "resnet10", "torchvision")
    net = tiny.resnet(tiny.Bottleneck)
    save("zip-torchvision-bottleneck.pth", net, net.state_dict(), "resnet14", "torchvision")
    net = tiny.resnet(channels=1)
    save("zip-torchvision-gray.pth", net, net.state_dict(), "resnet10", "torchvision", channels=1)
    net = tiny.fastai1()
    wrapped = {"model": net.state_dict(), "opt": {"state": {}, "param_groups": []}}
    save("zip-fastai1.pth", net, wrapped, "resnet10", "fastai1")
    save("zip-fastai1-bare.pth", net, net.state_dict(), "resnet10", "fastai1")
    net = tiny.fastai2()
    save("zip-fastai2.pth", net, net.state_dict(), "resnet10", "fastai2")
    save("zip-state_dict.pth.tar", net, {"state_dict": net.state_dict()}, "resnet10", "fastai2")
