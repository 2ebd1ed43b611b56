"""Figures of faithfulness by scipy, scikit-image and PyTorch, for MetricGoldenTests.

Run with scipy, scikit-image and PyTorch 1.13:  python3 metrics.py ../resources/methods/metrics.txt
Lines: what value ...   Inputs come from the hash of engine/src/test/python/synthetic.py, 12 rows of 10, 3 channels.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve
from scipy.stats import pearsonr, spearmanr
from skimage.metrics import structural_similarity

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "engine/src/test/python"))
from synthetic import uniform  # noqa: E402

H, W, C = 12, 10, 3
INPUT = uniform("metric/input", C * H * W).reshape(C, H, W).astype(np.float64)
MAP = (uniform("metric/map", H * W).reshape(H, W).astype(np.float64) + 1) / 2
OTHER = (uniform("metric/other", H * W).reshape(H, W).astype(np.float64) + 1) / 2 * 0.5 + MAP * 0.5


def impute(missing):
    """The noise-free linear system of ROAD's imputations.py, assembled pixel by pixel."""
    index = {cell: k for k, cell in enumerate(map(tuple, np.argwhere(missing)))}
    a, b = lil_matrix((len(index), len(index))), np.zeros((len(index), C))
    for (y, x), k in index.items():
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                weight = {0: 0, 1: 1 / 6, 2: 1 / 12}[abs(dy) + abs(dx)]
                cell = (y + dy, x + dx)
                if weight == 0 or not (0 <= cell[0] < H and 0 <= cell[1] < W):
                    continue
                a[k, k] += weight
                if cell in index:
                    a[k, index[cell]] -= weight
                else:
                    b[k] += weight * INPUT[:, cell[0], cell[1]]
    filled = INPUT.copy()
    filled[:, missing] = spsolve(a.tocsc(), b).T
    return filled


def blur():
    """RISE's evaluation.py: gkern(11, 5) and conv2d with padding."""
    dirac = np.zeros((11, 11))
    dirac[5, 5] = 1
    kernel = torch.from_numpy(gaussian_filter(dirac, 5))[None, None]
    return torch.nn.functional.conv2d(torch.from_numpy(INPUT)[:, None], kernel, padding=5).numpy()


if __name__ == "__main__":
    curve = MAP[0]
    results = {
        "morf-20": impute(MAP >= np.percentile(MAP, 20)),
        "morf-80": impute(MAP >= np.percentile(MAP, 80)),
        "lerf-50": impute((1 - MAP) >= np.percentile(1 - MAP, 50)),
        "blur": blur(),
        "ssim": structural_similarity(MAP, OTHER, data_range=1.0),
        "spearman": spearmanr(MAP.reshape(-1), OTHER.reshape(-1)).correlation,
        "pearson": pearsonr(MAP.reshape(-1), OTHER.reshape(-1))[0],
        "coherency": (np.corrcoef(MAP.reshape(-1), OTHER.reshape(-1))[0, 1] + 1) / 2,
        "complexity": np.abs(MAP).mean(),
        "area": (curve.sum() - curve[0] / 2 - curve[-1] / 2) / (len(curve) - 1),
    }
    lines = [what + " " + " ".join(f"{v:.8g}" for v in np.asarray(values).reshape(-1)) for what, values in results.items()]
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n")
