"""Forward and gradients of single operations by autograd, for io.camjar.engine.op.OperationTests.

    python3 engine/src/test/python/make_operation_goldens.py

The tensors of a case are NAME/input0, NAME/input1, ..., NAME/output, NAME/cotangent (the gradient that arrives at the
output), NAME/gradient0, ... (those that leave at the inputs), NAME/parameter/KEY and NAME/parameterGradient/KEY.
Computed in double precision from single-precision inputs.
The attributes stand in OperationTests, under the same name.
"""

import torch
import torch.nn.functional as F
from torch import nn

import golden_file
import synthetic

CASES = {}


def case(name, operation, *inputs):
    """An operation, a module or a function, on inputs: shapes, which are filled with noise, or tensors."""
    if isinstance(operation, nn.Module):
        operation.eval()
        operation.load_state_dict({
            key: torch.from_numpy(synthetic.parameter(f"{name}.{key}", tuple(value.shape)))
            if value.dim() else value for key, value in operation.state_dict().items()})
        operation.double()
    xs = [(x if torch.is_tensor(x) else noise(*x)).float().double().requires_grad_() for x in inputs]
    y = operation(*xs)
    cotangent = torch.from_numpy(synthetic.uniform(f"{name}/cotangent", y.numel()).reshape(y.shape)).double()
    y.backward(cotangent)
    assert name not in CASES, name
    CASES[name] = {"output": y, "cotangent": cotangent}
    for i, x in enumerate(xs):
        CASES[name][f"input{i}"] = x
        CASES[name][f"gradient{i}"] = x.grad
    if isinstance(operation, nn.Module):
        for key, value in operation.named_parameters():
            CASES[name][f"parameter/{key}"] = value
            CASES[name][f"parameterGradient/{key}"] = value.grad


def noise(*shape):
    return torch.from_numpy(synthetic.uniform(f"input{list(shape)}", torch.Size(shape).numel()).reshape(shape))


def write(file):
    golden_file.write("operations", file, [("case", [name]) for name in CASES],
                      {f"{name}/{key}": value for name, tensors in CASES.items() for key, value in tensors.items()})
    CASES.clear()


def activations():
    image, wide = (2, 3, 4, 5), noise(3, 8) * 30
    for name, operation in [
            ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("gelu", nn.GELU()),
            ("gelu-tanh", nn.GELU(approximate="tanh")), ("hardswish", nn.Hardswish()),
            ("hardsigmoid", nn.Hardsigmoid()), ("leaky-relu", nn.LeakyReLU(0.2)), ("elu", nn.ELU(0.7)),
            ("relu6", nn.ReLU6()), ("clip", nn.Hardtanh(-0.4, 0.3)), ("abs", torch.abs), ("neg", torch.neg),
            ("erf", torch.erf), ("softplus", nn.Softplus(threshold=1e9)), ("mish", nn.Mish()),
            ("selu", nn.SELU()), ("celu", nn.CELU(0.4)), ("softsign", nn.Softsign()), ("hardshrink", nn.Hardshrink(0.7)),
            ("softshrink", nn.Softshrink(0.7)), ("threshold", nn.Threshold(0.3, 0))]:
        case(name, operation, noise(*image) * 5)
        case(f"{name}-wide", operation, wide)
    # At the limits, whose gradient is the left or the right one.
    kinks = torch.tensor([[-0.75, -0.5, -0.0, 0, 0.5, 0.75]])
    for name, operation in [("selu", nn.SELU()), ("celu", nn.CELU(0.4)), ("hardshrink", nn.Hardshrink(0.5)),
                            ("softshrink", nn.Softshrink(0.5)), ("threshold", nn.Threshold(0.5, 0))]:
        case(f"{name}-kinks", operation, kinks)
    case("exp", torch.exp, image)
    for name, operation in [("log", torch.log), ("sqrt", torch.sqrt), ("reciprocal", torch.reciprocal),
                            ("power", lambda x: torch.pow(x, 1.7))]:
        case(name, operation, noise(*image) * 0.9 + 1)
    case("square", lambda x: torch.pow(x, 2), image)
    case("prelu", nn.PReLU(), image)
    case("prelu-channels", nn.PReLU(3), image)
    for name, operation in [("softmax", torch.softmax), ("log-softmax", torch.log_softmax)]:
        case(f"{name}-last", lambda x, f=operation: f(x, -1), (2, 3, 5))
        case(f"{name}-channels", lambda x, f=operation: f(x, 1), (2, 3, 4, 5))
        case(f"{name}-wide", lambda x, f=operation: f(x, 1), wide * 5)
    write("activations")


