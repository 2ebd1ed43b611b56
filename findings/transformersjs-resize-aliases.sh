#!/usr/bin/env bash
# @huggingface/transformers 4.3.2 in Node: bilinear and bicubic resizing picks pixels instead of averaging them.
#
# Image processors shrink a photograph to the network's 224 x 224. In Python Pillow averages all pixels that fall into one, and the networks were trained on
# such images. Here resample 2 (bilinear: ViT, DeiT) and 3 (bicubic: ConvNeXt, ResNet) look at the four or sixteen nearest pixels of the large image, whatever
# the scale. Stripes four pixels white, five black, shrunk nine times, should be an even gray of 0.444; they become all white. Edges, hair, text and fabric of
# a large photograph alias in the same way, so the same weights see another image than in Python, most of all for large photographs. Only resample 1 (Lanczos)
# averages. No message.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @huggingface/transformers@4.3.2
cat >probe.mjs <<'JS'
import { RawImage, ViTImageProcessor } from '@huggingface/transformers';

const SCALE = 9;
const side = 224 * SCALE;
const pixels = new Uint8ClampedArray(side * side * 3);
for (let i = 0; i < side * side; i++) {
  pixels.fill(i % side % SCALE < 4 ? 255 : 0, 3 * i, 3 * i + 3);
}
const stripes = () => new RawImage(pixels.slice(), side, side, 3);

// The middle row of the first channel, as the network gets it, undone to 0 to 1: least, mean and largest.
function show(what, row) {
  const values = Array.from(row).slice(20, -20);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const seen = { least: Math.min(...values), mean, largest: Math.max(...values) };
  console.log(`seen: ${what}: ${seen.least.toFixed(3)} to ${seen.largest.toFixed(3)}, mean ${mean.toFixed(3)}; the mean of the stripes is 0.444`);
  return seen;
}

async function processed(resample) {
  const settings = { do_normalize: false, do_rescale: true, rescale_factor: 1 / 255, do_resize: true, resample, size: { height: 224, width: 224 } };
  const { pixel_values: x } = await new ViTImageProcessor(settings)(stripes());
  return x.data.slice(112 * 224, 113 * 224);
}
async function resized(resample) {
  const small = await stripes().resize(224, 224, { resample });
  return Array.from({ length: 224 }, (_, i) => small.data[(112 * 224 + i) * 3] / 255);
}

const bilinear = show('an image processor with resample 2', await processed(2));
const bicubic = show('an image processor with resample 3', await processed(3));
const lanczos = show('resize with resample 1', await resized(1));
const white = seen => seen.least > 0.99;
if (!white(bilinear) || !white(bicubic) || Math.abs(lanczos.mean - 4 / 9) > 0.01) {
  console.log('this is no longer what was seen');
  process.exit(1);
}
JS
node probe.mjs
