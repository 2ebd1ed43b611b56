"""Writes images that say which way is up in every place there is, and which way that is.

Run with Pillow 9.4 and webpmux of Debian's package webp:  python3 turned.py ../resources/turned

expected.txt, a line a file: name and EXIF's number, 1 to 8, that it asks for. The pixels of all are
the same 5 x 3; those of lossless formats are compared after turning.
"""

import io
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
y, x = np.mgrid[0:3, 0:5]
IMAGE = Image.fromarray(np.stack([x * 60, y * 100, (x + y) * 30], -1).astype(np.uint8))
lines = []


def exif(value, order="<", kind=3, prefix=b""):
    """A TIFF structure with the orientation as its only tag."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    number = struct.pack(order + ("H" if kind == 3 else "I"), value).ljust(4, b"\0")
    entry = struct.pack(order + "HHHI", 1, 0x0112, kind, 1) + number
    return prefix + head + entry + bytes(4)


def packet(inside, attributes=""):
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'rdf:about="" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


TIFF_NS = 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'


def attribute(value):
    return packet("", f'{TIFF_NS} tiff:Orientation="{value}"')


def element(value):
    return packet(f"<tiff:Orientation>{value}</tiff:Orientation>", TIFF_NS)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, value, *chunks, behind=False):
    stream = io.BytesIO()
    IMAGE.save(stream, "PNG")
    data = stream.getvalue()
    at = data.index(b"IEND") - 4 if behind else 33
    extra = b"".join(chunk(k, d) for k, d in chunks)
    (out / name).write_bytes(data[:at] + extra + data[at:])
    lines.append(f"{name} {value}")


def raw(name, data, digits=bytes.hex):
    """ImageMagick's raw profile."""
    text = digits(data)
    rows = "\n".join(text[i : i + 72] for i in range(0, len(text), 72))
    return f"\n{name}\n{len(data):8d}\n{rows}\n".encode()


def upper(data):
    return data.hex().upper()


def itxt(keyword, text, packed=False):
    body = zlib.compress(text) if packed else text
    return keyword + b"\0" + bytes([packed, 0]) + b"\0\0" + body


XMP_KEY = b"XML:com.adobe.xmp"
APP1_XMP = b"http://ns.adobe.com/xap/1.0/\0"
png("exif-chunk.png", 6, (b"eXIf", exif(6)))
png("exif-behind-pixels.png", 8, (b"eXIf", exif(8, ">")), behind=True)
png("exif-long.png", 3, (b"eXIf", exif(3, ">", 4)))
png("exif-prefixed.png", 5, (b"eXIf", exif(5, prefix=b"Exif\0\0")))
png("xmp-attribute.png", 6, (b"iTXt", itxt(XMP_KEY, attribute(6))))
png("xmp-element.png", 7, (b"iTXt", itxt(XMP_KEY, element(7))))
png("xmp-packed.png", 8, (b"iTXt", itxt(XMP_KEY, element(8), True)))
png("xmp-quote.png", 5, (b"iTXt", itxt(XMP_KEY, attribute(5).replace(b'"5"', b"'5'"))))
png(
    "xmp-prefix.png",
    6,
    (b"iTXt", itxt(XMP_KEY, packet("", 'xmlns:t="http://ns.adobe.com/tiff/1.0/" t:Orientation="6"'))),
)
png("xmp-undeclared.png", 6, (b"iTXt", itxt(XMP_KEY, packet("", 'tiff:Orientation="6"'))))
png("xmp-other-name.png", 1, (b"iTXt", itxt(XMP_KEY, packet("", 'xmlns:t="urn:t" t:Orientation="6"'))))
png("raw-exif.png", 6, (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw("exif", exif(6)))))
png("raw-exif-plain.png", 5, (b"tEXt", b"Raw profile type exif\0" + raw("exif", exif(5, ">"))))
png("raw-exif-upper.png", 7, (b"tEXt", b"Raw profile type exif\0" + raw("exif", exif(7), upper)))
png("raw-exif-itxt.png", 8, (b"iTXt", itxt(b"Raw profile type exif", raw("exif", exif(8, prefix=b"Exif\0\0")))))
png(
    "raw-app1.png",
    6,
    (
        b"zTXt",
        b"Raw profile type APP1\0\0"
        + zlib.compress(raw("generic profile", exif(6, ">", prefix=b"Exif\0\0"))),
    ),
)
png("raw-app1-xmp.png", 3, (b"tEXt", b"Raw profile type APP1\0" + raw("APP1", APP1_XMP + attribute(3))))
png("raw-xmp.png", 4, (b"tEXt", b"Raw profile type xmp\0" + raw("xmp", attribute(4))))
png("exif-before-xmp.png", 1, (b"iTXt", itxt(XMP_KEY, attribute(6))), (b"eXIf", exif(1)))
png("exif-without-tag.png", 6, (b"iTXt", itxt(XMP_KEY, attribute(6))), (b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0"))
png("nine.png", 1, (b"eXIf", exif(9)))
png("damaged-text.png", 1, (b"zTXt", b"Raw profile type exif\0\0no deflate stream"))


def jpeg(name, value, *blocks):
    stream = io.BytesIO()
    IMAGE.save(stream, "JPEG", quality=95, subsampling=0)
    data = stream.getvalue()
    app1 = b"".join(b"\xff\xe1" + struct.pack(">H", len(b) + 2) + b for b in blocks)
    (out / name).write_bytes(data[:2] + app1 + data[2:])
    lines.append(f"{name} {value}")


jpeg("exif-big.jpg", 6, exif(6, ">", prefix=b"Exif\0\0"))
jpeg("xmp.jpg", 8, APP1_XMP + element(8))
jpeg("both.jpg", 3, APP1_XMP + element(8), exif(3, prefix=b"Exif\0\0"))


def webp(name, value, **blocks):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.webp"
        IMAGE.save(file, lossless=True)
        for kind, data in blocks.items():
            (Path(folder) / kind).write_bytes(data)
            subprocess.run(
                ["webpmux", "-set", kind, f"{folder}/{kind}", str(file), "-o", str(file)],
                check=True, capture_output=True,
            )
        (out / name).write_bytes(file.read_bytes())
    lines.append(f"{name} {value}")


webp("exif.webp", 6, exif=exif(6, ">"))
webp("exif-prefixed.webp", 5, exif=exif(5, prefix=b"Exif\0\0"))
webp("xmp.webp", 7, xmp=attribute(7))
webp("both.webp", 8, exif=exif(8), xmp=element(3))


def tiff(name, value, **options):
    IMAGE.save(out / name, **options)
    lines.append(f"{name} {value}")


tiff("tag.tif", 6, tiffinfo={274: 6})
(out / "expected.txt").write_text("\n".join(lines) + "\n")