def arithmetic():
    for name, operation in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("maximum", torch.maximum), ("minimum", torch.minimum)]:
        for kind, a, b in [("alike", (2, 3, 4, 5), (2, 3, 4, 5)), ("channels", (2, 3, 4, 5), (2, 3, 1, 1)),
                           ("first-repeated", (3, 1, 1), (2, 3, 4, 5)), ("both", (2, 1, 5), (1, 3, 1)),
                           ("scalar", (2, 3), (1,))]:
            case(f"{name}-{kind}", operation, a, b)
    # Each of two equal numbers gets half of the gradient; one repeated, half of each place.
    tied = torch.tensor([[1.0, 2, -3], [2, 2, 2]])
    for name, operation in [("maximum", torch.maximum), ("minimum", torch.minimum)]:
        case(f"{name}-tied", operation, tied, torch.tensor([[1.0, 1, -3], [3, 2, 1]]))
        case(f"{name}-tied-repeated", operation, tied, torch.tensor([2.0]))
        case(f"{name}-blocks", operation, (2, 35, 3, 4), noise(2, 35, 3, 4).flip(0))
    case("div-channels", torch.div, (2, 3, 4, 5), noise(2, 3, 1, 1) * 0.5 + 1)
    case("div-both", torch.div, (2, 1, 5), noise(1, 3, 1) * 0.5 + 1)
    write("arithmetic")


def choices():
    """What chooses has no gradient: autograd is told of it by a share of 0."""
    a = torch.tensor([[0.0, 1, -2, 0.5, 3, -1], [2, 0, 2, 0, -0.5, 1.5]])
    b = torch.tensor([[0.0, 2, -2, -0.5, 0, 0], [1, 3, 2, 0, 0.5, 1.5]])
    for name, relation in [
            ("less", torch.lt), ("less-or-equal", torch.le), ("greater", torch.gt), ("greater-or-equal", torch.ge),
            ("equal", torch.eq), ("and", torch.logical_and), ("or", torch.logical_or), ("xor", torch.logical_xor)]:
        compare = lambda x, y, f=relation: f(x, y).double() + 0 * (x.sum() + y.sum())
        case(name, compare, a, b)
        case(f"{name}-repeated", compare, a, torch.tensor([[0.0], [2]]))
    where = lambda c, x, y: torch.where(c != 0, x, y) + 0 * c.sum()
    case("where", where, a, (2, 6), noise(2, 6).flip(0))
    case("where-repeated", where, a.reshape(2, 6, 1, 1), (2, 6, 3, 4), (3, 1))
    case("where-scalars", where, a, (1,), (1, 1))
    numbers = torch.tensor([[-2.5, -1.5, -0.6, -0.5, 0], [0.5, 1, 1.5, 2.5, 2.6]])
    for name, function in [("sin", torch.sin), ("cos", torch.cos), ("sign", torch.sign), ("floor", torch.floor),
                           ("ceil", torch.ceil), ("round", torch.round)]:
        case(name, function, numbers)
    case("not", lambda x: torch.logical_not(x).double() + 0 * x.sum(), numbers)
    write("choices")


