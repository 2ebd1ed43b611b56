#!/usr/bin/env bash
# torchmetrics 1.9.0 (PyTorch 2.13.0), hausdorff_distance: wrong distances for images that are wider than high.
#
# The second of two squares of 3x3 pixels lies three columns further right: the distance is 3, whatever the image around them. 12x12 pixels give 3; with one more
# empty column at the right, 12x13, it is 8, and 4 in place of 1.5 where a pixel is half a millimetre. The map of distances is written as if its rows had the image's
# height, so values land in other pixels and the rest stays 0: 1 2 3 behind the first of 2x4 pixels become 1 1 1.41. No message. Images that are higher than
# wide may end in an IndexError, which is reported (torchmetrics issue 3300; it says that a wide one works). distance_transform with
# engine="scipy" is right. Hurt: who ranks segmentations of images in landscape format by this metric.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torchmetrics==1.9.0 torch==2.13.0 numpy==2.4.6 scipy==1.17.1 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PY'
import torch
from torchmetrics.functional.segmentation import hausdorff_distance
from torchmetrics.functional.segmentation.utils import distance_transform


def squares(height, width, column):
    mask = torch.zeros(1, 2, height, width, dtype=torch.long)
    mask[0, 1, 4:7, column : column + 3] = 1
    mask[:, 0] = 1 - mask[:, 1]
    return mask


for height, width in ((12, 12), (12, 13), (12, 16), (12, 24)):
    for spacing in ([1, 1], [0.5, 0.5]):
        seen = hausdorff_distance(squares(height, width, 2), squares(height, width, 5), 2, include_background=False, spacing=spacing)
        print(f"seen: {height}x{width}, spacing {spacing[0]}: {seen.item():.4g}, right {3 * spacing[1]:g}")
outside = torch.ones(2, 4)
outside[0, 0] = 0
for engine in ("pytorch", "scipy"):
    print(f"seen: {engine}: distances to the first of 2x4 pixels:", " ".join(f"{float(value):.3g}" for value in distance_transform(outside, engine=engine).ravel()))
PY
python/bin/python probe.py 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: 12x12, spacing 1: 3, right 3
seen: 12x12, spacing 0.5: 1.5, right 1.5
seen: 12x13, spacing 1: 8, right 3
seen: 12x13, spacing 0.5: 4, right 1.5
seen: 12x16, spacing 1: 8, right 3
seen: 12x16, spacing 0.5: 4, right 1.5
seen: 12x24, spacing 1: 7.28, right 3
seen: 12x24, spacing 0.5: 3.64, right 1.5
seen: pytorch: distances to the first of 2x4 pixels: 0 1 1 1.41 2.24 3.16 0 0
seen: scipy: distances to the first of 2x4 pixels: 0 1 2 3 1 1.41 2.24 3.16
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
