#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: a max pool with dilation pads with zeros, one without dilation does not.
#
# The greatest of cells that are all -5 is -5. tf.maxPool, and tf.pool with dilation 1, say so at every cell. With dilation 2 and the
# same padding tf.pool has 24 of 25 cells 0, a number that is nowhere in the image; avg counts the padding in too, so that ones have means of 0.44 in a
# corner. No message. PyTorch and ONNX pad a dilated max pool with minus infinity.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >/dev/null
cat >probe.js <<'JS'
const tf = require('@tensorflow/tfjs');
// What a pool of 3x3 with a dilation, stride 1 and same padding is of a 5x5 image of one value: only cells inside the image count.
const byHand = (type, value, dilation) => {
  const result = [];
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 5; x++) {
      const cells = [];
      for (let i = -1; i <= 1; i++) {
        for (let j = -1; j <= 1; j++) {
          const inside = [y + i * dilation, x + j * dilation].every(v => v >= 0 && v < 5);
          if (inside) cells.push(value);
        }
      }
      result.push(type === 'max' ? Math.max(...cells) : cells.reduce((a, b) => a + b) / cells.length);
    }
  }
  return result;
};
(async () => {
  await tf.setBackend('cpu');
  for (const [type, value] of [['max', -5], ['avg', 1]]) {
    for (const dilation of [1, 2]) {
      const image = tf.fill([1, 5, 5, 1], value);
      const pooled = await tf.pool(image, 3, type, 'same', dilation, 1).data();
      const row = values => Array.from(values.slice(0, 5), v => v.toFixed(2)).join(' ');
      const right = byHand(type, value, dilation);
      const wrong = right.filter((v, i) => Math.abs(v - pooled[i]) > 1e-6).length;
      console.log(`${type} of ${value}, dilation ${dilation}: first row ${row(pooled)}, should be ${row(right)}; wrong cells ${wrong} of 25`);
    }
  }
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
max of -5, dilation 1: first row -5.00 -5.00 -5.00 -5.00 -5.00, should be -5.00 -5.00 -5.00 -5.00 -5.00; wrong cells 0 of 25
max of -5, dilation 2: first row 0.00 0.00 0.00 0.00 0.00, should be -5.00 -5.00 -5.00 -5.00 -5.00; wrong cells 24 of 25
avg of 1, dilation 1: first row 1.00 1.00 1.00 1.00 1.00, should be 1.00 1.00 1.00 1.00 1.00; wrong cells 0 of 25
avg of 1, dilation 2: first row 0.44 0.44 0.67 0.44 0.44, should be 1.00 1.00 1.00 1.00 1.00; wrong cells 24 of 25
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
