"""Writes images of unusual samples and containers that WideTests reads, and what is right.

Run with Pillow 9.4, numpy and cwebp of Debian's package webp:  python3 wide.py ../resources/wide

expected.txt, a line a file: name, columns, rows, the SHA-256 of the RGB, and the range to be asked
for ("-" for none). Pillow says what is right, but for samples that it clips: those keep their
highest 8 bits, or go through the range. For lossy WebP dwebp's RGB itself is in NAME.rgb.gz.
"""

import gzip
import hashlib
import io
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
lines = []
W, H = 13, 7
y, x = np.mgrid[0:H, 0:W]
GRAY = x * 300 + y * 61
COLOURS = np.stack([x * 19, y * 40, 255 - x * 19], -1)


def note(name, rgb=None, span="-"):
    if rgb is None:
        rgb = np.asarray(Image.open(out / name).convert("RGB"))
    rgb = np.ascontiguousarray(rgb if rgb.ndim == 3 else np.stack([rgb] * 3, -1), np.uint8)
    digest = hashlib.sha256(rgb.tobytes()).hexdigest()
    lines.append(f"{name} {rgb.shape[1]} {rgb.shape[0]} {digest} {span}")


def tiff(name, data, bits, samples=1, photometric=1, form=1, order="<", big=False, extra=None):
    """One strip, no compression; data is the strip."""
    tags = [(256, 3, W), (257, 3, H), (258, 3, [bits] * samples), (259, 3, 1),
            (262, 3, photometric), (273, 4, None), (277, 3, samples), (278, 3, H),
            (279, 4, len(data))]
    tags += [(338, 3, extra)] if extra is not None else []
    tags += [(339, 3, [form] * samples)]
    word, head, entry = ("Q", 16, 20) if big else ("I", 8, 12)
    ifd = head
    room = 8 if big else 4
    behind = ifd + (8 if big else 2) + entry * len(tags) + room
    tail, body = b"", b""
    for tag, kind, value in tags:
        values = value if isinstance(value, list) else [value]
        pack = order + ("H" if kind == 3 else "I")
        if tag == 273:
            values = [0]
        packed = b"".join(struct.pack(pack, v) for v in values)
        if tag == 273:
            place = len(body) + (12 if big else 8)
        if len(packed) > room:
            tail_at = behind + len(tail)
            tail += packed
            packed = struct.pack(order + word, tail_at)
        body += struct.pack(order + "HH" + word, tag, kind, len(values)) + packed.ljust(room, b"\0")
    body = bytearray(body)
    body[place:place + 4] = struct.pack(order + "I", behind + len(tail))
    mark = b"II" if order == "<" else b"MM"
    start = mark + (struct.pack(order + "HHHQ", 43, 8, 0, ifd) if big
                    else struct.pack(order + "HI", 42, ifd))
    count = struct.pack(order + ("Q" if big else "H"), len(tags))
    (out / name).write_bytes(start + count + bytes(body) + bytes(room) + tail + data)


