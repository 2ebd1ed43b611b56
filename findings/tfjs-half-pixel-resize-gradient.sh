#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: gradients of resizes with half-pixel centers are those of another resize.
#
# `halfPixelCenters` (what Python TensorFlow, PyTorch and ONNX use by default) is followed forward and ignored backward,
# without a message. Upsampling a constant 2x2 image to 4x4 touches all four cells alike, so each must receive 4; bilinear
# gives 2.25, 3.75, 3.75, 6.25, the gradient of the rule without half pixels. Nearest from 2x2 to 3x3 reads the last cell four times and the first once; the gradient says the contrary.
# Bilinear gradients of an image that is not square end in an error, whatever the rule: height and width are exchanged.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >/dev/null
cat >probe.js <<'JS'
const tf = require('@tensorflow/tfjs');
(async () => {
  await tf.setBackend('cpu');
  const show = async (name, f, height, width) => {
    const size = height * width;
    const image = tf.ones([1, height, width, 1]);
    const differences = [];
    for (let i = 0; i < size; i++) {
      const values = new Float32Array(size);
      values[i] = 1;
      differences.push((await tf.sum(f(tf.tensor(values, [1, height, width, 1]))).data())[0].toFixed(2));
    }
    let gradient;
    try {
      gradient = Array.from(await tf.grad(f)(image).data(), v => v.toFixed(2)).join(' ');
    } catch (e) {
      gradient = 'error: ' + e.message.split('.')[0];
    }
    console.log(name + ': gradient ' + gradient + '; each cell is in the output ' + differences.join(' '));
  };
  await show('bilinear 2x2 to 4x4', x => tf.image.resizeBilinear(x, [4, 4], false, true), 2, 2);
  await show('nearest 2x2 to 3x3', x => tf.image.resizeNearestNeighbor(x, [3, 3], false, true), 2, 2);
  await show('bilinear 1x2 to 2x4, no half pixels', x => tf.image.resizeBilinear(x, [2, 4]), 1, 2);
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
bilinear 2x2 to 4x4: gradient 2.25 3.75 3.75 6.25; each cell is in the output 4.00 4.00 4.00 4.00
nearest 2x2 to 3x3: gradient 4.00 2.00 2.00 1.00; each cell is in the output 1.00 2.00 2.00 4.00
bilinear 1x2 to 2x4, no half pixels: gradient error: Error in gradient for op ResizeBilinear; each cell is in the output 3.00 5.00
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
