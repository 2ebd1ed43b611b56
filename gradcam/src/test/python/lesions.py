"""Drawn skin lesions, as a dermatoscope would show them: no photograph of anybody is needed.

    draw(random, malignant) -> (picture [180, 240, 3] uint8, mask [180, 240] bool: where the lesion is)

A benign one is symmetric, its border smooth, its colour even; a malignant one is lopsided, ragged and of several colours
(the A, B and C of dermatologists' ABCD rule). Skin, hairs, ruler marks, vignette, glare and the lesion's place and size
are drawn alike for both, so that they say nothing about the class. This is no medical data and teaches no medicine.
"""

import cv2
import numpy as np

HEIGHT, WIDTH = 180, 240
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
PIGMENTS = np.float32([[58, 36, 30], [22, 18, 20], [74, 84, 106], [168, 62, 58], [206, 182, 170], [120, 72, 44]])


def noise(random, cell):
    """Smooth noise of about unit variance whose spots are `cell` pixels wide."""
    coarse = random.standard_normal((HEIGHT // cell + 3, WIDTH // cell + 3)).astype(np.float32)
    return 1.5 * cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def mixed(picture, colour, share):
    return picture + share[..., None] * (np.float32(colour) - picture)


def skin(random):
    tone = np.float32([222, 178, 156]) * random.uniform(0.9, 1.08) + random.normal(0, 4, 3)
    picture = np.broadcast_to(tone, (HEIGHT, WIDTH, 3)).astype(np.float32)
    picture = picture + noise(random, 60)[..., None] * np.float32([5, 6, 6])
    return picture + noise(random, 5)[..., None] * np.float32([1.5, 2, 2])


def outline(random, malignant):
    """Signed distance to the lesion's border in pixels, above 0 inside; roughly, for it is measured along rays."""
    radius = random.uniform(26, 48)
    # Inside the square that is left when the short side becomes 256 and the middle 224 are kept.
    y = random.uniform(radius + 8, HEIGHT - radius - 8)
    x = random.uniform(radius + 38, WIDTH - radius - 38)
    down, across = ROWS - y, COLUMNS - x
    angle, distance = np.arctan2(down, across), np.hypot(down, across)
    border = np.ones_like(angle)
    # An ellipse is symmetric; the first and third harmonics are not, and the high ones are ragged.
    harmonics = {2: random.uniform(0, 0.12)}
    if malignant:
        harmonics.update({1: random.uniform(0.1, 0.2), 3: random.uniform(0.08, 0.18), 4: random.uniform(0, 0.1)})
        harmonics.update({k: random.uniform(0.01, 0.06) for k in random.choice(np.arange(6, 17), 5, replace=False)})
    for k, size in harmonics.items():
        border += size * np.cos(k * angle + random.uniform(0, 2 * np.pi))
    return radius * border - distance


def lesion(random, picture, malignant):
    inside = outline(random, malignant)
    share = np.clip(0.5 + inside / random.uniform(3, 9), 0, 1)
    brown = np.float32([132, 84, 58]) * random.uniform(0.75, 1.15) + random.normal(0, 7, 3)
    body = np.broadcast_to(brown, picture.shape) + noise(random, 7)[..., None] * np.float32([4, 3, 3])
    body = body - np.clip(inside / 40, 0, 1)[..., None] * random.uniform(0, 24)
    if malignant:
        for pigment in random.choice(len(PIGMENTS), random.integers(3, 5), replace=False):
            patch = noise(random, int(random.integers(16, 32))) - random.uniform(0.1, 0.8)
            body = mixed(body, PIGMENTS[pigment], random.uniform(0.6, 0.95) / (1 + np.exp(-5 * patch)))
    return picture + share[..., None] * (body - picture), inside > 0


def hairs(random, picture):
    layer = np.zeros((HEIGHT, WIDTH), np.uint8)
    t = np.linspace(0, 1, 24)[:, None]
    for _ in range(random.integers(0, 14)):
        a, b, c = random.uniform((-20, -20), (WIDTH + 20, HEIGHT + 20), (3, 2))
        b = (a + c) / 2 + (b - (a + c) / 2) * 0.25
        curve = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c
        cv2.polylines(layer, [np.int32(curve * 16)], False, int(random.integers(110, 230)), 1, cv2.LINE_AA, 4)
    return mixed(picture, (48, 34, 28), layer / np.float32(255))


def ruler(random, picture):
    """Marks along one of the long sides."""
    layer = np.zeros((HEIGHT, WIDTH), np.uint8)
    top, step = random.random() < 0.5, random.uniform(7, 11)
    for i in range(int(WIDTH / step) + 1):
        length = 11 if i % 5 == 0 else 6
        x = int(16 * i * step)
        ends = (0, 16 * length) if top else (16 * (HEIGHT - length), 16 * HEIGHT)
        cv2.line(layer, (x, ends[0]), (x, ends[1]), 220, 1, cv2.LINE_AA, 4)
    return mixed(picture, (40, 40, 52), layer / np.float32(255))


def vignette(random, picture):
    away = np.hypot((COLUMNS - WIDTH / 2) / WIDTH, (ROWS - HEIGHT / 2) / HEIGHT)
    return picture * (1 - random.uniform(0.4, 1) * np.clip((away - 0.45) * 3.2, 0, 1))[..., None]


def glare(random, picture):
    x, y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
    spot = np.exp(-((COLUMNS - x) ** 2 + (ROWS - y) ** 2) / (2 * random.uniform(4, 12) ** 2))
    return mixed(picture, (250, 246, 242), random.uniform(0.2, 0.6) * spot)


def draw(random, malignant):
    picture, mask = lesion(random, skin(random), malignant)
    for distractor, probability in ((hairs, 0.7), (ruler, 0.4), (glare, 0.5), (vignette, 0.6)):
        if random.random() < probability:
            picture = distractor(random, picture)
    picture = picture * random.uniform(0.85, 1.08)
    return np.uint8(np.clip(np.rint(picture), 0, 255)), mask


def draw_shape(random, kind):
    """What the network is trained on first: a plain shape on the same skin, `kind` 0 to 5."""
    picture, layer = skin(random), np.zeros((HEIGHT, WIDTH), np.uint8)
    radius = random.uniform(24, 48)
    centre = random.uniform((radius, radius), (WIDTH - radius, HEIGHT - radius))
    corners = (0, 3, 4, 6, 10, 0)[kind]
    if corners:
        turns = random.uniform(0, 2 * np.pi) + np.arange(corners) * 2 * np.pi / corners
        size = radius * np.where(np.arange(corners) % 2 & (kind == 4), 0.45, 1)
        points = centre + np.stack([np.cos(turns) * size, np.sin(turns) * size], 1)
        cv2.fillPoly(layer, [np.int32(points * 16)], 255, cv2.LINE_AA, 4)
    else:
        place = tuple(int(16 * v) for v in centre)
        cv2.circle(layer, place, int(16 * radius), 255, -1 if kind == 0 else 8, cv2.LINE_AA, 4)
    picture = mixed(picture, random.uniform(20, 160, 3), layer / np.float32(255))
    if random.random() < 0.7:
        picture = hairs(random, picture)
    return np.uint8(np.clip(np.rint(picture), 0, 255))
