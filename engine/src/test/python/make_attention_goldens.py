"""What attention methods make of a narrow vision transformer, and position embeddings at other sizes.

    python3 engine/src/test/python/make_attention_goldens.py

Maps go to gradcam's AttentionTests, the rest to ResizedTransformerTests. The transformer is written here under timm's names; weights follow from their names (see synthetic.py). Maps, before any
scaling, of class CLASS on the grid of patches: rollout (arXiv 2005.00928), gradientrollout (2103.15679), attentioncam
(cam_attn of 2012.09838), legrad (2404.03214, as torch-cam has it), ablationcam (pytorch-grad-cam's AblationLayerVit).
"""

import torch
import torch.nn.functional as F

import golden_file
import synthetic

CLASS, CLASSES, WIDTH, HEADS, DEPTH, PATCH, GRID, HIDDEN = 3, 10, 24, 3, 3, 8, 5, 32


def p(name, *shape):
    return torch.from_numpy(synthetic.parameter(name, shape))


def linear(name, x, out, width):
    return F.linear(x, p(name + ".weight", out, width), p(name + ".bias", out))


def norm(name, x):
    return F.layer_norm(x, (WIDTH,), p(name + ".weight", WIDTH), p(name + ".bias", WIDTH), 1e-6)


def head(x):
    return linear("head", norm("norm", x), CLASSES, WIDTH)


def block(i, x, attention, ablate=None):
    b = f"blocks.{i}."
    normed = norm(b + "norm1", x)
    if ablate is not None:
        normed = ablate(normed)
    qkv = linear(b + "attn.qkv", normed, 3 * WIDTH, WIDTH)
    q, k, v = qkv.unflatten(2, (3, HEADS, WIDTH // HEADS)).permute(2, 0, 3, 1, 4)
    a = (q @ k.transpose(2, 3) * (WIDTH // HEADS) ** -0.5).softmax(-1)
    attention.append(a)
    y = (a @ v).transpose(1, 2).flatten(2)
    x = x + linear(b + "attn.proj", y, WIDTH, WIDTH)
    inner = F.gelu(linear(b + "mlp.fc1", norm(b + "norm2", x), HIDDEN, WIDTH))
    return x + linear(b + "mlp.fc2", inner, WIDTH, HIDDEN)


def embed(image, grid):
    x = F.conv2d(image, p("patch_embed.proj.weight", WIDTH, 3, PATCH, PATCH), p("patch_embed.proj.bias", WIDTH), PATCH)
    x = torch.cat([p("cls_token", 1, 1, WIDTH), x.flatten(2).transpose(1, 2)], 1)
    return x + position(grid)


def position(grid):
    own = p("pos_embed", 1, 1 + GRID * GRID, WIDTH)
    if grid == (GRID, GRID):
        return own
    places = own[:, 1:].transpose(1, 2).unflatten(2, (GRID, GRID))
    places = F.interpolate(places, grid, mode="bicubic", antialias=True, align_corners=False)
    return torch.cat([own[:, :1], places.flatten(2).transpose(1, 2)], 1)


def run(image, grid=(GRID, GRID), ablate=None):
    x, attention, outputs = embed(image, grid), [], []
    for i in range(DEPTH):
        x = block(i, x, attention, ablate if i == DEPTH - 1 else None)
        outputs.append(x)
    return head(x)[:, 0], attention, outputs


def picture(height, width):
    return torch.from_numpy(synthetic.picture("picture0", 1, 3, height, width)).requires_grad_()


def maps(image):
    logits, attention, outputs = run(image)
    slopes = torch.autograd.grad(logits[0, CLASS], attention, retain_graph=True)
    tokens = 1 + GRID * GRID
    rolled, weighted = torch.eye(tokens), torch.eye(tokens)
    for a, g in zip(attention, slopes):
        mixed = (a[0].mean(0) + torch.eye(tokens)) / 2
        rolled = mixed / mixed.sum(-1, keepdim=True) @ rolled
        weighted = weighted + (a[0] * g[0]).clamp(min=0).mean(0) @ weighted
    weight = slopes[-1][0, :, 0, 1:].mean(1)
    cam = (weight[:, None] * attention[-1][0, :, 0, 1:]).mean(0)
    legrad = 0
    for a, y in zip(attention, outputs):
        (g,) = torch.autograd.grad(head(y.mean(1))[0, CLASS], a, retain_graph=True)
        legrad = legrad + g[0].clamp(min=0).mean((0, 1))[1:] / DEPTH
    return logits, {"rollout": rolled[0, 1:], "gradientrollout": weighted[0, 1:], "attentioncam": cam, "legrad": legrad}


def ablation(image, logits):
    kept = {}
    run(image, ablate=lambda x: kept.update(x=x) or x)
    activation, weights = kept["x"].detach(), []
    for c in range(WIDTH):
        def without(x):
            x = activation.clone()
            x[:, :, c] = 0 if x.min() == 0 else x.min() - 1e7
            return x
        y = logits[0, CLASS]
        weights.append(((y - run(image, ablate=without)[0][0, CLASS]) / y).item())
    return (activation[0, 1:].double() * torch.tensor(weights).double()).sum(1).float()


def main():
    image = picture(PATCH * GRID, PATCH * GRID)
    logits, made = maps(image)
    made["ablationcam"] = ablation(image, logits)
    lines = [" ".join([name, *(f"{value:.9g}" for value in values.flatten().tolist())])
             for name, values in {"logits": logits, **made}.items()]
    maps_file = golden_file.RESOURCES.parents[3] / "gradcam/src/test/resources/methods/attention.txt"
    maps_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tensors = {"logits": logits}
    for rows, columns in [(7, 7), (4, 6), (3, 2), (10, 5)]:
        tensors[f"position/{rows}x{columns}"] = position((rows, columns))
    tensors["logits/56x32"] = run(picture(56, 32), (7, 4))[0]
    golden_file.write("attention", "vit", [], tensors)


if __name__ == "__main__":
    main()
