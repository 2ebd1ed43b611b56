"""The hashed pictures and maps that the golden scripts share with HashedImage.java."""

import numpy as np
from PIL import Image


def _hash(w, h, channels):
    x = np.arange(w, dtype=np.uint32)[None, :, None]
    y = np.arange(h, dtype=np.uint32)[:, None, None]
    c = np.arange(channels, dtype=np.uint32)[None, None, :]
    v = x * np.uint32(73856093) ^ y * np.uint32(19349663) ^ c * np.uint32(83492791)
    return v * np.uint32(2654435761)


def hashed(w, h):
    """An integer hash of column, row and channel as an RGB picture."""
    return Image.fromarray((_hash(w, h, 3) >> np.uint32(24)).astype(np.uint8))


def hashed_map(h, w):
    """The same hash as a float32 map in 0..1: 24 bits over 2^24 - 1."""
    v = (_hash(w, h, 1)[..., 0] >> np.uint32(8)).astype(np.float32)
    return v / np.float32(2**24 - 1)
