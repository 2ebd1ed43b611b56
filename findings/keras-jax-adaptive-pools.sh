#!/usr/bin/env bash
# Keras 3.15.1 with JAX 0.10.2 on a CPU: adaptive pools to 7 or 14 cells read other cells, and often end in NaN.
#
# Cell i of an adaptive pool from n to m cells is the mean over floor(i n / m) up to ceil((i + 1) n / m); from 7 to 7 cells nothing changes. The JAX backend
# computes these bounds in 32-bit floats, and XLA's 21 / 7 on a CPU is 3.0000002 (numpy's is 3), which ceil makes 4. Such a window is one cell too wide, or
# stands one cell too far; where it runs over the end the layer gives NaN: from a 7x7 map to 7x7 (VGG's pool) the last row and column, so all logits behind.
# From 21 to 7 cells only the numbers are wrong, without a message; from 12 to 6 they are right. Average and max pools do it; the same layers on Keras' NumPy are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 2>install || { cat install >&2; exit 1; }
cat >probe.py <<'PYTHON'
import os

os.environ["JAX_PLATFORMS"] = "cpu"
import keras
import numpy as np
from keras.layers import AdaptiveAveragePooling1D, AdaptiveMaxPooling2D

backend = keras.backend.backend()


def show(values):
    return " ".join(f"{value:g}" for value in np.ravel(values))


for cells, size in ((7, 7), (21, 7), (28, 14), (12, 6)):
    ramp = np.arange(1, cells + 1, dtype=np.float32).reshape(1, cells, 1)
    pooled = keras.ops.convert_to_numpy(AdaptiveAveragePooling1D(size)(ramp))
    print(f"seen: {backend}: means of 1 ... {cells} in {size} cells: {show(pooled)}")
square = np.arange(1, 50, dtype=np.float32).reshape(1, 7, 7, 1)
pooled = keras.ops.convert_to_numpy(AdaptiveMaxPooling2D(7)(square))
print(f"seen: {backend}: maxima of 7x7 in 7x7 cells: {np.isnan(pooled).sum()} are NaN, {(pooled == square).sum()} of 49 right")
PYTHON
for backend in jax numpy; do
  KERAS_BACKEND=$backend KERAS_HOME="$folder" python/bin/python probe.py 2>/dev/null | grep '^seen: '
done >seen
cat >expected <<'SEEN'
seen: jax: means of 1 ... 7 in 7 cells: 1 2 3.5 4 5 6.5 nan
seen: jax: means of 1 ... 21 in 7 cells: 2.5 5.5 8 11.5 14.5 17 20
seen: jax: means of 1 ... 28 in 14 cells: 1.5 3.5 6 7.5 9.5 12 14 15.5 17.5 19.5 22 24 26 nan
seen: jax: means of 1 ... 12 in 6 cells: 1.5 3.5 5.5 7.5 9.5 11.5
seen: jax: maxima of 7x7 in 7x7 cells: 13 are NaN, 16 of 49 right
seen: numpy: means of 1 ... 7 in 7 cells: 1 2 3 4 5 6 7
seen: numpy: means of 1 ... 21 in 7 cells: 2 5 8 11 14 17 20
seen: numpy: means of 1 ... 28 in 14 cells: 1.5 3.5 5.5 7.5 9.5 11.5 13.5 15.5 17.5 19.5 21.5 23.5 25.5 27.5
seen: numpy: means of 1 ... 12 in 6 cells: 1.5 3.5 5.5 7.5 9.5 11.5
seen: numpy: maxima of 7x7 in 7x7 cells: 0 are NaN, 49 of 49 right
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
