"""Trains the two-class ResNet-50 of docs/two-classes.md, and writes what TwoClassesTests compares with.

Run with PyTorch 1.13 and OpenCV on a CPU, for five minutes on one thread:

    python3 two_classes.py            trains, then all of the below
    python3 two_classes.py --golden   keeps the checkpoint, writes pictures, masks and maps again

A ResNet-50 of base width 8 (a checkpoint of 1.5 MB instead of 94) is trained on plain shapes first, then gets a new
`fc` of two classes and is fine-tuned on drawn lesions (lesions.py).

examples/lesions-resnet50.pth is what a training script leaves on a machine with a GPU: the state dict of a
`DataParallel`, the epoch and the best accuracy, as PyTorch's ImageNet example saves them, and the class names. There was
no GPU: torch.save is told, by the registry that other devices use, that every storage lives on cuda:0, so the file says
so where a real one would. The script checks that torch.load refuses it on a CPU without map_location.
"""

import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import transforms

import lesions

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "engine/src/test/python"))
from torch_networks import Net  # noqa: E402

CHECKPOINT = HERE.parents[2] / "examples/lesions-resnet50.pth"
GOLDEN = HERE.parent / "resources/two-classes"
CLASSES = ["benign", "malignant"]
WIDTH, SHAPES, BATCH = 8, 6, 24
PREPARE = transforms.Compose([
    transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
SMALL = transforms.Compose([transforms.Resize(146), transforms.CenterCrop(128), *PREPARE.transforms[2:]])


def batch(random, draw, kinds, prepare):
    labels = random.integers(0, kinds, BATCH)
    pictures = torch.stack([prepare(Image.fromarray(draw(random, label))) for label in labels])
    return pictures, torch.from_numpy(labels)


def lesion(random, label):
    return lesions.draw(random, bool(label))[0]


def train(net, random, draw, kinds, prepare, steps, rate):
    net.train()
    optimizer = torch.optim.AdamW(net.parameters(), rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    right, start = [], time.time()
    for step in range(1, steps + 1):
        pictures, labels = batch(random, draw, kinds, prepare)
        logits = net(pictures)
        optimizer.zero_grad()
        nn.functional.cross_entropy(logits, labels).backward()
        optimizer.step()
        schedule.step()
        right.append((logits.argmax(1) == labels).float().mean().item())
        if step % 20 == 0:
            print(f"step {step}: {np.mean(right[-20:]):.3f} right, {time.time() - start:.0f} s", flush=True)


def accuracy(net, random, batches):
    net.eval()
    right = 0
    with torch.no_grad():
        for _ in range(batches):
            pictures, labels = batch(random, lesion, len(CLASSES), PREPARE)
            right += (net(pictures).argmax(1) == labels).sum().item()
    return right / (batches * BATCH)


def trained():
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    net = Net("resnet50", "torchvision", SHAPES, width=WIDTH)
    train(net, random, lesions.draw_shape, SHAPES, SMALL, 300, 3e-3)
    net.fc = nn.Linear(net.fc.in_features, len(CLASSES))
    train(net, random, lesion, len(CLASSES), PREPARE, 260, 1e-3)
    share = accuracy(net, np.random.default_rng(1), 25)
    print(f"{share:.4f} of 600 fresh drawings right", flush=True)
    assert share > 0.95
    return net, share


def save(net, share):
    """As on a GPU: every storage of the file is said to live on cuda:0."""
    torch.serialization.register_package(0, lambda storage: "cuda:0", lambda storage, location: None)
    CHECKPOINT.parent.mkdir(exist_ok=True)
    torch.save({
        "epoch": 2,
        "arch": "resnet50",
        "state_dict": nn.DataParallel(net).state_dict(),
        "best_acc1": torch.tensor(100 * share),
        "classes": CLASSES,
    }, CHECKPOINT)


def refused_without_map_location():
    code = f"import torch; torch.load({str(CHECKPOINT)!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode != 0 and "CUDA" in run.stderr, run.stderr
    print(run.stderr.strip().splitlines()[-1])


def restored():
    saved = torch.load(CHECKPOINT, map_location="cpu")
    net = Net("resnet50", "torchvision", len(CLASSES), width=WIDTH)
    net.load_state_dict({name[len("module."):]: value for name, value in saved["state_dict"].items()})
    return net.eval()


def gradcam(net, picture, index):
    """The map before ReLU and scaling, by hooks on the last block, and the logits."""
    kept = []
    handle = net.layer4[2].register_forward_hook(lambda _, __, y: (y.retain_grad(), kept.append(y))[1])
    logits = net(PREPARE(Image.fromarray(picture))[None])
    handle.remove()
    logits[0, index].backward()
    a, g = kept[0][0].detach(), kept[0].grad[0]
    return (g.mean((1, 2), keepdim=True) * a).sum(0).numpy(), logits[0].detach().numpy()


def golden(net):
    """The benign example is one that has nothing malignant about it anywhere, so that docs and tests show how that looks."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, malignant, seed in (("malignant", True, 22), ("benign", False, 12)):
        picture, mask = lesions.draw(np.random.default_rng(seed), malignant)
        Image.fromarray(picture).save(CHECKPOINT.parent / f"{name}.png", optimize=True)
        Image.fromarray(np.uint8(mask) * 255).convert("1").save(GOLDEN / f"{name}-mask.png", optimize=True)
        for index, label in enumerate(CLASSES):
            raw, logits = gradcam(net, picture, index)
            np.save(GOLDEN / f"{name}-{label}.npy", raw)
            print(name, label, "logits", logits, "map", raw.min(), raw.max())
        np.save(GOLDEN / f"{name}-logits.npy", logits)


def on_lesions(net, count):
    """How much of the maps' positive weight lies on malignant lesions, and how much of the pictures they fill."""
    random, weight, area = np.random.default_rng(5), [], []
    framed = transforms.Compose(PREPARE.transforms[:2])
    for _ in range(count):
        picture, mask = lesions.draw(random, True)
        raw, _ = gradcam(net, picture, CLASSES.index("malignant"))
        heat = cv2.resize(np.maximum(raw, 0), (224, 224))
        inside = np.asarray(framed(Image.fromarray(np.uint8(mask) * 255))) > 127
        weight.append((heat * inside).sum() / heat.sum())
        area.append(inside.mean())
    print(f"{count} fresh malignant drawings: {np.mean(weight):.2f} of the weight on {np.mean(area):.2f} of the area, "
          f"from {np.min(np.divide(weight, area)):.1f} to {np.max(np.divide(weight, area)):.1f} times its share")


if __name__ == "__main__":
    if "--golden" not in sys.argv:
        save(*trained())
    refused_without_map_location()
    golden(restored())
    on_lesions(restored(), 100)
