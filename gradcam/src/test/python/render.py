"""Writes what OpenCV and pytorch-grad-cam's formulas make of hashed maps, for the render tests.

Run with OpenCV 4.6 and numpy:  python3 render.py ../resources/render
resize.txt:   h w outH outW step value value ...   cv2.resize, INTER_LINEAR, every step-th value
overlay.txt:  colormap alpha h w value ...          show_cam_on_image on a hashed picture, all of it
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from hashed import hashed, hashed_map

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)

lines = []
for h, w, oh, ow in [(7, 7, 224, 224), (11, 11, 352, 352), (5, 9, 61, 43), (88, 88, 40, 50),
                     (1, 1, 6, 5), (1, 6, 9, 20), (6, 1, 20, 9), (14, 14, 14, 14)]:
    values = cv2.resize(hashed_map(h, w), (ow, oh)).reshape(-1)
    step = values.size // 100 + 1
    lines.append(f"{h} {w} {oh} {ow} {step} " + " ".join(f"{v:.8g}" for v in values[::step]))
(out / "resize.txt").write_text("\n".join(lines) + "\n")


def show_cam_on_image(img, mask, colormap, image_weight):
    """pytorch-grad-cam 1.5.5, utils/image.py, with use_rgb."""
    heat = cv2.applyColorMap(np.uint8(255 * mask), colormap)
    heat = np.float32(cv2.cvtColor(heat, cv2.COLOR_BGR2RGB)) / 255
    cam = (1 - image_weight) * heat + image_weight * img
    return np.uint8(255 * (cam / np.max(cam)))


lines = []
for alpha in [0.5, 0.25, 0.7]:
    image = np.float32(hashed(11, 8)) / 255
    shown = show_cam_on_image(image, hashed_map(8, 11), cv2.COLORMAP_JET, 1 - alpha)
    lines.append(f"jet {alpha} 8 11 " + " ".join(map(str, shown.reshape(-1))))
(out / "overlay.txt").write_text("\n".join(lines) + "\n")
