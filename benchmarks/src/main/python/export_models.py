"""Writes the files that the peers load: the networks with camjar's synthetic weights, as ONNX, TorchScript and a checkpoint.

    /usr/bin/python3 export_models.py FOLDER [--families]

resnet34.onnx, resnet50.onnx   for ONNX Runtime; batch, height and width are symbols that the session fixes
resnet34.pt, resnet50.pt       TorchScript, also the parameters for PyTorch's autograd
pictures-224.f32, ...          the pictures they are timed on, [32,3,H,W] in little-endian float32
resnet34.names, .f32, ...      for oneDNN: a line for each tensor, its name and sides; and all values, little-endian float32
resnet34.pth, picture.png      what the cold start reads
versions.txt                   what wrote them; written last, so that it marks a complete folder

With --families, NAME.onnx and NAME.pt of networks that are no ResNets, and nothing else; their height and width are fixed.
"""

import pathlib
import re
import sys

import numpy as np
import torch
import torchvision
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "engine/src/test/python"))

import synthetic  # noqa: E402

OPSET = 14
FAMILIES = ("vgg16", "densenet121", "mobilenet_v2", "efficientnet_b0", "resnext50_32x4d", "convnext_tiny")


def network(name):
    """torchvision's own network in eval mode; every tensor follows from its name."""
    return filled(getattr(torchvision.models, name)(weights=None))


def filled(net, canonical=lambda key: key):
    """The network with synthetic weights; `canonical` gives a tensor's name as camjar has it."""
    net.load_state_dict({
        key: torch.from_numpy(synthetic.parameter(canonical(key), tuple(value.shape))) if value.dim() else value
        for key, value in net.state_dict().items()})
    return net.eval()


def vit_small():
    """timm's vit_small_patch16_224 in torchvision's modules."""
    net = torchvision.models.vision_transformer.VisionTransformer(
        image_size=224, patch_size=16, num_layers=12, num_heads=6, hidden_dim=384, mlp_dim=1536, num_classes=1000)
    return filled(net, timm_name)


def timm_name(key):
    whole = {"class_token": "cls_token", "encoder.pos_embedding": "pos_embed"}
    if key in whole:
        return whole[key]
    for pattern, name in (
            (r"^conv_proj\.", "patch_embed.proj."), (r"^encoder\.ln\.", "norm."), (r"^heads\.head\.", "head."),
            (r"^encoder\.layers\.encoder_layer_(\d+)\.", r"blocks.\1."), (r"\.ln_([12])\.", r".norm\1."),
            (r"\.self_attention\.in_proj_", ".attn.qkv."), (r"\.self_attention\.out_proj\.", ".attn.proj."),
            (r"\.mlp\.(0|linear_1)\.", ".mlp.fc1."), (r"\.mlp\.(3|linear_2)\.", ".mlp.fc2.")):
        key = re.sub(pattern, name, key)
    return key


def export(net, name, folder, any_size=True):
    x = torch.from_numpy(synthetic.picture("benchmark", 1, 3, 224, 224))
    symbols = {"input": {0: "batch", 2: "height", 3: "width"} if any_size else {0: "batch"}, "logits": {0: "batch"}}
    torch.onnx.export(net, x, str(folder / f"{name}.onnx"), input_names=["input"], output_names=["logits"],
                      dynamic_axes=symbols, opset_version=OPSET)
    with torch.no_grad():
        torch.jit.trace(net, x).save(str(folder / f"{name}.pt"))


def export_tensors(net, name, folder):
    tensors = {key: value for key, value in net.state_dict().items() if value.dim()}
    lines = [" ".join([key, *map(str, value.shape)]) for key, value in tensors.items()]
    (folder / f"{name}.names").write_text("\n".join(lines) + "\n")
    with open(folder / f"{name}.f32", "wb") as file:
        for value in tensors.values():
            file.write(value.numpy().astype("<f4").tobytes())


def picture(side=256):
    pixels = synthetic.picture("cold start", 1, 3, side, side)[0].transpose(1, 2, 0)
    return Image.fromarray(np.clip(pixels * 60 + 128, 0, 255).astype(np.uint8))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if "--families" in sys.argv:
        for name in FAMILIES:
            export(network(name), name, folder, any_size=False)
        export(vit_small(), "vit_small_patch16_224", folder, any_size=False)
        return
    for name in ("resnet34", "resnet50"):
        net = network(name)
        export(net, name, folder)
        export_tensors(net, name, folder)
        if name == "resnet34":
            torch.save(net.state_dict(), folder / f"{name}.pth")
    for side in (224, 352):
        synthetic.picture("benchmark", 32, 3, side, side).astype("<f4").tofile(folder / f"pictures-{side}.f32")
    picture().save(folder / "picture.png")
    (folder / "versions.txt").write_text(f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}, opset {OPSET}\n")


if __name__ == "__main__":
    main()
