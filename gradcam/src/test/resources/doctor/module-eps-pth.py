import torch
from PIL import Image, ImageOps
from torch import nn
from torchvision.transforms import functional as F
net = torch.load("module-eps.pth", map_location="cpu", weights_only=False)  # runs what the file asks for
net.eval()
x = ImageOps.exif_transpose(Image.open("image.png")).convert("RGB")
x = F.resize(x, 256, F.InterpolationMode.BILINEAR)
x = F.center_crop(x, [224, 224])
x = F.to_tensor(x)[None]
x = F.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
with torch.no_grad():
    print(net(x)[0].tolist())
