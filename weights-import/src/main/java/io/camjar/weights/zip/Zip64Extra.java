package io.camjar.weights.zip;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;

/**
 * A member's sizes and place, from its directory record and, where those hold all ones, from the
 * zip64 extra field (APPNOTE 4.5.3).
 */
record Zip64Extra(long size, long compressedSize, long localOffset) {
  private static final long ALL_ONES = 0xffff_ffffL;

  static Zip64Extra read(ByteRegion central, long record, int extraOffset) {
    long[] values = {central.u32(record + 24), central.u32(record + 20), central.u32(record + 42)};
    if (values[0] != ALL_ONES && values[1] != ALL_ONES && values[2] != ALL_ONES) {
      return new Zip64Extra(values[0], values[1], values[2]);
    }
    ByteRegion extra = central.slice(record + extraOffset, central.u16(record + 30));
    long at = 0;
    while (extra.holds(at, 4)) {
      int length = extra.u16(at + 2);
      if (extra.u16(at) == 1 && extra.holds(at + 4, length)) {
        return fill(values, extra.slice(at + 4, length));
      }
      at += 4 + length;
    }
    throw Malformed.damaged("a member of the archive lacks its zip64 sizes");
  }

  private static Zip64Extra fill(long[] values, ByteRegion field) {
    long at = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] == ALL_ONES) {
        values[i] = field.i64(at);
        at += 8;
      }
    }
    return new Zip64Extra(values[0], values[1], values[2]);
  }
}
