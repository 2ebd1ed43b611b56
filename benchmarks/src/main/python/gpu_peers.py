"""PyTorch on the card that camjar was checked on: the same network, weights and image.

    python3 gpu_peers.py ANSWERS SECONDS [--cpu]

ANSWERS holds camjar's 1000 logits of ResNet-34 at 224, float32. Prints a line a way of computing, with tabs between
what, ok or WRONG, the error of its logits over the largest, and the median milliseconds; one line of plain text where
there is no PyTorch or no card. --cpu computes on the CPU, which shows that this script runs, and nothing else.
"""

import statistics
import sys
import time

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as missing:
    print(f"not here: {missing}")
    sys.exit(0)

import synthetic

CLASS = 281


class Block(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or channels_in != channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet34(nn.Module):
    """torchvision's, with its names."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        before = 64
        for stage, (channels, depth) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 1):
            blocks = [Block(before, channels, 1 if stage == 1 else 2)]
            blocks += [Block(channels, channels, 1) for _ in range(depth - 1)]
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
            before = channels
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, 1000)

    def features(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def head(self, x):
        return self.fc(torch.flatten(self.avgpool(x), 1))

    def forward(self, x):
        return self.head(self.features(x))


def gradcam(net, x):
    """The last block's map: backward through the head alone, as a frozen network needs it."""
    with torch.no_grad():
        features = net.features(x)
    features.requires_grad_(True)
    score = net.head(features)[:, CLASS].sum()
    gradient, = torch.autograd.grad(score, features)
    return (gradient.mean((2, 3), keepdim=True) * features.detach()).sum(1)


def milliseconds(run, wait, limit):
    for _ in range(5):
        run()
    wait()
    times, end = [], time.time() + limit
    while len(times) < 7 and (not times or time.time() < end):
        start = time.perf_counter()
        for _ in range(10):
            run()
        wait()
        times.append((time.perf_counter() - start) * 100)
    return statistics.median(times)


def graphed(run, x):
    """A CUDA graph of a function of an input that stays where it is."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            run(x)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run(x)
    return graph.replay


def main():
    answers, seconds = sys.argv[1], float(sys.argv[2])
    cpu = "--cpu" in sys.argv
    if not cpu and not torch.cuda.is_available():
        print(f"PyTorch {torch.__version__} is here, but finds no card")
        return
    device = "cpu" if cpu else "cuda"
    wait = (lambda: None) if cpu else torch.cuda.synchronize
    print(f"{torch.__version__} on {'the CPU' if cpu else torch.cuda.get_device_name()}")
    expected = np.fromfile(answers, "<f4")
    net = ResNet34()
    net.load_state_dict({
        key: torch.from_numpy(synthetic.parameter(key, tuple(value.shape))) if value.dim() else value
        for key, value in net.state_dict().items()})
    net = net.eval().to(device).requires_grad_(False)
    image = torch.from_numpy(synthetic.picture("gpu-check", 1, 3, 224, 224)).to(device)
    end = time.time() + seconds

    def row(what, net, x, run, bound, answer=None):
        if time.time() > end - 2:
            return
        with torch.no_grad():
            logits = (net(x) if answer is None else answer()).float().cpu().numpy()[0]
        error = np.abs(logits - expected).max() / np.abs(expected).max()
        verdict = "ok" if error <= bound else "WRONG"
        print(f"{what}\t{verdict}\t{error:.3e}\t{milliseconds(run, wait, seconds / 12):.4f}", flush=True)

    def forward(net, x):
        with torch.no_grad():
            return net(x)

    for tf32 in (False,) if cpu else (False, True):
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
        torch.backends.cudnn.benchmark = True
        bound = 1e-2 if tf32 else 1e-3
        name = "TF32" if tf32 else "float32"
        last = image.contiguous(memory_format=torch.channels_last)
        net_last = net.to(memory_format=torch.channels_last) if not cpu else net
        row(f"resnet34 224 b1 {name} eager, forward", net, image, lambda: forward(net, image), bound)
        row(f"resnet34 224 b1 {name} eager, map", net, image, lambda: gradcam(net, image), bound)
        row(f"resnet34 224 b1 {name} channels_last, forward", net_last, last, lambda: forward(net_last, last), bound)
        if not cpu:
            row(f"resnet34 224 b1 {name} CUDA graph, forward", net_last, last,
                graphed(lambda x: forward(net_last, x), last), bound)
            many = last.expand(64, -1, -1, -1).contiguous(memory_format=torch.channels_last)
            row(f"resnet34 224 b64 {name} CUDA graph, forward", net_last, many,
                graphed(lambda x: forward(net_last, x), many), bound)
    if not cpu:
        half, many = net.half(), many.half()
        row("resnet34 224 b64 float16 CUDA graph, forward", half, many, graphed(lambda x: forward(half, x), many), 1e-1)


main()
