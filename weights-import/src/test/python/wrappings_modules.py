"""Whole modules and TorchScript that differ from a torchvision ResNet in one value."""
import copy

import torch
from torch import nn
from torchvision.ops.misc import FrozenBatchNorm2d

import tiny


def stride(net):
    net.layer4[0].conv1.stride = net.layer4[0].downsample[0].stride = (1, 1)


def dilation(net):
    net.layer4[0].conv2.dilation = net.layer4[0].conv2.padding = (2, 2)


def padding(net):
    net.conv1.padding = (2, 2)


def reflect(net):
    net.layer1[0].conv1 = reflected(net.layer1[0].conv1)


def reflected(old):
    new = nn.Conv2d(old.in_channels, old.out_channels, 3, padding=1, bias=False, padding_mode="reflect")
    new.weight = old.weight
    return new


def ceil_mode(net):
    net.maxpool = nn.MaxPool2d(3, 2, 1, ceil_mode=True)


def max_pool_kernel(net):
    net.maxpool = nn.MaxPool2d(2)


def global_max(net):
    net.avgpool = nn.AdaptiveMaxPool2d((1, 1))


def window_average(net):
    net.avgpool = nn.AvgPool2d(2)


def batch_statistics(net):
    net.bn1 = nn.BatchNorm2d(2, track_running_stats=False)


def instance_norm(net):
    net.bn1 = nn.InstanceNorm2d(2, affine=True, track_running_stats=True)


def leaky(net):
    net.layer2[0].relu = nn.LeakyReLU(0.1)


def relu6(net):
    net.layer2[0].relu = nn.ReLU6()


def no_pool(net):
    net.maxpool = nn.Identity()


REFUSED = {
    stride: ["layer4.0", "stride", r"1, 1"],
    dilation: ["layer4.0.conv2", "dilation", r"2, 2"],
    padding: ["conv1", "padding", r"2, 2"],
    reflect: ["reflect"],
    ceil_mode: ["ceil_mode true"],
    max_pool_kernel: ["kernel_size"],
    global_max: ["max"],
    window_average: ["AvgPool2d|average pool"],
    batch_statistics: ["running|batch norm of training|parameter is expected"],
    instance_norm: ["InstanceNorm2d|instance_norm"],
    leaky: ["LeakyReLU|leaky"],
    relu6: ["ReLU6|hardtanh"],
    no_pool: ["Identity|max pool"],
}


def eps(net):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 0.5


def zero_eps(net):
    net.bn1.eps = 0.0


def no_affine(net):
    old = net.bn1
    net.bn1 = nn.BatchNorm2d(2, affine=False)
    net.bn1.running_mean, net.bn1.running_var = old.running_mean, old.running_var


def neutral(net):
    net.fc = nn.Sequential(nn.Dropout(0.3), net.fc, nn.Identity())


def same_padding(net):
    net.layer1[0].conv1.padding = "same"


FOLLOWED = [eps, zero_eps, no_affine, neutral, same_padding]


def frozen(net):
    """Every batch norm as torchvision's detection networks keep it: eps 0, four buffers."""
    for name, child in list(net.named_children()):
        if isinstance(child, nn.BatchNorm2d):
            new = FrozenBatchNorm2d(child.num_features, eps=0.0)
            for key in ("weight", "bias", "running_mean", "running_var"):
                getattr(new, key).copy_(getattr(child, key).detach())
            setattr(net, name, new)
        else:
            frozen(child)
    return net


def double(module, inputs, output):
    return output * 2


class Lightning(nn.Module):
    """A wrapper of its own with a criterion beside the network."""

    def __init__(self, net):
        super().__init__()
        self.model = net
        self.criterion = nn.CrossEntropyLoss(torch.ones(tiny.CLASSES))

    def forward(self, x):
        return self.model(x)


class Module(nn.Module):
    """What libtorch's C++ API leaves: a tree of classes called Module without any code."""

    def __init__(self, net):
        super().__init__()
        for name, value in net.named_parameters(recurse=False):
            self.register_parameter(name, value)
        for name, value in net.named_buffers(recurse=False):
            self.register_buffer(name, value)
        for name, child in net.named_children():
            self.add_module(name, Module(child))


def head(*layers):
    return tiny.settle(nn.Sequential(nn.Sequential(*list(tiny.resnet().children())[:-2]), nn.Sequential(*layers)))


def write(out):
    for change, says in REFUSED.items():
        net = tiny.resnet()
        change(net)
        out.save(f"module-{change.__name__}.pth", net.eval(), says=says)
        out.script(change.__name__, net, says=says)
    for change in FOLLOWED:
        net = tiny.resnet()
        change(net)
        out.save(f"module-{change.__name__}.pth", net.eval(), net)
        out.script(change.__name__, net, net)
    net = nn.SyncBatchNorm.convert_sync_batchnorm(tiny.resnet()).eval()
    # The layer itself refuses to run on a CPU; in evaluation it is a batch norm.
    plain = tiny.resnet()
    plain.load_state_dict(net.state_dict())
    out.save("module-sync.pth", net, plain)
    net = frozen(tiny.resnet())
    out.save("module-frozen-norms.pth", net, net)
    net = nn.DataParallel(tiny.resnet())
    out.save("module-data-parallel.pth", net.eval(), net.module)
    net = Lightning(tiny.resnet()).eval()
    out.save("module-wrapper-with-criterion.pth", net, net.model)
    net = tiny.resnet()
    net.layer4.register_forward_hook(double)
    out.save("module-hook.pth", net, says=["hook", "layer4"])
    net = head(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 5))
    out.save("module-head-order.pth", net, net)
    out.script("head-order", net, net)
    net = head(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(16, 5))
    out.save("module-head-max.pth", net, says=["AdaptiveMaxPool2d", r"1\.0"])
    for last in (nn.Sigmoid(), nn.Softmax(1), nn.LogSoftmax(-1)):
        name = type(last).__name__.lower()
        net = tiny.resnet()
        before = copy.deepcopy(net)
        net.fc = nn.Sequential(net.fc, last)
        out.save(f"module-ends-in-{name}.pth", net, before, says=[name.replace("logs", "log_s"), "before it"])
        out.script(f"ends-in-{name}", net, before, says=["before it"])
    net = tiny.resnet()
    script = torch.jit.script(Module(net))
    script.save(str(out.path("libtorch.pt")))
    out.expect("libtorch.pt", net)
    for kind, script in {"traced": torch.jit.trace(net, tiny.picture()), "scripted": torch.jit.script(net)}.items():
        torch.jit.freeze(script).save(str(out.path(f"frozen-{kind}.pt")))
        out.expect(f"frozen-{kind}.pt", None, ["torch.jit.freeze"])
