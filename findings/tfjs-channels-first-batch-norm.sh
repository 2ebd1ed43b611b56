#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: batch norm with axis 1 normalises columns, not channels.
#
# The layer's documentation says to set axis 1 behind a convolution with channelsFirst, as Keras does. The statistics of the two
# channels (means 10 and 20, deviations 1 and 2) are then taken in turn along each row, whatever the channel. Outputs that should be -1 and 1
# lie between -4.5 and 8, in inference and in training, where the channels' means are -2.75 and 4.5 in place of 0. No message. Transposed to the last axis
# and back the same layer is right. Reported for 0.14 (tensorflow/tfjs issue 1106, closed for lack of activity).
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
  const row = async y => Array.from(await y.data(), v => v.toFixed(2)).join(' ');
  const norm = axis => {
    const layer = tf.layers.batchNormalization({axis, epsilon: 1e-6});
    layer.build([null, 2, 2, 2]);
    layer.setWeights([tf.tensor1d([1, 1]), tf.tensor1d([0, 0]), tf.tensor1d([10, 20]), tf.tensor1d([1, 4])]); // gamma, beta, means, variances
    return layer;
  };
  const lastAndBack = (x, options) => tf.transpose(norm(-1).apply(tf.transpose(x, [0, 2, 3, 1]), options), [0, 3, 1, 2]);
  const cells = [9, 11, 9, 11, 18, 22, 18, 22]; // two channels of 2x2: means 10 and 20, deviations 1 and 2
  const image = tf.tensor4d(cells, [1, 2, 2, 2]);
  console.log('inference, axis 1            ', await row(norm(1).apply(image)));
  console.log('training, axis 1             ', await row(norm(1).apply(image, {training: true})));
  console.log('inference, transposed to last', await row(lastAndBack(image)));
  console.log('training, transposed to last ', await row(lastAndBack(image, {training: true})));
  console.log('by hand                      ', cells.map((v, i) => (i < 4 ? v - 10 : (v - 20) / 2).toFixed(2)).join(' '));
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
inference, axis 1             -1.00 -4.50 -1.00 -4.50 8.00 1.00 8.00 1.00
training, axis 1              -1.00 -4.50 -1.00 -4.50 8.00 1.00 8.00 1.00
inference, transposed to last -1.00 1.00 -1.00 1.00 -1.00 1.00 -1.00 1.00
training, transposed to last  -1.00 1.00 -1.00 1.00 -1.00 1.00 -1.00 1.00
by hand                       -1.00 1.00 -1.00 1.00 -1.00 1.00 -1.00 1.00
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
