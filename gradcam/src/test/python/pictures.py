"""Writes the pictures that ImagesTests reads, and what Pillow makes of each.

Run with Pillow 9.4 and numpy:  python3 pictures.py ../resources/pictures
The patterns come from formulas, so nothing here is a photograph.

expected.txt, a line a file: name width height sha256-of-RGB, after convert('RGB') and
exif_transpose. For lossy WebP and 4:4:0 JPEG the RGB itself is in NAME.rgb.gz, since camjar's may differ a little.
"""

import gzip
import hashlib
import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
W, H = 37, 23
lines = []


def pattern(w=W, h=H):
    """A smooth ramp, a disc and some hash noise: edges, flats and texture for a decoder."""
    y, x = np.mgrid[0:h, 0:w]
    noise = ((x * 2654435761 + y * 40503 + x * y * 97) >> 3) % 32
    disc = ((x - w / 2) ** 2 + (y - h / 2) ** 2 < (h / 3) ** 2)
    red = 255 * x / (w - 1)
    green = np.where(disc, 220, 255 * y / (h - 1))
    blue = np.where(disc, 30, 128 + 4 * noise - 64)
    return np.clip(np.stack([red, green, blue], -1), 0, 255).astype(np.uint8)


RGB = Image.fromarray(pattern())


def note(name, lossy=False, expected=None):
    if expected is None:
        expected = ImageOps.exif_transpose(Image.open(out / name)).convert("RGB")
    data = expected.tobytes()
    if lossy:
        (out / (name + ".rgb.gz")).write_bytes(gzip.compress(data, mtime=0))
    lines.append(f"{name} {expected.width} {expected.height} {hashlib.sha256(data).hexdigest()}")


