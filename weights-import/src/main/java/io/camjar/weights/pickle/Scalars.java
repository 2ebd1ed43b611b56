package io.camjar.weights.pickle;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The opcodes that push one number, string, truth value or run of bytes. */
final class Scalars {
  private final PickleLimits limits;

  Scalars(PickleLimits limits) {
    this.limits = limits;
  }

  /** The value that {@code opcode} pushes, or null if it is not one of these opcodes. */
  @Nullable Object read(int opcode, PickleCursor in) {
    return switch (opcode) {
      case Opcode.NONE -> PyNone.NONE;
      case Opcode.NEWTRUE -> Boolean.TRUE;
      case Opcode.NEWFALSE -> Boolean.FALSE;
      case Opcode.BININT -> (long) in.i32();
      case Opcode.BININT1 -> (long) in.u8();
      case Opcode.BININT2 -> (long) in.u16();
      case Opcode.LONG1 -> integer(in, in.u8());
      case Opcode.LONG4 -> integer(in, in.i32());
      case Opcode.BINFLOAT -> Double.longBitsToDouble(Long.reverseBytes(in.i64()));
      case Opcode.INT -> textInteger(in.line());
      case Opcode.LONG -> textInteger(in.line());
      case Opcode.FLOAT -> textFloat(in.line());
      case Opcode.STRING -> TextEscapes.string(counted(in.latin1Line()));
      case Opcode.UNICODE -> TextEscapes.unicode(counted(in.latin1Line()));
      case Opcode.SHORT_BINSTRING -> latin1(in, in.u8());
      case Opcode.BINSTRING -> latin1(in, in.i32());
      case Opcode.SHORT_BINUNICODE -> utf8(in, in.u8());
      case Opcode.BINUNICODE -> utf8(in, in.u32());
      case Opcode.BINUNICODE8 -> utf8(in, in.length64());
      case Opcode.SHORT_BINBYTES -> new PyBytes(in.take(in.u8()));
      case Opcode.BINBYTES -> new PyBytes(in.take(in.u32()));
      case Opcode.BINBYTES8, Opcode.BYTEARRAY8 -> new PyBytes(in.take(in.length64()));
      default -> null;
    };
  }

  private String utf8(PickleCursor in, long length) {
    return new String(text(in, length), StandardCharsets.UTF_8);
  }

  private String latin1(PickleCursor in, long length) {
    return new String(text(in, length), StandardCharsets.ISO_8859_1);
  }

  private byte[] text(PickleCursor in, long length) {
    ByteRegion bytes = in.take(length);
    limits.string(length);
    return bytes.bytes(0, (int) length);
  }

  private String counted(String line) {
    limits.string(line.length());
    return line;
  }

  private static Object integer(PickleCursor in, int length) {
    if (length > PickleLimits.MAX_INTEGER) {
      throw PickleLimits.tooMuch("an integer of " + length + " bytes");
    }
    byte[] bigEndian = in.take(length).bytes(0, length);
    for (int i = 0, j = length - 1; i < j; i++, j--) {
      byte swap = bigEndian[i];
      bigEndian[i] = bigEndian[j];
      bigEndian[j] = swap;
    }
    return narrow(length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian));
  }

  private static Object textInteger(String line) {
    if (line.equals("00") || line.equals("01")) {
      return line.equals("01");
    }
    String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    if (digits.length() > 2 * PickleLimits.MAX_INTEGER) {
      throw PickleLimits.tooMuch("an integer of " + digits.length() + " digits");
    }
    try {
      return narrow(new BigInteger(digits));
    } catch (NumberFormatException e) {
      throw Malformed.damaged("its pickle has a malformed integer");
    }
  }

  private static Object textFloat(String line) {
    return switch (line) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(line);
        } catch (NumberFormatException e) {
          throw Malformed.damaged("its pickle has a malformed number");
        }
      }
    };
  }

  private static Object narrow(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }
}