def packed(values, bits):
    rows = b""
    for row in values.reshape(H, -1):
        digits = "".join(format(int(v), f"0{bits}b") for v in row)
        digits += "0" * (-len(digits) % 8)
        rows += int(digits, 2).to_bytes(len(digits) // 8, "big")
    return rows


def ranged(values, low, high):
    return np.floor(255 * np.clip((values - low) / (high - low), 0, 1) + 0.5)


wide = (GRAY * 15).astype(int)
tiff("gray16.tif", wide.astype("<u2").tobytes(), 16)
note("gray16.tif", wide >> 8)
note("gray16.tif", ranged(wide.astype(float), 100, 30000), "100,30000")
tiff("gray16-white.tif", wide.astype(">u2").tobytes(), 16, photometric=0, order=">")
note("gray16-white.tif", 255 - (wide >> 8))
tiff("gray12.tif", packed(GRAY, 12), 12)
note("gray12.tif", GRAY >> 4)
tiff("gray12-white.tif", packed(GRAY, 12), 12, photometric=0)
note("gray12-white.tif", 255 - (GRAY >> 4))
tiff("big.tif", COLOURS.astype("u1").tobytes(), 8, 3, 2, big=True)
note("big.tif", COLOURS)
tiff("big16.tif", wide.astype(">u2").tobytes(), 16, order=">", big=True)
note("big16.tif", wide >> 8)
real = (GRAY / 100 - 3).astype("<f4")
tiff("float.tif", real.tobytes(), 32, form=3)
note("float.tif", ranged(real.astype(float), -3, 40), "-3,40")
tiff("double.tif", real.astype("<f8").tobytes(), 64, form=3)
note("double.tif", ranged(real.astype(float), 0, 20), "0,20")
tiff("half.tif", real.astype("<f2").tobytes(), 16, form=3)
note("half.tif", ranged(real.astype("<f2").astype(float), -3, 40), "-3,40")
share = (COLOURS / 255).astype("<f4")
tiff("float-rgb.tif", share.tobytes(), 32, 3, 2, form=3)
note("float-rgb.tif", ranged(share.astype(float), 0, 1), "0,1")
halved = wide // 2 - 9000
tiff("signed16.tif", halved.astype("<i2").tobytes(), 16, form=2)
note("signed16.tif", ranged(halved.astype(float), -9000, 9000), "-9000,9000")
tiff("signed8.tif", (x * 10 - 60).astype("i1").tobytes(), 8, form=2)
note("signed8.tif", ranged(x * 10.0 - 60, -60, 60), "-60,60")
tiff("unsigned32.tif", (GRAY.astype("u4") * 1000000).astype("<u4").tobytes(), 32)
note("unsigned32.tif", ranged(GRAY * 1e6, 0, 4e9), "0,4000000000")

alpha = np.clip(x * 25, 0, 255)
multiplied = np.dstack([COLOURS * alpha[..., None] // 255, alpha]).astype("u1")
tiff("associated.tif", multiplied.tobytes(), 8, 4, 2, extra=1)
note("associated.tif")
tiff("associated16.tif", (multiplied.astype("<u2") * 257).tobytes(), 16, 4, 2, extra=1)
note("associated16.tif")
tiff("unassociated.tif", np.dstack([COLOURS, alpha]).astype("u1").tobytes(), 8, 4, 2, extra=2)
note("unassociated.tif")

pages = [Image.fromarray((x * 10 + p).astype("u1")) for p in (0, 50, 100)]
pages[0].save(out / "pages.tif", save_all=True, append_images=pages[1:])
note("pages.tif")


def bmp(name, masks, bits565):
    rows = b""
    for row in COLOURS[::-1]:
        r, g, b = (row[:, i] for i in range(3))
        v = (r >> 3 << 11 | g >> 2 << 5 | b >> 3) if bits565 else (r >> 3 << 10 | g >> 3 << 5 | b >> 3)
        rows += v.astype("<u2").tobytes().ljust((2 * W + 3) // 4 * 4, b"\0")
    start = 54 + len(masks)
    head = struct.pack("<IiiHHIIiiII", 40, W, H, 1, 16, 3 if masks else 0, len(rows), 0, 0, 0, 0)
    (out / name).write_bytes(
        b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + head + masks + rows)
    note(name)


bmp("565.bmp", struct.pack("<III", 0xF800, 0x7E0, 0x1F), True)
bmp("555.bmp", b"", False)


def fragment(frame, box):
    """An animation of WebP whose first frame is this part of the canvas, as webpmux makes it."""
    left, top = box
    lossless = io.BytesIO()
    frame.save(lossless, "WEBP", lossless=True, exact=True)
    image = lossless.getvalue()[12:]
    number = lambda v: struct.pack("<I", v)[:3]
    head = (number(left // 2) + number(top // 2) + number(frame.width - 1)
            + number(frame.height - 1) + number(100) + b"\2")
    anmf = b"ANMF" + struct.pack("<I", len(head + image)) + head + image
    vp8x = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + number(W - 1) + number(H - 1)
    anim = b"ANIM" + struct.pack("<I", 6) + b"\xff\xff\xff\xff\0\0"
    body = b"WEBP" + vp8x + anim + anmf * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


part = Image.fromarray(COLOURS.astype("u1")).crop((0, 0, 5, 3))
(out / "animated.webp").write_bytes(fragment(part, (4, 2)))
note("animated.webp")

# A smooth sky over noise, which turns the loop filter on; decoded without blending of chroma.
yy, xx = np.mgrid[0:64, 0:96]
sky = np.stack([120 + yy, 150 + yy // 2, 220 - xx // 4], -1)
sky[44:] += ((xx * 2654435761 + yy * 40503 + xx * yy * 97) >> 3)[44:, :, None] % 64 - 32
sky[(xx - 48) ** 2 + (yy - 40) ** 2 < 200] = [40, 90, 200]
scene = Image.fromarray(np.clip(sky, 0, 255).astype("u1"))
for name, options in {"method0.webp": dict(quality=80, method=0),
                      "method4.webp": dict(quality=50, method=4)}.items():
    scene.save(out / name, **options)
scene.save(out / "scene.png")
subprocess.run(["cwebp", "-quiet", "-f", "100", "-strong", out / "scene.png", "-o",
                out / "filter100.webp"], check=True)
(out / "scene.png").unlink()
for name in ("method0.webp", "method4.webp", "filter100.webp"):
    done = subprocess.run(["dwebp", "-quiet", "-nofancy", "-nodither", "-ppm", out / name, "-o", "-"],
                          check=True, capture_output=True)
    rgb = Image.open(io.BytesIO(done.stdout)).convert("RGB").tobytes()
    (out / (name + ".rgb.gz")).write_bytes(gzip.compress(rgb, mtime=0))
(out / "expected.txt").write_text("\n".join(lines) + "\n")
