package io.camjar.weights.pickle;

import io.camjar.weights.bytes.ByteRegion;
import java.nio.charset.StandardCharsets;

/**
 * Python bytes, left where they are in the file. Equality is identity.
 *
 * @param region the bytes
 */
public record PyBytes(ByteRegion region) {
  private static final int MAX_NAME = 1_000;

  /** Whether they are short printable ASCII, as the names of tensors are. */
  boolean isName() {
    return region.size() > 0
        && region.size() <= MAX_NAME
        && name().chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** The bytes as Latin-1. */
  String name() {
    return new String(region.bytes(0, (int) region.size()), StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return "bytes of " + region.size();
  }
}
