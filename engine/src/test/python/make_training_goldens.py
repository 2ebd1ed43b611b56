"""Ten steps of training, schedules and losses by PyTorch, for the tests of io.camjar.engine.train.

    python3 engine/src/test/python/make_training_goldens.py

`training/NETWORK-OPTIMISER-SCHEDULE`: `losses` of ten steps, then of each tensor of the state dict (`weights/KEY`) and of
the optimiser's state (`exp_avg/KEY` ...) the largest magnitude and up to SAMPLES values at even distances.
`training/schedules`: the learning rate, and the momentum where a schedule sets it, of 100 updates; float32 of PyTorch's
double, and the rest of it as a second number.
`training/losses`: loss and gradient of one batch a case.
"""

import numpy as np
import torch
from torch import nn

import golden_file
import synthetic
from torch_networks import Net

SAMPLES = 24
STEPS = 10
GOLDEN_RATIO = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def seed_of(seed, *place):
    """io.camjar.engine.train.Seeds."""
    z = mix(seed + GOLDEN_RATIO & MASK)
    for number in place:
        z = mix(z + number + GOLDEN_RATIO & MASK)
    return z


class SplittableRandom:
    """Java's, as far as dropout needs it."""

    def __init__(self, seed):
        self.state = seed

    def doubles(self, count):
        values = []
        for _ in range(count):
            self.state = self.state + GOLDEN_RATIO & MASK
            values.append((mix(self.state) >> 11) * 2.0**-53)
        return np.array(values)


class Dropout(nn.Module):
    """nn.Dropout that draws from a generator of Java's."""

    random = None

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        draws = torch.from_numpy(Dropout.random.doubles(x.numel())).reshape(x.shape)
        return x * torch.where(draws < self.p, 0.0, 1 / (1 - self.p)).to(x.dtype)


