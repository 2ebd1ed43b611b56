package io.camjar.weights.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes new protobuf messages of old ones. Lengths are written again after a field deep inside was
 * changed, so that what is wrong is what the message says and not how it is packed.
 */
final class ProtoMutator {
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    2,
    3,
    7,
    64,
    255,
    1L << 16,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final SplittableRandom random;

  ProtoMutator(SplittableRandom random) {
    this.random = random;
  }

  /** One field: its tag, and its value as a number or as bytes. */
  private record Field(int tag, long number, byte[] bytes) {
    boolean isBytes() {
      return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
  }

  /** The message with one to three fields changed. */
  byte[] next(byte[] message) throws IOException {
    byte[] changed = message;
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed = once(changed);
    }
    return changed;
  }

  private byte[] once(byte[] message) throws IOException {
    List<Field> fields = fields(message);
    if (fields.isEmpty()) {
      return damaged(message);
    }
    int at = random.nextInt(fields.size());
    Field field = fields.get(at);
    // Most fields of a model are nodes and tensors: what is inside is more telling than their lack.
    if (field.isBytes() && random.nextInt(5) > 0) {
      fields.set(at, new Field(field.tag, 0, once(field.bytes)));
      return written(fields);
    }
    switch (random.nextInt(5)) {
      case 0 -> fields.remove(at);
      case 1 -> fields.add(random.nextInt(fields.size() + 1), field);
      case 2 -> fields.add(fields.remove(random.nextInt(fields.size())));
      case 3 -> {
        Field other = fields.get(random.nextInt(fields.size()));
        if (other.isBytes() == field.isBytes()) {
          fields.set(at, new Field(field.tag, other.number, other.bytes));
        }
      }
      default -> {
        long number = INTERESTING[random.nextInt(INTERESTING.length)];
        fields.set(at, new Field(field.tag, number, damaged(field.bytes)));
      }
    }
    return written(fields);
  }

  private byte[] damaged(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[random.nextInt(9)];
    }
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
    }
    byte[] changed = bytes.clone();
    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    return changed;
  }

  /** The fields of a message; none if the bytes are no message. */
  private static List<Field> fields(byte[] message) {
    List<Field> fields = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    try {
      while (!in.isAtEnd()) {
        int tag = in.readTag();
        switch (WireFormat.getTagWireType(tag)) {
          case WireFormat.WIRETYPE_VARINT ->
              fields.add(new Field(tag, in.readInt64(), new byte[0]));
          case WireFormat.WIRETYPE_FIXED32 ->
              fields.add(new Field(tag, in.readFixed32(), new byte[0]));
          case WireFormat.WIRETYPE_FIXED64 ->
              fields.add(new Field(tag, in.readFixed64(), new byte[0]));
          case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
              fields.add(new Field(tag, 0, in.readByteArray()));
          default -> {
            return List.of();
          }
        }
      }
    } catch (IOException e) {
      return new ArrayList<>();
    }
    return fields;
  }

  private static byte[] written(List<Field> fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (Field field : fields) {
      out.writeUInt32NoTag(field.tag);
      switch (WireFormat.getTagWireType(field.tag)) {
        case WireFormat.WIRETYPE_VARINT -> out.writeInt64NoTag(field.number);
        case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32NoTag((int) field.number);
        case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64NoTag(field.number);
        default -> out.writeByteArrayNoTag(field.bytes);
      }
    }
    out.flush();
    return bytes.toByteArray();
  }
}
