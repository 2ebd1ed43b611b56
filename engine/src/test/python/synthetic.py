"""Weights and pictures from one documented integer hash, bit for bit those of io.camjar.engine.model.Synthetic*.

A tensor's values depend on its name, its shape and nothing else:

    key      = FNV-1a, 64 bit, over the UTF-8 bytes of the name
    z        = key + (index + 1) * 0x9E3779B97F4A7C15           splitmix64, all modulo 2^64
    z        = (z ^ z >> 30) * 0xBF58476D1CE4E5B9
    z        = (z ^ z >> 27) * 0x94D049BB133111EB
    u        = (z ^ z >> 31) >> 40                              24 bits
    uniform  = (2u + 1 - 2^24) / 2^24                           in (-1, 1), exact in float32
    value    = offset + scale * uniform                         float32: one product, one sum

The index counts elements in row-major order. Scale and offset follow from the name and the shape, see `parameter`.
"""

import math

import numpy as np

GOLDEN_RATIO = 0x9E3779B97F4A7C15
FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
MASK = (1 << 64) - 1


def key(name):
    h = FNV_OFFSET
    for byte in name.encode("utf-8"):
        h = (h ^ byte) * FNV_PRIME & MASK
    return h


def uniform(name, count):
    """`count` float32 values in (-1, 1)."""
    with np.errstate(over="ignore"):
        z = np.uint64(key(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN_RATIO)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        u = ((z ^ (z >> np.uint64(31))) >> np.uint64(40)).astype(np.int64)
    return (2 * u + 1 - (1 << 24)).astype(np.float32) * np.float32(2.0**-24)


def scale_and_offset(name, shape):
    """He's uniform bound for convolutions, half of it for linear layers; batch norms that differ from the identity and keep deep networks in range."""
    if len(shape) > 1:
        return math.sqrt((6.0 if len(shape) == 4 else 1.5) / math.prod(shape[1:])), 0.0
    if name.endswith(".running_var"):
        return 0.25, 1.0
    if name.endswith(".weight"):
        # The norms at the end of a residual branch: without this, 50 blocks would multiply the scale 50 times.
        ends_branch = name.endswith(".bn2.weight") or name.endswith(".bn3.weight")
        return (0.125, 0.375) if ends_branch else (0.25, 1.0)
    return 0.25, 0.0


def parameter(name, shape):
    scale, offset = scale_and_offset(name, shape)
    values = uniform(name, math.prod(shape)) * np.float32(scale) + np.float32(offset)
    return values.reshape(shape)


def picture(name, n, c, h, w):
    """[n, c, h, w]: patches of 32 pixels with fine noise on top, so that distant places differ at every depth."""
    rows, columns = (h + 31) // 32, (w + 31) // 32
    coarse = uniform(name + "/patches", n * c * rows * columns).reshape(n, c, rows, columns)
    coarse = coarse.repeat(32, 2).repeat(32, 3)[:, :, :h, :w]
    fine = uniform(name + "/noise", n * c * h * w).reshape(n, c, h, w)
    return coarse * np.float32(1.5) + fine * np.float32(0.5)