def places():
    image = (2, 3, 4, 5)
    case("concat-channels", lambda *x: torch.cat(x, 1), (2, 3, 4, 5), (2, 1, 4, 5), (2, 4, 4, 5))
    case("concat-last", lambda *x: torch.cat(x, -1), (2, 3), (2, 5))
    case("concat-one", lambda x: torch.cat([x], 1), (2, 3, 2))
    case("concat-batch", lambda *x: torch.cat(x, 0), (1, 3, 2), (2, 3, 2))
    case("slice", lambda x: x[:, 1:3], image)
    case("slice-step", lambda x: x[:, :, :, ::2], image)
    case("slice-from-the-end", lambda x: x[:, :, -3:-1], image)
    case("slice-outside", lambda x: x[:, 1:1000], (2, 3, 2))
    case("slice-backward", lambda x: x.flip(2)[:, :, ::2], image)
    case("transpose", lambda x: x.permute(0, 2, 3, 1), image)
    case("transpose-cycle", lambda x: x.permute(2, 0, 1), (2, 3, 5))
    case("reshape", lambda x: x.reshape(2, 6, 10), image)
    case("reshape-keeps", lambda x: x.reshape(2, -1, 5), image)
    case("flatten", lambda x: x.flatten(1), image)
    case("flatten-places", lambda x: x.flatten(2), image)
    case("expand", lambda x: x.expand(2, 3, 4), (2, 3, 1))
    case("expand-more-sides", lambda x: x.expand(2, 3, 4), (3, 1))
    case("expand-to-batch", lambda x, like: x.expand(like.shape[0], -1, -1) + 0 * like.sum(), (1, 1, 4), (3, 5, 2))
    for mode, torch_mode in [("constant", "constant"), ("reflect", "reflect"), ("edge", "replicate")]:
        case(f"pad-{mode}", lambda x, m=torch_mode: F.pad(x, (1, 2, 3, 0), m, **({"value": 0.5} if m == "constant" else {})), image)
    case("pad-crops", lambda x: F.pad(x, (-1, 2, 0, -2, 1, 0)), image)
    for mode in ["nearest", "bilinear", "bicubic"]:
        for name, size in [("up", (9, 7)), ("down", (3, 2))]:
            case(f"{mode}-{name}", lambda x, m=mode, s=size: F.interpolate(x, s, mode=m), (1, 2, 4, 5))
        case(f"{mode}-scale", lambda x, m=mode: F.interpolate(x, scale_factor=(2.5, 1.7), mode=m), (1, 2, 4, 5))
    for mode in ["bilinear", "bicubic"]:
        case(f"{mode}-corners", lambda x, m=mode: F.interpolate(x, (7, 1), mode=m, align_corners=True), (1, 2, 4, 5))
    case("pixel-shuffle", nn.PixelShuffle(3), (2, 18, 2, 5))
    case("pixel-shuffle-places-first", lambda x: places_first(x, 2), (2, 12, 3, 5))
    case("pixel-unshuffle", nn.PixelUnshuffle(3), (2, 2, 6, 9))
    case("pixel-unshuffle-places-first", lambda x: F.pixel_unshuffle(x, 2).unflatten(1, (3, 4)).transpose(1, 2).flatten(1, 2), (2, 3, 6, 10))
    case("mean", lambda x: x.mean((2, 3)), image)
    case("mean-kept", lambda x: x.mean((1, -1), keepdim=True), image)
    case("mean-all", lambda x: x.mean((0, 1, 2), keepdim=True), (2, 3, 4))
    case("sum", lambda x: x.sum((0, 2)), image)
    case("max", lambda x: x.amax((2, 3)), image)
    case("max-tied", lambda x: x.amax(-1, keepdim=True), torch.tensor([[1.0, 3, 3, 2], [0, 0, 0, 0]]))
    case("matmul", torch.matmul, (3, 4), (4, 5))
    case("matmul-heads", torch.matmul, (2, 3, 4, 5), (2, 3, 5, 2))
    case("matmul-one-right", torch.matmul, (2, 3, 4, 5), (5, 2))
    case("matmul-repeated", torch.matmul, (2, 1, 3, 4), (3, 4, 2))
    case("linear-tokens", nn.Linear(5, 3), (2, 4, 5))
    case("linear-grid", nn.Linear(5, 3, bias=False), (2, 3, 4, 5))
    case("linear-one", nn.Linear(5, 3), (5,))
    write("places")


