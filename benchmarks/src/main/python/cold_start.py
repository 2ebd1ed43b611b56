"""From a checkpoint and a picture to a heat map on disk, once, as a new process: Grad-CAM as pytorch-grad-cam does it.

    /usr/bin/python3 cold_start.py PICTURE --weights FILE.pth --out FILE.png --threads N

Hooks on the last block, parameters frozen, overlay as its show_cam_on_image; without that package's own imports, so
no slower than it. Prints its name and the class it explained.
"""

import argparse

import cv2
import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms

parser = argparse.ArgumentParser()
parser.add_argument("picture")
parser.add_argument("--weights", required=True)
parser.add_argument("--out", required=True)
parser.add_argument("--threads", type=int, required=True)
options = parser.parse_args()
torch.set_num_threads(options.threads)

net = torchvision.models.resnet34(weights=None)
net.load_state_dict(torch.load(options.weights))
net.eval().requires_grad_(False)

picture = Image.open(options.picture).convert("RGB")
crop = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])(picture)
x = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])(crop)[None]

kept = {}


def keep(module, inputs, output):
    kept["activation"] = output.requires_grad_()
    output.register_hook(lambda gradient: kept.update(gradient=gradient))


net.layer4[-1].register_forward_hook(keep)
logits = net(x)
index = int(logits.argmax())
logits[0, index].backward()
weights = kept["gradient"].mean((2, 3), keepdim=True)
cam = torch.relu((weights * kept["activation"].detach()).sum(1))[0].numpy()
cam = (cam - cam.min()) / (1e-7 + (cam - cam.min()).max())

rgb = np.float32(crop) / 255
heat = cv2.applyColorMap(np.uint8(255 * cv2.resize(cam, crop.size)), cv2.COLORMAP_JET)[:, :, ::-1] / 255
overlay = 0.5 * heat + 0.5 * rgb
Image.fromarray(np.uint8(255 * overlay / overlay.max())).save(options.out)
print(f"python-torch-{torch.__version__.split('a')[0]}\t{index}")
