#!/usr/bin/env bash
# TensorFlow.js 4.22.0, CPU backend: tf.train.adadelta is plain gradient descent.
#
# Adadelta (arXiv:1212.5701, which its documentation cites) divides by the root of the running mean of squared gradients, this step's included. Here the
# mean of before this step is used, so both of its running means are equal forever and their ratio is always 1: not one step differs from
# tf.train.sgd, whatever rho and epsilon. The method's first step is 0.00014 for each weight, whatever its gradient; here it is 0.6 for the
# steep one and 0.002 for the flat one. Whoever compares optimisers compares SGD with itself; a rate that suits Adadelta diverges.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0 >/dev/null
cat >probe.js <<'JS'
const tf = require('@tensorflow/tfjs');
const rate = 0.1, rho = 0.95, epsilon = 1e-7;
const scale = [3, 0.01]; // loss: 3 a^2 + 0.01 b^2, so the gradients are 6a and 0.02b
(async () => {
  await tf.setBackend('cpu');
  const optimised = async optimizer => {
    const weights = tf.variable(tf.tensor1d([1, 1]));
    const rows = [];
    for (let step = 0; step < 3; step++) {
      optimizer.minimize(() => tf.sum(tf.mul(tf.square(weights), scale)));
      rows.push(Array.from(await weights.data(), v => v.toFixed(5)).join(' '));
    }
    return rows.join(', ');
  };
  const published = () => {
    const weights = [1, 1], squares = [0, 0], updates = [0, 0], rows = [];
    for (let step = 0; step < 3; step++) {
      for (let i = 0; i < 2; i++) {
        const gradient = 2 * scale[i] * weights[i];
        squares[i] = rho * squares[i] + (1 - rho) * gradient ** 2;
        const update = Math.sqrt(updates[i] + epsilon) / Math.sqrt(squares[i] + epsilon) * gradient;
        updates[i] = rho * updates[i] + (1 - rho) * update ** 2;
        weights[i] -= rate * update;
      }
      rows.push(weights.map(v => v.toFixed(5)).join(' '));
    }
    return rows.join(', ');
  };
  console.log('tf.train.adadelta  ', await optimised(tf.train.adadelta(rate, rho, epsilon)));
  console.log('tf.train.sgd       ', await optimised(tf.train.sgd(rate)));
  console.log('Adadelta as printed', published());
})();
JS
node probe.js 2>/dev/null | sed '/^$/d; /^=====/d; /^Hi, looks like/d' >seen
cat >expected <<'SEEN'
tf.train.adadelta   0.40000 0.99800, 0.16000 0.99600, 0.06400 0.99401
tf.train.sgd        0.40000 0.99800, 0.16000 0.99600, 0.06400 0.99401
Adadelta as printed 0.99986 0.99986, 0.99972 0.99972, 0.99957 0.99957
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
