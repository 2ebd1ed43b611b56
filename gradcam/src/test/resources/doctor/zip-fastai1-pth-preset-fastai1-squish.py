import re, torch, torchvision
from PIL import Image, ImageOps
from torch import nn
from torchvision.transforms import functional as F
state = torch.load("zip-fastai1.pth", map_location="cpu")["model"]
state = {re.sub(r"^0\.0\.", "conv1.", k): v for k, v in state.items()}
state = {re.sub(r"^0\.1\.", "bn1.", k): v for k, v in state.items()}
state = {re.sub(r"^0\.([4-7])\.", lambda m: f"layer{int(m[1]) - 3}.", k): v for k, v in state.items()}
state = {re.sub(r"^1\.", "fc.", k): v for k, v in state.items()}
R = torchvision.models.resnet
net = R.ResNet(R.BasicBlock, [1, 1, 1, 1], num_classes=5)
net.inplanes, net.bn1 = 2, nn.BatchNorm2d(2)
net.layer1 = net._make_layer(R.BasicBlock, 2, 1)
net.layer2 = net._make_layer(R.BasicBlock, 4, 1, stride=2)
net.layer3 = net._make_layer(R.BasicBlock, 8, 1, stride=2)
net.layer4 = net._make_layer(R.BasicBlock, 16, 1, stride=2)
net.fc = nn.Linear(16, 5)
net.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
class Pool(nn.Module):
    def forward(self, x):
        return torch.cat([x.amax((2, 3)), x.mean((2, 3))], 1)
net.avgpool = Pool()
net.fc = nn.Sequential(nn.Identity(), nn.Identity(), nn.BatchNorm1d(32), nn.Identity(), nn.Linear(32, 12), nn.ReLU(), nn.BatchNorm1d(12), nn.Identity(), nn.Linear(12, 5))
net.load_state_dict({k: v for k, v in state.items() if k in net.state_dict()})
net.eval()
x = ImageOps.exif_transpose(Image.open("image.png")).convert("RGB")
x = F.to_tensor(x)[None]
h, w, h2, w2 = *x.shape[2:], 224, 224
s = min(h / h2, w / w2) / 2
x = nn.functional.interpolate(x, scale_factor=1 / s, mode="area", recompute_scale_factor=True) if s > 1 else x
x = nn.functional.interpolate(x, (h2, w2), mode="bilinear", align_corners=True)
x = F.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
with torch.no_grad():
    print(net(x)[0].tolist())
