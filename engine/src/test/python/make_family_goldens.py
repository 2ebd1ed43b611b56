"""Logits and raw Grad-CAM maps of torchvision's networks besides the ResNets, for FamilyParityTests.

    python3 engine/src/test/python/make_family_goldens.py [NAME...]

Weights follow from their names (see synthetic.py), so that the files hold results only: NAME/logits and NAME/map, the
sum over channels of (spatial mean of the gradient of class CLASS) * activation at the layer that pytorch-grad-cam's
README takes, before ReLU.
"""

import re
import sys

import torch
import torch.nn.functional as F
import torchvision

import golden_file
import synthetic

# DenseNet's forward applies F.relu(features, inplace=True), which would change the activation that a hook has kept.
relu = F.relu
F.relu = lambda x, inplace=False: relu(x)

CLASSES = 10
CLASS = 3

# name: layer in torchvision, its path here, height, width, number of the picture
CASES = {
    "densenet121": ("features", "features.norm5", 97, 75, 0),
    "densenet161": ("features", "features.norm5", 64, 64, 0),
    "mobilenet_v2": ("features.18", "features.18", 97, 130, 0),
    "vit_tiny_patch16_224": ("encoder.layers.encoder_layer_11.ln_1", "blocks.11.norm1", 224, 224, 0),
    "squeezenet1_0": ("features.12", "features.12", 97, 130, 0),
    "squeezenet1_1": ("features.12", "features.12", 97, 130, 0),
}


def canonical(key):
    """The name here of a parameter: timm's for vision transformers, torchvision's otherwise."""
    for pattern, name in [(r"encoder\.layers\.encoder_layer_(\d+)", r"blocks.\1"), ("ln_1", "norm1"), ("ln_2", "norm2"),
                          (r"self_attention\.in_proj_", "attn.qkv."), (r"self_attention\.out_proj", "attn.proj"),
                          (r"mlp\.0", "mlp.fc1"), (r"mlp\.3", "mlp.fc2"), ("class_token", "cls_token"),
                          (r"encoder\.pos_embedding", "pos_embed"), ("conv_proj", "patch_embed.proj"),
                          (r"encoder\.ln", "norm"), (r"heads\.head", "head")]:
        key = re.sub("^" + pattern if not pattern.startswith(("ln_", "self", "mlp")) else pattern, name, key)
    return key


def build(name):
    if name.startswith("vit_tiny"):
        return torchvision.models.VisionTransformer(224, 16, 12, 3, 192, 768, num_classes=CLASSES)
    return getattr(torchvision.models, name)(num_classes=CLASSES)


def load(name):
    net = build(name)
    named = canonical if name.startswith("vit") else str
    net.load_state_dict({key: torch.from_numpy(synthetic.parameter(named(key), tuple(value.shape)))
                         for key, value in net.state_dict().items() if value.dim()}, strict=False)
    for module in net.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    return net.eval()


def run(name):
    layer, path, height, width, number = CASES[name]
    net = load(name)
    kept = {}
    net.get_submodule(layer).register_forward_hook(lambda module, inputs, y: kept.update(y=y))
    x = torch.from_numpy(synthetic.picture(f"picture{number}", 1, 3, height, width))
    logits = net(x)
    activation = kept["y"]
    (gradient,) = torch.autograd.grad(logits[0, CLASS], activation)
    if activation.dim() == 3:  # tokens: the class token is no place of the image
        side = int((activation.shape[1] - 1) ** 0.5)
        activation, gradient = (x[:, 1:].transpose(1, 2).unflatten(2, (side, side)) for x in (activation, gradient))
    weights = gradient.double().mean((2, 3), keepdim=True)
    cam = (weights * activation.double()).sum(1).float()
    facts = ("case", [name, path, height, width, number, CLASS])
    return facts, {f"{name}/logits": logits, f"{name}/map": cam}


def main(names):
    facts, tensors = [], {}
    for name in names:
        fact, made = run(name)
        facts.append(fact)
        tensors.update(made)
    golden_file.write("networks", "families", facts, tensors)


if __name__ == "__main__":
    main(sys.argv[1:] or CASES)
