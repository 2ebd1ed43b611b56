package io.camjar.engine.model;

import java.nio.charset.StandardCharsets;

/**
 * An endless sequence of numbers in (-1, 1) for every name, the same in Java and in Python.
 *
 * <p>The key is the 64-bit FNV-1a hash of the name's UTF-8 bytes; element {@code i} is the output
 * {@code i + 1} of splitmix64 seeded with the key; its upper 24 bits {@code u} become {@code (2u +
 * 1 - 2^24) / 2^24}, which float32 holds exactly. {@code engine/src/test/python/synthetic.py} is
 * the same in numpy.
 *
 * @see <a href="https://prng.di.unimi.it/splitmix64.c">splitmix64</a>
 */
final class HashedUniform {
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private final long key;

  /** The sequence of this name. */
  HashedUniform(String name) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    key = hash;
  }

  /** Element {@code index} of the sequence, counted from 0. */
  float at(long index) {
    long z = key + (index + 1) * GOLDEN_RATIO;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    int u = (int) ((z ^ (z >>> 31)) >>> 40);
    return (2 * u + 1 - (1 << 24)) * 0x1p-24f;
  }
}
