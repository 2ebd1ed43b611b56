package io.camjar.weights.zip;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;

/**
 * Where the central directory lies, from the record at the end of an archive (APPNOTE 4.3.14 to
 * 4.3.16).
 *
 * @param offset its first byte
 * @param size its bytes
 * @param entries its members
 */
record ZipDirectory(long offset, long size, long entries) {
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final long ALL_ONES = 0xffff_ffffL;
  private static final int END_SIZE = 22;
  private static final int LOCATOR_SIZE = 20;
  private static final int END64_SIZE = 56;

  static ZipDirectory find(ByteRegion file) {
    long end = findEnd(file);
    ZipDirectory directory =
        new ZipDirectory(file.u32(end + 16), file.u32(end + 12), file.u16(end + 10));
    long directoryEnd = end;
    boolean multiDisk = file.u16(end + 4) != 0 || file.u16(end + 6) != 0;
    if (end >= LOCATOR_SIZE && file.i32(end - LOCATOR_SIZE) == END64_LOCATOR) {
      long end64 = file.i64(end - LOCATOR_SIZE + 8);
      if (!file.holds(end64, END64_SIZE) || file.i32(end64) != END64) {
        throw Malformed.damaged("the zip64 record of the archive is not where it should be");
      }
      ZipDirectory narrow = directory;
      directory =
          new ZipDirectory(file.i64(end64 + 48), file.i64(end64 + 40), file.i64(end64 + 32));
      directory.requireSame(narrow);
      directoryEnd = end64;
      multiDisk = file.i32(end64 + 16) != 0 || file.i32(end64 + 20) != 0;
    }
    if (multiDisk) {
      throw new Malformed("is one part of an archive in several parts", "join the parts first");
    }
    if (directory.offset < 0
        || directory.size < 0
        || directory.offset > directoryEnd
        || directory.size != directoryEnd - directory.offset) {
      throw Malformed.damaged("the archive's directory does not lie where its end record says");
    }
    return directory;
  }

  /** The 32-bit record must say the same, or all ones for a value that it leaves to this one. */
  private void requireSame(ZipDirectory narrow) {
    boolean same =
        (narrow.offset == ALL_ONES || narrow.offset == offset)
            && (narrow.size == ALL_ONES || narrow.size == size)
            && (narrow.entries == 0xffff || narrow.entries == entries);
    if (!same) {
      throw Malformed.damaged("the archive's directory does not lie where its end record says");
    }
  }

  private static long findEnd(ByteRegion file) {
    long last = file.size() - END_SIZE;
    for (long at = last; at >= 0 && at >= last - 0xffff; at--) {
      if (file.i32(at) == END && file.u16(at + 20) == last - at) {
        return at;
      }
    }
    throw Malformed.truncated("it begins as a zip archive, but the archive's directory is missing");
  }
}
