package io.camjar.gradcam.image.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes DICOM files whose elements carry their kind, little-endian unless told otherwise: gray, 4
 * x 3 pixels of 8 bits, each its index, until elements are changed or left out.
 */
final class DicomFile {
  static final int COLUMNS = 4;
  static final int ROWS = 3;
  private static final String ROOT = "1.2.840.10008.1.2";
  private static final Set<String> LONG = Set.of("OB", "OW", "OF", "SQ", "UN");

  private record Value(String vr, byte[] bytes, long length) {}

  private final Map<Integer, Value> elements = new TreeMap<>(Integer::compareUnsigned);
  private String syntax = ".1";
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  DicomFile() {
    number(Tag.SAMPLES_PER_PIXEL, 1);
    text(Tag.PHOTOMETRIC, "MONOCHROME2");
    number(Tag.ROWS, ROWS);
    number(Tag.COLUMNS, COLUMNS);
    number(Tag.BITS_ALLOCATED, 8);
    number(Tag.BITS_STORED, 8);
    number(Tag.HIGH_BIT, 7);
    number(Tag.PIXEL_REPRESENTATION, 0);
    byte[] pixels = new byte[COLUMNS * ROWS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    bytes(Tag.PIXELS, "OB", pixels);
  }

  /** What follows 1.2.840.10008.1.2 in the name of the transfer syntax. */
  DicomFile syntax(String end) {
    syntax = end;
    return this;
  }

  /** Explicit big-endian; elements that were given before are written so too. */
  DicomFile bigEndian() {
    order = ByteOrder.BIG_ENDIAN;
    for (Map.Entry<Integer, Value> element : elements.entrySet()) {
      if (element.getValue().vr().equals("US")) {
        ByteBuffer value = ByteBuffer.wrap(element.getValue().bytes());
        short number = value.order(ByteOrder.LITTLE_ENDIAN).getShort(0);
        value.order(ByteOrder.BIG_ENDIAN).putShort(0, number);
      }
    }
    return syntax(".2");
  }

  DicomFile without(int tag) {
    elements.remove(tag);
    return this;
  }

  DicomFile number(int tag, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(order);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes(tag, "US", bytes.array());
  }

  DicomFile text(int tag, String text) {
    return bytes(
        tag, "CS", (text + " ".repeat(text.length() % 2)).getBytes(StandardCharsets.US_ASCII));
  }

  DicomFile bytes(int tag, String vr, byte... bytes) {
    elements.put(tag, new Value(vr, bytes, bytes.length));
    return this;
  }

  /** An element that says another length than it has. */
  DicomFile claiming(int tag, String vr, long length, byte... bytes) {
    elements.put(tag, new Value(vr, bytes, length));
    return this;
  }

  /** Pixels in fragments behind an empty table of offsets. */
  DicomFile fragments(byte[]... fragments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    item(out, new byte[0]);
    for (byte[] fragment : fragments) {
      item(out, fragment);
    }
    out.writeBytes(delimiter());
    return claiming(Tag.PIXELS, "OB", 0xffffffffL, out.toByteArray());
  }

  static void item(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(head(Tag.ITEM, bytes.length, ByteOrder.LITTLE_ENDIAN));
    out.writeBytes(bytes);
  }

  static byte[] delimiter() {
    return head(Tag.SEQUENCE_END, 0, ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] head(int tag, int length, ByteOrder order) {
    ByteBuffer head = ByteBuffer.allocate(8).order(order);
    return head.putShort((short) (tag >>> 16)).putShort((short) tag).putInt(length).array();
  }

  byte[] write() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    String name = ROOT + syntax;
    byte[] uid = (name + "\0".repeat(name.length() % 2)).getBytes(StandardCharsets.US_ASCII);
    element(out, Tag.TRANSFER_SYNTAX, new Value("UI", uid, uid.length), ByteOrder.LITTLE_ENDIAN);
    elements.forEach((tag, value) -> element(out, tag, value, order));
    return out.toByteArray();
  }

  private static void element(ByteArrayOutputStream out, int tag, Value value, ByteOrder order) {
    boolean wide = LONG.contains(value.vr());
    ByteBuffer head = ByteBuffer.allocate(wide ? 12 : 8).order(order);
    head.putShort((short) (tag >>> 16)).putShort((short) tag);
    head.put(value.vr().getBytes(StandardCharsets.US_ASCII));
    if (wide) {
      head.putShort((short) 0).putInt((int) value.length());
    } else {
      head.putShort((short) value.length());
    }
    out.writeBytes(head.array());
    out.writeBytes(value.bytes());
  }
}
