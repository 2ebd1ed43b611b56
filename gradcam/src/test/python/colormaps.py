"""Writes the five colour maps, 256 colours each, as one line of hex digits a map.

Run with matplotlib 3.6 and OpenCV 4.6:  python3 colormaps.py ../../main/resources/io/camjar/gradcam/render/colormaps.txt
jet is OpenCV's COLORMAP_JET, which pytorch-grad-cam uses; the others are matplotlib's, with the
8-bit rounding of its imshow.
"""

import sys
from pathlib import Path

import cv2
import matplotlib
import numpy as np

ramp = np.arange(256, dtype=np.uint8)
lines = []
for name in ["magma", "jet", "turbo", "viridis", "hsv"]:
    if name == "jet":
        rgb = cv2.applyColorMap(ramp[None], cv2.COLORMAP_JET)[0, :, ::-1]
    else:
        rgb = matplotlib.colormaps[name](ramp, bytes=True)[:, :3]
    lines.append(name + " " + np.ascontiguousarray(rgb).tobytes().hex())
Path(sys.argv[1]).write_text("\n".join(lines) + "\n")
