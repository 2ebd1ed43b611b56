#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: where a maximum is reached several times, tf.max and the layer
# globalMaxPooling2d pass the whole gradient to every place.
#
# Behind a ReLU a channel that is off is zero everywhere, so all of its cells tie. PyTorch and Python TensorFlow pass one unit in all
# (to one place, or shared out); here a channel of 2x2 zeros receives 4, one of 7x7 would receive 49: the gradient grows with the area of dead
# channels. tf.maxPool over the same window passes 1. Grad-CAM weights (means over cells) of such channels are 4 times too large here.
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
  const image = tf.relu(tf.tensor4d([-1, -2, -3, -4], [1, 2, 2, 1]));
  const global = tf.layers.globalMaxPooling2d({});
  const row = async f => (await tf.grad(f)(image).data()).join(' ');
  console.log('tf.max            ', await row(x => tf.max(x)));
  console.log('globalMaxPooling2d', await row(x => global.apply(x)));
  console.log('tf.maxPool        ', await row(x => tf.maxPool(x, 2, 2, 'valid')));
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
tf.max             1 1 1 1
globalMaxPooling2d 1 1 1 1
tf.maxPool         1 0 0 0
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
