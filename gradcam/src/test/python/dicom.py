"""Writes the DICOM files that DicomTests reads, and what their formulas make of them.

Run with Debian's python3-pydicom 2.3 and dcmtk 3.6:  python3 dicom.py ../resources/dicom

expected.txt, a line a file: name, columns, rows and the SHA-256 of its RGB. Gray values go through
PS3.3, C.11, written out here in numpy; the script checks pydicom's own apply_voi_lut within one
level. Compressed files are dcmtk's, made from the uncompressed ones.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.pixel_data_handlers.util import apply_voi_lut, convert_color_space
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
)

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
lines = []
y, x = np.mgrid[0:12, 0:15]
GRAY = ((x * 271 + y * 61) % 4096).astype("u2")
SIGNED = (GRAY.astype(int) - 1000).astype("i2")
COLOURS = np.stack([x * 17, y * 20, 255 - x * 17], -1).astype("u1")


def note(name, rgb):
    rgb = np.ascontiguousarray(rgb if rgb.ndim == 3 else np.stack([rgb] * 3, -1), np.uint8)
    digest = hashlib.sha256(rgb.tobytes()).hexdigest()
    lines.append(f"{name} {rgb.shape[1]} {rgb.shape[0]} {digest}")


def write(name, pixels, photometric="MONOCHROME2", syntax=ExplicitVRLittleEndian, stored=None,
          frames=None, planar=None, **extra):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = "1.2.3"
    data = FileDataset(str(out / name), {}, file_meta=meta, preamble=bytes(128))
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.3", "1.2.5"
    data.PatientName, data.PatientID, data.Modality = "Nobody", "0", "OT"
    bits = pixels.dtype.itemsize * 8
    data.Rows, data.Columns = GRAY.shape
    data.BitsAllocated, data.BitsStored = bits, stored or bits
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = int(pixels.dtype.kind == "i")
    data.PhotometricInterpretation = photometric
    data.SamplesPerPixel = 3 if photometric in ("RGB", "YBR_FULL") else 1
    if data.SamplesPerPixel == 3:
        data.PlanarConfiguration = planar or 0
    if frames:
        data.NumberOfFrames = frames
    for keyword, value in extra.items():
        setattr(data, keyword, value)
    data.PixelData = pixels.tobytes()
    data["PixelData"].VR = "OW" if bits > 8 else "OB"
    data.is_little_endian, data.is_implicit_VR = True, syntax == ImplicitVRLittleEndian
    data.save_as(out / name, write_like_original=False)
    return data


def rounded(share):
    return np.floor(255 * np.clip(share, 0, 1) + 0.5)


def linear(values, center, width):
    low, high = center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2
    share = (values - (center - 0.5)) / (width - 1) + 0.5
    return rounded(np.where(values <= low, 0, np.where(values > high, 1, share)))


def agree(data, values, expected):
    """pydicom's window over this one's, within a level."""
    top = 2 ** data.BitsStored - 1
    theirs = apply_voi_lut(values, data).astype(float)
    low = -(2 ** (data.BitsStored - 1)) if data.PixelRepresentation else 0
    if "RescaleSlope" in data:
        slope, intercept = float(data.RescaleSlope), float(data.RescaleIntercept)
        low, top = low * slope + intercept, (low + top) * slope + intercept
        theirs = (theirs - low) / (top - low) * 255
    else:
        theirs = (theirs - low) / top * 255
    assert np.abs(theirs - expected).max() <= 1, (data.filename, np.abs(theirs - expected).max())


window = dict(WindowCenter="1200", WindowWidth="800")
expected = linear(GRAY.astype(float), 1200, 800)
agree(write("explicit.dcm", GRAY, stored=12, **window), GRAY, expected)
note("explicit.dcm", expected)
write("implicit.dcm", GRAY, stored=12, syntax=ImplicitVRLittleEndian,
      WindowCenter=["1200", "40"], WindowWidth=["800", "400"])
note("implicit.dcm", expected)
write("deflated.dcm", GRAY, stored=12, syntax=DeflatedExplicitVRLittleEndian, **window)
note("deflated.dcm", expected)
write("frames.dcm", np.stack([GRAY, GRAY // 2]), stored=12, frames=2, **window)
note("frames.dcm", expected)

ct = write("ct.dcm", SIGNED, RescaleSlope="1.5", RescaleIntercept="-100",
           WindowCenter="40", WindowWidth="400")
units = SIGNED * 1.5 - 100
agree(ct, units, linear(units, 40, 400))
note("ct.dcm", linear(units, 40, 400))

exact = write("exact.dcm", GRAY, stored=12, WindowCenter="1200.5", WindowWidth="801.5",
              VOILUTFunction="LINEAR_EXACT")
expected = rounded((GRAY - 1200.5) / 801.5 + 0.5)
agree(exact, GRAY, expected)
note("exact.dcm", expected)
sigmoid = write("sigmoid.dcm", GRAY, stored=12, WindowCenter="2000", WindowWidth="800",
                VOILUTFunction="SIGMOID")
expected = rounded(1 / (1 + np.exp(-4 * (GRAY - 2000.0) / 800)))
agree(sigmoid, GRAY, expected)
note("sigmoid.dcm", expected)

write("monochrome1.dcm", GRAY, "MONOCHROME1", stored=12, WindowCenter="2048", WindowWidth="4096")
note("monochrome1.dcm", 255 - linear(GRAY.astype(float), 2048, 4096))
write("no-window.dcm", GRAY, stored=12)
low, high = float(GRAY.min()), float(GRAY.max())
note("no-window.dcm", rounded((GRAY - low) / (high - low)))
padded = np.where(x < 3, 4000, GRAY % 2000).astype("u2")
write("padding.dcm", padded, stored=12, PixelPaddingValue=4000)
inside = padded[padded != 4000].astype(float)
note("padding.dcm", rounded((padded - inside.min()) / (inside.max() - inside.min())))
write("eight.dcm", (GRAY % 256).astype("u1"))
note("eight.dcm", GRAY % 256)

write("eight-implicit.dcm", (GRAY % 256).astype("u1"), syntax=ImplicitVRLittleEndian)
note("eight-implicit.dcm", GRAY % 256)

table = Dataset()
table.LUTDescriptor = [4096, 0, 16]
entries = ((np.arange(4096) ** 0.5) * 1000).astype("u2")
table.LUTData = entries.tobytes()
table["LUTData"].VR = "OW"
write("voi-lut.dcm", GRAY, stored=12, VOILUTSequence=Sequence([table]))
note("voi-lut.dcm", np.floor(entries[GRAY] * 255.0 / 65535 + 0.5))

values, view, shared = Dataset(), Dataset(), Dataset()
values.RescaleSlope, values.RescaleIntercept = "2", "-500"
view.WindowCenter, view.WindowWidth = "1000", "3000"
shared.PixelValueTransformationSequence = Sequence([values])
shared.FrameVOILUTSequence = Sequence([view])
groups = dict(SharedFunctionalGroupsSequence=Sequence([shared]))
for name, syntax in (("enhanced.dcm", ExplicitVRLittleEndian),
                     ("enhanced-implicit.dcm", ImplicitVRLittleEndian)):
    write(name, np.stack([GRAY, GRAY]), stored=12, frames=2, syntax=syntax, **groups)
    note(name, linear(GRAY * 2.0 - 500, 1000, 3000))

write("rgb.dcm", COLOURS, "RGB")
note("rgb.dcm", COLOURS)
write("planar.dcm", np.ascontiguousarray(np.moveaxis(COLOURS, -1, 0)), "RGB", planar=1)
note("planar.dcm", COLOURS)
write("ybr.dcm", COLOURS, "YBR_FULL")
luma, blue, red = (COLOURS[..., i].astype(float) for i in range(3))
blue, red = blue - 128, red - 128
full = np.stack([luma + 1.402 * red, luma - (0.114 * 1.772 * blue + 0.299 * 1.402 * red) / 0.587,
                 luma + 1.772 * blue], -1)
full = np.clip(np.floor(full + 0.5), 0, 255)
assert np.abs(convert_color_space(COLOURS, "YBR_FULL", "RGB") - full).max() <= 1
note("ybr.dcm", full)
ramp = np.arange(256)
colours = [ramp * 257, ramp[::-1] * 257, ramp * 128]
extra = {}
for colour, entries in zip(("Red", "Green", "Blue"), colours):
    extra[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
    extra[f"{colour}PaletteColorLookupTableData"] = entries.astype("u2").tobytes()
index = (GRAY % 256).astype("u1")
write("palette.dcm", index, "PALETTE COLOR", **extra)
note("palette.dcm", np.stack([c[index] >> 8 for c in colours], -1))
extra = {}
for colour, entries in zip(("Red", "Green", "Blue"), colours):
    extra[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
    extra[f"{colour}PaletteColorLookupTableData"] = (entries >> 8).astype("u1").tobytes()
write("palette-implicit.dcm", index, "PALETTE COLOR", syntax=ImplicitVRLittleEndian, **extra)
note("palette-implicit.dcm", np.stack([c[index] >> 8 for c in colours], -1))


def compressed(name, source, *command):
    subprocess.run([command[0], *command[1:], out / source, out / name], check=True)
    return name


def same(name, source, *command):
    compressed(name, source, *command)
    line = next(line for line in lines if line.startswith(source + " "))
    lines.append(name + line[len(source):])


same("lossless.dcm", "explicit.dcm", "dcmcjpeg", "+e1")
same("lossless-signed.dcm", "ct.dcm", "dcmcjpeg", "+e1")
same("lossless-frames.dcm", "frames.dcm", "dcmcjpeg", "+e1")
same("rle.dcm", "ct.dcm", "dcmcrle")
same("rle-rgb.dcm", "rgb.dcm", "dcmcrle")
same("rle-frames.dcm", "frames.dcm", "dcmcrle")
same("big-endian.dcm", "ct.dcm", "dcmconv", "+tb")
# Bytes in 16-bit words: pydicom 2.3 reads these two by two the wrong way round, so only the pixels count.
same("big-endian-words.dcm", "eight-implicit.dcm", "dcmconv", "+tb")
same("big-endian-palette.dcm", "palette-implicit.dcm", "dcmconv", "+tb")
same("undefined-lengths.dcm", "enhanced.dcm", "dcmconv", "-e")
same("bare.dcm", "ct.dcm", "dcmconv", "-F")
same("bare-implicit.dcm", "ct.dcm", "dcmconv", "-F", "+ti")
# Lossy, or refused: not of the list.
compressed("baseline.dcm", "eight.dcm", "dcmcjpeg", "+eb", "+q", "95")
compressed("baseline-rgb.dcm", "rgb.dcm", "dcmcjpeg", "+eb", "+cr", "+q", "95")
compressed("baseline-ybr.dcm", "rgb.dcm", "dcmcjpeg", "+eb", "+s4", "+q", "95")
compressed("jpeg-ls.dcm", "explicit.dcm", "dcmcjpls")
compressed("extended-12.dcm", "explicit.dcm", "dcmcjpeg", "+ee")
(out / "expected.txt").write_text("\n".join(lines) + "\n")
