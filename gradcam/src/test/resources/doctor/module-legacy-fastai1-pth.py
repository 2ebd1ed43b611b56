import torch
from PIL import Image, ImageOps
from torch import nn
from torchvision.transforms import functional as F
net = torch.load("module-legacy-fastai1.pth", map_location="cpu", weights_only=False)  # runs what the file asks for
net.eval()
x = ImageOps.exif_transpose(Image.open("image.png")).convert("RGB")
x = F.to_tensor(x)[None]
h, w = x.shape[2:]; r = min(h / 224, w / 224); h2, w2 = round(h / r), round(w / r)
s = min(h / h2, w / w2) / 2
x = nn.functional.interpolate(x, scale_factor=1 / s, mode="area", recompute_scale_factor=True) if s > 1 else x
x = nn.functional.interpolate(x, (h2, w2), mode="bilinear", align_corners=True)
t, l = (h2 - 224 + 1) // 2, (w2 - 224 + 1) // 2
x = x[..., t:t + 224, l:l + 224]
x = F.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
with torch.no_grad():
    print(net(x)[0].tolist())