def save(name, image, lossy=False, **options):
    image.save(out / name, **options)
    note(name, lossy)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(depth, colour, rows, *extra):
    """A PNG by hand: Pillow does not write 2-bit gray or 16-bit colour."""
    head = struct.pack(">IIBBBBB", W, H, depth, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + r for r in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunk(k, d) for k, d in extra)
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def bits(values, depth):
    """Samples of 1, 2 or 4 bits packed into bytes, most significant first."""
    flat = ((values[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(-1)
    return np.packbits(flat).tobytes()


# JPEG
for name, options in {
    "ycc444.jpg": dict(quality=90, subsampling=0),
    "ycc422.jpg": dict(quality=85, subsampling=1),
    "ycc420.jpg": dict(quality=75, subsampling=2),
    "progressive.jpg": dict(quality=75, subsampling=2, progressive=True),
}.items():
    save(name, RGB, **options)
save("gray.jpg", RGB.convert("L"), quality=85)
save("cmyk.jpg", RGB.convert("CMYK"), quality=90)
inks = bytearray((out / "cmyk.jpg").read_bytes())
inks[inks.index(b"Adobe") + 11] = 2  # The same numbers, now read as luma, chroma and black.
(out / "ycck.jpg").write_bytes(inks)
note("ycck.jpg")
profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
profile[24:36] = bytes(12)  # The day it was made.
profile = bytes(profile)
save("profile.jpg", RGB, quality=85, icc_profile=profile)
save("broken-profile.jpg", RGB, quality=85, icc_profile=b"no profile at all")
for turn in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = turn
    save(f"exif{turn}.jpg", RGB, quality=85, exif=exif)



def jpeg(subsampling, head=b"", jfif=False, ids=None, sampling=None, turned=False):
    """A JPEG whose markers, component names and sampling are not what Pillow would write."""
    stream = io.BytesIO()
    RGB.save(stream, "JPEG", quality=90, subsampling=subsampling)
    data = bytearray(stream.getvalue())
    if not jfif:
        del data[2:4 + struct.unpack(">H", data[4:6])[0]]
    data[2:2] = head
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    for i, name in enumerate(ids or []):
        data[frame + 10 + 3 * i] = data[scan + 5 + 2 * i] = name
    if sampling:
        data[frame + 11] = sampling
    if turned:  # So that the number of blocks stays right when their shape is turned.
        sides = slice(frame + 5, frame + 7), slice(frame + 7, frame + 9)
        data[sides[0]], data[sides[1]] = data[sides[1]], data[sides[0]]
    return bytes(data)


def adobe(transform):
    return b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])


for name, data in {
    "bare444.jpg": jpeg(0),
    "bare420.jpg": jpeg(2),
    "adobe-rgb.jpg": jpeg(0, adobe(0)),
    "adobe-ycc.jpg": jpeg(1, adobe(1)),
    "adobe-odd.jpg": jpeg(1, adobe(2)),
    "jfif-adobe.jpg": jpeg(0, adobe(0), jfif=True),
    "ids-rgb.jpg": jpeg(0, ids=b"RGB"),
    "ids-zero.jpg": jpeg(0, ids=bytes([0, 1, 2])),
    "ycc440.jpg": jpeg(1, jfif=True, sampling=0x12, turned=True),
    "ycc411.jpg": jpeg(2, jfif=True, sampling=0x41),
}.items():
    (out / name).write_bytes(data)
    note(name, lossy=name == "ycc440.jpg")
inks[inks.index(b"Adobe") + 11] = 1
(out / "ycck-odd.jpg").write_bytes(inks)
note("ycck-odd.jpg")

# PNG
gray = np.asarray(RGB.convert("L"))
save("rgb.png", RGB)
rgba = Image.fromarray(np.dstack([pattern(), gray[::-1]]))
save("rgba.png", rgba)
save("la.png", Image.merge("LA", [RGB.convert("L"), RGB.split()[0]]))
save("gray.png", RGB.convert("L"))
save("bilevel.png", RGB.convert("1"))
palette = RGB.quantize(23)
save("palette.png", palette)
save("palette-transparent.png", palette, transparency=3)
save("palette2.png", RGB.quantize(3), bits=2)
for depth in (1, 2, 4):
    rows = [bits(r >> (8 - depth), depth) for r in gray]
    (out / f"gray{depth}.png").write_bytes(png(depth, 0, rows))
    note(f"gray{depth}.png")
wide = pattern().astype(np.uint16) * 257 // 3 + 1234
(out / "rgb16.png").write_bytes(png(16, 2, [r.astype(">u2").tobytes() for r in wide]))
note("rgb16.png")
(out / "gray16.png").write_bytes(png(16, 0, [r[:, 0].astype(">u2").tobytes() for r in wide]))
# Pillow clips 16-bit gray at 255; camjar keeps the high byte, as Pillow itself does for colour.
note("gray16.png", expected=Image.fromarray((wide[:, :, 0] >> 8).astype(np.uint8)).convert("RGB"))
exif = Image.Exif()
exif[0x0112] = 6
save("exif6.png", RGB, exif=exif)

# GIF
save("palette.gif", palette)
save("animated.gif", palette, save_all=True, append_images=[RGB.rotate(180).quantize(23)])
part = palette.crop((0, 0, 20, 11))
buffer = io.BytesIO()
part.save(buffer, "GIF", transparency=2)
gif = bytearray(buffer.getvalue())
gif[6:10] = struct.pack("<HH", W, H)
at = gif.index(b"\x2c\0\0\0\0\x14\0\x0b\0")
gif[at + 1:at + 5] = struct.pack("<HH", 5, 7)
(out / "offset.gif").write_bytes(gif)
note("offset.gif")

# BMP
save("rgb.bmp", RGB)
save("palette.bmp", palette)
save("bilevel.bmp", RGB.convert("1"))
save("rgba.bmp", rgba)

# TIFF
for name, image, options in [
    ("rgb.tif", RGB, {}),
    ("lzw.tif", RGB, dict(compression="tiff_lzw")),
    ("deflate.tif", RGB, dict(compression="tiff_adobe_deflate")),
    ("packbits.tif", RGB, dict(compression="packbits")),
    ("gray.tif", RGB.convert("L"), {}),
    ("palette.tif", palette, {}),
    ("cmyk.tif", RGB.convert("CMYK"), {}),
    ("rgba.tif", rgba, {}),
    ("fax.tif", RGB.convert("1"), dict(compression="group4")),
]:
    save(name, image, **options)
save("jpeg.tif", RGB, compression="jpeg", quality=90)
# Refused by camjar: samples that are measurements, of no known range.
ramp = np.linspace(0, 1, W * H).reshape(H, W)
Image.fromarray(ramp.astype(np.float32), "F").save(out / "float.tif", compression="tiff_adobe_deflate")
Image.fromarray((ramp * 70000).astype(np.int32), "I").save(out / "int32.tif", compression="tiff_adobe_deflate")

# WebP
save("lossless.webp", RGB, lossless=True)
save("rgba.webp", rgba, lossless=True, exact=True)
save("lossy.webp", RGB, True, quality=90)

(out / "expected.txt").write_text("\n".join(lines) + "\n")
