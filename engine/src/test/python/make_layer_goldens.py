"""Forward, input gradient and parameter gradients of single layers by autograd, for io.camjar.engine.model.LayerParityTests.

    python3 engine/src/test/python/make_layer_goldens.py

One file pair per layer. `case NAME key value...` holds the constructor's arguments; the tensors of a case are
NAME/input, NAME/output, NAME/cotangent (the gradient that arrives at the output), NAME/gradient (that leaves at the
input), NAME/parameter/KEY and NAME/parameterGradient/KEY, and NAME/after/KEY for buffers that a training pass moves.
"""

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck

import golden_file
import synthetic
from torch_networks import AdaptiveConcatPool2d


def run(name, layer, x, train=False):
    """The tensors of one case."""
    layer.train(train)
    state = {key: torch.from_numpy(synthetic.parameter(f"{name}.{key}", tuple(value.shape)))
             for key, value in layer.state_dict().items() if value.dim()}
    layer.load_state_dict(state, strict=False)
    for module in layer.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    x = x.clone().requires_grad_()
    y = layer(x)
    cotangent = torch.from_numpy(synthetic.uniform(f"{name}/cotangent", y.numel()).reshape(y.shape))
    y.backward(cotangent)
    tensors = {"input": x, "output": y, "cotangent": cotangent, "gradient": x.grad}
    tensors.update({f"parameter/{key}": value for key, value in state.items()})
    tensors.update({f"parameterGradient/{key}": value.grad for key, value in layer.named_parameters()})
    if train:
        tensors.update({f"after/{key}": value for key, value in layer.state_dict().items() if "running" in key})
    return {f"{name}/{key}": value for key, value in tensors.items()}


def write(layer_name, cases):
    """cases: (name, options, module, input, train)."""
    facts, tensors = [], {}
    for name, options, module, x, *train in cases:
        options = {**options, "train": int(bool(train and train[0]))}
        facts.append(("case", [name] + [word for pair in options.items() for word in pair]))
        tensors.update(run(name, module, x, *train))
    golden_file.write("layers", layer_name, facts, tensors)


def noise(*shape):
    return torch.from_numpy(synthetic.uniform(f"input{list(shape)}", torch.Size(shape).numel()).reshape(shape))


def ties(*shape):
    """Few distinct values, a channel of zeros (as ReLU leaves them) and one of negatives (padding must not win)."""
    x = torch.round(noise(*shape) * 1.5).clamp(-1, 1)
    x[:, 0] = 0
    x[:, 1] = -1 - x[:, 1].abs()
    return x


def conv(name, shape, out, kernel, stride=1, padding=0, dilation=1, bias=False):
    options = {"in": shape[1], "out": out, "kernel": kernel, "stride": stride, "padding": padding,
               "dilation": dilation, "bias": int(bias)}
    return name, options, nn.Conv2d(shape[1], out, kernel, stride, padding, dilation, bias=bias), noise(*shape)


def block(name, kind, shape, planes, stride, downsample, train=False):
    shortcut = None
    if downsample:
        shortcut = nn.Sequential(nn.Conv2d(shape[1], planes * kind.expansion, 1, stride, bias=False),
                                 nn.BatchNorm2d(planes * kind.expansion))
    options = {"in": shape[1], "planes": planes, "stride": stride, "downsample": int(downsample)}
    return name, options, kind(shape[1], planes, stride, shortcut), noise(*shape), train


def norm(name, kind, shape, train):
    return name, {"features": shape[1]}, kind(shape[1]), noise(*shape) * 3 + 1, train


def main():
    write("Conv2d", [
        conv("same3x3", (2, 3, 7, 5), 4, 3, padding=1),
        conv("stride2", (2, 3, 9, 6), 4, 3, stride=2, padding=1),
        conv("unpadded", (1, 2, 6, 5), 3, 3),
        conv("dilation2", (2, 3, 9, 8), 4, 3, padding=2, dilation=2),
        conv("dilation2stride2", (1, 2, 11, 7), 3, 3, stride=2, padding=2, dilation=2),
        conv("pointwise", (2, 5, 4, 3), 6, 1),
        conv("pointwiseStride2", (2, 5, 7, 5), 6, 1, stride=2),
        conv("stem7x7", (2, 3, 15, 18), 4, 7, stride=2, padding=3),
        conv("bias", (3, 2, 5, 5), 3, 3, padding=1, bias=True),
        conv("onePixel", (1, 3, 1, 1), 4, 3, padding=1, bias=True),
    ])
    write("BatchNorm2d", [
        norm("eval", nn.BatchNorm2d, (2, 3, 5, 4), False),
        norm("train", nn.BatchNorm2d, (2, 3, 5, 4), True),
        norm("trainOnePicture", nn.BatchNorm2d, (1, 4, 3, 3), True),
    ])
    write("BatchNorm1d", [
        norm("eval", nn.BatchNorm1d, (3, 5), False),
        norm("train", nn.BatchNorm1d, (7, 5), True),
        norm("trainThreeRows", nn.BatchNorm1d, (3, 4), True),
    ])
    write("ReLU", [("zerosAndSigns", {}, nn.ReLU(), ties(2, 3, 4, 5)), ("flat", {}, nn.ReLU(), noise(3, 7))])
    write("SiLU", [("noise", {}, nn.SiLU(), noise(2, 3, 4, 5) * 5), ("flat", {}, nn.SiLU(), noise(3, 7) * 30)])
    write("MaxPool2d", [
        (name, {"kernel": k, "stride": s, "padding": p}, nn.MaxPool2d(k, s, p), x) for name, k, s, p, x in [
            ("stem", 3, 2, 1, noise(2, 3, 9, 8)),
            ("ties", 3, 2, 1, ties(2, 4, 9, 7)),
            ("tiesUnpadded", 2, 2, 0, ties(2, 3, 7, 6)),
            ("overlapping", 3, 1, 1, ties(1, 3, 5, 4)),
            ("onePixel", 3, 2, 1, noise(1, 2, 1, 1)),
        ]])
    for kind, make in [("AdaptiveAvgPool2d", lambda: nn.AdaptiveAvgPool2d(1)),
                       ("AdaptiveMaxPool2d", lambda: nn.AdaptiveMaxPool2d(1)),
                       ("AdaptiveConcatPool2d", AdaptiveConcatPool2d)]:
        write(kind, [("noise", {}, make(), noise(2, 3, 5, 4)), ("ties", {}, make(), ties(2, 4, 5, 6)),
                     ("onePixel", {}, make(), noise(2, 3, 1, 1))])
    write("Linear", [
        (name, {"in": 7, "out": 5, "bias": int(bias)}, nn.Linear(7, 5, bias=bias), noise(rows, 7))
        for name, rows, bias in [("bias", 3, True), ("noBias", 2, False), ("oneRow", 1, True)]])
    write("Dropout", [("eval", {}, nn.Dropout(0.5), noise(3, 4))])
    write("BasicBlock", [
        block("identity", BasicBlock, (2, 4, 7, 5), 4, 1, False),
        block("downsample", BasicBlock, (2, 4, 9, 6), 6, 2, True),
        block("trainDownsample", BasicBlock, (2, 4, 9, 6), 6, 2, True, train=True),
    ])
    write("Bottleneck", [
        block("identity", Bottleneck, (2, 8, 5, 4), 2, 1, False),
        block("widen", Bottleneck, (2, 4, 5, 7), 2, 1, True),
        block("downsample", Bottleneck, (2, 8, 7, 9), 3, 2, True),
        block("trainDownsample", Bottleneck, (2, 8, 7, 9), 3, 2, True, train=True),
    ])


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