class Depthwise(nn.Module):
    """Depthwise convolutions (without biases, whose gradients before a norm are nothing but rounding), maps dropped between them, and a classifier with dropout."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16)
        self.conv2, self.bn2 = nn.Conv2d(16, 16, 3, padding=1, groups=16, bias=False), nn.BatchNorm2d(16)
        self.conv3, self.bn3 = nn.Conv2d(16, 24, 1, bias=False), nn.BatchNorm2d(24)
        self.drop = Dropout(0.1)
        self.conv4, self.bn4 = nn.Conv2d(24, 24, 5, stride=2, padding=2, groups=24, bias=False), nn.BatchNorm2d(24)
        self.dropout, self.fc = Dropout(0.3), nn.Linear(24, 5)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        x = self.drop(self.bn3(self.conv3(x)))
        x = torch.relu(self.bn4(self.conv4(x)))
        return self.fc(self.dropout(x.mean([2, 3])))


NETWORKS = {"resnet18": (lambda: Net("resnet18", "torchvision", 5, width=8), 64), "depthwise": (Depthwise, 32)}


class Lamb(torch.optim.Optimizer):
    """Algorithm 2 of arXiv 1904.00962 version 5; no trust ratio where nothing decays, as timm's."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
                state["step"] += 1
                state["exp_avg"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                mean = state["exp_avg"] / (1 - beta1 ** state["step"])
                square = state["exp_avg_sq"] / (1 - beta2 ** state["step"])
                r = mean / (square.sqrt() + 1e-6) + group["weight_decay"] * p
                trust = p.norm() / r.norm() if group["weight_decay"] and p.norm() > 0 and r.norm() > 0 else 1.0
                p.add_(r * (-group["lr"] * trust))


OPTIMISERS = {
    "sgd": lambda groups: torch.optim.SGD(groups, lr=0.02, momentum=0.9),
    "nesterov": lambda groups: torch.optim.SGD(groups, lr=0.02, momentum=0.8, nesterov=True),
    "dampened": lambda groups: torch.optim.SGD(groups, lr=0.02, momentum=0.8, dampening=0.3),
    "adam": lambda groups: torch.optim.Adam(groups, lr=1e-3),
    "adamw": lambda groups: torch.optim.AdamW(groups, lr=1e-3),
    "lamb": lambda groups: Lamb(groups, {"lr": 2e-3, "betas": (0.9, 0.999)}),
}
SCHEDULES = {
    "onecycle": lambda o: torch.optim.lr_scheduler.OneCycleLR(o, [g["lr"] for g in o.param_groups], total_steps=STEPS),
    "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS),
}
RUNS = [(network, optimiser, schedule) for network in NETWORKS for optimiser in ("sgd", "adam", "adamw")
        for schedule in SCHEDULES]
RUNS += [("depthwise", "nesterov", "cosine"), ("depthwise", "dampened", "cosine"), ("depthwise", "lamb", "cosine")]


def sampled(tensor):
    flat = tensor.detach().reshape(-1)
    stride = max(1, -(-flat.numel() // SAMPLES))
    return torch.cat([flat.abs().max().reshape(1), flat[::stride]])


def train(network, optimiser, schedule):
    make, side = NETWORKS[network]
    net = make().double()
    net.load_state_dict({key: torch.from_numpy(synthetic.parameter(key, tuple(value.shape))) if value.dim() else value
                         for key, value in net.state_dict().items()})
    net.train()
    groups = [{"params": [p for p in net.parameters() if p.dim() > 1], "weight_decay": 0.05},
              {"params": [p for p in net.parameters() if p.dim() == 1], "weight_decay": 0.0}]
    o = OPTIMISERS[optimiser](groups)
    s = SCHEDULES[schedule](o)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    losses = []
    for step in range(STEPS):
        Dropout.random = SplittableRandom(seed_of(7, step, 0))
        x = torch.from_numpy(synthetic.picture(f"step{step}", 6, 3, side, side)).double()
        target = torch.tensor([(step + i * i) % 5 for i in range(6)])
        o.zero_grad()
        loss = criterion(net(x), target)
        loss.backward()
        o.step()
        s.step()
        losses.append(loss.item())
    tensors = {"losses": np.array(losses)}
    for key, value in net.state_dict().items():
        if value.dim():
            tensors[f"weights/{key}"] = sampled(value)
    for key, p in net.named_parameters():
        for slot, value in o.state[p].items():
            if torch.is_tensor(value) and value.dim():
                tensors[f"{slot}/{key}"] = sampled(value)
    golden_file.write("training", f"{network}-{optimiser}-{schedule}", [], tensors)


def split(values):
    """Doubles as two float32 each, which hold 48 bits together."""
    values = np.array(values, dtype=np.float64)
    high = values.astype(np.float32)
    return np.stack([high, (values - high).astype(np.float32)])


def schedules():
    lr = torch.optim.lr_scheduler
    cases = {
        "onecycle": lambda o: lr.OneCycleLR(o, 0.3, total_steps=100),
        "onecycle-late": lambda o: lr.OneCycleLR(o, 0.3, total_steps=100, pct_start=0.15, div_factor=10, final_div_factor=1e3,
                                                 base_momentum=0.8, max_momentum=0.9),
        "cosine": lambda o: lr.CosineAnnealingLR(o, 100, eta_min=0.001),
        "warmup": lambda o: lr.SequentialLR(o, [lr.LinearLR(o, 0.1, 1, 10), lr.CosineAnnealingLR(o, 90)], [10]),
        "step": lambda o: lr.StepLR(o, 30, 0.2),
        "plateau": lambda o: lr.ReduceLROnPlateau(o, factor=0.5, patience=3, cooldown=2, min_lr=0.02),
    }
    tensors = {}
    for name, make in cases.items():
        o = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.3, momentum=0.9)
        s = make(o)
        rates, momenta = [], []
        for step in range(100):
            rates.append(o.param_groups[0]["lr"])
            momenta.append(o.param_groups[0]["momentum"])
            o.step()
            if name == "plateau":
                s.step(metric(step))
            elif step < 99:
                s.step()
        tensors[f"{name}/rate"] = split(rates)
        if name.startswith("onecycle"):
            tensors[f"{name}/momentum"] = split(momenta)
    golden_file.write("training", "schedules", [], tensors)


def metric(step):
    return 1 / (1 + step // 8) + 0.01 * (step % 3)


def losses():
    logits = synthetic.uniform("logits", 6 * 4).reshape(6, 4) * 8
    logits[0, 1] = 120
    classes = torch.tensor([0, 3, 1, 1, 2, 0])
    shares = torch.from_numpy(np.abs(synthetic.uniform("shares", 6 * 4)).reshape(6, 4)).double()
    shares = shares / shares.sum(1, keepdim=True)
    weights = torch.tensor([0.5, 2.0, 1.25, 0.75]).double()
    labels = (shares > 0.3).double()
    cases = {
        "plain": (nn.CrossEntropyLoss(), classes),
        "smoothed": (nn.CrossEntropyLoss(label_smoothing=0.1), classes),
        "weighted": (nn.CrossEntropyLoss(weight=weights), classes),
        "both": (nn.CrossEntropyLoss(weight=weights, label_smoothing=0.15), classes),
        "shares": (nn.CrossEntropyLoss(), shares),
        "shares-both": (nn.CrossEntropyLoss(weight=weights, label_smoothing=0.15), shares),
        "bce": (nn.BCEWithLogitsLoss(), labels),
        "mse": (nn.MSELoss(), shares),
    }
    tensors = {"logits": logits, "shares": shares, "labels": labels}
    for name, (criterion, target) in cases.items():
        x = torch.from_numpy(logits).double().requires_grad_()
        loss = criterion(x, target)
        loss.backward()
        tensors[f"{name}/loss"] = loss.reshape(1)
        tensors[f"{name}/gradient"] = x.grad
    golden_file.write("training", "losses", [], tensors)


if __name__ == "__main__":
    losses()
    schedules()
    for run in RUNS:
        train(*run)
