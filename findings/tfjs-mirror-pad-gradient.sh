#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: the gradient of mirrorPad forgets the mirrored cells.
#
# [1 2 3] padded by one cell (reflect) is [2 1 2 3 2]: the middle value is read three times, so the gradient of the sum is 1 3 1.
# mirrorPad gives 1 1 1, the gradient of padding by zeros; no message. Style transfer, CycleGAN and
# super-resolution networks pad by reflection before almost every convolution: their gradients are wrong at each border.
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
  for (const mode of ['reflect', 'symmetric']) {
    const pad = x => tf.mirrorPad(x, [[1, 1]], mode);
    const read = [];
    for (let i = 0; i < 3; i++) {
      read.push((await tf.sum(pad(tf.oneHot(tf.scalar(i, 'int32'), 3).toFloat())).data())[0]);
    }
    console.log(mode, 'output', (await pad(tf.tensor1d([1, 2, 3])).data()).join(' '));
    console.log(mode, 'gradient', (await tf.grad(pad)(tf.tensor1d([1, 2, 3])).data()).join(' '), 'times each value is read', read.join(' '));
  }
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
reflect output 2 1 2 3 2
reflect gradient 1 1 1 times each value is read 1 3 1
symmetric output 1 1 2 3 3
symmetric gradient 1 1 1 times each value is read 2 1 2
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
