package io.camjar.weights.npy;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.DType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an {@code .npy} file, versions 1 to 3 ({@code numpy/lib/format.py}).
 *
 * @param fortranOrder whether the first index varies fastest
 * @param dataOffset where the elements begin
 */
record NpyHeader(
    DType dtype, ByteOrder order, boolean fortranOrder, long[] shape, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 16;
  private static final int MAX_RANK = 32;

  private static final Pattern DICT =
      Pattern.compile(
          "\\{(?=.*'descr': ?'([<>|=]?)([a-zA-Z])(\\d{0,6})')"
              + "(?=.*'fortran_order': ?(True|False))"
              + "(?=.*'shape': ?\\(([0-9L, ]*)\\)).*\\}\\s*",
          Pattern.DOTALL);

  static boolean looksLike(ByteRegion file) {
    return file.size() >= 10 && Arrays.equals(file.bytes(0, MAGIC.length), MAGIC);
  }

  static NpyHeader read(ByteRegion file) {
    Text text = text(file);
    return parse(text.text(), text.dataOffset());
  }

  /** Whether the region begins with a header that is all there. */
  static boolean isWhole(ByteRegion file) {
    if (!looksLike(file) || file.size() < 12) {
      return false;
    }
    int version = file.u8(6);
    long length = version == 1 ? file.u16(8) : file.u32(8);
    return version >= 1
        && version <= 3
        && length <= MAX_HEADER
        && file.holds(0, 8 + (version == 1 ? 2 : 4) + length);
  }

  /**
   * The type's code without its byte order: {@code f4}, {@code O}, {@code U12}; empty if strange.
   */
  static String code(ByteRegion file) {
    Matcher matcher = DICT.matcher(text(file).text());
    return matcher.matches() ? matcher.group(2) + matcher.group(3) : "";
  }

  /** Where the elements begin, whatever they are. */
  static long dataOffset(ByteRegion file) {
    return text(file).dataOffset();
  }

  /** Whether a file of any type has its most significant byte first. */
  static boolean bigEndian(ByteRegion file) {
    Matcher matcher = DICT.matcher(text(file).text());
    return matcher.matches() && matcher.group(1).equals(">");
  }

  private record Text(String text, long dataOffset) {}

  private static Text text(ByteRegion file) {
    if (!looksLike(file)) {
      throw new Malformed("is not a NumPy array", "write it with numpy.save");
    }
    int version = file.u8(6);
    if (version < 1 || version > 3) {
      throw new Malformed(
          "is a NumPy array of the unknown version " + version, "write it with numpy.save");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    long length = version == 1 ? file.u16(8) : file.u32(8);
    if (length > MAX_HEADER) {
      throw Malformed.damaged("its header claims " + length + " bytes");
    }
    long data = 8 + lengthBytes + length;
    if (!file.holds(0, data)) {
      throw Malformed.truncated("its header of " + length + " bytes is not all there");
    }
    return new Text(
        new String(file.bytes(8 + lengthBytes, (int) length), StandardCharsets.ISO_8859_1), data);
  }

  private static NpyHeader parse(String text, long dataOffset) {
    Matcher matcher = DICT.matcher(text);
    if (!matcher.matches()) {
      throw new Malformed(
          "is a NumPy array of a type that camjar does not read", "write it as float32");
    }
    ByteOrder order = matcher.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean fortran = matcher.group(4).equals("True");
    DType dtype = NumpyTypes.of(matcher.group(2) + matcher.group(3));
    return new NpyHeader(dtype, order, fortran, shape(matcher.group(5)), dataOffset);
  }

  private static long[] shape(String text) {
    String[] parts = text.isBlank() ? new String[0] : text.replace("L", "").strip().split(",");
    if (parts.length > MAX_RANK) {
      throw Malformed.damaged("its header has " + parts.length + " dimensions");
    }
    try {
      return Arrays.stream(parts).map(String::strip).mapToLong(Long::parseLong).toArray();
    } catch (NumberFormatException e) {
      throw Malformed.damaged("its header has a malformed shape");
    }
  }
}
