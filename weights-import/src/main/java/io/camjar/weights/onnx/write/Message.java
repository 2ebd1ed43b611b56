package io.camjar.weights.onnx.write;

import com.google.protobuf.CodedOutputStream;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A protobuf message: its fields, of which tensors' data are read only when they are written. */
final class Message {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  /** One field with its tag. */
  private interface Field {
    long size();

    void write(CodedOutputStream out) throws IOException;
  }

  private final List<Field> fields = new ArrayList<>();

  Message integer(int number, long value) {
    return scalar(
        CodedOutputStream.computeTagSize(number) + CodedOutputStream.computeUInt64SizeNoTag(value),
        out -> {
          out.writeTag(number, VARINT);
          out.writeUInt64NoTag(value);
        });
  }

  Message real(int number, float value) {
    return scalar(
        CodedOutputStream.computeTagSize(number) + 4L,
        out -> {
          out.writeTag(number, FIXED32);
          out.writeFloatNoTag(value);
        });
  }

  Message text(int number, String value) {
    return bytes(number, value.getBytes(StandardCharsets.UTF_8));
  }

  Message bytes(int number, byte[] value) {
    return delimited(number, value.length, out -> out.writeRawBytes(value));
  }

  Message message(int number, Message inner) {
    return delimited(number, inner.size(), inner::write);
  }

  /** A tensor's elements as float32 or int64, little-endian and row by row. */
  Message data(int number, TensorEntry tensor, DType type) {
    return delimited(
        number, tensor.elements() * type.bytes(), out -> new Elements(out, type).write(tensor));
  }

  /** Elements on their way into a file. */
  private static final class Elements {
    private final CodedOutputStream out;
    private final DType type;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 13).order(ByteOrder.LITTLE_ENDIAN);

    Elements(CodedOutputStream out, DType type) {
      this.out = out;
      this.type = type;
    }

    void write(TensorEntry tensor) throws IOException {
      if (tensor.dtype() == type) {
        tensor.copyBytesTo(this::write);
        return;
      }
      try {
        tensor.forEach(this::write);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      flush();
    }

    private void write(ByteBuffer bytes) throws IOException {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      out.writeRawBytes(copy);
    }

    private void write(double value) {
      if (type == DType.FLOAT32) {
        buffer.putFloat((float) value);
      } else {
        buffer.putLong((long) value);
      }
      if (!buffer.hasRemaining()) {
        try {
          flush();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private void flush() throws IOException {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }

  private interface Content {
    void write(CodedOutputStream out) throws IOException;
  }

  private Message delimited(int number, long length, Content content) {
    long size =
        CodedOutputStream.computeTagSize(number)
            + CodedOutputStream.computeUInt64SizeNoTag(length)
            + length;
    return scalar(
        size,
        out -> {
          out.writeTag(number, LENGTH_DELIMITED);
          out.writeUInt64NoTag(length);
          content.write(out);
        });
  }

  private Message scalar(long size, Content content) {
    fields.add(
        new Field() {
          @Override
          public long size() {
            return size;
          }

          @Override
          public void write(CodedOutputStream out) throws IOException {
            content.write(out);
          }
        });
    return this;
  }

  /** Bytes of all fields. */
  long size() {
    return fields.stream().mapToLong(Field::size).sum();
  }

  void write(CodedOutputStream out) throws IOException {
    for (Field field : fields) {
      field.write(out);
    }
  }
}
