"""timm.layers.squeeze_excite in short."""
from torch import nn


class SEModule(nn.Module):
    def __init__(self, channels, rd_channels):
        super().__init__()
        self.add_maxpool = False
        self.fc1 = nn.Conv2d(channels, rd_channels, 1, bias=True)
        self.bn = nn.Identity()
        self.act = nn.ReLU(inplace=True)
        self.fc2 = nn.Conv2d(rd_channels, channels, 1, bias=True)
        self.gate = nn.Sigmoid()

    def forward(self, x):
        return x * self.gate(self.fc2(self.act(self.bn(self.fc1(x.mean((2, 3), keepdim=True))))))
