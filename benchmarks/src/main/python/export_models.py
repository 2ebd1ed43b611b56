"""Writes the files that the peers load: the networks with camjar's synthetic weights, as ONNX, TorchScript and a checkpoint.

    /usr/bin/python3 export_models.py FOLDER

resnet34.onnx, resnet50.onnx   for ONNX Runtime; batch, height and width are symbols that the session fixes
resnet34.pt, resnet50.pt       TorchScript, also the parameters for PyTorch's autograd
pictures-224.f32, ...          the pictures they are timed on, [32,3,H,W] in little-endian float32
resnet34.pth, picture.png      what the cold start reads
versions.txt                   what wrote them; written last, so that it marks a complete folder
"""

import pathlib
import sys

import numpy as np
import torch
import torchvision
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "engine/src/test/python"))

import synthetic  # noqa: E402

OPSET = 14


def network(name):
    """torchvision's own network in eval mode; every tensor follows from its name."""
    net = getattr(torchvision.models, name)(weights=None)
    net.load_state_dict({
        key: torch.from_numpy(synthetic.parameter(key, tuple(value.shape))) if value.dim() else value
        for key, value in net.state_dict().items()})
    return net.eval()


def export(net, name, folder):
    x = torch.from_numpy(synthetic.picture("benchmark", 1, 3, 224, 224))
    symbols = {"input": {0: "batch", 2: "height", 3: "width"}, "logits": {0: "batch"}}
    torch.onnx.export(net, x, str(folder / f"{name}.onnx"), input_names=["input"], output_names=["logits"],
                      dynamic_axes=symbols, opset_version=OPSET)
    with torch.no_grad():
        torch.jit.trace(net, x).save(str(folder / f"{name}.pt"))


def picture(side=256):
    pixels = synthetic.picture("cold start", 1, 3, side, side)[0].transpose(1, 2, 0)
    return Image.fromarray(np.clip(pixels * 60 + 128, 0, 255).astype(np.uint8))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("resnet34", "resnet50"):
        net = network(name)
        export(net, name, folder)
        if name == "resnet34":
            torch.save(net.state_dict(), folder / f"{name}.pth")
    for side in (224, 352):
        synthetic.picture("benchmark", 32, 3, side, side).astype("<f4").tofile(folder / f"pictures-{side}.f32")
    picture().save(folder / "picture.png")
    (folder / "versions.txt").write_text(f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, opset {OPSET}\n")


if __name__ == "__main__":
    main()
