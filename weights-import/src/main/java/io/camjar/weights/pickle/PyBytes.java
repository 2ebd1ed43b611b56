package io.camjar.weights.pickle;

import io.camjar.weights.bytes.ByteRegion;

/**
 * Python bytes, left where they are in the file. Equality is identity.
 *
 * @param region the bytes
 */
public record PyBytes(ByteRegion region) {
  @Override
  public String toString() {
    return "bytes of " + region.size();
  }
}
