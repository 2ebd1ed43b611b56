"""Maps of the methods that ask the network, and the ways of combining maps, for NetworkGoldenTests.

Run with PyTorch 1.13 and OpenCV:  python3 network_methods.py ../resources/methods
The formulas are those of pytorch-grad-cam 1.5.5, written anew; networks and pictures come from the hash of
engine/src/test/python/synthetic.py: ResNet-18 of base width 4, 5 classes, the picture "heads", 96 rows of 64.

network.txt:   method head layer class value ...     the map before ReLU and scaling, at its own resolution
combined.txt:  what layers class step value ...      whole pipeline at 96 x 64, every step-th value
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "engine/src/test/python"))
import synthetic  # noqa: E402
import torch_networks  # noqa: E402
from methods import first_component, gradcam, weighted  # noqa: E402

CLASSES, WIDTH, SIZE = 5, 4, (96, 64)
HEADS = {head: torch_networks.synthetic_net("resnet18", head, CLASSES, width=WIDTH) for head in ("torchvision", "fastai1")}
PICTURE = torch.from_numpy(synthetic.picture("heads", 1, 3, *SIZE))


def numbers(values):
    return " ".join(f"{v:.8g}" for v in np.asarray(values, dtype=np.float64).reshape(-1))


def module(net, path):
    for name in path.split("."):
        net = getattr(net, name)
    return net


def outputs(net, layer, x, replace=None):
    """The logits and the layer's output; with `replace` the layer's output is that instead."""
    kept = []

    def hook(_, __, y):
        kept.append(y)
        return replace

    handle = module(net, layer).register_forward_hook(hook)
    logits = net(x)
    handle.remove()
    return logits, kept[0]


def gradients(net, layer, x, score):
    kept = []
    handle = module(net, layer).register_forward_hook(lambda _, __, y: (y.retain_grad(), kept.append(y))[1])
    score(net(x.clone().requires_grad_())[0]).backward()
    handle.remove()
    return kept[0].detach(), kept[0].grad


def scorecam(net, layer, c):
    with torch.no_grad():
        _, a = outputs(net, layer, PICTURE)
        masks = torch.nn.UpsamplingBilinear2d(size=SIZE)(a)
        low, high = masks.amin((2, 3), keepdim=True), masks.amax((2, 3), keepdim=True)
        masks = (masks - low) / (high - low + 1e-8)
        scores = net(PICTURE * masks[0][:, None])[:, c]
        return weighted(scores.softmax(0)[None], a)


def ablationcam(net, layer, c):
    with torch.no_grad():
        logits, a = outputs(net, layer, PICTURE)
        y = logits[0, c]
        weights = []
        for k in range(a.shape[1]):
            ablated = a.clone()
            # pytorch-grad-cam's batches see the last channel's -1e7 as the smallest value; this is batch size 1.
            ablated[0, k] = 0 if a.min() == 0 else a.min() - 1e7
            yk = outputs(net, layer, PICTURE, ablated)[0][0, c]
            weights.append((y - yk) / y)
        return weighted(torch.stack(weights)[None], a)


def finer_target(logits, c):
    order = torch.argsort((logits.detach() - logits[c].detach()).abs())
    others = order[1:4]
    p = logits.softmax(-1)
    return sum(p[d] * (logits[c] - logits[d]) for d in others) / (p[others].sum() + 1e-9)


def finercam(net, layer, c):
    a, g = gradients(net, layer, PICTURE, lambda y: finer_target(y, c))
    return gradcam(a, g)


def probability(net, layer, c):
    return gradcam(*gradients(net, layer, PICTURE, lambda y: y.softmax(-1)[c]))


def against(net, layer, c):
    return gradcam(*gradients(net, layer, PICTURE, lambda y: y[c] - y[0]))


def counterfactual(net, layer, c):
    a, g = gradients(net, layer, PICTURE, lambda y: y[c])
    return gradcam(a, -g)


def cam(net, layer, c):
    with torch.no_grad():
        _, a = outputs(net, layer, PICTURE)
        return weighted(net.fc.weight[c][None], a)


def eigen_smooth(net, layer, c):
    a, g = gradients(net, layer, PICTURE, lambda y: y[c])
    return first_component(g.mean((2, 3), keepdim=True) * a)


class GuidedReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * (x > 0) * (g > 0)


def guided(net, c):
    """The guided gradient at the picture, [3, H, W]."""
    plain = torch.nn.ReLU.forward
    torch.nn.ReLU.forward = lambda self, x: GuidedReLU.apply(x)
    try:
        x = PICTURE.clone().requires_grad_()
        net(x)[0, c].backward()
    finally:
        torch.nn.ReLU.forward = plain
    return x.grad[0].numpy()


def scale_cam_image(m, size=None):
    m = m - m.min()
    m = m / (1e-7 + m.max())
    return m if size is None else cv2.resize(np.float32(m), size)


def pipeline(net, layers, c, x=PICTURE, fuse=lambda maps: np.mean(maps, 0)):
    """BaseCAM.forward of pytorch-grad-cam with Grad-CAM."""
    maps = []
    for layer in layers:
        a, g = gradients(net, layer, x, lambda y: y[c])
        m = np.maximum(gradcam(a, g)[0].numpy(), 0)
        maps.append(scale_cam_image(m, SIZE[::-1]))
    return scale_cam_image(fuse(np.maximum(np.float32(maps), 0)))


def aug_smooth(net, layers, c):
    runs = []
    for mirrored in (False, True):
        for factor in (0.9, 1, 1.1):
            x = (PICTURE.flip(3) if mirrored else PICTURE) * factor
            m = pipeline(net, layers, c, x)
            runs.append(m[:, ::-1] if mirrored else m)
    return np.mean(np.float32(runs), 0)


def guided_gradcam(net, layers, c):
    return guided(net, c) * pipeline(net, layers, c)


def deprocess(g):
    img = g.transpose(1, 2, 0)
    img = (img - np.mean(img)) / (np.std(img) + 1e-5) * 0.1 + 0.5
    return np.uint8(np.clip(img, 0, 1) * 255)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    lines = []
    for head, net in HEADS.items():
        for method in (scorecam, ablationcam, finercam, probability, against, counterfactual, eigen_smooth):
            for layer, c in (("layer4.1", 2), ("layer2.1", 4)):
                lines.append(f"{method.__name__} {head} {layer} {c} " + numbers(method(net, layer, c).detach()))
        for layer in ("layer3.1.conv2", "layer4.0.downsample"):
            lines.append(f"ablationcam {head} {layer} 1 " + numbers(ablationcam(net, layer, 1)))
    lines.append("cam torchvision layer4.1 3 " + numbers(cam(HEADS["torchvision"], "layer4.1", 3)))
    (out / "network.txt").write_text("\n".join(lines) + "\n")

    net, c, lines = HEADS["fastai1"], 2, []
    two = ["layer3.1", "layer4.1"]
    for what, layers, values in [
        ("plain", ["layer4.1"], pipeline(net, ["layer4.1"], c)),
        ("fuse-mean", two, pipeline(net, two, c)),
        ("fuse-max", two, pipeline(net, two, c, fuse=lambda maps: np.max(maps, 0))),
        ("fuse-product", two, pipeline(net, two, c, fuse=lambda maps: np.prod(maps, 0))),
        ("smooth-aug", ["layer4.1"], aug_smooth(net, ["layer4.1"], c)),
        ("smooth-aug-fuse-mean", two, aug_smooth(net, two, c)),
        ("guidedbackprop", ["input"], guided(net, c)),
        ("guidedgradcam", ["layer4.1"], guided_gradcam(net, ["layer4.1"], c)),
        ("deprocess", ["input"], deprocess(guided(net, c))),
        ("deprocess-gradcam", ["layer4.1"], deprocess(guided_gradcam(net, ["layer4.1"], c))),
    ]:
        assert values.max() > 0, f"{what} shows nothing"
        step = values.size // 150 + 1
        step += step % 3 == 0  # else only one of the colours would be seen
        lines.append(f"{what} {'+'.join(layers)} {c} {step} " + numbers(values.reshape(-1)[::step]))
    (out / "combined.txt").write_text("\n".join(lines) + "\n")
