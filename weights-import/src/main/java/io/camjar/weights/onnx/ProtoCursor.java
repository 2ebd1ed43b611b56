package io.camjar.weights.onnx;

import com.google.protobuf.CodedInputStream;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/**
 * Protobuf messages of a region, one field after the other. Bytes that are only skipped or sliced
 * are never read, so weights do not pass through memory.
 */
final class ProtoCursor {
  /** Names, and the texts of attributes and metadata. */
  private static final int MAX_TEXT = 1 << 20;

  /** All of them together. */
  private static final int MAX_TEXTS = 1 << 26;

  private static final int MAX_DEPTH = 16;
  private static final int BUFFER = 1 << 13;

  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;

  private final ByteRegion file;
  private final CodedInputStream in;
  private int tag;
  private int depth;
  private long texts;

  ProtoCursor(ByteRegion file) {
    this.file = file;
    this.in = CodedInputStream.newInstance(new RegionStream(file), BUFFER);
  }

  /**
   * Walks the fields of the message that begins here, to the end of the region or of the limit.
   *
   * @param field told each field's number; says whether it has read the field, else it is skipped
   */
  void fields(IntPredicate field) {
    try {
      while ((tag = in.readTag()) != 0) {
        int here = tag;
        if (!field.test(here >>> 3) && !in.skipField(here)) {
          throw Malformed.damaged("a group ends that did not begin, at byte " + position());
        }
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Walks the fields of the message that the current field holds. */
  void message(IntPredicate field) {
    try {
      expect(LENGTH_DELIMITED);
      int outer = in.pushLimit(length());
      if (++depth > MAX_DEPTH) {
        throw Malformed.damaged("its messages are nested deeper than " + MAX_DEPTH);
      }
      fields(field);
      depth--;
      // The end of the file on the border of a field reads as the end of the message.
      if (in.getBytesUntilLimit() != 0) {
        throw Malformed.truncated("a message goes on behind its end, byte " + position());
      }
      in.popLimit(outer);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** The current field as a text. */
  String text() {
    try {
      expect(LENGTH_DELIMITED);
      int length = length();
      if (length > MAX_TEXT) {
        throw Malformed.damaged("it has a name or text of " + length + " bytes");
      }
      texts += length;
      if (texts > MAX_TEXTS) {
        throw Malformed.damaged("its names and texts are more than " + MAX_TEXTS + " bytes");
      }
      return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** The current field's bytes, without reading them. */
  ByteRegion bytes() {
    try {
      expect(LENGTH_DELIMITED);
      int length = length();
      ByteRegion slice = file.slice(position(), length);
      in.skipRawBytes(length);
      return slice;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** The current field as an integer. */
  long integer() {
    try {
      expect(0);
      return in.readRawVarint64();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** The current field as a float. */
  float real() {
    try {
      expect(FIXED32);
      return Float.intBitsToFloat(in.readRawLittleEndian32());
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Gives every integer of a repeated field, packed or one by one. */
  void integers(java.util.function.LongConsumer use) {
    repeated(0, in::readRawVarint64, use);
  }

  /** Gives the bits of every float of a repeated field, packed or one by one. */
  void fixed32(java.util.function.LongConsumer use) {
    repeated(FIXED32, () -> Integer.toUnsignedLong(in.readRawLittleEndian32()), use);
  }

  /** Gives the bits of every double of a repeated field, packed or one by one. */
  void fixed64(java.util.function.LongConsumer use) {
    repeated(FIXED64, in::readRawLittleEndian64, use);
  }

  /** Whether the current field is packed, so that its bytes are its elements. */
  boolean isPacked() {
    return (tag & 7) == LENGTH_DELIMITED;
  }

  private interface Element {
    long read() throws IOException;
  }

  private void repeated(int wireType, Element element, java.util.function.LongConsumer use) {
    try {
      if (!isPacked()) {
        expect(wireType);
        use.accept(element.read());
        return;
      }
      int outer = in.pushLimit(length());
      while (in.getBytesUntilLimit() > 0) {
        use.accept(element.read());
      }
      in.popLimit(outer);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private int length() throws IOException {
    int length = in.readRawVarint32();
    if (!file.holds(position(), length)) {
      throw Malformed.truncated(
          "a field of "
              + Integer.toUnsignedString(length)
              + " bytes begins at byte "
              + position()
              + " of "
              + file.size());
    }
    return length;
  }

  private long position() {
    return in.getTotalBytesRead();
  }

  private void expect(int wireType) {
    if ((tag & 7) != wireType) {
      throw Malformed.damaged(
          "field "
              + (tag >>> 3)
              + " at byte "
              + position()
              + " has another type than ONNX gives it");
    }
  }

  private Malformed broken(IOException e) {
    return Malformed.damaged(
        "it is not the protobuf that ONNX defines, near byte "
            + position()
            + " ("
            + e.getMessage()
            + ")");
  }
}
