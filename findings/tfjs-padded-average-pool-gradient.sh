#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: the gradient of a padded average pool is not that of its forward.
#
# Forward divides each sum by the number of cells inside the image (4 in a corner, 6 at an edge, 9 inside, for 3x3), as
# TensorFlow does. Backward divides by the whole window, 9, everywhere. So gradients near borders are too small,
# without a message: by 2.25 in a corner here. The gradients of the sum of all outputs must add up to the 9
# outputs of a 3x3 image; they add up to 5.44. Who trains DenseNet-, Inception- or ResNet-D-like networks with `same` average pools, or
# draws saliency maps through one, gets a frame of weak gradients. Central differences give the right values.
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
  const pool = x => tf.avgPool(x, 3, 1, 'same');
  const image = tf.ones([1, 3, 3, 1]);
  const row = values => Array.from(values, v => v.toFixed(3)).join(' ');
  console.log('forward           ', row(await pool(image).data()));
  console.log('gradient          ', row(await tf.grad(pool)(image).data()));
  const differences = [];
  for (let i = 0; i < 9; i++) {
    const sum = async step => {
      const values = new Float32Array(9).fill(1);
      values[i] += step;
      return (await pool(tf.tensor(values, [1, 3, 3, 1])).data()).reduce((a, b) => a + b, 0);
    };
    differences.push(((await sum(0.5)) - (await sum(-0.5))) / 1);
  }
  console.log('central difference', row(differences));
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
forward            1.000 1.000 1.000 1.000 1.000 1.000 1.000 1.000 1.000
gradient           0.444 0.667 0.444 0.667 1.000 0.667 0.444 0.667 0.444
central difference 0.694 1.111 0.694 1.111 1.778 1.111 0.694 1.111 0.694
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
