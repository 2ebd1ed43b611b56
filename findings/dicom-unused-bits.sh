#!/usr/bin/env bash
# daikon 1.2.46 and dcmjs-imaging 0.2.5 (npm) read the unused bits of a DICOM sample as part of it.
#
# A CT is often stored as 12 signed bits in words of 16. The standard (PS3.5, 8.1.1) tells readers to assume nothing of the four
# unused bits, neither that they are zero nor that they repeat the sign. Where they are zero daikon gives 2048 to 3840 in place
# of -2048 to -256: air becomes brighter than bone. Where an unsigned sample has them set, as files with the old overlays do,
# dcmjs-imaging renders all of the picture white. Each of the two gets the other's file right, and dcmtk 3.6.7 gets both right.
# pydicom 2.3.1, where a python3 with numpy has it, hands both out with the unused bits in pixel_array.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts daikon@1.2.46 dcmjs-imaging@0.2.5 >/dev/null 2>&1
cat >probe.js <<'JAVASCRIPT'
const fs = require('fs');
const daikon = require('daikon');
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

// 4 x 4 samples of 12 bits in words of 16, explicit little-endian.
function dicom(words, signed, center) {
  const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
  const meta = Buffer.concat([
    element(2, 1, 'OB', Buffer.from([0, 1])),
    element(2, 2, 'UI', secondaryCapture),
    element(2, 3, 'UI', '1.2.3.4'),
    element(2, 16, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128), Buffer.from('DICM'), element(2, 0, 'UL', length), meta,
    element(8, 0x16, 'UI', secondaryCapture), element(8, 0x18, 'UI', '1.2.3.4'), element(8, 0x60, 'CS', 'OT'),
    element(0x28, 2, 'US', 1), element(0x28, 4, 'CS', 'MONOCHROME2'), element(0x28, 0x10, 'US', 4), element(0x28, 0x11, 'US', 4),
    element(0x28, 0x100, 'US', 16), element(0x28, 0x101, 'US', 12), element(0x28, 0x102, 'US', 11), element(0x28, 0x103, 'US', signed),
    element(0x28, 0x1050, 'DS', String(center)), element(0x28, 0x1051, 'DS', '4096'),
    element(0x7fe0, 0x10, 'OW', Buffer.from(Uint16Array.from(words).buffer)),
  ]);
}

function show(name, file) {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
  const samples = daikon.Series.parseImage(new DataView(bytes)).getInterpretedData(false, true).data;
  console.log(`seen: ${name}: daikon's samples ${Array.from(samples).join(' ')}`);
  const pixels = new Uint8Array(new DicomImage(bytes).render().pixels);
  console.log(`seen: ${name}: dcmjs-imaging's window of all ${Array.from(pixels).filter((_, i) => i % 4 === 0).join(' ')}`);
  fs.writeFileSync(`${name}.dcm`, file);
}

const steps = Array.from({ length: 16 }, (_, i) => i);
show('signed', dicom(steps.map(i => ((i - 8) * 256) & 0xfff), 1, 0));
show('signed and extended', dicom(steps.map(i => ((i - 8) * 256) & 0xffff), 1, 0));
show('unsigned', dicom(steps.map(i => i * 273), 0, 2048));
show('unsigned with overlay bits', dicom(steps.map(i => (i * 273) | 0xa000), 0, 2048));
JAVASCRIPT
node probe.js >seen
cat >expected <<'SEEN'
seen: signed: daikon's samples 2048 2304 2560 2816 3072 3328 3584 3840 0 256 512 768 1024 1280 1536 1792
seen: signed: dcmjs-imaging's window of all 0 15 31 47 63 79 95 111 127 143 159 175 191 207 223 239
seen: signed and extended: daikon's samples -2048 -1792 -1536 -1280 -1024 -768 -512 -256 0 256 512 768 1024 1280 1536 1792
seen: signed and extended: dcmjs-imaging's window of all 0 15 31 47 63 79 95 111 127 143 159 175 191 207 223 239
seen: unsigned: daikon's samples 0 273 546 819 1092 1365 1638 1911 2184 2457 2730 3003 3276 3549 3822 4095
seen: unsigned: dcmjs-imaging's window of all 0 16 34 51 68 85 102 119 136 153 170 187 204 221 238 255
seen: unsigned with overlay bits: daikon's samples 0 273 546 819 1092 1365 1638 1911 2184 2457 2730 3003 3276 3549 3822 4095
seen: unsigned with overlay bits: dcmjs-imaging's window of all 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255
SEEN
cat seen
PATH=/usr/bin:$PATH python3 - 2>/dev/null <<'PYTHON' || echo "not run: no python3 with pydicom and numpy"
import pydicom
for name in ("signed", "unsigned with overlay bits"):
    print(f"pydicom {pydicom.__version__}, {name}:", *pydicom.dcmread(name + ".dcm").pixel_array.ravel())
PYTHON
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
