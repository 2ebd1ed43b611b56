"""Raw maps of the gradient family on hashed activations and gradients, for MethodGoldenTests.

Run with PyTorch 1.13:  python3 methods.py ../resources/methods
The formulas are those of pytorch-grad-cam 1.5.5, written anew with torch; where its sign is LAPACK's whim
(get_2d_projection) the sign is that of FirstComponent.java: towards where the sum over channels grows.

family.txt:  case method value ...       the map before ReLU and scaling
scaled.txt:  case method value ...       after ReLU and scale_cam_image, at the layer's resolution
"""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "engine/src/test/python"))
from synthetic import uniform  # noqa: E402

# name: channels, height, width, whether the layer ends in a ReLU, size of the gradients
CASES = {
    "relu": (6, 5, 7, True, 0.125),
    "signed": (9, 4, 3, False, 1.0),
    "wide": (40, 3, 3, True, 0.0009765625),
    "deep": (30, 6, 5, True, 0.03125),
}


def tensors(name):
    c, h, w, relu, size = CASES[name]
    a = torch.from_numpy(uniform(name + "/a", c * h * w)).reshape(1, c, h, w)
    g = torch.from_numpy(uniform(name + "/g", c * h * w)).reshape(1, c, h, w)
    return (a.relu() if relu else a), g * size


def weighted(w, a):
    return (w[:, :, None, None] * a).sum(1)


def gradcam(a, g):
    return weighted(g.mean((2, 3)), a)


def gradcam_plusplus(a, g):
    total = a.sum((2, 3))[:, :, None, None]
    alpha = g**2 / (2 * g**2 + total * g**3 + 0.000001)
    alpha = torch.where(g != 0, alpha, torch.zeros_like(g))
    return weighted((g.clamp(min=0) * alpha).sum((2, 3)), a)


def xgradcam(a, g):
    total = a.sum((2, 3))[:, :, None, None]
    return weighted((g * a / (total + 1e-7)).sum((2, 3)), a)


def first_component(t):
    x = t[0].reshape(t.shape[1], -1).T
    x = x - x.mean(0)
    _, _, vt = torch.linalg.svd(x)
    p = x @ vt[0]
    if (p * x.sum(1)).sum() < 0:
        p = -p
    return p.reshape(t.shape[0], *t.shape[2:])


METHODS = {
    "gradcam": gradcam,
    "hirescam": lambda a, g: (g * a).sum(1),
    "gradcam++": gradcam_plusplus,
    "xgradcam": xgradcam,
    "layercam": lambda a, g: (g.clamp(min=0) * a).sum(1),
    "gradcamelementwise": lambda a, g: (g * a).clamp(min=0).sum(1),
    "eigencam": lambda a, g: first_component(a),
    "eigengradcam": lambda a, g: first_component(g * a),
    "meanactivation": lambda a, g: a.mean(1),
}


def scale_cam_image(x):
    x = x.clamp(min=0)
    x = x - x.min()
    return x / (1e-7 + x.max())


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    raw, scaled = [], []
    for case in CASES:
        a, g = tensors(case)
        for method, formula in METHODS.items():
            m = formula(a, g)[0]
            head = f"{case} {method} "
            raw.append(head + " ".join(f"{v:.8g}" for v in m.reshape(-1).tolist()))
            scaled.append(head + " ".join(f"{v:.8g}" for v in scale_cam_image(m).reshape(-1).tolist()))
    (out / "family.txt").write_text("\n".join(raw) + "\n")
    (out / "scaled.txt").write_text("\n".join(scaled) + "\n")
