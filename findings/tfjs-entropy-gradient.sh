#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: the gradient of an entropy by tf.losses.softmaxCrossEntropy is exactly 0.
#
# Cross-entropy has the derivative -log(softmax(logits)) for its labels. The library has labels - softmax(logits), which even has the wrong sign
# for a label below its prediction. Where labels depend on weights (entropy minimisation as in TENT, mutual learning, learnt soft labels) they are trained
# wrongly, without a message; with labels = softmax(logits) all cancels, and minimising the entropy moves nothing.
# Python TensorFlow says that backpropagation reaches logits and labels, and PyTorch's does. The same formula by hand is right here.
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
  const row = values => Array.from(values, v => v.toFixed(4)).join(' ');
  const logits = [2, 0, -1], labels = [0.5, 0.3, 0.2];
  const total = logits.reduce((sum, v) => sum + Math.exp(v), 0);
  const logs = logits.map(v => v - Math.log(total));
  const entropy = -logs.reduce((sum, v) => sum + Math.exp(v) * v, 0);
  const show = async (name, f, at) => console.log(name, row(await f(tf.tensor2d([at])).data()), 'gradient', row(await tf.grad(f)(tf.tensor2d([at])).data()));
  await show('entropy, library ', x => tf.losses.softmaxCrossEntropy(tf.softmax(x), x), logits);
  await show('entropy, by hand ', x => tf.neg(tf.sum(tf.mul(tf.softmax(x), tf.logSoftmax(x)))), logits);
  console.log('entropy, formula ', row([entropy]), 'gradient', row(logs.map(v => -Math.exp(v) * (v + entropy))));
  await show('for its labels, library', y => tf.losses.softmaxCrossEntropy(y, tf.tensor2d([logits])), labels);
  console.log('for its labels, formula', row([-logs.reduce((sum, v, i) => sum + labels[i] * v, 0)]), 'gradient', row(logs.map(v => -v)));
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
entropy, library  0.5243 gradient 0.0000 0.0000 0.0000
entropy, by hand  0.5243 gradient -0.2991 0.1879 0.1111
entropy, formula  0.5243 gradient -0.2991 0.1879 0.1111
for its labels, library 1.3698 gradient -0.3438 0.1858 0.1580
for its labels, formula 1.3698 gradient 0.1698 2.1698 3.1698
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
