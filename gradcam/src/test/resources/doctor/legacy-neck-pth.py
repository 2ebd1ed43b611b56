# first: camjar convert legacy-neck.pth --to converted.safetensors
import re, torch, torchvision
from safetensors.torch import load_file
from PIL import Image, ImageOps
from torch import nn
from torchvision.transforms import functional as F
state = load_file("converted.safetensors")
state = {re.sub(r"^head\.", "fc.", k): v for k, v in state.items()}
R = torchvision.models.resnet
net = R.ResNet(R.BasicBlock, [1, 1, 1, 1], num_classes=5)
net.inplanes, net.bn1 = 2, nn.BatchNorm2d(2)
net.layer1 = net._make_layer(R.BasicBlock, 2, 1)
net.layer2 = net._make_layer(R.BasicBlock, 4, 1, stride=2)
net.layer3 = net._make_layer(R.BasicBlock, 8, 1, stride=2)
net.layer4 = net._make_layer(R.BasicBlock, 16, 1, stride=2)
net.fc = nn.Linear(16, 5)
net.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
net.fc = nn.Sequential(nn.BatchNorm1d(16), nn.Linear(16, 5, bias=False))
net.load_state_dict({k: v for k, v in state.items() if k in net.state_dict()})
net.eval()
x = ImageOps.exif_transpose(Image.open("image.png")).convert("RGB")
x = F.resize(x, 256, F.InterpolationMode.BILINEAR)
x = F.center_crop(x, [224, 224])
x = F.to_tensor(x)[None]
x = F.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
with torch.no_grad():
    print(net(x)[0].tolist())
