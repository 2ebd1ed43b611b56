package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.util.LinkedHashMap;
import java.util.Map;

/** The members of a tar archive, as far as PyTorch 0.1 wrote them: short names, plain files. */
final class TarMembers {
  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;
  private static final int MAX_MEMBERS = 64;

  private TarMembers() {}

  /** Whether the first block is a tar header: its checksum is right. */
  static boolean looksLike(ByteRegion file) {
    return file.size() >= 2 * BLOCK && isHeader(file, 0);
  }

  static Map<String, ByteRegion> read(ByteRegion file) {
    Map<String, ByteRegion> members = new LinkedHashMap<>();
    long at = 0;
    while (file.holds(at, BLOCK) && file.u8(at) != 0) {
      if (!isHeader(file, at) || members.size() >= MAX_MEMBERS) {
        throw Malformed.damaged("a header of the tar archive has a wrong checksum");
      }
      String name = text(file, at, 100);
      long size = octal(file, at + 124);
      if (size < 0 || !file.holds(at + BLOCK, size)) {
        throw Malformed.truncated("member '" + name + "' of the tar archive is not all there");
      }
      String plain = name.startsWith("./") ? name.substring(2) : name;
      if (members.put(plain, file.slice(at + BLOCK, size)) != null) {
        throw Malformed.damaged("the tar archive has two members named '" + plain + "'");
      }
      at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return members;
  }

  private static boolean isHeader(ByteRegion file, long at) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : file.u8(at + i);
    }
    return file.u8(at) != 0 && octal(file, at + CHECKSUM) == sum;
  }

  private static long octal(ByteRegion file, long at) {
    String digits = text(file, at, 12).strip();
    int end = 0;
    while (end < digits.length() && digits.charAt(end) >= '0' && digits.charAt(end) <= '7') {
      end++;
    }
    return end == 0 ? -1 : Long.parseLong(digits.substring(0, end), 8);
  }

  private static String text(ByteRegion file, long at, int max) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < max && file.u8(at + i) != 0; i++) {
      text.append((char) file.u8(at + i));
    }
    return text.toString();
  }
}