def places_first(x, factor):
    """ONNX's DepthToSpace in its mode DCR: the channels of a place stand together."""
    return F.pixel_shuffle(x.unflatten(1, (factor * factor, -1)).transpose(1, 2).flatten(1, 2), factor)


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class GeM(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.Parameter(torch.ones(1) * 3)

    def forward(self, x):
        return F.avg_pool2d(x.clamp(min=1e-6).pow(self.p), x.shape[-2:]).pow(1 / self.p)


def norms():
    image = (2, 6, 3, 4)
    case("layer-norm", nn.LayerNorm(5, eps=1e-6), (2, 3, 5))
    case("layer-norm-two-sides", nn.LayerNorm([3, 4]), image)
    case("layer-norm-without-weight", nn.LayerNorm(5, elementwise_affine=False), (2, 5))
    case("layer-norm-2d", LayerNorm2d(6, eps=1e-6), image)
    case("group-norm", nn.GroupNorm(3, 6), image)
    case("group-norm-one", nn.GroupNorm(1, 6, affine=False), image)
    case("group-norm-features", nn.GroupNorm(2, 6), (3, 6))
    case("instance-norm", nn.InstanceNorm2d(6), image)
    case("instance-norm-weight", nn.InstanceNorm2d(6, affine=True), image)
    case("local-response-norm", nn.LocalResponseNorm(3, 0.3, 0.75, 1), image)
    case("local-response-norm-even", nn.LocalResponseNorm(4, 0.5, 0.6, 2), image)
    case("l2-normalize", lambda x: F.normalize(x, dim=1), image)
    case("l2-normalize-short", lambda x: F.normalize(x, dim=-1, eps=1.2), noise(5, 4))
    case("gem", GeM(), noise(2, 3, 4, 5) * 0.5 + 1)
    write("norms")


def pools():
    odd = (2, 3, 7, 5)
    for name, pool in [
            ("counted", nn.AvgPool2d(3, 2, 1)), ("counted-ceil", nn.AvgPool2d(3, 2, 1, ceil_mode=True)),
            ("not-counted", nn.AvgPool2d(3, 2, 1, count_include_pad=False)),
            ("not-counted-ceil", nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False)),
            ("ceil-overhangs", nn.AvgPool2d((2, 3), (3, 2), (1, 0), ceil_mode=True)),
            ("divisor", nn.AvgPool2d(3, 2, 1, divisor_override=5))]:
        case(f"average-{name}", pool, odd)
    case("average-uneven", lambda x: F.avg_pool2d(F.pad(x, (0, 1, 1, 2)), 3, 2), odd)
    for name, pool in [("dilated", nn.MaxPool2d(2, 1, 1, dilation=2)), ("ceil", nn.MaxPool2d(3, 2, ceil_mode=True)),
                       ("dilated-ceil", nn.MaxPool2d((3, 2), 2, 1, dilation=(1, 3), ceil_mode=True))]:
        case(f"max-{name}", pool, odd)
    case("max-uneven", lambda x: F.max_pool2d(F.pad(x, (0, 1, 1, 2), value=-1e9), 3, 2), odd)
    for size in [(3, 2), (7, 7), (9, 1)]:
        case(f"adaptive-average-{size[0]}x{size[1]}", nn.AdaptiveAvgPool2d(size), odd)
        case(f"adaptive-max-{size[0]}x{size[1]}", nn.AdaptiveMaxPool2d(size), odd)
    write("pools")


if __name__ == "__main__":
    torch.manual_seed(0)
    activations()
    arithmetic()
    choices()
    places()
    norms()
    pools()
