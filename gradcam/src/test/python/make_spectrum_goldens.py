"""Spectra of synthetic weights by NumPy, for io.camjar.gradcam.flow.SpectrumTests.

    /usr/bin/python3 gradcam/src/test/python/make_spectrum_goldens.py

A line a weight: shape, spectral norm and stable rank from numpy.linalg.svd and norm, exponent of the power law.
Values are sin(1 + i * i / 7) * 0.1 / (1 + i % 5), so that no file of weights is needed.
"""

import pathlib

import numpy as np

SHAPES = [(8, 3, 3, 3), (16, 8, 1, 1), (24, 40), (40, 24), (64, 32, 3, 3), (2, 50)]
TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "flow" / "spectra.csv"


def weight(shape):
    i = np.arange(np.prod(shape), dtype=np.float64)
    return (np.sin(1 + i * i / 7) * 0.1 / (1 + i % 5)).astype(np.float32).reshape(shape)


def exponent(x):
    x = np.sort(x[x > x.max() * 1e-10])
    if len(x) < 8:
        return ""
    fits = []
    for first in range(len(x) - 1):
        tail = x[first:]
        spread = np.log(tail / tail[0]).sum()
        if spread > 0:
            alpha = 1 + len(tail) / spread
            law = 1 - (tail / tail[0]) ** (1 - alpha)
            fits.append((np.abs(law - np.arange(len(tail)) / len(tail)).max(), alpha))
    return repr(float(min(fits)[1]))


lines = ["shape,spectral_norm,stable_rank,power_law"]
for shape in SHAPES:
    w = weight(shape).reshape(shape[0], -1).astype(np.float64)
    s = np.linalg.svd(w, compute_uv=False)
    rank = float(np.linalg.norm(w) ** 2 / np.linalg.norm(w, 2) ** 2)
    lines.append(",".join(["x".join(map(str, shape)), repr(float(s[0])), repr(rank), exponent(s ** 2)]))
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
