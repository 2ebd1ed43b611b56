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
            ("erf", torch.erf), ("softplus", nn.Softplus(threshold=1e9)), ("mish", nn.Mish())]:
        case(name, operation, noise(*image) * 5)
        case(f"{name}-wide", operation, wide)
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


if __name__ == "__main__":
    torch.manual_seed(0)
    activations()
