#!/usr/bin/env bash
# dcmjs-imaging 0.2.5 (npm): a DICOM window of function LINEAR_EXACT lies half a window too high.
#
# The standard (PS3.3, C.11.2.1.3) maps a sample x to ((x - center) / width + 0.5) * 255; at the center it is half of the range. Here
# the center is black and white begins one whole width above it: the half is missing. Center 8 and width 4 must turn 7, 8, 9
# into 63, 127, 191; seen are 0, 0, 63. LINEAR and SIGMOID are right. The darker
# half of the window is lost, with no message. dcm2pnm of dcmtk 3.6.7 warns that it does not know the function and takes LINEAR.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts dcmjs-imaging@0.2.5 >/dev/null 2>&1
cat >probe.js <<'JAVASCRIPT'
const { DicomImage } = require('dcmjs-imaging');

function element(group, number, vr, value) {
  const body = typeof value === 'number' ? Buffer.from(Uint16Array.of(value).buffer) : Buffer.from(value);
  const padded = body.length % 2 ? Buffer.concat([body, Buffer.from([vr === 'UI' ? 0 : 32])]) : body;
  const long = vr === 'OB' || vr === 'OW';
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
}

// The samples 0 to 15 in words of 16 bits, explicit little-endian.
function dicom(voiFunction) {
  const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
  const meta = Buffer.concat([
    element(2, 1, 'OB', Buffer.from([0, 1])),
    element(2, 2, 'UI', secondaryCapture),
    element(2, 3, 'UI', '1.2.3.4'),
    element(2, 16, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const samples = Uint16Array.from({ length: 16 }, (_, i) => i);
  return Buffer.concat([
    Buffer.alloc(128), Buffer.from('DICM'), element(2, 0, 'UL', length), meta,
    element(8, 0x16, 'UI', secondaryCapture), element(8, 0x18, 'UI', '1.2.3.4'), element(8, 0x60, 'CS', 'OT'),
    element(0x28, 2, 'US', 1), element(0x28, 4, 'CS', 'MONOCHROME2'), element(0x28, 0x10, 'US', 4), element(0x28, 0x11, 'US', 4),
    element(0x28, 0x100, 'US', 16), element(0x28, 0x101, 'US', 16), element(0x28, 0x102, 'US', 15), element(0x28, 0x103, 'US', 0),
    element(0x28, 0x1050, 'DS', '8'), element(0x28, 0x1051, 'DS', '4'), element(0x28, 0x1056, 'CS', voiFunction),
    element(0x7fe0, 0x10, 'OW', Buffer.from(samples.buffer)),
  ]);
}

for (const voiFunction of ['LINEAR', 'LINEAR_EXACT', 'SIGMOID']) {
  const file = dicom(voiFunction);
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
  const pixels = new Uint8Array(new DicomImage(bytes).render().pixels);
  console.log(`seen: ${voiFunction}: ${Array.from(pixels).filter((_, i) => i % 4 === 0).join(' ')}`);
}
JAVASCRIPT
node probe.js >seen
cat >expected <<'SEEN'
seen: LINEAR: 0 0 0 0 0 0 0 85 170 255 255 255 255 255 255 255
seen: LINEAR_EXACT: 0 0 0 0 0 0 0 0 0 63 127 191 255 255 255 255
seen: SIGMOID: 0 0 0 1 4 12 30 68 127 186 224 242 250 253 254 254
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
